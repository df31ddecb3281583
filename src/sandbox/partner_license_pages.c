#include "sandbox/partner_license_pages.h"

#include "sandbox/graph_answer.h"
#include "sandbox/identity_json.h"
#include "sandbox/license_hold.h"
#include "sandbox/license_pool.h"
#include "sandbox/partner_answer.h"
#include "sandbox/partner_json.h"

#define MOST 100

static json_t *plans_json(struct arena *arena, const struct license_pool *pool, const char *status,
			  str without)
{
	DEFER(identity_json_end) json_t *source = graph_stored(pool->service_plans);
	json_t *made = json_array();

	for (size_t i = 0; i < json_array_size(source); i++) {
		const json_t *plan = json_array_get(source, i);
		str named = partner_json_text(arena, plan, "servicePlanName");
		str guid = partner_json_text(arena, plan, "servicePlanId");
		bool off = str_find(str_lower(arena, without), str_lower(arena, guid)) >= 0;
		json_array_append_new(
			made,
			json_pack("{s:o, s:o, s:o, s:s, s:o}", "displayName", graph_text(named),
				  "serviceName", graph_text(named), "id", graph_text(guid),
				  "capabilityStatus", off ? "Disabled" : status, "targetType",
				  graph_text(partner_json_text(arena, plan, "appliesTo"))));
	}
	return made;
}

static json_t *product_json(const struct license_pool *pool)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:s}", "id", graph_text(pool->sku), "name",
			 graph_text(pool->title), "skuPartNumber", graph_text(pool->part_number),
			 "targetType", graph_text(pool->applies_to), "licenseGroupId", "group1");
}

static json_t *sku_json(struct arena *arena, const struct license_pool *pool)
{
	int64_t usable = license_pool_valid(pool), spare = license_pool_spare(pool);

	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:o, s:o, s:o, s:o}", "availableUnits",
			 (json_int_t)(spare > 0 ? spare : 0), "activeUnits",
			 (json_int_t)pool->enabled, "consumedUnits", (json_int_t)pool->consumed,
			 "suspendedUnits", (json_int_t)pool->suspended, "totalUnits",
			 (json_int_t)usable, "warningUnits", (json_int_t)pool->warning,
			 "productSku", product_json(pool), "servicePlans",
			 plans_json(arena, pool, "Enabled", S("")), "capabilityStatus",
			 graph_text(license_pool_capability(pool)), "attributes",
			 partner_attributes("SubscribedSku", STR_NONE));
}

/* All licenses are of group1; group2 alone gives an empty list. */
static bool wants_group1(struct request *rq)
{
	str groups = request_query(rq, "licenseGroupIds");

	return str_is_none(groups) || str_eq_nocase(groups, S("group1")) ||
	       str_find(request_target(rq), S("licenseGroupIds=group1")) >= 0;
}

static fault *sku_list(struct request *rq, struct reply *to)
{
	struct partner_call call;
	struct tenant_state customer;
	struct license_pools pools;
	bool go_on;

	TRY(partner_enter_customer(rq, to, PARTNER_USER_WITH_RIGHTS, &call, &customer, &go_on));
	if (!go_on)
		return NULL;
	TRY(license_pool_all(call.tx, customer.id, &pools));
	json_t *items = json_array();
	for (size_t i = 0; i < pools.len && wants_group1(rq); i++)
		json_array_append_new(items, sku_json(call.arena, &pools.at[i]));
	return partner_reply_items(&call, items);
}

static fault *user_enter(struct request *rq, struct reply *to, struct partner_call *call,
			 struct tenant_state_user *user, bool *go_on)
{
	struct tenant_state customer;
	bool found;

	TRY(partner_enter_customer(rq, to, PARTNER_USER_WITH_RIGHTS, call, &customer, go_on));
	if (!*go_on)
		return NULL;
	TRY(tenant_state_user(call->tx, request_part(rq, "user"), user, &found));
	if (found && str_eq(user->tenant, customer.id))
		return NULL;
	*go_on = false;
	return partner_refuse(call, 404, 60002, "The user was not found.");
}

static const struct license_hold *hold_of(const struct license_holds *holds, str sku)
{
	for (size_t i = 0; i < holds->len; i++)
		if (str_eq(holds->at[i].sku, sku) && license_hold_counts(&holds->at[i]))
			return &holds->at[i];
	return NULL;
}

