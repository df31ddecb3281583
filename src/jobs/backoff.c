#include "jobs/backoff.h"

static const struct {
	int64_t failing_less_than, wait;
} table[] = {
	{ SECONDS(3), SECONDS(2) },	{ SECONDS(10), SECONDS(5) }, { SECONDS(30), SECONDS(15) },
	{ MINUTES(2), SECONDS(45) },	{ MINUTES(8), MINUTES(3) },  { MINUTES(20), MINUTES(8) },
	{ INT64_MAX, BACKOFF_CEILING },
};

static int64_t below(const struct world *dice, int64_t limit)
{
	uint64_t thrown;

	world_random(dice, &thrown, sizeof(thrown));
	return limit > 0 ? (int64_t)(thrown % (uint64_t)limit) : 0;
}

int64_t backoff_wait(int64_t failing_for, const struct world *dice)
{
	size_t row = 0;

	while (failing_for >= table[row].failing_less_than)
		row++;
	int64_t wait = table[row].wait;
	wait = wait - wait / 4 + below(dice, wait / 2);
	return wait < BACKOFF_CEILING ? wait : BACKOFF_CEILING;
}

int64_t backoff_asked(int64_t seconds, const struct world *dice)
{
	int64_t wait = seconds < 24 * 3600 ? SECONDS(seconds) : HOURS(24);

	return wait + below(dice, wait / 10);
}
