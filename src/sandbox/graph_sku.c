#include "sandbox/graph_sku.h"

#include "sandbox/directory_subscription.h"
#include "sandbox/graph_answer.h"
#include "sandbox/license_pool.h"

#define MAY_READ                                                               \
	"LicenseAssignment.Read.All Organization.Read.All Directory.Read.All " \
	"LicenseAssignment.ReadWrite.All"

static json_t *ids_json(const struct directory_subscriptions *all, str sku)
{
	json_t *ids = json_array();

	for (size_t i = 0; i < all->len; i++)
		if (str_eq(all->at[i].sku, sku))
			json_array_append_new(ids, graph_text(all->at[i].id));
	return ids;
}

static str account_name(const struct tenant_state *tenant)
{
	str rest = tenant->initial_domain, name = STR_NONE;

	(void)str_next(&rest, '.', &name);
	return name;
}

static str key_of(const struct graph_call *call, const struct license_pool *pool)
{
	return str_format(call->arena, "%.*s_%.*s", STR(call->tenant.id), STR(pool->sku));
}

static json_t *sku_json(const struct graph_call *call, const struct license_pool *pool,
			const struct directory_subscriptions *all)
{
	json_t *made = json_pack(
		"{s:o, s:o, s:o, s:o, s:I, s:o, s:o, s:o, s:o, s:{s:I, s:I, s:I, s:I}, s:o}",
		"accountName", graph_text(account_name(&call->tenant)), "accountId",
		graph_text(call->tenant.id), "appliesTo", graph_text(pool->applies_to),
		"capabilityStatus", graph_text(license_pool_capability(pool)), "consumedUnits",
		(json_int_t)pool->consumed, "id", graph_text(key_of(call, pool)), "skuId",
		graph_text(pool->sku), "skuPartNumber", graph_text(pool->part_number),
		"subscriptionIds", ids_json(all, pool->sku), "prepaidUnits", "enabled",
		(json_int_t)pool->enabled, "suspended", (json_int_t)pool->suspended, "warning",
		(json_int_t)pool->warning, "lockedOut", (json_int_t)pool->locked_out,
		"servicePlans", graph_stored(pool->service_plans));

	graph_select(call, made);
	return made;
}

static fault *sku_list(struct request *rq, struct reply *to)
{
	struct directory_subscriptions all;
	struct license_pools pools;
	struct graph_call call;
	bool go_on;

	TRY(graph_enter(rq, to, MAY_READ, &call, &go_on));
	if (!go_on)
		return NULL;
	if (!str_is_none(request_query(rq, "$filter")) || !str_is_none(request_query(rq, "$top")))
		return graph_refuse(&call, 400, "Request_UnsupportedQuery",
				    "subscribedSkus takes $select only.");
	TRY(license_pool_all(call.tx, call.tenant.id, &pools));
	TRY(directory_subscription_all(call.tx, call.tenant.id, &all));
	json_t *value = json_array();
	for (size_t i = 0; i < pools.len; i++)
		json_array_append_new(value, sku_json(&call, &pools.at[i], &all));
	return graph_reply(&call, 200, graph_collection(&call, "subscribedSkus", value));
}

/* By its id "{tenant}_{sku}"; the SKU id alone is taken too. */
static fault *sku_one(struct request *rq, struct reply *to)
{
	struct directory_subscriptions all;
	struct license_pools pools;
	struct graph_call call;
	bool go_on;

	TRY(graph_enter(rq, to, MAY_READ, &call, &go_on));
	if (!go_on)
		return NULL;
	TRY(license_pool_all(call.tx, call.tenant.id, &pools));
	TRY(directory_subscription_all(call.tx, call.tenant.id, &all));
	str wanted = str_lower(call.arena, request_part(rq, "id"));
	for (size_t i = 0; i < pools.len; i++) {
		if (!str_eq(wanted, pools.at[i].sku) &&
		    !str_eq(wanted, key_of(&call, &pools.at[i])))
			continue;
		json_t *made = sku_json(&call, &pools.at[i], &all);
		graph_context(&call, "subscribedSkus/$entity", made);
		return graph_reply(&call, 200, made);
	}
	return graph_missing(&call, wanted);
}

