/* The subscriptions that feed a tenant's license pools, direct ones and those a partner sold. */
#pragma once

#include "store/store.h"

struct directory_subscription {
	str id, tenant, sku, part_number;
	str title; /* as license_pool */
	str commerce_id;
	str status; /* "Enabled", "Warning", "Suspended", "LockedOut", "Deleted" */
	int64_t units;
	bool trial, recurring;
	instant created, next_lifecycle;
	str owner, owner_tenant, owner_type; /* owner_tenant none: direct */
	instant cancelled;
	str cancel_reason, cancel_note;
};
struct directory_subscriptions {
	struct directory_subscription *at;
	size_t len;
};
MUST_USE fault *directory_subscription_all(struct tx *tx, str tenant,
					   struct directory_subscriptions *subscriptions);
/* By directory id or by commerce id. */
MUST_USE fault *directory_subscription_find(struct tx *tx, str tenant, str name,
					    struct directory_subscription *found_one, bool *found);

/* What the administrator's "Cancel subscription" does: at once Suspended (disabled), its data
 * deleted 90 days later.  FAULT_CONFLICT when a partner sold it or it is not running. */
MUST_USE fault *directory_subscription_cancel(struct tx *tx,
					      const struct directory_subscription *which,
					      str reason, str note);
/* Undoes that while it is Suspended. */
MUST_USE fault *directory_subscription_reactivate(struct tx *tx,
						  const struct directory_subscription *which);
/* The switch "Recurring billing". */
MUST_USE fault *directory_subscription_recur(struct tx *tx,
					     const struct directory_subscription *which, bool on);

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
 * recurring billing an Enabled one is renewed for a year. */
MUST_USE fault *directory_subscription_pass(struct tx *tx);
