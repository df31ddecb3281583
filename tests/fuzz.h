/* What every fuzz target shares: one arena a run, and the one symbol libFuzzer looks for.
 *
 * A target is a function over bytes that checks a property, not only that nothing crashes:
 * what was printed reads back as the same. */
#pragma once

#include <stdio.h>
#include <stdlib.h>

#include "base/base.h"

/* Ends the run with the input kept, and says what did not hold. */
#define HOLDS(condition)                                                                        \
	do {                                                                                    \
		if (!(condition)) {                                                             \
			(void)fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, \
				      #condition);                                              \
			__builtin_trap();                                                       \
		}                                                                               \
	} while (0)

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len);

static inline str fuzz_input(const uint8_t *at, size_t len)
{
	return (str){ .at = (const char *)at, .len = len };
}
