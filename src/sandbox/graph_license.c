#include "sandbox/graph_license.h"

#include <stdlib.h>

#include "sandbox/graph_answer.h"
#include "sandbox/graph_user.h"
#include "sandbox/identity_json.h"
#include "sandbox/license_group.h"
#include "sandbox/license_hold.h"
#include "sandbox/license_pool.h"
#include "sandbox/license_rule.h"
#include "tenant_state_sql.h"

#define MAY_READ                                                       \
	"LicenseAssignment.Read.All User.Read.All Directory.Read.All " \
	"LicenseAssignment.ReadWrite.All User.ReadWrite.All"
#define MAY_WRITE "LicenseAssignment.ReadWrite.All User.ReadWrite.All Directory.ReadWrite.All"
#define MOST	  100

static fault *user_enter(struct request *rq, struct reply *to, const char *permissions,
			 struct graph_call *call, struct tenant_state_user *user, bool *go_on)
{
	str name = request_part(rq, "id");
	bool found;

	TRY(graph_enter(rq, to, permissions, call, go_on));
	if (!*go_on)
		return NULL;
	TRY(tenant_state_user(call->tx, name, user, &found));
	if (found && str_eq(user->tenant, call->tenant.id))
		return NULL;
	*go_on = false;
	return graph_missing(call, name);
}

static bool is_off(const struct license_hold *hold, str plan)
{
	DEFER(identity_json_end)
	json_t *off = json_loadb(hold->disabled_plans.at, hold->disabled_plans.len, 0, NULL);

	for (size_t i = 0; i < json_array_size(off); i++)
		if (str_eq_nocase(str_of(json_string_value(json_array_get(off, i))), plan))
			return true;
	return false;
}

/* A plan is off for the user when every way they hold the SKU leaves it out. */
static json_t *plans_json(const struct license_pool *pool, const struct license_holds *holds)
{
	json_t *plans = graph_stored(pool->service_plans), *plan;
	size_t i;

	json_array_foreach(plans, i, plan)
	{
		str name = str_of(json_string_value(json_object_get(plan, "servicePlanId")));
		bool off = true;
		for (size_t h = 0; h < holds->len && off; h++)
			if (str_eq(holds->at[h].sku, pool->sku) &&
			    license_hold_counts(&holds->at[h]))
				off = is_off(&holds->at[h], name);
		if (off)
			json_object_set_new(plan, "provisioningStatus", json_string("Disabled"));
	}
	return plans;
}

static json_t *detail_json(const struct graph_call *call, const struct license_pool *pool,
			   const struct license_holds *holds, const struct tenant_state_user *user)
{
	str key = str_format(call->arena, "%.*s_%.*s", STR(user->id), STR(pool->sku));
	json_t *made = json_pack("{s:o, s:o, s:o, s:o}", "id", graph_text(key), "skuId",
				 graph_text(pool->sku), "skuPartNumber",
				 graph_text(pool->part_number), "servicePlans",
				 plans_json(pool, holds));

	graph_select(call, made);
	return made;
}

static fault *detail_list(struct request *rq, struct reply *to)
{
	struct tenant_state_user user;
	struct license_holds holds;
	struct license_pools pools;
	struct graph_call call;
	bool go_on;

	TRY(user_enter(rq, to, MAY_READ, &call, &user, &go_on));
	if (!go_on)
		return NULL;
	TRY(license_hold_of_user(call.tx, user.id, &holds));
	TRY(license_pool_kinds(call.tx, call.tenant.id, &pools));
	json_t *value = json_array();
	for (size_t i = 0; i < pools.len; i++)
		if (license_hold_has(&holds, pools.at[i].sku))
			json_array_append_new(value,
					      detail_json(&call, &pools.at[i], &holds, &user));
	return graph_reply(&call, 200, graph_collection(&call, "licenseDetails", value));
}

const char *graph_license_read(struct arena *arena, const json_t *body,
			       struct license_hold_change *change)
{
	const json_t *adds = json_object_get(body, "addLicenses"),
		     *removes = json_object_get(body, "removeLicenses");

