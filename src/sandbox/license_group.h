/* Groups that give their members licenses (vendor facts §2.5, §2.6).
 *
 * A group's licenses change at once; its members get and lose theirs in the background, some
 * hundreds at a time as the sandbox's time passes.  What stands against it is kept with the hold,
 * as a state and an error, and tried again only when somebody asks for that. */
#pragma once

#include "store/store.h"

struct license_hold_change;
struct license_holds;
struct tenant_state_user;

struct license_group {
	str id, tenant, display_name;
	str source;  /* the JSON object as it came */
	str state;   /* "QueuedForProcessing", "ProcessingInProgress", "ProcessingComplete" */
	bool errors; /* a member lacks what the group gives */
	int64_t position;
};
struct license_groups {
	struct license_group *at;
	size_t len;
};
/* A page of a tenant's groups: at most `most` behind position `after`. */
MUST_USE fault *license_group_all(struct tx *tx, str tenant, int64_t after, int64_t most,
				  struct license_groups *groups);
MUST_USE fault *license_group_find(struct tx *tx, str tenant, str name, struct license_group *group,
				   bool *found);

/* What it gives: `sku` and `disabled_plans` of each. */
MUST_USE fault *license_group_gives(struct tx *tx, str group, struct license_holds *gives);

/* assignLicense of a group: *refused as license_hold_assign has it; else it is queued. */
MUST_USE fault *license_group_assign(struct tx *tx, const struct license_group *group,
				     const struct license_hold_change *change, str *refused);

/* A user's groups are gone through again at once, as reprocessLicenseAssignment asks. */
MUST_USE fault *license_group_reprocess(struct tx *tx, const struct tenant_state_user *user);

/* The next members of every group whose time has come. */
MUST_USE fault *license_group_pass(struct tx *tx);
