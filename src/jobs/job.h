/* Work that outlives a request: rows written in the same transaction as the change that needs
 * them, leased by `work`, tried again by rule, never lost.
 *
 * A handler looks at the world, does one thing outside, and records what it saw in one fenced
 * transaction.  No transaction is open while a vendor is asked. */
#pragma once

#include "base/base.h"
#include "base/id.h"
#include "base/instant.h"
#include "store/store.h"

#define JOB_STATES(X)             \
	X(JOB_WAITING, "waiting") \
	X(JOB_LEASED, "leased")   \
	X(JOB_DONE, "done")       \
	X(JOB_DEAD, "dead")

enum job_state {
#define X(name, word) name,
	JOB_STATES(X)
#undef X
		JOB_STATE_COUNT
};

struct job_new {
	const char *kind; /* "convert.step" */
	id about;	  /* what it works on */
	str note;	  /* small JSON, or STR_NONE */
	instant at;	  /* INSTANT_NONE: now */
	bool single;	  /* at most one waiting or leased job of this kind and `about` */
};

/* Leaves a job in the caller's transaction.  With `single`, an existing one is woken instead. */
MUST_USE fault *job_later(struct tx *tx, const struct job_new *job);

/* Brings a waiting job of this kind and subject forward to now; nothing when there is none.  A
 * leased one is marked to run again at once when it ends, so a wake-up is never lost. */
MUST_USE fault *job_wake(struct tx *tx, const char *kind, id about);

/* One attempt. */
struct job_run {
	id job, about;
	const char *kind;
	str note;
	int attempt;   /* 1 for the first */
	instant first; /* when the job was made */
	str correlation;
	struct arena *arena; /* lives as long as the attempt */
	struct store *store;
	const struct world *world;
	void *context; /* what the kind was registered with */
	int64_t lease; /* the fence */
};

/* What comes next.  AFTER_AGAIN does not count as a failed try. */
enum job_next { AFTER_DONE, AFTER_AGAIN, AFTER_DEAD };
struct job_after {
	enum job_next next;
	int64_t wait; /* microseconds, with AFTER_AGAIN */
	str why;      /* with AFTER_DEAD: for the operator, in words */
};

/* A write transaction of this attempt; FAULT_FENCED when the lease was lost to another. */
MUST_USE fault *job_begin(const struct job_run *run, struct tx **tx);
/* Commits it together with what comes next; the attempt is over. */
MUST_USE fault *job_finish(const struct job_run *run, struct tx *tx, struct job_after after);
/* A longer lease for slow work; FAULT_FENCED when it was lost. */
MUST_USE fault *job_renew(const struct job_run *run);

/* A handler that returns without job_finish and without a fault is done. A fault is tried
 * again by rule: its retry_after wins, else back-off with jitter that grows with the age of the
 * job; FAULT_INPUT, FAULT_BUG and too many tries make it a dead letter that a person sees. */
typedef fault *job_handler(const struct job_run *run);

struct job_kind {
	const char *kind;
	job_handler *run;
	void *context;
	int64_t lease;	/* microseconds one attempt may take; 0: 2 minutes */
	int most_tries; /* 0: 20 */
};

struct jobs;
struct jobs_settings {
	struct store *store;
	const struct world *world;
	const struct job_kind *kinds;
	size_t kind_count;
	int threads;
};
MUST_USE fault *jobs_open(const struct jobs_settings *settings, struct jobs **made);
/* Runs one due job in this thread; *ran is false when nothing is due.  Tests and simulators. */
MUST_USE fault *jobs_run_one(struct jobs *jobs, bool *ran);
/* Starts the threads. */
MUST_USE fault *jobs_start(struct jobs *jobs);
/* Stops leasing, waits for what is in hand (at most `seconds`), gives back the rest, closes. */
void jobs_close(struct jobs *jobs, int seconds);

/* For operators: dead letters, and doing them again. */
MUST_USE fault *job_resubmit(struct tx *tx, id job);
