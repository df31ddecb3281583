/* What a partner sold: orders and their subscriptions, from checkout to the end of the term
 * (vendor facts §3.8, §3.9, §5.4). */
#pragma once

#include "store/store.h"

#define PARTNER_SUBSCRIPTION_WINDOW DAYS(7) /* to cancel, from purchase or renewal */

struct partner_subscription {
	str id, order, partner, customer;
	int64_t position; /* the line's number in its order */
	str catalog_item, title, sku;
	str friendly_name, mpn; /* or none */
	int64_t quantity;
	str status; /* "pending", "active", "suspended", "deleted", "expired", "disabled" */
	bool trial, auto_renew;
	str billing, term;
	instant created, ready; /* ready: provisioning is through */
	instant started, ends;	/* none while pending */
	instant cancel_until;	/* the last moment to cancel or to give seats back */
	int64_t revision;	/* the etag is made of it */
	str directory;		/* its companySubscription, none while pending or failed */
	str next_term;		/* scheduledNextTermInstructions as JSON, or none */
	instant settled;	/* when its units last changed, none while pending */
	bool failed;		/* provisioning gave nothing */
	str given_sku;		/* what provisioning gave instead of `sku`, or none */
	int64_t units_off;	/* units it gave beyond (below zero: short of) `quantity` */
};
struct partner_subscriptions {
	struct partner_subscription *at;
	size_t len;
};

struct partner_order {
	str id, cart, partner, customer;
	str status; /* "pending", "completed", "cancelled" */
	str billing;
	instant created;
};
struct partner_orders {
	struct partner_order *at;
	size_t len;
};

MUST_USE fault *partner_subscription_all(struct tx *tx, str partner, str customer,
					 struct partner_subscriptions *all);
MUST_USE fault *partner_subscription_find(struct tx *tx, str partner, str customer, str name,
					  struct partner_subscription *one, bool *found);
MUST_USE fault *partner_subscription_any_active(struct tx *tx, str partner, str customer,
						bool *any);
MUST_USE fault *partner_subscription_orders(struct tx *tx, str partner, str customer,
					    struct partner_orders *orders);
MUST_USE fault *partner_subscription_of_order(struct tx *tx, str order,
					      struct partner_subscriptions *lines);

/* Pending ones whose provisioning is through; those of which a stage is over. */
MUST_USE fault *partner_subscription_all_due(struct tx *tx, instant now,
					     struct partner_subscriptions *due);
MUST_USE fault *partner_subscription_all_ended(struct tx *tx, instant now,
					       struct partner_subscriptions *ended);

MUST_USE fault *partner_subscription_order(struct tx *tx, const struct partner_order *order);
MUST_USE fault *partner_subscription_order_bill(struct tx *tx, str order, str billing);
MUST_USE fault *partner_subscription_sell(struct tx *tx, const struct partner_subscription *line);

/* The vendor's codes for a refused change; 0 is fine. */
enum partner_subscription_refusal {
	SUBSCRIPTION_FINE = 0,
	SUBSCRIPTION_PENDING = 900278,	   /* another operation is under way */
	SUBSCRIPTION_WINDOW_OVER = 900117, /* cancelling is over after seven days */
	SUBSCRIPTION_BAD_QUANTITY = 2002,
	SUBSCRIPTION_NO_NEXT_TERM =
		2000, /* of a next term: needs auto-renewal, and a product that is sold so */
	SUBSCRIPTION_SMALL_ACCOUNT = 800067,
	SUBSCRIPTION_NO_REDUCING = 800090,
	SUBSCRIPTION_BAD_STATUS = 2011,
	SUBSCRIPTION_GONE = 900279, /* nothing more can be changed */
};
struct partner_subscription_change {
	str status;
	int64_t quantity;
	bool auto_renew;
	str friendly_name;
	str next_term; /* JSON, or none */
};
/* One change at a time or several; all of them or none.  *later: it is accepted and happens when
 * partner_setting's `changes_take` is over; until then no other one is taken. */
MUST_USE fault *partner_subscription_change(struct tx *tx, const struct partner_subscription *one,
					    const struct partner_subscription_change *change,
					    enum partner_subscription_refusal *refusal,
					    bool *later);
MUST_USE fault *partner_subscription_change_under_way(struct tx *tx, str subscription,
						      bool *under_way);

/* What provisioning really gave. */
str partner_subscription_given_sku(const struct partner_subscription *one);
int64_t partner_subscription_given_units(const struct partner_subscription *one);

/* What became due: pending ones become active and their units arrive; ended ones expire. */
MUST_USE fault *partner_subscription_pass(struct tx *tx);

/* When a term of "P1M", "P1Y" or "P3Y" ends. */
instant partner_subscription_term_end(instant start, str term);