static json_t *plans_of(const struct license_pools *pools, str sku)
{
	for (size_t i = 0; i < pools->len; i++)
		if (str_eq(pools->at[i].sku, sku))
			return graph_stored(pools->at[i].service_plans);
	return json_array();
}

static json_t *subscription_json(const struct graph_call *call,
				 const struct directory_subscription *s, json_t *plans)
{
	json_t *made = json_pack(
		"{s:o, s:o, s:o, s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:I}", "id",
		graph_text(s->id), "commerceSubscriptionId", graph_text(s->commerce_id),
		"createdDateTime", graph_instant(call->arena, s->created), "isTrial", s->trial,
		"nextLifecycleDateTime", graph_instant(call->arena, s->next_lifecycle), "ownerId",
		graph_text(s->owner), "ownerTenantId", graph_text(s->owner_tenant), "ownerType",
		graph_text(s->owner_type), "serviceStatus", plans, "skuId", graph_text(s->sku),
		"skuPartNumber", graph_text(s->part_number), "status", graph_text(s->status),
		"totalLicenses", (json_int_t)s->units);

	graph_select(call, made);
	return made;
}

static fault *subscription_list(struct request *rq, struct reply *to)
{
	struct directory_subscriptions all;
	struct license_pools pools;
	struct graph_call call;
	bool go_on;

	TRY(graph_enter(rq, to, MAY_READ, &call, &go_on));
	if (!go_on)
		return NULL;
	TRY(license_pool_all(call.tx, call.tenant.id, &pools));
	TRY(directory_subscription_all(call.tx, call.tenant.id, &all));
	json_t *value = json_array();
	for (size_t i = 0; i < all.len; i++)
		json_array_append_new(value, subscription_json(&call, &all.at[i],
							       plans_of(&pools, all.at[i].sku)));
	return graph_reply(&call, 200, graph_collection(&call, "subscriptions", value));
}

static fault *subscription_reply(const struct graph_call *call, str wanted)
{
	struct directory_subscription one;
	struct license_pools pools;
	bool found;

	TRY(directory_subscription_find(call->tx, call->tenant.id, wanted, &one, &found));
	if (!found)
		return graph_missing(call, wanted);
	TRY(license_pool_all(call->tx, call->tenant.id, &pools));
	json_t *made = subscription_json(call, &one, plans_of(&pools, one.sku));
	graph_context(call, "directory/subscriptions/$entity", made);
	return graph_reply(call, 200, made);
}

static fault *subscription_one(struct request *rq, struct reply *to)
{
	struct graph_call call;
	bool go_on;

	TRY(graph_enter(rq, to, MAY_READ, &call, &go_on));
	return go_on ? subscription_reply(&call, request_part(rq, "id")) : NULL;
}

/* subscriptions(commerceSubscriptionId='…') */
static fault *subscription_by_key(struct request *rq, struct reply *to)
{
	const str before = S("subscriptions(commerceSubscriptionId='");
	str key = request_part(rq, "key");
	struct graph_call call;
	bool go_on;

	TRY(graph_enter(rq, to, MAY_READ, &call, &go_on));
	if (!go_on)
		return NULL;
	if (!str_starts(key, before) || !str_ends(key, S("')")))
		return graph_missing(&call, key);
	return subscription_reply(&call, str_part(key, before.len, key.len - before.len - 2));
}

static const struct route routes[] = {
	{ GET, "/v1.0/subscribedSkus", sku_list, ANYONE, BY_BEARER },
	{ GET, "/v1.0/subscribedSkus/:id", sku_one, ANYONE, BY_BEARER },
	{ GET, "/v1.0/directory/subscriptions", subscription_list, ANYONE, BY_BEARER },
	{ GET, "/v1.0/directory/subscriptions/:id", subscription_one, ANYONE, BY_BEARER },
	{ GET, "/v1.0/directory/:key", subscription_by_key, ANYONE, BY_BEARER },
};

const struct route_table graph_sku_routes = { routes, COUNT(routes) };
