/* Who judges.  It reads the sandbox's own tables and knows nothing of Novate's code; what people
 * did of their own accord it is told, so that it does not blame us for that. */
#pragma once

#include "base/base.h"
#include "base/instant.h"
#include "sim_tenant.h"
#include "store/store.h"

/* Who has just acted. */
enum oracle_by {
	BY_US,	   /* a call of ours, or a person who did what we asked for */
	BY_PEOPLE, /* of their own accord, unasked */
	BY_NOBODY  /* time passed */
};

struct oracle_hold {
	str user, sku;
	str becomes; /* will do instead */
	bool later;  /* people gave it after the beginning: no snapshot knows of it */
};
struct oracle_holds {
	struct oracle_hold *at;
	size_t len, room;
};
struct oracle_unit {
	str id, sku;
	bool direct, ours, usable; /* paid, and bought from Microsoft; sold by us; it can be used */
	int64_t units;
};
struct oracle_units {
	struct oracle_unit *at;
	size_t len;
};

struct oracle {
	const struct sim_tenant *tenant;
	struct arena *keep;
	str id;			   /* the tenant's */
	struct oracle_holds first; /* what users must not lose */
	struct oracle_units units; /* at the last look */
	struct oracle_units start; /* what was there without us, and what people made of it */
	int64_t journal;	   /* the last row that was seen */
	int64_t approvals, second_orders; /* what the partner said yes to */
	int64_t bought;			  /* the seats of the plan that was approved last */
	instant sold_at, seen_at; /* what we sold last became usable; we last read the counts */
	bool meddled;		  /* people changed something themselves */
	bool gave_odd;		  /* Microsoft was told to provision wrongly */
};

MUST_USE fault *oracle_open(struct tx *tx, struct arena *keep, const struct sim_tenant *tenant,
			    struct oracle *made);
/* Looks; *broken is what does not hold, or none. */
MUST_USE fault *oracle_look(struct tx *tx, struct oracle *o, enum oracle_by by, str *broken);
/* At the end: what an ended conversion must have left behind. */
MUST_USE fault *oracle_at_end(struct tx *tx, struct oracle *o, str state, str *broken);
/* The newest row of the sandbox's journal of all tenants: nothing changed while it is the same. */
MUST_USE fault *oracle_newest(struct tx *tx, int64_t *row);
