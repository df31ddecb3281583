/* The only place that asks the operating system for the time and for randomness. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

#include "base/world.h"

static instant system_now(void *of)
{
	struct timespec at;

	(void)of;
	if (clock_gettime(CLOCK_REALTIME, &at) != 0)
		abort();
	return (instant){ .micros = (int64_t)at.tv_sec * 1000000 + at.tv_nsec / 1000 };
}

/* A program that cannot get randomness must not go on with predictable tokens. */
static void system_random(void *of, void *bytes, size_t count)
{
	char *at = bytes;

	(void)of;
	while (count > 0) {
		ssize_t got = getrandom(at, count, 0);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			(void)fprintf(stderr, "the kernel gives no random bytes\n");
			abort();
		}
		at += got;
		count -= (size_t)got;
	}
}

/* A signal may end it early. */
static void system_nap(void *of, int64_t micros)
{
	const struct timespec nap = { .tv_sec = micros / 1000000,
				      .tv_nsec = micros % 1000000 * 1000 };

	(void)of;
	(void)nanosleep(&nap, NULL);
}

const struct world *world_of_system(void)
{
	static const struct world system_world = { .now = system_now,
						   .random = system_random,
						   .nap = system_nap };

	return &system_world;
}
