/* Bytes as text: UTF-8, numbers, GUIDs, trimming and cutting never read past their slice. */
#include "fuzz.h"

static void check_fields(str text)
{
	str rest = text, field;
	size_t seen = 0;

	while (str_next(&rest, ',', &field)) {
		HOLDS(str_find(field, S(",")) == -1);
		seen += field.len;
	}
	HOLDS(seen <= text.len);
}

static void check_number(struct arena *a, str text)
{
	int64_t number, again;

	if (!str_to_int64(text, &number))
		return;
	HOLDS(str_to_int64(str_format(a, "%lld", (long long)number), &again));
	HOLDS(number == again);
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	DEFER(arena_end) struct arena *a = arena_open();
	str text = fuzz_input(at, len), trimmed = str_trim(text);

	check_fields(text);
	check_number(a, text);
	HOLDS(str_eq(trimmed, str_trim(trimmed)));
	HOLDS(str_eq_nocase(text, str_lower(a, text)));
	HOLDS(!str_is_utf8(text) || str_is_utf8(trimmed));
	HOLDS(!str_is_guid(text) || text.len == 36);
	HOLDS(str_find(text, trimmed) >= 0);
	return 0;
}
