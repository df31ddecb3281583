/* Letters of a conversion: who is waited for hears of each thing asked, once. */
#pragma once

#include "convert/step.h"

MUST_USE fault *notice_waiting(struct tx *tx, const struct convert_context *context,
			       const struct conversion *c, const struct outcome *out);
MUST_USE fault *notice_done(struct tx *tx, const struct convert_context *context,
			    const struct conversion *c);
