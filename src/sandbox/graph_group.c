#include "sandbox/graph_group.h"

#include "license_group_sql.h"
#include "sandbox/graph_answer.h"
#include "sandbox/graph_license.h"
#include "sandbox/graph_page.h"
#include "sandbox/graph_user.h"
#include "sandbox/graph_user_filter.h"
#include "sandbox/identity_json.h"
#include "sandbox/license_group.h"
#include "sandbox/license_hold.h"
#include "sandbox/tenant_state.h"

#define MAY_READ                                                  \
	"GroupMember.Read.All Group.Read.All Directory.Read.All " \
	"GroupMember.ReadWrite.All Group.ReadWrite.All Directory.ReadWrite.All"
#define MAY_WRITE "LicenseAssignment.ReadWrite.All Group.ReadWrite.All Directory.ReadWrite.All"
#define BATCH	  200

/* Shown only when $select names them, as of a user. */
static const char *const selected_only[] = { "assignedLicenses", "licenseProcessingState",
					     "hasMembersWithLicenseErrors" };

static json_t *gives_json(const struct license_holds *gives)
{
	json_t *list = json_array();

	for (size_t i = 0; i < gives->len; i++)
		json_array_append_new(list, json_pack("{s:o, s:o}", "disabledPlans",
						      graph_stored(gives->at[i].disabled_plans),
						      "skuId", graph_text(gives->at[i].sku)));
	return list;
}

static void set_if_absent(json_t *object, const char *key, json_t *value)
{
	if (json_object_get(object, key))
		json_decref(value);
	else
		json_object_set_new(object, key, value);
}

static json_t *group_json(const struct graph_call *call, const struct license_group *group,
			  const struct license_holds *gives)
{
	str wanted = request_query(call->rq, "$select");
	json_t *json = graph_stored(group->source);

	json_object_del(json, "members");
	json_object_del(json, "owners");
	json_object_set_new(json, "id", graph_text(group->id));
	json_object_set_new(json, "displayName", graph_text(group->display_name));
	json_object_set_new(json, "assignedLicenses", gives_json(gives));
	json_object_set_new(json, "licenseProcessingState",
			    json_pack("{s:o}", "state", graph_text(group->state)));
	json_object_set_new(json, "hasMembersWithLicenseErrors", json_boolean(group->errors));
	set_if_absent(json, "description", json_null());
	set_if_absent(json, "groupTypes", json_array());
	set_if_absent(json, "mail", json_null());
	set_if_absent(json, "mailEnabled", json_false());
	set_if_absent(json, "securityEnabled", json_true());
	for (size_t i = 0; i < COUNT(selected_only) && str_is_empty(wanted); i++)
		json_object_del(json, selected_only[i]);
	graph_select(call, json);
	return json;
}

struct query {
	struct graph_page page;
	struct graph_user_filter filter; /* of what they give, in the words users are asked with */
	bool with_errors;
};

static const char *query_read(const struct graph_call *call, struct query *query)
{
	str filter = request_query(call->rq, "$filter");
	const char *wrong = graph_page_read(call, &query->page);

	if (wrong)
		return wrong;
	query->with_errors = str_eq(filter, S("hasMembersWithLicenseErrors eq true"));
	if (query->with_errors)
		filter = STR_NONE;
	if (!graph_user_filter_read(call->arena, filter, &query->filter) ||
	    query->filter.kind == FILTER_PRINCIPAL_NAME)
		return "This $filter is not supported.";
	if (graph_user_filter_is_advanced(&query->filter) && !query->page.eventual)
		return "This $filter needs the header ConsistencyLevel: eventual.";
	return NULL;
}

/* The groups of a page that match, one more than are shown when there are more. */
static fault *page_fill(const struct graph_call *call, const struct query *query, json_t *value,
			int64_t *last, bool *more)
{
	struct license_groups groups;
	int64_t after = query->page.after;

	do {
		TRY(license_group_all(call->tx, call->tenant.id, after, BATCH, &groups));
		for (size_t i = 0; i < groups.len && !*more; i++) {
			const struct license_group *group = &groups.at[i];
			struct license_holds gives;
			after = group->position;
			TRY(license_group_gives(call->tx, group->id, &gives));
			if ((query->with_errors && !group->errors) ||
			    !graph_user_filter_matches(&query->filter, NULL, &gives))
				continue;
			*more = (int64_t)json_array_size(value) == query->page.most;
			if (*more)
				return NULL;
			json_array_append_new(value, group_json(call, group, &gives));
			*last = after;
		}
	} while (groups.len == BATCH);
	return NULL;
}

static fault *group_list(struct request *rq, struct reply *to)
{
	struct graph_call call;
	struct query query;
	bool go_on, more = false;

	TRY(graph_enter(rq, to, MAY_READ, &call, &go_on));
	if (!go_on)
		return NULL;
	const char *wrong = query_read(&call, &query);
	if (wrong)
		return graph_refuse(&call, 400, "Request_UnsupportedQuery", "%s", wrong);
	json_t *value = json_array();
	int64_t last = query.page.after;
	TRY(page_fill(&call, &query, value, &last, &more));
	json_t *made = graph_collection(&call, "groups", value);
	if (more)
		json_object_set_new(made, "@odata.nextLink",
				    graph_text(graph_page_link(&call, last)));
	return graph_reply(&call, 200, made);
}

static fault *group_enter(struct request *rq, struct reply *to, const char *permissions,
			  struct graph_call *call, struct license_group *group, bool *go_on)
{
	str name = request_part(rq, "id");
	bool found;

