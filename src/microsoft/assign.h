/* Licenses given to users and taken from them (Graph v1.0 §2.6), up to twenty users in one call
 * (§2.7).  What one user gets and loses is one change at Microsoft: all of it or nothing. */
#pragma once

#include "microsoft/microsoft.h"

enum {
	ASSIGN_MOST = 20, /* users in one batch */
	ASSIGN_SKUS = 8	  /* SKUs given to, or taken from, one user at once */
};

/* A SKU given, or given again with other service plans switched off: the list replaces the one
 * before, it is not added to it. */
struct assign_add {
	str sku;
	str disabled; /* GUIDs between blanks; each must belong to the SKU */
};

enum assign_answer {
	ASSIGN_UNANSWERED, /* throttled, or Microsoft failed: to be asked for again */
	ASSIGN_DONE,
	ASSIGN_NO_UNIT,		  /* no free license */
	ASSIGN_NO_LOCATION,	  /* the user has no usage location */
	ASSIGN_CLASH,		  /* a service plan excludes one the user keeps */
	ASSIGN_DEPENDENCY,	  /* a service plan needs one the user would not have */
	ASSIGN_DUPLICATE_ADDRESS, /* a mail address is another's already */
	ASSIGN_NOT_HELD,	  /* what is to be taken away is not there */
	ASSIGN_FROM_GROUP,	  /* what is to be taken away comes from a group */
	ASSIGN_FOREIGN_PLAN,	  /* a plan to switch off is not in the SKU */
	ASSIGN_NO_SKU,		  /* the tenant does not have the SKU, or no user can have it */
	ASSIGN_NO_USER,		  /* deleted meanwhile */
	ASSIGN_OTHER
};

struct assign {
	str user; /* object id */
	struct assign_add adds[ASSIGN_SKUS];
	str removes[ASSIGN_SKUS];
	size_t add_count, remove_count;
	/* Filled by the answer. */
	enum assign_answer answer;
	str code, said; /* the vendor's own, for whoever has to find out; none when it is done */
};

/* Asks for `count` changes of different users, at most ASSIGN_MOST, in one call.  *wait is the
 * longest time in seconds that Microsoft wants for those it did not answer, 0 for none named.
 *
 * FAULT_DENIED with "Authorization_RequestDenied" when the tenant does not let us change licenses;
 * the next call asks with fresh rights.  After a fault any of them may have happened: read the
 * users again before asking again. */
MUST_USE fault *assign_batch(struct microsoft_work *w, str tenant, struct assign *at, size_t count,
			     int64_t *wait);

/* Whether the tenant lets us change this user's licenses: asked by a change of nothing, so that it
 * is known before anything is bought.  A user who is gone leaves it open: *may is true then. */
MUST_USE fault *assign_may(struct microsoft_work *w, str tenant, str user, bool *may);

/* What a refusal's words mean; they are not documented, and so matched loosely. */
enum assign_answer assign_meaning(struct arena *scratch, str words);
