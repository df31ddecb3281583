/* Work that outlives a request: rows written in the same transaction as the change that needs
 * them, leased by `work`, tried again by rule, never lost.
 *
 * A handler looks at the world, does one thing outside, and records what it saw in one fenced
 * transaction.  No transaction is open while a vendor is asked.  The runner is in jobs.h. */
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
const char *job_state_word(enum job_state state);
bool job_state_from(str word, enum job_state *state);

struct job_new {
	const char *kind; /* "convert.step" */
	id about;	  /* what it works on */
	str note;	  /* small JSON, or STR_NONE */
	instant at;	  /* INSTANT_NONE or left out: now */
	bool single;	  /* at most one waiting or leased job of this kind and `about` */
	/* Jobs of one lane take turns with those of others: whose work it is, a partner's or a
	 * batch's.  ID_NONE: a turn of its own. */
	id lane;
};

/* Leaves a job in the caller's transaction; it carries on this thread's correlation id.  With
 * `single`, an existing one is woken for `at` instead, and keeps its own note. */
MUST_USE fault *job_later(struct tx *tx, const struct job_new *job);

/* Brings a waiting job of this kind and subject forward, to `wait` from now: wishes of strangers
 * may come often.  Nothing when there is none.  A leased one is marked to run again when it ends,
 * so a wake-up is never lost. */
MUST_USE fault *job_wake_after(struct tx *tx, const char *kind, id about, int64_t wait);

/* One attempt. */
struct job_run {
	id job, about;
	const char *kind;
	str note;
	int attempt;   /* 1 for the first; counts every lease ever taken */
	instant first; /* when the job was made */
	str correlation;
	struct arena *arena; /* lives as long as the attempt */
	struct store *store;
	const struct world *world;
	void *context;	       /* what the kind was registered with */
	int64_t lease;	       /* the fence */
	int64_t lasts;	       /* microseconds, of one lease */
	bool *ended, *goes_on; /* set by job_finish */
};

/* What comes next.  AFTER_AGAIN does not count as a failed try, and ends a row of them; nor does
 * AFTER_AT_ONCE, where the handler is called again under the same lease, which lasts anew. */
enum job_next { AFTER_DONE, AFTER_AGAIN, AFTER_AT_ONCE, AFTER_DEAD };
struct job_after {
	enum job_next next;
	int64_t wait; /* microseconds, with AFTER_AGAIN */
	str why;      /* with AFTER_DEAD: for the operator, in words */
};

/* A write transaction of this attempt; FAULT_FENCED when the lease was lost to another.  It holds
 * the job's row, and nothing else keeps others out: who changes what a job reads must wake the job
 * in the same transaction (decision 0007). */
MUST_USE fault *job_begin(const struct job_run *run, struct tx **tx);
/* Commits it together with what comes next; the attempt is over. */
MUST_USE fault *job_finish(const struct job_run *run, struct tx *tx, struct job_after after);
/* The lease lasts `micros` from now, for slow work; FAULT_FENCED when it was lost. */
MUST_USE fault *job_renew(const struct job_run *run, int64_t micros);

/* A handler that returns without job_finish and without a fault is done.  A fault is tried
 * again by rule: its retry_after wins, else back-off with jitter that grows with how long the
 * job has been failing; FAULT_INPUT, FAULT_BUG and too many tries make it a dead letter that a
 * person sees.  FAULT_BUSY with a retry_after is the other side's pace, not a failed try.  A
 * worker that dies while it holds the lease counts as one. */
typedef fault *job_handler(const struct job_run *run);

struct job_kind {
	const char *kind;
	job_handler *run;
	void *context;
	int64_t lease;	/* microseconds one attempt may take; 0: 2 minutes */
	int most_tries; /* 0: 20 */
};

/* A dead letter is done again from its first try.  FAULT_MISSING when there is no such job,
 * FAULT_CONFLICT when it is not dead or the same single work is already on its way. */
MUST_USE fault *job_resubmit(struct tx *tx, id job);

/* Nobody tries it any more: a waiting or running job becomes a dead letter (its attempt is fenced),
 * a dead letter is put away for good.  `why` is kept.  FAULT_CONFLICT when it is done. */
MUST_USE fault *job_give_up(struct tx *tx, id job, str why);

/* For operators. */
struct job_counts {
	int64_t of[JOB_STATE_COUNT];
	instant oldest_due; /* the longest overdue job that nobody has taken, or INSTANT_NONE */
};
MUST_USE fault *job_count(struct tx *tx, struct job_counts *counts);

struct job_shown {
	id job, about;
	str kind, why, correlation, note;
	enum job_state state;
	int64_t attempts, tries; /* `tries`: failed ones in a row */
	instant made, due;	 /* `due`: INSTANT_NONE when it has ended */
	instant failing_since, taken_at, ended_at;
	str worker; /* who has it: "host/4711"; none: nobody, or one that is gone */
};
struct job_list {
	struct job_shown *at;
	size_t len;
};
/* Of one state, newest first, older than `before` (ID_NONE: from the newest). */
MUST_USE fault *job_list(struct tx *tx, enum job_state state, id before, int64_t most,
			 struct job_list *list);

/* Waiting jobs are stuck when they fail, or when nobody took them for this long. */
#define JOB_LATE MINUTES(1)
struct job_filter {
	enum job_state state;
	bool stuck; /* of the waiting ones only those */
	str kind;   /* none: all */
	id before;
	int64_t most;
};
MUST_USE fault *job_find(struct tx *tx, const struct job_filter *filter, struct job_list *list);

/* How many of each kind; what is done is not counted. */
struct job_kind_count {
	str kind;
	enum job_state state;
	int64_t jobs, stuck;
};
struct job_kind_counts {
	struct job_kind_count *at;
	size_t len;
};
MUST_USE fault *job_kinds_count(struct tx *tx, struct job_kind_counts *counts);

/* One job; FAULT_MISSING when there is none. */
MUST_USE fault *job_get(struct tx *tx, id job, struct job_shown *shown);
/* The job about a thing that is still to be done, else the newest that ended. */
MUST_USE fault *job_about(struct tx *tx, const char *kind, id about, struct job_shown *shown,
			  bool *found);

/* Failed tries, newest first; the newest twenty are kept. */
struct job_failure {
	int64_t attempt;
	instant at;
	str said;
};
struct job_failure_list {
	struct job_failure *at;
	size_t len;
};
MUST_USE fault *job_failure_list(struct tx *tx, id job, struct job_failure_list *list);
/* Keeps one, in the transaction that ends the attempt. */
MUST_USE fault *job_failure_keep(struct tx *tx, id job, int64_t attempt, str said);
