#include "sandbox/graph_throttle.h"

#include "graph_throttle_sql.h"
#include "sandbox/graph_answer.h"
#include "tenant_state_sql.h"

/* Whose bucket it is. */
enum scope { OF_BOTH, OF_APPLICATION, OF_TENANT };
static const char *const scopes[] = { "Tenant_Application", "Application", "Tenant" };

/* How much a bucket holds, by the users of the tenant, and in what time it fills again.  "All
 * figures may change" (§2.8): here they do. */
struct limit {
	const char *kind, *said;
	bool writes;
	enum scope scope;
	int64_t users; /* the least number of the tenant's */
	int64_t most;
	int64_t micros;
};
static const struct limit limits[] = {
	{ "units", "ResourceUnitLimitExceeded", false, OF_BOTH, 0, 3500, SECONDS(10) },
	{ "units", "ResourceUnitLimitExceeded", false, OF_BOTH, 50, 5000, SECONDS(10) },
	{ "units", "ResourceUnitLimitExceeded", false, OF_BOTH, 501, 8000, SECONDS(10) },
	{ "units", "ResourceUnitLimitExceeded", false, OF_APPLICATION, 0, 150000, SECONDS(20) },
	{ "writes", "WriteLimitExceeded", true, OF_BOTH, 0, 3000, SECONDS(150) },
	{ "writes", "WriteLimitExceeded", true, OF_APPLICATION, 0, 70000, SECONDS(300) },
	{ "writes", "WriteLimitExceeded", true, OF_TENANT, 0, 18000, SECONDS(300) },
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

/* Of limits that differ by the size of the tenant only the last that fits holds. */
static bool holds(size_t i, int64_t users)
{
	const struct limit *limit = &limits[i], *next = &limits[i + 1];

	if (users < limit->users)
		return false;
	return i + 1 == COUNT(limits) || next->scope != limit->scope ||
	       next->writes != limit->writes || users < next->users;
}

static str client_of(const struct graph_call *call, const struct limit *limit)
{
	return limit->scope == OF_TENANT ? S("") : call->caller.client_id;
}

static str tenant_of(const struct graph_call *call, const struct limit *limit)
{
	return limit->scope == OF_APPLICATION ? S("") : call->tenant.id;
}

/* A bucket as it is now: full at first, and never more than full. */
static fault *level_now(const struct graph_call *call, const struct limit *limit, int64_t *level)
{
	int64_t full = limit->most * WHOLE;
	struct graph_throttle_bucket row;
	bool found;

	TRY(graph_throttle_bucket(call->tx, client_of(call, limit), tenant_of(call, limit),
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
		     str_format(call->arena, "%s/ReadWrite/%.*s/%.*s", scopes[limit->scope],
				STR(call->caller.client_id), STR(call->tenant.id)));
}

static fault *refuse(const struct graph_call *call, const struct limit *limit, int64_t missing)
{
	int64_t micros = missing * limit->micros / (limit->most * WHOLE);
	int64_t seconds = micros / SECONDS(1) + 1;

	reply_header(call->to, "Retry-After", str_format(call->arena, "%lld", (long long)seconds));
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
						     .client = client_of(call, limit),
						     .tenant = tenant_of(call, limit),
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
	*answered = false;
	for (size_t i = 0; i < COUNT(limits) && !*answered; i++)
		if (holds(i, row.users) && (!reads || !limits[i].writes))
			TRY(take(call, &limits[i], limits[i].writes ? 1 : units, answered));
	return NULL;
}
