/* Who holds which license, and by which way. */
#pragma once

#include "store/store.h"

struct license_hold {
	str user, sku;
	str group;	    /* STR_NONE: assigned directly */
	str disabled_plans; /* JSON array of service plan ids */
	str state;	    /* "Active", "ActiveWithError", "Disabled", "Error" */
	str error;	    /* or none */
	instant updated;
};
struct license_holds {
	struct license_hold *at;
	size_t len;
};
MUST_USE fault *license_hold_of_user(struct tx *tx, str user, struct license_holds *holds);

/* The first of the SKU, in whatever state; NULL when there is none. */
const struct license_hold *license_hold_find(const struct license_holds *holds, str sku);
/* Whether one of them gives the user the SKU. */
bool license_hold_has(const struct license_holds *holds, str sku);
/* Whether it gives the user anything: one in the state "Error" does not, and takes no unit. */
bool license_hold_counts(const struct license_hold *hold);

/* As it stands in a tenant file; no rule is asked. */
MUST_USE fault *license_hold_put(struct tx *tx, str tenant, const struct license_hold *hold);

/* What a user asks for in one assignLicense: all of it happens or nothing.  An add of what the
 * user holds directly replaces its disabled plans.  *refused is the vendor's sentence when a rule
 * stands against it (vendor facts §2.6), else STR_NONE. */
struct license_hold_change {
	const struct license_hold *adds; /* sku, disabled_plans */
	size_t add_count;
	const str *removes;
	size_t remove_count;
};
struct license_pools;
struct tenant_state_user;
/* What of an add is wrong whoever it is for, a user or a group: STR_NONE or the sentence. */
str license_hold_unfit(struct arena *keep, const struct license_pools *pools,
		       const struct license_hold_change *change, const struct license_hold *add);
MUST_USE fault *license_hold_assign(struct tx *tx, const struct tenant_state_user *user,
				    const struct license_hold_change *change, str *refused);
