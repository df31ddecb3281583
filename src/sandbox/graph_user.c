#include "sandbox/graph_user.h"

#include "sandbox/graph_answer.h"
#include "sandbox/graph_page.h"
#include "sandbox/graph_user_filter.h"
#include "sandbox/license_hold.h"
#include "sandbox/tenant_state.h"
#include "tenant_state_sql.h"

#define MAY_READ "User.Read.All User.ReadWrite.All Directory.Read.All Directory.ReadWrite.All"
#define BATCH	 500

static const char *const defaults[] = {
	"id",	       "businessPhones",    "displayName",
	"givenName",   "jobTitle",	    "mail",
	"mobilePhone", "officeLocation",    "preferredLanguage",
	"surname",     "userPrincipalName",
};

/* One entry a SKU, whether held directly, by a group, or both. */
static json_t *licenses_json(const struct license_holds *holds)
{
	json_t *list = json_array();

	for (size_t i = 0; i < holds->len; i++) {
		bool seen = str_eq(holds->at[i].state, S("Error"));
		for (size_t j = 0; j < i && !seen; j++)
			seen = str_eq(holds->at[j].sku, holds->at[i].sku);
		if (!seen)
			json_array_append_new(list,
					      json_pack("{s:o, s:o}", "disabledPlans",
							graph_stored(holds->at[i].disabled_plans),
							"skuId", graph_text(holds->at[i].sku)));
	}
	return list;
}

static json_t *states_json(struct arena *arena, const struct license_holds *holds)
{
	json_t *list = json_array();

	for (size_t i = 0; i < holds->len; i++) {
		const struct license_hold *hold = &holds->at[i];
		json_array_append_new(
			list,
			json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "skuId", graph_text(hold->sku),
				  "disabledPlans", graph_stored(hold->disabled_plans),
				  "assignedByGroup", graph_text(hold->group), "state",
				  graph_text(hold->state), "error", graph_text(hold->error),
				  "lastUpdatedDateTime", graph_instant(arena, hold->updated)));
	}
	return list;
}

static void keep_defaults(json_t *object)
{
	json_t *kept = json_object();

	for (size_t i = 0; i < COUNT(defaults); i++) {
		json_t *value = json_object_get(object, defaults[i]);
		if (value)
			json_object_set(kept, defaults[i], value);
		else
			json_object_set_new(kept, defaults[i], i == 1 ? json_array() : json_null());
	}
	json_object_clear(object);
	json_object_update(object, kept);
	json_decref(kept);
}

static bool is_list(str name)
{
	static const char *const lists[] = { "assignedPlans", "businessPhones", "identities",
					     "imAddresses",   "otherMails",	"provisionedPlans",
					     "proxyAddresses" };

	for (size_t i = 0; i < COUNT(lists); i++)
		if (str_eq(name, str_of(lists[i])))
			return true;
	return false;
}

/* What is asked for and not there is null, or an empty list. */
static void fill(json_t *object, str wanted)
{
	str word;

	while (str_next(&wanted, ',', &word)) {
		word = str_trim(word);
		if (word.len > 0 && !json_object_getn(object, word.at, word.len))
			json_object_setn_new(object, word.at, word.len,
					     is_list(word) ? json_array() : json_null());
	}
}

fault *graph_user_json(const struct graph_call *call, const struct tenant_state_user *user,
		       const struct license_holds *holds, json_t **made)
{
	str wanted = request_query(call->rq, "$select");

	*made = graph_stored(user->source);
	if (!json_is_object(*made))
		return fault_new(FAULT_BUG, "A stored user is not an object.");
	json_object_set_new(*made, "id", graph_text(user->id));
	json_object_set_new(*made, "userPrincipalName", graph_text(user->principal_name));
	json_object_set_new(*made, "displayName", graph_text(user->display_name));
	json_object_set_new(*made, "accountEnabled", json_boolean(user->enabled));
	json_object_set_new(*made, "usageLocation", graph_text(user->usage_location));
	json_object_set_new(*made, "assignedLicenses", licenses_json(holds));
	json_object_set_new(*made, "licenseAssignmentStates", states_json(call->arena, holds));
	if (str_is_none(wanted) || str_is_empty(wanted)) {
		keep_defaults(*made);
		return NULL;
	}
	fill(*made, wanted);
	graph_select(call, *made);
	return NULL;
}

struct query {
	struct graph_page page;
	struct graph_user_filter filter;
};

static const char *query_read(const struct graph_call *call, struct query *query)
{
	const char *wrong = graph_page_read(call, &query->page);

	if (wrong)
		return wrong;
	if (!graph_user_filter_read(call->arena, request_query(call->rq, "$filter"),
				    &query->filter))
		return "This $filter is not supported.";
	if (graph_user_filter_is_advanced(&query->filter) && !query->page.eventual)
		return "This $filter needs the header ConsistencyLevel: eventual.";
	return NULL;
}

/* Calls `each` for every user behind `after` that matches, until it says stop. */
typedef fault *user_seen(void *with, const struct tenant_state_user *user,
			 const struct license_holds *holds, bool *stop);

static fault *walk(const struct graph_call *call, const struct graph_user_filter *filter,
		   int64_t after, user_seen *each, void *with)
{
	struct tenant_state_users rows;
	bool stop = false;

	do {
		TRY(tenant_state_users(call->tx, call->tenant.id, after, BATCH, &rows));
		for (size_t i = 0; i < rows.len && !stop; i++) {
			struct license_holds holds;
			after = rows.at[i].position;
			TRY(license_hold_of_user(call->tx, rows.at[i].id, &holds));
			if (graph_user_filter_matches(filter, &rows.at[i], &holds))
				TRY(each(with, &rows.at[i], &holds, &stop));
		}
	} while (rows.len == BATCH && !stop);
	return NULL;
}

