/* The direct subscriptions of the plan on their way out: one line each, never one for a name, as
 * the last look at the tenant saw them, with what was asked and said about them. */
#pragma once

#include "convert/billing_facts.h"

enum cancel_deed { CANCEL_NO_DEED, CANCEL_DEED_CANCEL, CANCEL_DEED_RENEWAL_OFF };

struct cancel_line {
	str subscription, commerce, sku, title;
	int64_t units, assigned; /* assigned: of its SKU, over all subscriptions */
	instant created_at, renews_at;
	str status;	 /* Graph's word */
	instant gone_at; /* when it was first seen cancelled; none: it still can be used */
	enum billing_answer cancellable, renews;
	instant cancel_until;
	instant ends_said_at; /* a person says that it does not renew */
	enum cancel_deed deed;
	instant deed_at;
	str follow;  /* where Microsoft tells what came of the deed, or that it is done */
	str refused; /* why nothing came of it; empty: nothing was refused */
};
struct cancel_lines {
	struct cancel_line *at;
	size_t len;
};

/* What can be done about it now. */
enum cancel_way {
	CANCEL_DONE,	    /* it is gone */
	CANCEL_ENDS,	    /* it ends with its term: nothing is to be done but to wait */
	CANCEL_NOW,	    /* “Cancel subscription” is there */
	CANCEL_RENEWAL_OFF, /* past the seven days: turn off recurring billing */
	CANCEL_LOOK	    /* not known: what Microsoft's page offers decides */
};
/* By the rules of its account (vendor facts §5.3). */
enum cancel_way cancel_line_way(const struct cancel_line *line, enum conversion_account account,
				instant now);

/* The lines of today: those of before that the plan replaces, with what was known of them. */
struct cancel_lines cancel_line_look(struct arena *keep, const struct plan *plan,
				     const struct snapshot *before, const struct snapshot *now,
				     const struct billing_facts *facts,
				     const struct cancel_lines *known, instant at);

MUST_USE fault *cancel_line_load(struct tx *tx, id conversion, struct cancel_lines *lines);
/* Writes what differs from `known`, and a line of the history for each that ended or came back. */
MUST_USE fault *cancel_line_keep(struct tx *tx, const struct conversion *c,
				 const struct cancel_lines *known,
				 const struct cancel_lines *lines);

/* The administrator says at the door that recurring billing is off, or that it is not.
 * FAULT_MISSING for a subscription that is none of them, or is gone. */
MUST_USE fault *cancel_line_say_ends(struct tx *tx, str door, str subscription, bool ends);
