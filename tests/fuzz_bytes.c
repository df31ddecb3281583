/* Bytes as hexadecimal and base64: every text we make reads back, every text we read is bounded. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	DEFER(arena_end) struct arena *a = arena_open();
	str bytes = fuzz_input(at, len), back;

	HOLDS(str_from_hex(a, str_hex(a, bytes), &back) && str_eq(bytes, back));
	HOLDS(str_from_base64url(a, str_base64url(a, bytes), &back) && str_eq(bytes, back));
	HOLDS(str_from_base64(a, str_base64(a, bytes), &back) && str_eq(bytes, back));
	if (str_from_base64url(a, bytes, &back))
		HOLDS(back.len <= bytes.len && str_eq(str_base64url(a, back), bytes));
	if (str_from_base64(a, bytes, &back))
		HOLDS(back.len <= bytes.len);
	if (str_from_hex(a, bytes, &back))
		HOLDS(back.len * 2 == bytes.len);
	return 0;
}
