/* The steps that `work` takes, as a table in the order a person would explain them (convert.c).
 *
 * A step looks at the world, does one thing outside, and says what is next; everything it wants to
 * keep goes into the one fenced transaction that run_begin opens, and the engine commits it
 * together with the outcome.  A step may run twice at any time: it looks before it acts. */
#pragma once

#include "convert/plan.h"
#include "jobs/job.h"

/* What the engine is registered with. */
struct convert_context {
	struct microsoft *ms;
	str partner_tenant;
	str public_url;	   /* of our own pages: "https://novate.example" */
	str admin_url;	   /* Microsoft's admin center, where people are sent */
	str event_address; /* where Microsoft tells us of changes; empty: nowhere */
	str currency;	   /* ISO 4217, of the market we sell in */
	str country;	   /* ISO 3166, the same */
};

struct run {
	struct conversion c;
	struct microsoft_work ms;
	const struct convert_context *context;
	const struct job_run *job;
	struct arena *arena;
	struct tx *tx;	/* after run_begin */
	bool recording; /* from run_begin to run_keep: no vendor is asked, only our database */
	instant now;	/* when the attempt began */
};

/* Opens the attempt's transaction; FAULT_FENCED when another attempt has taken over. */
MUST_USE fault *run_begin(struct run *run);
/* Commits and goes on: for what must be known before a vendor is asked. */
MUST_USE fault *run_keep(struct run *run);

enum outcome_kind {
	OUTCOME_NEXT,
	OUTCOME_SAME,	 /* this step again, at once */
	OUTCOME_BACK,	 /* to an earlier step: what it had found no longer holds */
	OUTCOME_WAIT,	 /* for whom, why, and the one thing to do next */
	OUTCOME_REFUSED, /* nothing was changed */
	OUTCOME_UNDONE,	 /* as it was before */
};

struct outcome {
	enum outcome_kind kind;
	enum conversion_step back_to;
	str said; /* a line of the history; a new wait writes its own */
	enum conversion_waits waits_for;
	str why, next_thing;
	int64_t look_again; /* microseconds; 0: by how long it has been waiting */
};

typedef fault *step_take(struct run *run, struct outcome *out);

/* The usual ends of a step; each returns NULL so that a step can return it. */
fault *step_next(struct outcome *out, str said);
fault *step_wait(struct outcome *out, enum conversion_waits whom, str why, str next_thing);
fault *step_refuse(struct outcome *out, str why);

/* The snapshot taken at "record", without what a person accepted as lost, and the plan, as the
 * database has them. */
MUST_USE fault *step_load(struct run *run, struct snapshot *before, struct plan *plan);
/* Only the plan, for a step that compares nobody. */
MUST_USE fault *step_load_plan(struct run *run, struct plan *plan);
/* The tenant as it is now; who sold what is as it was recorded. */
MUST_USE fault *step_look(struct run *run, struct snapshot *now);

fault *step_record(struct run *run, struct outcome *out);
fault *step_plan(struct run *run, struct outcome *out);
fault *step_consent(struct run *run, struct outcome *out);
fault *step_order(struct run *run, struct outcome *out);
fault *step_provision(struct run *run, struct outcome *out);
fault *step_see_both(struct run *run, struct outcome *out);
fault *step_move_users(struct run *run, struct outcome *out);
fault *step_cancel_old(struct run *run, struct outcome *out);
fault *step_see_only_new(struct run *run, struct outcome *out);
fault *step_certificate(struct run *run, struct outcome *out);
fault *step_undo(struct run *run, struct outcome *out);
/* Puts users back who were moved; *done when nobody is left to be, else *out says what is waited
 * for.  `now` is a fresh look. */
fault *step_users_back(struct run *run, const struct snapshot *before, const struct plan *plan,
		       const struct snapshot *now, struct outcome *out, bool *done);
