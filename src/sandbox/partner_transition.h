/* Seats of a subscription become another product, upward only and among what this partner sold
 * (vendor facts §3.12).  It takes as long as provisioning; meanwhile the subscription takes no
 * other change. */
#pragma once

#include "sandbox/partner_subscription.h"

struct partner_transition {
	str id, subscription;
	str from_item, to_item;
	str to_subscription; /* that takes the seats; none: it stays the same, or a new one */
	int64_t quantity;
	bool moves_licenses; /* users of the old product get the new one */
	str billing, term;
	instant asked, due;
	instant done;	/* none: under way */
	bool converted; /* the seats are another product's now */
	str failed;	/* why they, or the licenses behind them, are not, or none */
};
struct partner_transitions {
	struct partner_transition *at;
	size_t len;
};

/* The vendor's codes; 0 is fine. */
enum partner_transition_refusal {
	TRANSITION_FINE = 0,
	TRANSITION_BAD_QUANTITY = 2002,
	TRANSITION_BAD_ITEM = 800004,
	TRANSITION_NOT_UPWARD = 800020,
	TRANSITION_NO_TARGET = 20003, /* no running subscription of that product */
	TRANSITION_BUSY = 900278,
	TRANSITION_GONE = 900279,
};
/* Reads `to_item`, `to_subscription`, `quantity`, `moves_licenses`, `billing` and `term` (none: as
 * it was), and fills in the rest. */
MUST_USE fault *partner_transition_begin(struct tx *tx, const struct partner_subscription *from,
					 struct partner_transition *wanted, int64_t takes,
					 enum partner_transition_refusal *refusal);
MUST_USE fault *partner_transition_all(struct tx *tx, str subscription,
				       struct partner_transitions *all);

/* Those whose time has come. */
MUST_USE fault *partner_transition_pass(struct tx *tx);