	TRY(graph_enter(rq, to, permissions, call, go_on));
	if (!*go_on)
		return NULL;
	TRY(license_group_find(call->tx, call->tenant.id, name, group, &found));
	if (found)
		return NULL;
	*go_on = false;
	return graph_missing(call, name);
}

static fault *group_reply(const struct graph_call *call, int status, str name)
{
	struct license_group group;
	struct license_holds gives;
	bool found;

	TRY(license_group_find(call->tx, call->tenant.id, name, &group, &found));
	TRY(license_group_gives(call->tx, group.id, &gives));
	json_t *made = group_json(call, &group, &gives);
	graph_context(call, "groups/$entity", made);
	return graph_reply(call, status, made);
}

static fault *group_one(struct request *rq, struct reply *to)
{
	struct license_group group;
	struct graph_call call;
	bool go_on;

	TRY(group_enter(rq, to, MAY_READ, &call, &group, &go_on));
	return go_on ? group_reply(&call, 200, group.id) : NULL;
}

static fault *person_add(const struct graph_call *call, str user_id, bool with_errors,
			 json_t *value)
{
	struct tenant_state_user user;
	struct license_holds holds;
	bool found, wrong = false;
	json_t *made;

	TRY(tenant_state_user(call->tx, user_id, &user, &found));
	TRY(license_hold_of_user(call->tx, user_id, &holds));
	for (size_t i = 0; i < holds.len; i++)
		wrong = wrong || (str_eq_nocase(holds.at[i].group, request_part(call->rq, "id")) &&
				  !str_is_none(holds.at[i].error));
	if (!found || (with_errors && !wrong))
		return NULL;
	TRY(graph_user_json(call, &user, &holds, &made));
	json_object_set_new(made, "@odata.type", json_string("#microsoft.graph.user"));
	json_array_append_new(value, made);
	return NULL;
}

static fault *members(struct request *rq, struct reply *to, bool with_errors)
{
	struct license_group_members_after_list rows;
	struct license_group group;
	struct graph_call call;
	struct graph_page page;
	bool go_on;

	TRY(group_enter(rq, to, MAY_READ, &call, &group, &go_on));
	if (!go_on)
		return NULL;
	const char *wrong = graph_page_read(&call, &page);
	if (!wrong && !str_is_empty(request_query(rq, "$filter")))
		wrong = "Members are not filtered here.";
	if (wrong)
		return graph_refuse(&call, 400, "Request_UnsupportedQuery", "%s", wrong);
	TRY(license_group_members_after(call.tx, group.id, page.after, page.most + 1, &rows));
	size_t most = (size_t)page.most;
	size_t shown = rows.len > most ? most : rows.len;
	json_t *value = json_array();
	for (size_t i = 0; i < shown; i++)
		TRY(person_add(&call, rows.at[i].user, with_errors, value));
	json_t *made = graph_collection(&call, "directoryObjects", value);
	if (rows.len > shown)
		json_object_set_new(
			made, "@odata.nextLink",
			graph_text(graph_page_link(&call, rows.at[shown - 1].position)));
	return graph_reply(&call, 200, made);
}

static fault *member_list(struct request *rq, struct reply *to)
{
	return members(rq, to, false);
}

static fault *error_list(struct request *rq, struct reply *to)
{
	return members(rq, to, true);
}

/* Whom to ask about it; where nobody is named that is who administrates the tenant. */
static fault *owner_list(struct request *rq, struct reply *to)
{
	struct license_group_owner_rows_list rows;
	struct license_group group;
	struct graph_call call;
	bool go_on;

	TRY(group_enter(rq, to, MAY_READ, &call, &group, &go_on));
	if (!go_on)
		return NULL;
	TRY(license_group_owner_rows(call.tx, group.id, &rows));
	json_t *value = json_array();
	for (size_t i = 0; i < rows.len; i++)
		TRY(person_add(&call, rows.at[i].user, false, value));
	if (rows.len == 0)
		TRY(person_add(&call, call.tenant.administrator, false, value));
	return graph_reply(&call, 200, graph_collection(&call, "directoryObjects", value));
}

static fault *assign(struct request *rq, struct reply *to)
{
	DEFER(identity_json_end) json_t *body = NULL;
	struct license_hold_change change;
	struct license_group group;
	struct graph_call call;
	str refused;
	bool go_on;

	TRY(group_enter(rq, to, MAY_WRITE, &call, &group, &go_on));
	if (!go_on)
		return NULL;
	body = json_loadb(request_body(rq).at, request_body(rq).len, 0, NULL);
	const char *wrong = graph_license_read(call.arena, body, &change);
	if (wrong)
		return graph_refuse(&call, 400, "Request_BadRequest", "%s", wrong);
	TRY(license_group_assign(call.tx, &group, &change, &refused));
	if (!str_is_none(refused))
		return graph_refuse(&call, 400, "Request_BadRequest", "%.*s", STR(refused));
	reply_header(to, "Location",
		     str_format(call.arena, "%.*s/groups/%.*s", STR(call.base), STR(group.id)));
	return group_reply(&call, 202, group.id);
}

static const struct route routes[] = {
	{ GET, "/v1.0/groups", group_list, ANYONE, BY_BEARER },
	{ GET, "/v1.0/groups/:id", group_one, ANYONE, BY_BEARER },
	{ GET, "/v1.0/groups/:id/members", member_list, ANYONE, BY_BEARER },
	{ GET, "/v1.0/groups/:id/membersWithLicenseErrors", error_list, ANYONE, BY_BEARER },
	{ GET, "/v1.0/groups/:id/owners", owner_list, ANYONE, BY_BEARER },
	{ POST, "/v1.0/groups/:id/assignLicense", assign, ANYONE, BY_BEARER },
};

const struct route_table graph_group_routes = { routes, COUNT(routes) };
