#include "base/id.h"

#include <string.h>

#include "base/world.h"

/* 2024-01-01T00:00:00Z: 41 bits of milliseconds from here last until 2093. */
static const int64_t epoch_millis = 1704067200000;
enum { RANDOM_BITS = 22, DIGITS = 13 };

/* Crockford's alphabet: no i, l, o, u, so nothing is misread aloud or on paper. */
static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";

id id_make(const struct world *world)
{
	static _Thread_local int64_t last;
	int64_t millis = world_now(world).micros / 1000 - epoch_millis;
	uint32_t random;

	world_random(world, &random, sizeof(random));
	if (millis < 0)
		millis = 0;

	int64_t n = (millis & ((INT64_C(1) << 41) - 1)) << RANDOM_BITS |
		    (int64_t)(random & ((1U << RANDOM_BITS) - 1));

	/* thousands in one millisecond would meet by chance (4 million numbers): count instead */
	int64_t ahead = (last >> RANDOM_BITS) - (n >> RANDOM_BITS);
	if (ahead == 0 || ahead == 1) /* 1: the count ran over into the next */
		n = last + 1;
	last = n;
	return (id){ .n = n ? n : 1 };
}

str id_text(struct arena *keep, const char *prefix, id of)
{
	char digits[DIGITS];
	uint64_t n = (uint64_t)of.n;

	for (int i = DIGITS - 1; i >= 0; i--) {
		digits[i] = alphabet[n & 31];
		n >>= 5;
	}
	return str_format(keep, "%s_%.*s", prefix, DIGITS, digits);
}

bool id_from_text(const char *prefix, str text, id *of)
{
	str start = str_of(prefix);
	int64_t n = 0;

	if (!str_starts(text, start) || text.len != start.len + 1 + DIGITS ||
	    text.at[start.len] != '_')
		return false;
	for (size_t i = start.len + 1; i < text.len; i++) {
		const char *digit = memchr(alphabet, text.at[i], 32);

		if (!digit || n > (INT64_MAX >> 5))
			return false;
		n = n << 5 | (digit - alphabet);
	}
	if (n == 0)
		return false;
	*of = (id){ .n = n };
	return true;
}
