/* One taken job, from the lease to what is written about its end. */
#pragma once

#include "jobs/jobs.h"

struct lease {
	struct job_run run;
	const struct job_kind *kind;
	int64_t tries; /* failed before this one */
	instant failing_since;
	bool ended, goes_on;
};

/* Who takes, and what. */
struct lease_taker {
	struct store *store;
	const struct world *world;
	const struct job_kind *kinds;
	size_t kind_count;
	str words; /* the kinds between spaces */
	id worker;
};

/* Takes one due job; strings live in `keep`. */
MUST_USE fault *lease_open(const struct lease_taker *by, struct arena *keep, struct lease *lease,
			   bool *found);
/* Does the work: the kind's handler, or a fault when workers died at it too often.  When it leaves
 * `goes_on`, the next piece of it is for the same hands: call again, or give it back. */
MUST_USE fault *lease_work(struct lease *lease, struct arena *attempt);
/* Writes what the outcome means, unless job_finish did; a fenced attempt changes nothing. */
MUST_USE fault *lease_settle(struct lease *lease, const fault *outcome);

/* When there is next something to do; INSTANT_NONE when there is nothing at all. */
MUST_USE fault *lease_when(const struct lease_taker *by, struct arena *scratch, instant *due);
/* Returns everything this worker still holds. */
MUST_USE fault *lease_return(const struct lease_taker *by, struct arena *scratch);

/* Makes due what workers hold that have fallen silent or were killed on this host (worker.h); the
 * next taker fences them. */
MUST_USE fault *lease_free(struct tx *tx);

/* The hourly sweep. */
#define LEASE_SWEEP "jobs.sweep"
job_handler lease_sweep;
