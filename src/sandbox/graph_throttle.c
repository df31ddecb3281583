#include "sandbox/graph_throttle.h"

#include "graph_throttle_sql.h"
#include "sandbox/graph_answer.h"
#include "tenant_state_sql.h"

/* How much a bucket holds, by the users of the tenant, and in what time it fills again.  "All
 * figures may change" (§2.8): here they do. */
struct limit {
	const char *kind, *said;
	int64_t users; /* of tenants with at most so many */
	int64_t most;
	int64_t micros;
};
static const struct limit limits[] = {
	{ "units", "ResourceUnitLimitExceeded", 49, 3500, SECONDS(10) },
	{ "units", "ResourceUnitLimitExceeded", 500, 5000, SECONDS(10) },
	{ "units", "ResourceUnitLimitExceeded", INT64_MAX, 8000, SECONDS(10) },
	{ "writes", "WriteLimitExceeded", INT64_MAX, 3000, SECONDS(150) },
};

/* What reading costs; * stands for one segment.  What is not listed costs one unit. */
static const struct {
	const char *path;
	int64_t units;
} costs[] = {
	{ "/users", 2 },
	{ "/users/*", 1 },
	{ "/users/*/licenseDetails", 2 },
	{ "/subscribedSkus", 3 },
};

#define WHOLE	   1000 /* of a unit: buckets fill by fractions */
#define WARN_ABOVE 800	/* thousandths of a bucket that are used */

static bool fits(str pattern, str path)
{
	str want, have;

	while (str_next(&pattern, '/', &want)) {
		if (!str_next(&path, '/', &have))
			return false;
		if (!str_eq(want, S("*")) && !str_eq(want, have))
			return false;
	}
	return str_is_empty(path);
}

int64_t graph_throttle_cost(bool reads, str path, str select, str top, str expand)
{
	int64_t units = 1, shown;

	for (size_t i = 0; i < COUNT(costs) && reads; i++)
		if (fits(str_of(costs[i].path), path))
			units = costs[i].units;
	units -= !str_is_empty(select);
	units -= str_to_int64(top, &shown) && shown < 20;
	units += !str_is_empty(expand);
	return units > 1 ? units : 1;
}

static int64_t cost_of(const struct graph_call *call)
{
	str path = request_path(call->rq), root = S("/v1.0");

	return graph_throttle_cost(
		request_method(call->rq) == GET, str_part(path, root.len, path.len),
		request_query(call->rq, "$select"), request_query(call->rq, "$top"),
		request_query(call->rq, "$expand"));
}

static const struct limit *limit_of(str kind, int64_t users)
{
	const struct limit *found = &limits[COUNT(limits) - 1];

	for (size_t i = COUNT(limits); i-- > 0;)
		if (str_eq(str_of(limits[i].kind), kind) && users <= limits[i].users)
			found = &limits[i];
	return found;
}

/* A bucket as it is now: full at first, and never more than full. */
static fault *level_now(const struct graph_call *call, const struct limit *limit, int64_t *level)
{
	int64_t full = limit->most * WHOLE;
	struct graph_throttle_bucket row;
	bool found;

	TRY(graph_throttle_bucket(call->tx, call->caller.client_id, call->tenant.id,
				  str_of(limit->kind), &row, &found));
	*level = full;
	if (!found)
		return NULL;
	int64_t since = instant_since(tx_now(call->tx), row.at);
	if (since < 0 || since >= limit->micros)
		return NULL;
	*level = row.level + since * full / limit->micros;
	if (*level > full)
		*level = full;
	return NULL;
}

static void tell_use(const struct graph_call *call, const struct limit *limit, int64_t level)
{
	int64_t used = (limit->most * WHOLE - level) / limit->most;

	if (used <= WARN_ABOVE)
		return;
	reply_header(call->to, "x-ms-throttle-limit-percentage",
		     str_format(call->arena, "%lld.%lld", (long long)(used / WHOLE),
				(long long)(used % WHOLE / 100)));
	reply_header(call->to, "x-ms-throttle-scope",
		     str_format(call->arena, "Tenant_Application/ReadWrite/%.*s/%.*s",
				STR(call->caller.client_id), STR(call->tenant.id)));
}

static fault *refuse(const struct graph_call *call, const struct limit *limit, int64_t missing)
{
	int64_t micros = missing * limit->micros / (limit->most * WHOLE);

	reply_header(call->to, "Retry-After",
		     str_format(call->arena, "%lld", (long long)(micros / SECONDS(1) + 1)));
	reply_header(call->to, "x-ms-throttle-information", str_of(limit->said));
	return graph_refuse(call, 429, "TooManyRequests",
			    "Too many requests for this application in this tenant.");
}

static fault *take(const struct graph_call *call, const struct limit *limit, int64_t units,
		   bool *answered)
{
	int64_t level, cost = units * WHOLE;

	TRY(level_now(call, limit, &level));
	*answered = level < cost;
	tell_use(call, limit, *answered ? 0 : level - cost);
	if (*answered)
		return refuse(call, limit, cost - level);
	return graph_throttle_keep(call->tx, &(struct graph_throttle_keep_in){
						     .client = call->caller.client_id,
						     .tenant = call->tenant.id,
						     .kind = str_of(limit->kind),
						     .level = level - cost,
						     .at = tx_now(call->tx),
					     });
}

fault *graph_throttle(const struct graph_call *call, bool *answered)
{
	bool reads = request_method(call->rq) == GET;
	struct tenant_state_user_count row;
	int64_t units = cost_of(call);
	bool found;

	TRY(request_must_write(call->rq));
	TRY(tenant_state_user_count(call->tx, call->tenant.id, &row, &found));
	reply_header(call->to, "x-ms-resource-unit",
		     str_format(call->arena, "%lld", (long long)units));
	TRY(take(call, limit_of(S("units"), row.users), units, answered));
	if (*answered || reads)
		return NULL;
	return take(call, limit_of(S("writes"), row.users), 1, answered);
}
