#include "microsoft/license.h"

#include <stdlib.h>

#include "microsoft/asking.h"

static int guid_order(const void *left, const void *right)
{
	return str_compare(*(const str *)left, *(const str *)right);
}

/* In one order, because Graph gives none and two looks are compared. */
static str guids_text(struct arena *keep, str *guids, size_t count)
{
	struct text text;

	if (count == 0)
		return S("");
	if (count > 1)
		qsort(guids, count, sizeof *guids, guid_order);
	text = text_open(keep);
	for (size_t i = 0; i < count; i++)
		text_format(&text, "%s%.*s", i ? " " : "", STR(guids[i]));
	return text_str(&text);
}

static str plans_read(struct microsoft_work *w, const json_t *sku)
{
	const json_t *list = reading_list(sku, "servicePlans");
	size_t count = json_array_size(list);
	str *plans = NEW_ARRAY(w->arena, str, count + 1);

	for (size_t i = 0; i < count; i++)
		plans[i] = reading_guid(w->arena, json_array_get(list, i), "servicePlanId");
	return guids_text(w->arena, plans, count);
}

static fault *sku_read(struct microsoft_work *w, const json_t *item, void *with)
{
	struct license_skus *skus = with;
	const json_t *units = reading_member(item, "prepaidUnits");

	skus->at = arena_grown(w->arena, skus->at, skus->len, sizeof(*skus->at));
	skus->at[skus->len++] = (struct license_sku){
		.sku = reading_guid(w->arena, item, "skuId"),
		.part_number = reading_text(w->arena, item, "skuPartNumber"),
		.applies_to = reading_text(w->arena, item, "appliesTo"),
		.capability = reading_text(w->arena, item, "capabilityStatus"),
		.enabled = reading_number(units, "enabled", 0),
		.warning = reading_number(units, "warning", 0),
		.suspended = reading_number(units, "suspended", 0),
		.locked_out = reading_number(units, "lockedOut", 0),
		.consumed = reading_number(item, "consumedUnits", 0),
		.plans = plans_read(w, item),
	};
	return NULL;
}

fault *license_skus_read(struct microsoft_work *w, str tenant, struct license_skus *skus)
{
	struct license_skus read = { 0 };
	struct asking asking = { .name = "graph.subscribedSkus",
				 .as = TOKEN_GRAPH,
				 .tenant = tenant,
				 .path = S("/v1.0/subscribedSkus") };

	TRY(asking_pages(w, &asking, sku_read, &read));
	*skus = read;
	return NULL;
}

bool license_is_given(const struct license_hold *hold)
{
	return str_is_empty(hold->state) || str_starts(hold->state, S("Active"));
}

int64_t license_valid(const struct license_sku *sku)
{
	return sku->enabled + sku->warning;
}

int64_t license_expired(const struct license_sku *sku)
{
	return sku->warning + sku->suspended + sku->locked_out;
}

static fault *subscription_read(struct microsoft_work *w, const json_t *item, void *with)
{
	struct license_subscriptions *list = with;

	list->at = arena_grown(w->arena, list->at, list->len, sizeof(*list->at));
	list->at[list->len++] = (struct license_subscription){
		.id = reading_text(w->arena, item, "id"),
		.commerce_id = reading_text(w->arena, item, "commerceSubscriptionId"),
		.sku = reading_guid(w->arena, item, "skuId"),
		.part_number = reading_text(w->arena, item, "skuPartNumber"),
		.status = reading_text(w->arena, item, "status"),
		.units = reading_number(item, "totalLicenses", 0),
		.trial = reading_flag(item, "isTrial", false),
		.owner_tenant = reading_guid(w->arena, item, "ownerTenantId"),
		.created = reading_instant(item, "createdDateTime"),
		.next_lifecycle = reading_instant(item, "nextLifecycleDateTime"),
	};
	return NULL;
}

fault *license_subscriptions_read(struct microsoft_work *w, str tenant,
				  struct license_subscriptions *subscriptions)
{
	struct license_subscriptions read = { 0 };
	struct asking asking = { .name = "graph.directorySubscriptions",
				 .as = TOKEN_GRAPH,
				 .tenant = tenant,
				 .path = S("/v1.0/directory/subscriptions") };

	TRY(asking_pages(w, &asking, subscription_read, &read));
	*subscriptions = read;
	return NULL;
}

