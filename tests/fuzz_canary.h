/* Two runs of bytes that no page of ours writes: where a value brings them along, they must have
 * become entities, or the value left the text or the attribute it was shown in. */
#pragma once

#include "fuzz.h"

static inline void fuzz_canary_stays_text(str page)
{
	HOLDS(str_find(page, S("<~")) < 0);
	HOLDS(str_find(page, S("q\"~")) < 0);
}
