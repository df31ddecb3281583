#include "base/world.h"

/* xoshiro256** by Blackman and Vigna, seeded by splitmix64 as they advise. */
static uint64_t rotate(uint64_t x, int by)
{
	return x << by | x >> (64 - by);
}

static uint64_t seeded_next(uint64_t s[4])
{
	uint64_t result = rotate(s[1] * 5, 7) * 9, t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = rotate(s[3], 45);
	return result;
}

static uint64_t splitmix(uint64_t *x)
{
	uint64_t z = *x += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static instant seeded_now(void *of)
{
	return ((struct world_seeded *)of)->at;
}

static void seeded_random(void *of, void *bytes, size_t count)
{
	struct world_seeded *w = of;
	unsigned char *at = bytes;

	for (size_t i = 0; i < count;) {
		uint64_t eight = seeded_next(w->state);

		for (int b = 0; b < 8 && i < count; b++, i++)
			at[i] = (unsigned char)(eight >> (8 * b) & 255);
	}
}

void world_seeded_open(struct world_seeded *made, uint64_t seed, instant at)
{
	*made = (struct world_seeded){
		.world = { .now = seeded_now, .random = seeded_random, .of = made },
		.at = at,
	};
	for (size_t i = 0; i < COUNT(made->state); i++)
		made->state[i] = splitmix(&seed);
}

str world_token(const struct world *w, struct arena *keep, size_t count)
{
	char *bytes = NEW_ARRAY(keep, char, count);

	world_random(w, bytes, count);
	return str_base64url(keep, (str){ .at = bytes, .len = count });
}
