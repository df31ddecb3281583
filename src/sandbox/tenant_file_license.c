#include "sandbox/tenant_file_license.h"

#include "directory_subscription_sql.h"
#include "sandbox/license_hold.h"
#include "sandbox/license_plan.h"
#include "sandbox/sandbox_clock.h"
#include "sandbox/sandbox_guid.h"
#include "sandbox/tenant_file_member.h"
#include "tenant_file_sql.h"

static bool status_known(str status)
{
	return str_eq(status, S("Enabled")) || str_eq(status, S("Warning")) ||
	       str_eq(status, S("Suspended")) || str_eq(status, S("LockedOut")) ||
	       str_eq(status, S("Deleted"));
}

static fault *sku_add(struct tx *tx, const struct tenant_file_place *at, str tenant,
		      int64_t position)
{
	struct directory_subscription_sku_add_in add = { .tenant = tenant, .position = position };

	TRY(tenant_file_guid(at, "skuId", true, &add.sku));
	TRY(tenant_file_text(at, "skuPartNumber", true, &add.part_number));
	TRY(tenant_file_text(at, "appliesTo", false, &add.applies_to));
	if (str_is_none(add.applies_to))
		add.applies_to = S("User");
	add.service_plans = tenant_file_source(at, "servicePlans", STR_NONE);
	if (str_is_none(add.service_plans))
		add.service_plans = license_plan_list(at->keep, add.sku);
	return directory_subscription_sku_add(tx, &add);
}

/* Dates that were over when the file was taken are moved on: the file tells how things stand. */
static instant still_ahead(instant at, instant now)
{
	if (instant_is_none(at) || instant_before(now, at))
		return at;
	return instant_after(now, DAYS(30));
}

static fault *subscription_is_new(struct tx *tx, const struct tenant_file_place *at, str id_text)
{
	struct tenant_file_subscription row;
	bool found;

	TRY(tenant_file_subscription(tx, id_text, &row, &found));
	return found ? tenant_file_wrong(at, "id", "is the id of another subscription already")
		     : NULL;
}

static fault *subscription_add(struct tx *tx, const struct tenant_file_place *at, str tenant)
{
	struct directory_subscription_add_in add = { .tenant = tenant,
						     .position = (int64_t)at->index };
	instant now;

	TRY(sandbox_clock_now(tx, &now));
	TRY(tenant_file_guid(at, "id", true, &add.id));
	TRY(subscription_is_new(tx, at, add.id));
	TRY(tenant_file_guid(at, "skuId", true, &add.sku));
	TRY(tenant_file_guid(at, "commerceSubscriptionId", false, &add.commerce_id));
	TRY(tenant_file_guid(at, "ownerId", false, &add.owner));
	TRY(tenant_file_guid(at, "ownerTenantId", false, &add.owner_tenant));
	TRY(tenant_file_text(at, "ownerType", false, &add.owner_type));
	TRY(tenant_file_text(at, "status", true, &add.status));
	if (!status_known(add.status))
		return tenant_file_wrong(
			at, "status", "is not Enabled, Warning, Suspended, LockedOut or Deleted");
	TRY(tenant_file_count(at, "totalLicenses", &add.units));
	add.trial = tenant_file_truth(at, "isTrial", false);
	TRY(tenant_file_instant(at, "createdDateTime", now, &add.created));
	TRY(tenant_file_instant(at, "nextLifecycleDateTime", INSTANT_NONE, &add.next_lifecycle));
	add.next_lifecycle = still_ahead(add.next_lifecycle, now);
	if (str_eq(add.owner_tenant, tenant))
		add.owner_tenant = STR_NONE; /* its own tenant means direct (§2.3) */
	TRY(sku_add(tx, at, tenant, 1000 + (int64_t)at->index));
	TRY(directory_subscription_add(tx, &add));
	return add.trial ? directory_subscription_mark_recurring(tx, add.id, false) : NULL;
}

static const struct {
	const char *member, *status;
} counters[] = { { "enabled", "Enabled" },
		 { "warning", "Warning" },
		 { "suspended", "Suspended" },
		 { "lockedOut", "LockedOut" } };

