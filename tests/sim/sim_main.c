/* sim [--seeds N] [--seed K] [--from K] [--until-broken] [--database ADDRESS]: see `make sim`. */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/log.h"
#include "sim.h"

struct wanted {
	uint64_t from, seeds;
	bool tells, twice, until_broken;
	const char *database;
};

static error_t option(int key, char *arg, struct argp_state *state)
{
	struct wanted *wanted = state->input;

	switch (key) {
	case 'n': wanted->seeds = strtoull(arg, NULL, 10); return 0;
	case 'f': wanted->from = strtoull(arg, NULL, 10); return 0;
	case 's':
		wanted->from = strtoull(arg, NULL, 10);
		wanted->seeds = 1;
		wanted->tells = true;
		return 0;
	case 'v': wanted->tells = true; return 0;
	case 't': wanted->twice = true; return 0;
	case 'u': wanted->until_broken = true; return 0;
	case 'd': wanted->database = arg; return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

static double cpu(void)
{
	struct timespec at;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at);
	return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

/* Leaves out what the break does not need, from the last trouble to the first. */
static void shorten(struct sim_base *base, struct arena *keep, struct sim_wanted *wanted,
		    struct sim_result *result)
{
	uint8_t *left_out = NEW_ARRAY(keep, uint8_t, (size_t)result->struck + 1);
	struct sim_result tried;

	wanted->left_out = left_out;
	wanted->left_out_len = result->struck;
	wanted->tells = false;
	for (int64_t i = result->struck - 1; i >= 0; i--) {
		left_out[i] = 1;
		sim_run(base, keep, wanted, &tried);
		if (!tried.broken)
			left_out[i] = 0;
	}
	wanted->tells = true;
	sim_run(base, keep, wanted, result);
}

static bool run_one(struct sim_base *base, uint64_t seed, const struct wanted *how)
{
	DEFER(arena_end) struct arena *arena = arena_open();
	struct sim_wanted wanted = { .seed = seed, .tells = how->tells };
	struct sim_result result;

	sim_run(base, arena, &wanted, &result);
	if (how->tells)
		(void)printf("%.*s", STR(result.tale));
	if (!result.broken)
		return true;
	(void)printf("SEED=%llu breaks: %.*s\n", (unsigned long long)seed, STR(result.why));
	if (how->until_broken)
		return false;
	shorten(base, arena, &wanted, &result);
	(void)printf("The shortest history (%.*s):\n%.*s", STR(result.why), STR(result.tale));
	return false;
}

/* The same seed is the same schedule. */
static bool run_twice(struct sim_base *base, uint64_t seed)
{
	DEFER(arena_end) struct arena *arena = arena_open();
	struct sim_wanted wanted = { .seed = seed, .tells = true };
	struct sim_result first, second;

	sim_run(base, arena, &wanted, &first);
	sim_run(base, arena, &wanted, &second);
	if (str_eq(first.tale, second.tale))
		return true;
	(void)printf("SEED=%llu tells two histories:\n%.*s\n\n%.*s\n", (unsigned long long)seed,
		     STR(first.tale), STR(second.tale));
	return false;
}

/* The certificate is written from what is known: nobody is called, and the troubles of a call come
 * first. */
static bool can_strike(enum trouble what, enum conversion_step at)
{
	return at != STEP_CERTIFICATE || what > TROUBLE_DIES_AFTER_CALL;
}

static void report_row(enum trouble t)
{
	(void)printf("\n%-52s", trouble_word(t));
	for (enum conversion_step s = 0; s < CONVERSION_STEP_COUNT; s++)
		if (can_strike(t, s))
			(void)printf("%8lld", (long long)trouble_count(t, s));
		else
			(void)printf("       ·");
}

static void report(const struct sim_base *base, uint64_t seeds, double seconds, uint64_t broken)
{
	(void)printf("\n%-52s", "how often, at which step");
	for (enum conversion_step s = 0; s < CONVERSION_STEP_COUNT; s++)
		(void)printf("%8.7s", conversion_step_word(s).at);
	for (enum trouble t = 0; t < TROUBLE_COUNT; t++)
		report_row(t);
	(void)printf("\n\n%.0f schedules a second of CPU, each of %.0f events and %.0f calls\n",
		     (double)base->schedules / seconds,
		     (double)base->events / (double)base->schedules,
		     (double)base->calls / (double)base->schedules);
	(void)printf("%llu schedules, %llu broken promises\n", (unsigned long long)seeds,
		     (unsigned long long)broken);
}

int main(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{ "seeds", 'n', "N", 0, "Run so many schedules (1000)", 0 },
		{ "from", 'f', "K", 0, "The first of their seeds (1)", 0 },
		{ "seed", 's', "K", 0, "Run this one, and tell its history", 0 },
		{ "tell", 'v', NULL, 0, "Tell the history of each", 0 },
		{ "until-broken", 'u', NULL, 0, "End at the first broken promise, and only name it",
		  0 },
		{ "twice", 't', NULL, 0, "Run each twice: it must tell the same, to the byte", 0 },
		{ "database", 'd', "ADDRESS", 0, "A SQLite file or postgresql://… (:memory:)", 0 },
		{ 0 },
	};
	const struct argp argp = { options, option, NULL, "The whole system under a seed.",
				   NULL,    NULL,   NULL };
	struct wanted wanted = { .from = 1, .seeds = 1000, .database = ":memory:" };
	struct sim_base base;
	uint64_t broken = 0;

	if (argp_parse(&argp, argc, argv, 0, NULL, &wanted) != 0)
		return 2;
	(void)setvbuf(stdout, NULL, _IOLBF, 0);
	log_open(world_of_system(), LOG_ERROR + 1, "sim");
	sim_base_open(str_of(wanted.database), &base);
	double began = cpu();
	uint64_t ran = 0;
	for (; ran < wanted.seeds && !(wanted.until_broken && broken); ran++)
		broken += !(wanted.twice ? run_twice(&base, wanted.from + ran)
					 : run_one(&base, wanted.from + ran, &wanted));
	report(&base, ran, cpu() - began, broken);
	sim_base_close(&base);
	return broken ? 1 : 0;
}
