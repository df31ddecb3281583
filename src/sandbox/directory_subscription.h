/* The subscriptions that feed a tenant's license pools, direct ones and those a partner sold. */
#pragma once

#include "store/store.h"

/* A direct one's term, and how long what is disabled is kept (vendor facts §5.3). */
#define DIRECTORY_SUBSCRIPTION_MONTHS	12
#define DIRECTORY_SUBSCRIPTION_DISABLED DAYS(90)

struct directory_subscription {
	str id, tenant, sku, part_number;
	str title; /* as license_pool */
	str commerce_id;
	str status; /* "Enabled", "Warning", "Suspended", "LockedOut", "Deleted" */
	int64_t units;
	bool trial, recurring;
	instant created, next_lifecycle;
	instant term_started, term_ends;     /* the last term's, once it is not Enabled; or none */
	str owner, owner_tenant, owner_type; /* owner_tenant none: direct */
	instant cancelled;
	bool cancel_at_end; /* cancelled as soon as the term ends */
	str cancel_reason, cancel_note;
	bool modern; /* its tenant's billing account is under the Microsoft Customer Agreement */
};
struct directory_subscriptions {
	struct directory_subscription *at;
	size_t len;
};
MUST_USE fault *directory_subscription_all(struct tx *tx, str tenant,
					   struct directory_subscriptions *subscriptions);
/* The same, and those that are deleted. */
MUST_USE fault *directory_subscription_ever(struct tx *tx, str tenant,
					    struct directory_subscriptions *subscriptions);
/* By directory id or by commerce id; a deleted one is not found. */
MUST_USE fault *directory_subscription_find(struct tx *tx, str tenant, str name,
					    struct directory_subscription *found_one, bool *found);

/* Until when the customer may cancel it: seven days from the term's start on a modern account
 * (vendor facts §5.3); INSTANT_NONE where no day bounds it. */
instant directory_subscription_cancel_until(const struct directory_subscription *which);
/* Why the customer cannot cancel it now, as a sentence; STR_NONE when it is possible. */
MUST_USE fault *directory_subscription_uncancellable(struct tx *tx,
						     const struct directory_subscription *which,
						     instant now, str *said);
/* Microsoft's support cancels it on request, whatever stands against it in the pages.
 * FAULT_CONFLICT when a partner sold it or it is not running. */
MUST_USE fault *directory_subscription_support_cancel(struct tx *tx,
						      const struct directory_subscription *which,
						      str reason, str note);

/* What the administrator's "Cancel subscription" does: at once Suspended (disabled), its data
 * deleted 90 days later.  FAULT_CONFLICT with the sentence above when it cannot be. */
MUST_USE fault *directory_subscription_cancel(struct tx *tx,
					      const struct directory_subscription *which,
					      str reason, str note);
/* The same, asked for at an instant that is past: the rule is held to that one. */
MUST_USE fault *directory_subscription_cancel_as_of(struct tx *tx,
						    const struct directory_subscription *which,
						    instant at, str reason, str note);
/* Disabled (or locked out) from `at` on; no rule is asked. */
MUST_USE fault *directory_subscription_disable(struct tx *tx,
					       const struct directory_subscription *which,
					       instant at, str reason, str note);
/* "Before the next renewal": it runs to the end of its term and is cancelled then.  Not offered on
 * a modern account, where recurring billing is turned off instead: FAULT_CONFLICT. */
MUST_USE fault *directory_subscription_cancel_at_end(struct tx *tx,
						     const struct directory_subscription *which,
						     str reason, str note);
/* Undoes a cancellation while it is disabled: the term goes on, or a new one begins when it is
 * over by then. */
MUST_USE fault *directory_subscription_reactivate(struct tx *tx,
						  const struct directory_subscription *which);
/* The switch "Recurring billing"; on takes a cancellation before the renewal back. */
MUST_USE fault *directory_subscription_recur(struct tx *tx,
					     const struct directory_subscription *which, bool on);
/* Seats bought or given back by the customer.  Fewer on a modern account: within the seven days
 * alone (FAULT_CONFLICT); a count nobody can buy is FAULT_INPUT. */
MUST_USE fault *directory_subscription_change_units(struct tx *tx,
						    const struct directory_subscription *which,
						    instant at, int64_t units);
/* The rule of it alone. */
MUST_USE fault *directory_subscription_units_allowed(const struct directory_subscription *which,
						     instant at, int64_t units);

/* Units that a partner sold arrive: the subscription's `id`, `tenant`, `sku`, `part_number`,
 * `commerce_id`, `units`, `trial`, dates and `owner_tenant` are read. */
MUST_USE fault *directory_subscription_open(struct tx *tx,
					    const struct directory_subscription *sold);
MUST_USE fault *directory_subscription_resize(struct tx *tx,
					      const struct directory_subscription *which,
					      int64_t units);
/* Another status, and when the next one comes. */
MUST_USE fault *directory_subscription_turn(struct tx *tx,
					    const struct directory_subscription *which, str status,
					    instant next_lifecycle, str what);

/* Stages whose time has come: Enabled to Warning (30 days) to Suspended (90 days) to Deleted; with
 * recurring billing an Enabled one is renewed for a year, and one that was cancelled before its
 * renewal is Suspended at once (vendor facts §5.3, §8.2). */
MUST_USE fault *directory_subscription_pass(struct tx *tx);