/* One subscription for each counter of a SKU that no subscription stands behind. */
static fault *counts_add(struct tx *tx, const struct tenant_file_place *sku, str tenant)
{
	struct directory_subscription_add_in add = { .tenant = tenant, .position = 1000 };
	struct tenant_file_place at = *sku;
	instant now;

	at.object = json_object_get(sku->object, "prepaidUnits");
	TRY(sandbox_clock_now(tx, &now));
	TRY(tenant_file_guid(sku, "skuId", true, &add.sku));
	for (size_t i = 0; i < COUNT(counters); i++) {
		TRY(tenant_file_count(&at, counters[i].member, &add.units));
		if (add.units == 0)
			continue;
		add.id = sandbox_guid(tx_world(tx), tx_arena(tx));
		add.commerce_id = sandbox_guid(tx_world(tx), tx_arena(tx));
		add.status = str_of(counters[i].status);
		add.created = now;
		add.next_lifecycle = instant_after(now, DAYS(365));
		add.owner_type = S("User");
		TRY(directory_subscription_add(tx, &add));
	}
	return NULL;
}

static bool subscribed(const json_t *subscriptions, str sku)
{
	for (size_t i = 0; i < json_array_size(subscriptions); i++) {
		const json_t *of = json_object_get(json_array_get(subscriptions, i), "skuId");
		if (str_eq_nocase(str_of(json_string_value(of)), sku))
			return true;
	}
	return false;
}

fault *tenant_file_pools(struct tx *tx, str file, const json_t *root, str tenant)
{
	struct tenant_file_place at = { tx_arena(tx), file, "subscribedSkus", 0, NULL };
	const json_t *skus, *subscriptions;
	str sku;

	TRY(tenant_file_list(file, root, "subscribedSkus", &skus));
	TRY(tenant_file_list(file, root, "directory/subscriptions", &subscriptions));
	for (; at.index < json_array_size(skus); at.index++) {
		at.object = json_array_get(skus, at.index);
		TRY(sku_add(tx, &at, tenant, (int64_t)at.index));
		TRY(tenant_file_guid(&at, "skuId", true, &sku));
		if (!subscribed(subscriptions, sku))
			TRY(counts_add(tx, &at, tenant));
	}
	at.list = "directory/subscriptions";
	for (at.index = 0; at.index < json_array_size(subscriptions); at.index++) {
		at.object = json_array_get(subscriptions, at.index);
		TRY(subscription_add(tx, &at, tenant));
	}
	return NULL;
}

static fault *inner_list(const struct tenant_file_place *of, const char *member,
			 const json_t **list)
{
	*list = json_object_get(of->object, member);
	if (*list && !json_is_null(*list) && !json_is_array(*list))
		return tenant_file_wrong(of, member, "is not an array");
	return NULL;
}

fault *tenant_file_holds(struct tx *tx, const struct tenant_file_place *user, str tenant,
			 str user_id)
{
	struct tenant_file_place at = { user->keep, user->file, "licenseAssignmentStates", 0,
					NULL };
	const json_t *list, *without_states;
	instant now;

	TRY(sandbox_clock_now(tx, &now));
	TRY(inner_list(user, at.list, &list));
	TRY(inner_list(user, "assignedLicenses", &without_states));
	if (json_array_size(list) == 0) {
		at.list = "assignedLicenses";
		list = without_states;
	}
	for (; at.index < json_array_size(list); at.index++) {
		struct license_hold hold = { .user = user_id };
		at.object = json_array_get(list, at.index);
		TRY(tenant_file_guid(&at, "skuId", true, &hold.sku));
		TRY(tenant_file_guid(&at, "assignedByGroup", false, &hold.group));
		TRY(tenant_file_text(&at, "state", false, &hold.state));
		TRY(tenant_file_text(&at, "error", false, &hold.error));
		TRY(tenant_file_instant(&at, "lastUpdatedDateTime", now, &hold.updated));
		hold.disabled_plans = tenant_file_source(&at, "disabledPlans", S("[]"));
		if (str_is_none(hold.state))
			hold.state = S("Active");
		TRY(license_hold_put(tx, tenant, &hold));
	}
	return NULL;
}