fault *license_subscription_of(struct microsoft_work *w, str tenant, str subscription,
			       struct license_subscriptions *one)
{
	DEFER(reading_end) json_t *json = NULL;
	struct asking asking = { .name = "graph.directorySubscription",
				 .as = TOKEN_GRAPH,
				 .tenant = tenant,
				 .path = str_format(w->arena, "/v1.0/directory/subscriptions/%.*s",
						    STR(remote_escape(w->arena, subscription))) };
	fault *f = asking_json(w, &asking, &json);

	*one = (struct license_subscriptions){ 0 };
	if (f && f->kind == FAULT_MISSING)
		return NULL;
	TRY(f);
	return subscription_read(w, json, one);
}

static str disabled_read(struct microsoft_work *w, const json_t *license)
{
	const json_t *list = reading_list(license, "disabledPlans");
	size_t count = json_array_size(list);
	str *plans = NEW_ARRAY(w->arena, str, count + 1);

	for (size_t i = 0; i < count; i++) {
		const char *plan = json_string_value(json_array_get(list, i));

		plans[i] = str_lower(w->arena, str_of(plan ? plan : ""));
	}
	return guids_text(w->arena, plans, count);
}

static void hold_add(struct microsoft_work *w, struct license_holds *holds,
		     struct license_hold hold)
{
	holds->at = arena_grown(w->arena, holds->at, holds->len, sizeof(*holds->at));
	holds->at[holds->len++] = hold;
}

static bool has_hold(const struct license_holds *holds, size_t from, str sku)
{
	for (size_t i = from; i < holds->len; i++)
		if (str_eq(holds->at[i].sku, sku))
			return true;
	return false;
}

/* The states tell groups and errors apart; a license that has none (an older tenant, or a state
 * not written yet) is still held. */
static fault *user_read(struct microsoft_work *w, const json_t *user, void *with)
{
	struct license_holds *holds = with;
	struct license_hold hold = { .user = reading_guid(w->arena, user, "id"),
				     .user_name = reading_text(w->arena, user, "userPrincipalName"),
				     .unlocated = str_is_empty(
					     reading_text(w->arena, user, "usageLocation")) };
	size_t from = holds->len, i;
	json_t *each;

	if (str_is_empty(hold.user))
		return fault_new(FAULT_REMOTE,
				 "Microsoft lists a user without an id. Nothing is decided on such "
				 "a list; it is read again by itself.");
	holds->users++;
	json_array_foreach(reading_list(user, "licenseAssignmentStates"), i, each)
	{
		hold.sku = reading_guid(w->arena, each, "skuId");
		hold.group = reading_guid(w->arena, each, "assignedByGroup");
		hold.state = reading_text(w->arena, each, "state");
		hold.disabled = disabled_read(w, each);
		hold_add(w, holds, hold);
	}
	hold.group = STR_NONE;
	hold.state = S("Active");
	json_array_foreach(reading_list(user, "assignedLicenses"), i, each)
	{
		hold.sku = reading_guid(w->arena, each, "skuId");
		hold.disabled = disabled_read(w, each);
		if (!has_hold(holds, from, hold.sku))
			hold_add(w, holds, hold);
	}
	return NULL;
}

#define USER_SELECT \
	"$select=id,userPrincipalName,usageLocation,assignedLicenses,licenseAssignmentStates"

fault *license_holds_of(struct microsoft_work *w, str tenant, str user, struct license_holds *holds)
{
	DEFER(reading_end) json_t *json = NULL;
	struct asking asking = {
		.name = "graph.user",
		.as = TOKEN_GRAPH,
		.tenant = tenant,
		.path = str_format(w->arena, "/v1.0/users/%.*s?" USER_SELECT,
				   STR(remote_escape(w->arena, user))),
	};
	fault *f = asking_json(w, &asking, &json);

	*holds = (struct license_holds){ 0 };
	if (f && f->kind == FAULT_MISSING)
		return NULL;
	TRY(f);
	return user_read(w, json, holds);
}

fault *license_holds_read(struct microsoft_work *w, str tenant, struct license_holds *holds)
{
	struct license_holds read = { 0 };
	struct asking asking = {
		.name = "graph.users",
		.as = TOKEN_GRAPH,
		.tenant = tenant,
		.path = S("/v1.0/users?" USER_SELECT "&$top=999"),
	};

	TRY(asking_pages(w, &asking, user_read, &read));
	*holds = read;
	return NULL;
}