	if (!json_is_array(adds) || !json_is_array(removes))
		return "The arrays addLicenses and removeLicenses are required.";
	if (json_array_size(adds) > MOST || json_array_size(removes) > MOST)
		return "Too many licenses in one request.";
	struct license_hold *made = NEW_ARRAY(arena, struct license_hold, json_array_size(adds));
	str *gone = NEW_ARRAY(arena, str, json_array_size(removes));
	*change = (struct license_hold_change){ made, json_array_size(adds), gone,
						json_array_size(removes) };
	for (size_t i = 0; i < change->add_count; i++) {
		const json_t *add = json_array_get(adds, i);
		const json_t *plans = json_object_get(add, "disabledPlans");
		made[i].sku = str_lower(arena, identity_json_get(arena, add, "skuId"));
		made[i].disabled_plans = json_is_array(plans) ? identity_json_text(arena, plans)
							      : S("[]");
		if (!str_is_guid(made[i].sku))
			return "Invalid value specified for property 'skuId'.";
	}
	for (size_t i = 0; i < change->remove_count; i++) {
		gone[i] = str_lower(arena, str_of(json_string_value(json_array_get(removes, i))));
		if (!str_is_guid(gone[i]))
			return "Invalid value specified for property 'removeLicenses'.";
	}
	return NULL;
}

static fault *assign(struct request *rq, struct reply *to)
{
	DEFER(identity_json_end) json_t *body = NULL;
	struct license_hold_change change;
	struct tenant_state_user user;
	struct license_holds holds;
	struct graph_call call;
	str refused;
	json_t *made;
	bool go_on;

	TRY(user_enter(rq, to, MAY_WRITE, &call, &user, &go_on));
	if (!go_on)
		return NULL;
	body = json_loadb(request_body(rq).at, request_body(rq).len, 0, NULL);
	const char *wrong = graph_license_read(call.arena, body, &change);
	if (wrong)
		return graph_refuse(&call, 400, "Request_BadRequest", "%s", wrong);
	TRY(license_hold_assign(call.tx, &user, &change, &refused));
	if (!str_is_none(refused))
		return graph_refuse(&call, 400, "Request_BadRequest", "%.*s", STR(refused));
	TRY(license_hold_of_user(call.tx, user.id, &holds));
	TRY(graph_user_json(&call, &user, &holds, &made));
	graph_context(&call, "users/$entity", made);
	return graph_reply(&call, 200, made);
}

/* Once a group's block is mended: what its groups give this user is tried again. */
static fault *reprocess(struct request *rq, struct reply *to)
{
	struct tenant_state_user user;
	struct license_holds holds;
	struct graph_call call;
	json_t *made;
	bool go_on;

	TRY(user_enter(rq, to, MAY_WRITE, &call, &user, &go_on));
	if (!go_on)
		return NULL;
	TRY(license_group_reprocess(call.tx, &user));
	TRY(license_hold_of_user(call.tx, user.id, &holds));
	TRY(graph_user_json(&call, &user, &holds, &made));
	graph_context(&call, "users/$entity", made);
	return graph_reply(&call, 200, made);
}

/* Only the usage location can be changed: it is what licensing needs. */
static fault *user_patch(struct request *rq, struct reply *to)
{
	DEFER(identity_json_end) json_t *body = NULL;
	struct tenant_state_user user;
	struct graph_call call;
	bool go_on;

	TRY(user_enter(rq, to, "User.ReadWrite.All Directory.ReadWrite.All", &call, &user, &go_on));
	if (!go_on)
		return NULL;
	body = json_loadb(request_body(rq).at, request_body(rq).len, 0, NULL);
	const json_t *location = json_object_get(body, "usageLocation");
	if (!license_rule_is_location(str_of(json_string_value(location))))
		return graph_refuse(&call, 400, "Request_BadRequest",
				    "Invalid value specified for property 'usageLocation' of "
				    "resource 'User'.");
	TRY(tenant_state_usage_location(call.tx, user.id, str_of(json_string_value(location))));
	return reply_text(to, 204, "application/json", S(""));
}

static const struct route routes[] = {
	{ GET, "/v1.0/users/:id/licenseDetails", detail_list, ANYONE, BY_BEARER },
	{ POST, "/v1.0/users/:id/assignLicense", assign, ANYONE, BY_BEARER },
	{ POST, "/v1.0/users/:id/reprocessLicenseAssignment", reprocess, ANYONE, BY_BEARER },
	{ PATCH, "/v1.0/users/:id", user_patch, ANYONE, BY_BEARER },
};

const struct route_table graph_license_routes = { routes, COUNT(routes) };
