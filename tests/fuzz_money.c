/* Amounts from forms and files: what is read prints and reads back. */
#include <string.h>

#include "base/money.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	static const char *const codes[] = { "USD", "JPY", "KWD" };
	DEFER(arena_end) struct arena *a = arena_open();

	for (size_t i = 0; i < COUNT(codes); i++) {
		currency in;
		money amount, again;

		HOLDS(!currency_from(str_of(codes[i]), &in));
		if (money_from_text(fuzz_input(at, len), in, &amount))
			continue;
		HOLDS(!money_from_text(money_text(a, amount), in, &again));
		HOLDS(amount.minor == again.minor &&
		      memcmp(&amount.in, &again.in, sizeof(again.in)) == 0);
	}
	return 0;
}
