/* What it costs that two subscriptions run side by side for a while, and when it costs least.
 *
 * What the tenant pays directly is not known to us; our own list price of what replaces it stands
 * in for it, and every sum says so.  How an old subscription ends is a rule of the billing account
 * (vendor facts §5.3): a MOSA account gets the rest credited whenever it cancels; an MCA account
 * only within seven days of start or renewal, else it pays to the end of the term. */
#pragma once

#include "base/money.h"
#include "convert/billing_facts.h"
#include "convert/plan.h"

enum overlap_end {
	ENDS_CREDITED, /* at any time, and what is left is credited */
	ENDS_REFUNDED, /* until `until`: seven days from start or renewal */
	ENDS_AT_TERM,  /* runs, paid, to the end of its term */
	ENDS_UNKNOWN   /* nobody knows the account's kind */
};
str overlap_end_word(enum overlap_end end); /* "credited" */

/* One direct subscription that the plan replaces. */
struct overlap_term {
	str subscription, title;
	int64_t units;
	instant ends;  /* its term ends or renews; none: unknown */
	instant until; /* ENDS_REFUNDED: the last moment */
	enum overlap_end end;
	money seat_month; /* our list price; minor 0: as agreed */
};
struct overlap_terms {
	struct overlap_term *at;
	size_t len;
};

struct overlap_terms overlap_terms(struct arena *keep, const struct plan *plan,
				   const struct snapshot *before, enum conversion_account account,
				   const struct billing_facts *billing, instant now);

/* How it ends at that moment: a window for a refund closes while a plan waits. */
enum overlap_end overlap_end_at(const struct overlap_term *term, instant at);

/* What is paid twice when everything is bought and cancelled at `at`; *complete is false when a
 * price that counts is "as agreed", or a way of ending or its day unknown. */
MUST_USE fault *overlap_cost(const struct overlap_terms *terms, instant at, money *sum,
			     bool *complete);

/* The cheapest moment from now on: now, or a few days before a term ends, early enough that the
 * order can still be verified and undone. */
#define OVERLAP_LEAD DAYS(3)
MUST_USE fault *overlap_best(const struct overlap_terms *terms, instant now, instant *best);

MUST_USE fault *overlap_keep(struct tx *tx, id conversion, const struct overlap_terms *terms);
MUST_USE fault *overlap_load(struct tx *tx, id conversion, struct overlap_terms *terms);