struct gathering {
	const struct graph_call *call;
	int64_t most;
	json_t *value;
	int64_t shown, last;
	bool more;
};

static fault *gather(void *with, const struct tenant_state_user *user,
		     const struct license_holds *holds, bool *stop)
{
	struct gathering *into = with;
	json_t *made;

	if (into->shown == into->most) {
		into->more = *stop = true;
		return NULL;
	}
	TRY(graph_user_json(into->call, user, holds, &made));
	json_array_append_new(into->value, made);
	into->shown++;
	into->last = user->position;
	return NULL;
}

static fault *tally_one(void *with, const struct tenant_state_user *user,
			const struct license_holds *holds, bool *stop)
{
	(void)user, (void)holds, (void)stop;
	++*(int64_t *)with;
	return NULL;
}

static fault *tally(const struct graph_call *call, const struct graph_user_filter *filter,
		    int64_t *count)
{
	struct tenant_state_user_count row;
	bool found;

	if (filter->kind != FILTER_NONE)
		return walk(call, filter, 0, tally_one, count);
	TRY(tenant_state_user_count(call->tx, call->tenant.id, &row, &found));
	*count = row.users;
	return NULL;
}

/* What exists only on a single user (vendor facts §2.5); the names are those of the vendor's page
 * "user resource type". */
static bool only_on_one(str wanted)
{
	static const char *const names[] = {
		"aboutMe",	    "birthday", "hireDate",	"interests",
		"mailboxSettings",  "mySite",	"pastProjects", "preferredName",
		"responsibilities", "schools",	"skills",
	};
	str word;

	while (str_next(&wanted, ',', &word))
		for (size_t i = 0; i < COUNT(names); i++)
			if (str_eq_nocase(str_trim(word), str_of(names[i])))
				return true;
	return false;
}

static fault *list_show(struct graph_call *call, struct query *query)
{
	struct gathering into = { .call = call,
				  .most = query->page.most,
				  .value = json_array(),
				  .last = query->page.after };
	int64_t count = 0;

	TRY(walk(call, &query->filter, query->page.after, gather, &into));
	json_t *made = graph_collection(call, "users", into.value);
	if (query->page.count) {
		TRY(tally(call, &query->filter, &count));
		json_object_set_new(made, "@odata.count", json_integer(count));
	}
	if (into.more)
		json_object_set_new(made, "@odata.nextLink",
				    graph_text(graph_page_link(call, into.last)));
	return graph_reply(call, 200, made);
}

static fault *user_list(struct request *rq, struct reply *to)
{
	struct graph_call call;
	struct query query;
	bool go_on;

	TRY(graph_enter(rq, to, MAY_READ, &call, &go_on));
	if (!go_on)
		return NULL;
	const char *wrong = query_read(&call, &query);
	if (wrong)
		return graph_refuse(&call, 400, "Request_UnsupportedQuery", "%s", wrong);
	if (only_on_one(request_query(rq, "$select")))
		return graph_refuse(&call, 501, "notSupported",
				    "A property of $select can be read of a single user only.");
	return list_show(&call, &query);
}

static fault *user_count(struct request *rq, struct reply *to)
{
	struct graph_call call;
	struct query query;
	int64_t count = 0;
	bool go_on;

	TRY(graph_enter(rq, to, MAY_READ, &call, &go_on));
	if (!go_on)
		return NULL;
	if (!str_eq_nocase(request_header(rq, "ConsistencyLevel"), S("eventual")))
		return graph_refuse(&call, 400, "Request_BadRequest",
				    "$count needs the header ConsistencyLevel: eventual.");
	const char *wrong = query_read(&call, &query);
	if (wrong)
		return graph_refuse(&call, 400, "Request_UnsupportedQuery", "%s", wrong);
	TRY(tally(&call, &query.filter, &count));
	return reply_text(to, 200, "text/plain; charset=utf-8",
			  str_format(call.arena, "%lld", (long long)count));
}

static fault *user_reply(const struct graph_call *call, str name)
{
	struct tenant_state_user user;
	struct license_holds holds;
	json_t *made;
	bool found;

	TRY(tenant_state_user(call->tx, name, &user, &found));
	if (!found || !str_eq(user.tenant, call->tenant.id))
		return graph_missing(call, name);
	TRY(license_hold_of_user(call->tx, user.id, &holds));
	TRY(graph_user_json(call, &user, &holds, &made));
	graph_context(call, "users/$entity", made);
	return graph_reply(call, 200, made);
}

static fault *user_one(struct request *rq, struct reply *to)
{
	struct graph_call call;
	bool go_on;

	TRY(graph_enter(rq, to, MAY_READ, &call, &go_on));
	return go_on ? user_reply(&call, request_part(rq, "id")) : NULL;
}

static fault *user_me(struct request *rq, struct reply *to)
{
	struct graph_call call;
	bool go_on;

	TRY(graph_enter(rq, to, MAY_READ " User.Read", &call, &go_on));
	if (!go_on)
		return NULL;
	if (call.caller.application)
		return graph_refuse(
			&call, 400, "BadRequest",
			"/me request is only valid with delegated authentication flow.");
	return user_reply(&call, call.caller.user);
}

static const struct route routes[] = {
	{ GET, "/v1.0/users", user_list, ANYONE, BY_BEARER },
	{ GET, "/v1.0/users/$count", user_count, ANYONE, BY_BEARER },
	{ GET, "/v1.0/users/:id", user_one, ANYONE, BY_BEARER },
	{ GET, "/v1.0/me", user_me, ANYONE, BY_BEARER },
};

const struct route_table graph_user_routes = { routes, COUNT(routes) };
