/* The trail of what people did: who, what, when, from where, why.  Append-only: the database
 * itself refuses to change or remove a row. */
#pragma once

#include "base/base.h"
#include "base/id.h"
#include "base/instant.h"
#include "store/store.h"

struct audit_entry {
	id who;		 /* ID_NONE: the system, or a person without an account */
	const char *did; /* "conversion.approve" */
	str about;	 /* "cnv_01h2…" */
	str from;	 /* address of the caller, "terminal", or none */
	str why;	 /* or none */
};
MUST_USE fault *audit_keep(struct tx *tx, const struct audit_entry *entry);

struct audit_shown {
	id id, who;
	str email; /* of who did it; none: the system, or a person without an account */
	instant at;
	str did, about, from, why;
};
struct audit_list {
	struct audit_shown *at;
	size_t len;
};
/* What is none does not narrow the trail. */
struct audit_filter {
	id who;
	str did, about, from; /* whole words, not parts of them */
	instant since, until; /* INSTANT_NONE, or: from then on, and before then */
	id before;	      /* where the page before ended */
	int64_t most;
};
#define AUDIT_FILTER_ALL \
	((struct audit_filter){ .since = INSTANT_NONE, .until = INSTANT_NONE, .most = 50 })
/* Newest first. */
MUST_USE fault *audit_find(struct tx *tx, const struct audit_filter *filter,
			   struct audit_list *list);
/* Newest first, older than `before` (ID_NONE: from the newest); of one thing, or of all with
 * STR_NONE. */
MUST_USE fault *audit_list(struct tx *tx, str about, id before, int64_t most,
			   struct audit_list *list);
