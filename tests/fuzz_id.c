/* Ids as people type them: one text an id, one id a text. */
#include "base/id.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	DEFER(arena_end) struct arena *a = arena_open();
	str text = fuzz_input(at, len);
	id read;

	if (id_from_text("cnv", text, &read)) {
		HOLDS(read.n > 0);
		HOLDS(str_eq(id_text(a, "cnv", read), text));
		HOLDS(!id_from_text("ord", text, &read));
	}
	return 0;
}
