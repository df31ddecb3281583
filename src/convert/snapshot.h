/* What a tenant held at one moment: units by SKU, subscriptions, and who holds what. */
#pragma once

#include "convert/conversion.h"
#include "microsoft/license.h"

enum snapshot_moment { SNAPSHOT_BEFORE, SNAPSHOT_BETWEEN, SNAPSHOT_AFTER };
str snapshot_moment_word(enum snapshot_moment moment);

enum snapshot_owner { OWNER_DIRECT, OWNER_OURS, OWNER_OTHER_PARTNER };
str snapshot_owner_word(enum snapshot_owner owner); /* "direct", "ours", "other-partner" */

struct snapshot_subscription {
	str id, sku, part_number, status;
	str owner_tenant; /* Graph's own word of who sold it; none once it comes from the database
			   */
	int64_t units;
	bool trial;
	enum snapshot_owner owner;
	str reason;   /* why it is called direct, ours or another partner's; may be empty */
	str commerce; /* its id in Microsoft's commerce system, or empty */
	instant created_at, renews_at;
};

struct snapshot {
	id id; /* ID_NONE until kept */
	instant taken_at;
	struct license_skus skus;
	struct {
		struct snapshot_subscription *at;
		size_t len;
	} subscriptions;
	struct license_holds holds; /* sorted by user, SKU, group */
};

/* Reads the tenant afresh.  `partner_tenant` tells ours from another partner's. */
MUST_USE fault *snapshot_take(struct microsoft_work *w, str tenant, str partner_tenant,
			      struct snapshot *taken);

/* Keeps it as the conversion's snapshot of that moment, in place of an earlier one. */
MUST_USE fault *snapshot_keep(struct tx *tx, id conversion, enum snapshot_moment moment,
			      struct snapshot *taken);
MUST_USE fault *snapshot_load(struct tx *tx, id conversion, enum snapshot_moment moment,
			      struct snapshot *loaded, bool *found);

/* Who sold a subscription is what was recorded of it, or said by a person: a look must not change
 * it in mid-conversion. */
MUST_USE fault *snapshot_agree(struct tx *tx, id conversion, struct snapshot *now);

/* A person has said who sold it. */
MUST_USE fault *snapshot_say_owner(struct tx *tx, const struct snapshot *of,
				   struct snapshot_subscription *subscription,
				   enum snapshot_owner owner, str reason);

/* Only the counters, for a page; none when that moment has not come. */
MUST_USE fault *snapshot_load_skus(struct tx *tx, id conversion, enum snapshot_moment moment,
				   struct license_skus *skus);

/* The same of its subscriptions; `loaded` has nothing else. */
MUST_USE fault *snapshot_load_subscriptions(struct tx *tx, id conversion,
					    enum snapshot_moment moment, struct snapshot *loaded);

/* The counters of a SKU; zeros when the tenant does not have it. */
struct license_sku snapshot_sku(const struct snapshot *in, str sku);
/* NULL when it is not there. */
const struct snapshot_subscription *snapshot_find(const struct snapshot *in, str subscription);

/* The first promise: every hold of `before` (any user, any SKU) is still there in `now`, directly
 * or through a group.  The missing ones are listed. */
struct license_holds snapshot_missing(struct arena *keep, const struct snapshot *before,
				      const struct snapshot *now);
