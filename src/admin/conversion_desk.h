/* Conversions as operators see them: what does not move, for whom, and why. */
#pragma once

#include "admin/desk.h"
#include "jobs/job.h"
#include "people/audit.h"

/* A conversion that only an operator gets moving again: it waits for one, or its job was given up
 * or keeps failing. */
struct conversion_stuck {
	struct conversion c;
	struct account partner;
	str why;
	instant since;
	id job; /* the one that is in trouble, or ID_NONE */
};
struct conversion_stuck_list {
	struct conversion_stuck *at;
	size_t len;
};
enum { CONVERSION_DESK_MOST = 100 };

/* At most CONVERSION_DESK_MOST. */
MUST_USE fault *conversion_desk_stuck(struct tx *tx, const struct asker *by,
				      struct conversion_stuck_list *list);

/* A question asked of Microsoft on the way. */
struct conversion_desk_call {
	instant at;
	str name, request;
	int64_t status, millis;
};
struct conversion_desk_one {
	struct conversion c;
	struct account partner;
	struct job_shown job; /* the one that moves it, when `has_job` */
	bool has_job;
	struct {
		struct conversion_desk_call *at;
		size_t len;
	} calls; /* the newest hundred, newest first */
	struct audit_list trail;
};
MUST_USE fault *conversion_desk_get(struct tx *tx, const struct asker *by, id conversion,
				    struct conversion_desk_one *one);