static fault *license_list(struct request *rq, struct reply *to)
{
	struct partner_call call;
	struct tenant_state_user user;
	struct license_holds holds;
	struct license_pools pools;
	bool go_on;

	TRY(user_enter(rq, to, &call, &user, &go_on));
	if (!go_on)
		return NULL;
	TRY(license_hold_of_user(call.tx, user.id, &holds));
	TRY(license_pool_all(call.tx, user.tenant, &pools));
	json_t *items = json_array();
	for (size_t i = 0; i < pools.len && wants_group1(rq); i++) {
		const struct license_hold *hold = hold_of(&holds, pools.at[i].sku);
		if (hold)
			json_array_append_new(
				items,
				json_pack("{s:o, s:o, s:o}", "servicePlans",
					  plans_json(call.arena, &pools.at[i], "Assigned",
						     hold->disabled_plans),
					  "productSku", product_json(&pools.at[i]), "attributes",
					  partner_attributes("License", STR_NONE)));
	}
	return partner_reply_items(&call, items);
}

/* NULL, or what is wrong. */
static const char *change_read(struct arena *arena, const json_t *body,
			       struct license_hold_change *change)
{
	const json_t *adds = partner_json_member(body, "licensesToAssign"),
		     *removes = partner_json_member(body, "licensesToRemove");
	size_t add_count = json_array_size(adds), remove_count = json_array_size(removes);

	if (add_count + remove_count == 0 || add_count > MOST || remove_count > MOST)
		return "Say up to 100 licensesToAssign and licensesToRemove.";
	struct license_hold *made = NEW_ARRAY(arena, struct license_hold, add_count);
	str *gone = NEW_ARRAY(arena, str, remove_count);
	*change = (struct license_hold_change){ made, add_count, gone, remove_count };
	for (size_t i = 0; i < add_count; i++) {
		const json_t *add = json_array_get(adds, i);
		const json_t *plans = partner_json_member(add, "excludedPlans");
		made[i].sku = str_lower(arena, partner_json_text(arena, add, "skuId"));
		made[i].disabled_plans = json_is_array(plans) ? identity_json_text(arena, plans)
							      : S("[]");
		if (!str_is_guid(made[i].sku))
			return "A skuId in licensesToAssign is no GUID.";
	}
	for (size_t i = 0; i < remove_count; i++) {
		gone[i] = str_lower(arena, str_of(json_string_value(json_array_get(removes, i))));
		if (!str_is_guid(gone[i]))
			return "An id in licensesToRemove is no GUID.";
	}
	return NULL;
}

static json_t *member_or_null(const json_t *body, const char *name)
{
	const json_t *found = partner_json_member(body, name);

	return found ? json_deep_copy(found) : json_null();
}

static fault *refuse_quota(const struct partner_call *call, const struct tenant_state_user *user,
			   str sku)
{
	str said = str_format(call->arena,
			      "LicenseQuotaExceededException : Subscription with Account %.*s and "
			      "SKU %.*s does not have any available licenses left.",
			      STR(user->tenant), STR(sku));

	return partner_reply(call, 400,
			     json_pack("{s:i, s:s, s:[o], s:s}", "code", 60012, "description",
				       "There are not enough licenses.", "data", graph_text(said),
				       "source", "PartnerFD"));
}

static fault *update(struct request *rq, struct reply *to)
{
	DEFER(identity_json_end) json_t *body = NULL;
	struct partner_call call;
	struct tenant_state_user user;
	struct license_hold_change change;
	str refused;
	bool go_on;

	TRY(user_enter(rq, to, &call, &user, &go_on));
	if (!go_on)
		return NULL;
	body = partner_body(&call);
	const char *wrong = change_read(call.arena, body, &change);
	if (wrong)
		return partner_refuse(&call, 400, 2000, "%s", wrong);
	TRY(license_hold_assign(call.tx, &user, &change, &refused));
	if (str_find(refused, S("available licenses")) >= 0)
		return refuse_quota(&call, &user, change.adds[0].sku);
	if (!str_is_none(refused))
		return partner_refuse(&call, 400, 2000, "%.*s", STR(refused));
	return partner_reply(&call, 201,
			     json_pack("{s:o, s:o, s:[], s:o}", "licensesToAssign",
				       member_or_null(body, "licensesToAssign"), "licensesToRemove",
				       member_or_null(body, "licensesToRemove"), "licenseWarnings",
				       "attributes",
				       partner_attributes("LicenseUpdate", STR_NONE)));
}

static const struct route routes[] = {
	{ GET, "/v1/customers/:customer/subscribedskus", sku_list, ANYONE, BY_BEARER },
	{ GET, "/v1/customers/:customer/users/:user/licenses", license_list, ANYONE, BY_BEARER },
	{ POST, "/v1/customers/:customer/users/:user/licenseupdates", update, ANYONE, BY_BEARER },
};

const struct route_table partner_license_routes = { routes, COUNT(routes) };
