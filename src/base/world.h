/* The world comes in by parameter: the clock and randomness are handed in, so that a whole
 * system can run in one thread under a seed.  Only world_os.c asks the operating system. */
#pragma once

#include "base/base.h"
#include "base/instant.h"

struct world {
	instant (*now)(void *of);
	void (*random)(void *of, void *bytes, size_t count);
	void (*nap)(void *of, int64_t micros);
	void *of;
};

static inline instant world_now(const struct world *w)
{
	return w->now(w->of);
}
static inline void world_random(const struct world *w, void *bytes, size_t count)
{
	w->random(w->of, bytes, count);
}

/* Lets that much time pass. */
static inline void world_nap(const struct world *w, int64_t micros)
{
	w->nap(w->of, micros);
}

/* The real clock and the kernel's randomness. */
const struct world *world_of_system(void);

/* For tests and simulations: a clock that stands still until moved or napped away, random bytes
 * from a seed (never for secrets of real people). */
struct world_seeded {
	struct world world;
	instant at;
	uint64_t seed;
};
void world_seeded_open(struct world_seeded *made, uint64_t seed, instant at);

/* `count` random bytes as base64url: tokens, correlation ids. */
str world_token(const struct world *w, struct arena *keep, size_t count);
