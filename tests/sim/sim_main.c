/* sim [--seeds N] [--seed K] [--from K] [--jobs N] [--until-broken] [--database ADDRESS]: see `make
 * sim`. */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "sim.h"

struct wanted {
	uint64_t from, seeds, jobs;
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
	case 'j': wanted->jobs = strtoull(arg, NULL, 10); return 0;
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

/* What one process ran. */
struct share {
	uint64_t ran, broken;
	int64_t schedules, events, calls;
	double seconds;
	int64_t struck[TROUBLE_COUNT][CONVERSION_STEP_COUNT];
};

static void report(const struct share *all)
{
	(void)printf("\n%-52s", "how often, at which step");
	for (enum conversion_step s = 0; s < CONVERSION_STEP_COUNT; s++)
		(void)printf("%8.7s", conversion_step_word(s).at);
	for (enum trouble t = 0; t < TROUBLE_COUNT; t++)
		report_row(t);
	(void)printf("\n\n%.0f schedules a second of CPU, each of %.0f events and %.0f calls\n",
		     (double)all->schedules / all->seconds,
		     (double)all->events / (double)all->schedules,
		     (double)all->calls / (double)all->schedules);
	(void)printf("%llu schedules, %llu broken promises\n", (unsigned long long)all->ran,
		     (unsigned long long)all->broken);
}

/* The seeds from the `first` on, every `step`th. */
static void run_share(const struct wanted *wanted, uint64_t first, uint64_t step,
		      struct share *done)
{
	struct sim_base base;

	*done = (struct share){ 0 };
	sim_base_open(str_of(wanted->database), &base);
	double began = cpu();
	for (uint64_t i = first; i < wanted->seeds && !(wanted->until_broken && done->broken);
	     i += step, done->ran++)
		done->broken += !(wanted->twice ? run_twice(&base, wanted->from + i)
						: run_one(&base, wanted->from + i, wanted));
	done->seconds = cpu() - began;
	done->schedules = base.schedules;
	done->events = base.events;
	done->calls = base.calls;
	sim_base_close(&base);
}

static void add(struct share *all, const struct share *one)
{
	all->ran += one->ran;
	all->broken += one->broken;
	all->schedules += one->schedules;
	all->events += one->events;
	all->calls += one->calls;
	all->seconds += one->seconds;
	for (enum trouble t = 0; t < TROUBLE_COUNT; t++)
		for (enum conversion_step s = 0; s < CONVERSION_STEP_COUNT; s++)
			trouble_count_add(t, s, one->struck[t][s]);
}

/* A process of its own for each share; what it ran comes back through a pipe. */
static int begin_share(const struct wanted *wanted, uint64_t first)
{
	int ends[2];
	struct share done;

	if (pipe(ends))
		return -1;
	switch (fork()) {
	case -1:
		(void)close(ends[0]);
		(void)close(ends[1]);
		return -1;
	case 0: break;
	default: (void)close(ends[1]); return ends[0];
	}
	run_share(wanted, first, wanted->jobs, &done);
	for (enum trouble t = 0; t < TROUBLE_COUNT; t++)
		for (enum conversion_step s = 0; s < CONVERSION_STEP_COUNT; s++)
			done.struck[t][s] = trouble_count(t, s);
	bool told = write(ends[1], &done, sizeof(done)) == sizeof(done);
	(void)fflush(stdout);
	_exit(told ? 0 : 1);
}

static bool end_share(int from, struct share *all)
{
	struct share one;

	if (from < 0)
		return false;
	bool whole = read(from, &one, sizeof(one)) == sizeof(one);
	if (whole)
		add(all, &one);
	(void)close(from);
	return whole;
}

/* False when a process did not come to its end: it has said why. */
static bool run_shares(const struct wanted *wanted, struct share *all)
{
	int *from = calloc(wanted->jobs, sizeof(*from));
	bool whole = from != NULL;

	for (uint64_t i = 0; from && i < wanted->jobs; i++)
		from[i] = begin_share(wanted, i);
	for (uint64_t i = 0; from && i < wanted->jobs; i++)
		whole = end_share(from[i], all) && whole;
	while (wait(NULL) > 0)
		continue;
	free(from);
	return whole;
}

int main(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{ "seeds", 'n', "N", 0, "Run so many schedules (1000)", 0 },
		{ "from", 'f', "K", 0, "The first of their seeds (1)", 0 },
		{ "seed", 's', "K", 0, "Run this one, and tell its history", 0 },
		{ "tell", 'v', NULL, 0, "Tell the history of each", 0 },
		{ "jobs", 'j', "N", 0, "Share them among so many processes (1)", 0 },
		{ "until-broken", 'u', NULL, 0, "End at the first broken promise, and only name it",
		  0 },
		{ "twice", 't', NULL, 0, "Run each twice: it must tell the same, to the byte", 0 },
		{ "database", 'd', "ADDRESS", 0, "A SQLite file or postgresql://… (:memory:)", 0 },
		{ 0 },
	};
	const struct argp argp = { options, option, NULL, "The whole system under a seed.",
				   NULL,    NULL,   NULL };
	struct wanted wanted = { .from = 1, .seeds = 1000, .jobs = 1, .database = ":memory:" };
	struct share all = { 0 };

	if (argp_parse(&argp, argc, argv, 0, NULL, &wanted) != 0 || wanted.jobs < 1)
		return 2;
	(void)setvbuf(stdout, NULL, _IOLBF, 0);
	log_open(world_of_system(), LOG_ERROR + 1, "sim");
	/* A server's database, and whoever waits for the first broken one, has one process. */
	if (wanted.jobs == 1 || !str_eq(str_of(wanted.database), S(":memory:")) ||
	    wanted.until_broken || wanted.seeds == 1) {
		run_share(&wanted, 0, 1, &all);
	} else if (!run_shares(&wanted, &all)) {
		(void)fprintf(stderr, "sim: a process did not come to its end\n");
		return 2;
	}
	report(&all);
	return all.broken ? 1 : 0;
}
