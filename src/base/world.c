#include "base/world.h"

/* splitmix64 by Steele, Lea and Flood. */
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
		uint64_t eight = splitmix(&w->seed);

		for (int b = 0; b < 8 && i < count; b++, i++)
			at[i] = (unsigned char)(eight >> (8 * b) & 255);
	}
}

static void seeded_nap(void *of, int64_t micros)
{
	struct world_seeded *w = of;

	w->at = instant_after(w->at, micros);
}

void world_seeded_open(struct world_seeded *made, uint64_t seed, instant at)
{
	*made = (struct world_seeded){
		.world = { .now = seeded_now,
			   .random = seeded_random,
			   .nap = seeded_nap,
			   .of = made },
		.at = at,
		.seed = seed,
	};
}

str world_token(const struct world *w, struct arena *keep, size_t count)
{
	char *bytes = NEW_ARRAY(keep, char, count);

	world_random(w, bytes, count);
	return str_base64url(keep, (str){ .at = bytes, .len = count });
}
