/* Jobs as operators see them: what was given up, what is stuck, who is at it; and what they do
 * about it. */
#pragma once

#include "admin/desk.h"
#include "jobs/job.h"
#include "people/audit.h"

enum { JOB_DESK_PAGE = 50, JOB_DESK_WHY_LEAST = 3, JOB_DESK_WHY_MOST = 500 };

/* Which jobs. */
#define JOB_DESK_VIEWS(X)                                      \
	X(JOB_DESK_DEAD, "dead", "Dead letters", JOB_DEAD)     \
	X(JOB_DESK_STUCK, "stuck", "Stuck", JOB_WAITING)       \
	X(JOB_DESK_RUNNING, "running", "Running", JOB_LEASED)  \
	X(JOB_DESK_WAITING, "waiting", "Waiting", JOB_WAITING) \
	X(JOB_DESK_DONE, "done", "Done this week", JOB_DONE)

enum job_desk_view {
#define X(name, word, label, state) name,
	JOB_DESK_VIEWS(X)
#undef X
		JOB_DESK_VIEW_COUNT
};
str job_desk_word(enum job_desk_view view);
str job_desk_label(enum job_desk_view view);
/* None is the dead letters; FAULT_INPUT for a word that is none of the above. */
MUST_USE fault *job_desk_view_read(str word, enum job_desk_view *view);

struct job_desk_page {
	struct job_list jobs;
	id next;			     /* where the next page begins, or ID_NONE */
	int64_t counts[JOB_DESK_VIEW_COUNT]; /* of the kind asked for; what is done is not counted
					      */
	struct job_kind_counts kinds;
};
MUST_USE fault *job_desk_page(struct tx *tx, const struct asker *by, enum job_desk_view view,
			      str kind, id before, struct job_desk_page *page);

struct job_desk_one {
	struct job_shown job;
	struct job_failure_list failures;
	struct audit_list trail; /* what people did about it, newest first */
};
MUST_USE fault *job_desk_get(struct tx *tx, const struct asker *by, id job,
			     struct job_desk_one *one);

/* As job_resubmit and job_give_up, with a line in the trail.  Giving up wants a reason. */
MUST_USE fault *job_desk_resubmit(struct tx *tx, const struct asker *by, id job);
MUST_USE fault *job_desk_give_up(struct tx *tx, const struct asker *by, id job, str why);

/* What a job works on, as people read it: "cnv_01h2…", "let_01h2…"; none when it is about nothing
 * that has a name. */
str job_desk_about(struct arena *keep, const struct job_shown *job);
