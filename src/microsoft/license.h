/* Licenses: what a tenant holds, by SKU, by subscription and by user (Graph v1.0 §2.2 to §2.6). */
#pragma once

#include "microsoft/microsoft.h"

struct license_sku {
	str sku, part_number; /* GUID in lower case; "O365_BUSINESS_PREMIUM" */
	str applies_to;	      /* "User" or "Company" */
	str capability;	      /* "Enabled", "Warning", "Suspended", "Deleted", "LockedOut" */
	int64_t enabled, warning, suspended, locked_out, consumed;
	str plans; /* its service plans: GUIDs in order, between blanks */
};
struct license_skus {
	struct license_sku *at;
	size_t len;
};
MUST_USE fault *license_skus_read(struct microsoft_work *w, str tenant, struct license_skus *skus);

/* What the administrator's page shows of a SKU. */
int64_t license_valid(const struct license_sku *sku);	/* enabled + warning: usable units */
int64_t license_expired(const struct license_sku *sku); /* warning + suspended + locked out */

struct license_subscription {
	str id, commerce_id, sku, part_number;
	str status; /* "Enabled", "Warning", "Suspended", "LockedOut", "Deleted" */
	int64_t units;
	bool trial;
	str owner_tenant; /* the partner's tenant, or none for a direct one */
	instant created, next_lifecycle;
};
struct license_subscriptions {
	struct license_subscription *at;
	size_t len;
};
MUST_USE fault *license_subscriptions_read(struct microsoft_work *w, str tenant,
					   struct license_subscriptions *subscriptions);
/* One, which is asked for alone: a list may show how it was a while ago.  None where it is gone. */
MUST_USE fault *license_subscription_of(struct microsoft_work *w, str tenant, str subscription,
					struct license_subscriptions *one);

/* One user's hold on one SKU. */
struct license_hold {
	str user, user_name, sku; /* object id, userPrincipalName, SKU id */
	str group;		  /* assigned by this group, or none for direct */
	str disabled;		  /* service plans switched off: GUIDs in order, between blanks */
	str state;		  /* "Active", "Error", … */
	bool unlocated; /* the user has no usage location: nothing new can be assigned directly */
};
/* Whether it gives its user anything: one in an error state is on the user's list and gives nothing
 * (vendor facts §2.5).  Where Graph names no state, being on the list is all there is to go by. */
bool license_is_given(const struct license_hold *hold);

struct license_holds {
	struct license_hold *at;
	size_t len;
	size_t users; /* how many users were read, licensed or not */
};
/* One user, who is asked for alone: a list may show how it was a while ago (vendor facts §2.5).  No
 * holds where the user is gone. */
MUST_USE fault *license_holds_of(struct microsoft_work *w, str tenant, str user,
				 struct license_holds *holds);
/* All users, page by page, with `licenseAssignmentStates`, else `assignedLicenses`. */
MUST_USE fault *license_holds_read(struct microsoft_work *w, str tenant,
				   struct license_holds *holds);
