#include "sandbox/graph_delegation.h"

#include "delegation_sql.h"
#include "sandbox/delegation.h"
#include "sandbox/graph_answer.h"
#include "sandbox/identity_json.h"

#define ROOT	  "/v1.0/tenantRelationships/delegatedAdminRelationships"
#define MAY_WRITE "DelegatedAdminRelationship.ReadWrite.All"
#define MAY_READ  "DelegatedAdminRelationship.Read.All " MAY_WRITE

static str etag_of(const struct graph_call *call, int64_t revision)
{
	return str_format(call->arena, "W/\"%08lld\"", (long long)revision);
}

static json_t *customer_json(const struct delegation *one)
{
	if (str_is_none(one->customer))
		return json_null();
	return json_pack("{s:o, s:o}", "tenantId", graph_text(one->customer), "displayName",
			 graph_text(one->customer_name));
}

static json_t *delegation_json(const struct graph_call *call, const struct delegation *one)
{
	return json_pack(
		"{s:o, s:o, s:o, s:o, s:o, s:o, s:{s:o}, s:o, s:o, s:o, s:o, s:o}", "@odata.etag",
		graph_text(etag_of(call, one->revision)), "id", graph_text(one->id), "displayName",
		graph_text(one->name), "duration", graph_text(one->duration), "autoExtendDuration",
		graph_text(one->auto_extend), "customer", customer_json(one), "accessDetails",
		"unifiedRoles", graph_stored(one->roles), "status", graph_text(one->status),
		"createdDateTime", graph_instant(call->arena, one->created), "lastModifiedDateTime",
		graph_instant(call->arena, one->changed), "activatedDateTime",
		graph_instant(call->arena, one->activated), "endDateTime",
		graph_instant(call->arena, one->ends));
}

/* Only a partner's tenant has them. */
static fault *partner_enter(struct request *rq, struct reply *to, const char *permissions,
			    struct graph_call *call, bool *go_on)
{
	TRY(graph_enter(rq, to, permissions, call, go_on));
	if (!*go_on || call->tenant.partner)
		return NULL;
	*go_on = false;
	return graph_refuse(call, 403, "Authorization_RequestDenied",
			    "Only a partner's tenant has delegated admin relationships.");
}

static fault *one_enter(struct request *rq, struct reply *to, const char *permissions,
			struct graph_call *call, struct delegation *one, bool *go_on)
{
	str name = request_part(rq, "id");
	bool found;

	TRY(partner_enter(rq, to, permissions, call, go_on));
	if (!*go_on)
		return NULL;
	TRY(delegation_find(call->tx, call->tenant.id, name, one, &found));
	if (found)
		return NULL;
	*go_on = false;
	return graph_missing(call, name);
}

/* Changing needs the etag that was read (§2.9): *go_on is false when 412 was answered. */
static fault *match(const struct graph_call *call, const struct delegation *one, bool *go_on)
{
	*go_on = str_eq(request_header(call->rq, "If-Match"), etag_of(call, one->revision));
	if (*go_on)
		return NULL;
	return graph_refuse(call, 412, "PreconditionFailed",
			    "The If-Match header is missing or names another version.");
}

static fault *delegation_list(struct request *rq, struct reply *to)
{
	struct delegations all;
	struct graph_call call;
	bool go_on;

	TRY(partner_enter(rq, to, MAY_READ, &call, &go_on));
	if (!go_on)
		return NULL;
	TRY(delegation_all(call.tx, call.tenant.id, &all));
	json_t *value = json_array();
	for (size_t i = 0; i < all.len; i++)
		json_array_append_new(value, delegation_json(&call, &all.at[i]));
	return graph_reply(&call, 200,
			   graph_collection(&call, "delegatedAdminRelationships", value));
}

static fault *show(const struct graph_call *call, int status, str which)
{
	struct delegation one;
	bool found;

	TRY(delegation_find(call->tx, call->tenant.id, which, &one, &found));
	json_t *made = delegation_json(call, &one);
	graph_context(call, "tenantRelationships/delegatedAdminRelationships/$entity", made);
	return graph_reply(call, status, made);
}

static fault *delegation_show(struct request *rq, struct reply *to)
{
	struct delegation one;
	struct graph_call call;
	bool go_on;

	TRY(one_enter(rq, to, MAY_READ, &call, &one, &go_on));
	return go_on ? show(&call, 200, one.id) : NULL;
}

/* What the body has is taken over; what it has not stays. */
static void take(const struct graph_call *call, const json_t *body, struct delegation *one)
{
	const json_t *roles = json_object_get(json_object_get(body, "accessDetails"),
					      "unifiedRoles");
	const json_t *customer = json_object_get(body, "customer");
	const struct {
		const char *key;
		str *into;
	} texts[] = {
		{ "displayName", &one->name },
		{ "duration", &one->duration },
		{ "autoExtendDuration", &one->auto_extend },
	};

	for (size_t i = 0; i < COUNT(texts); i++)
		if (json_is_string(json_object_get(body, texts[i].key)))
			*texts[i].into = identity_json_get(call->arena, body, texts[i].key);
	if (json_is_object(customer))
		one->customer = str_lower(call->arena,
					  identity_json_get(call->arena, customer, "tenantId"));
	if (json_is_array(roles))
		one->roles = identity_json_text(call->arena, roles);
}

static fault *write(const struct graph_call *call, struct delegation *one, int status)
{
	DEFER(identity_json_end)
	json_t *body = json_loadb(request_body(call->rq).at, request_body(call->rq).len, 0, NULL);
	str refused;

	take(call, body, one);
	TRY(delegation_write(call->tx, one, &refused));
	if (!str_is_none(refused))
		return graph_refuse(call, 400, "badRequest", "%.*s", STR(refused));
	return show(call, status, one->id);
}

static fault *delegation_create(struct request *rq, struct reply *to)
{
	struct graph_call call;
	bool go_on;

	TRY(partner_enter(rq, to, MAY_WRITE, &call, &go_on));
	struct delegation one = { .partner = call.tenant.id,
				  .name = S(""),
				  .duration = S(""),
				  .auto_extend = S("PT0S"),
				  .roles = S("[]") };
	return go_on ? write(&call, &one, 201) : NULL;
}

static fault *delegation_patch(struct request *rq, struct reply *to)
{
	struct delegation one;
	struct graph_call call;
	bool go_on;

	TRY(one_enter(rq, to, MAY_WRITE, &call, &one, &go_on));
	if (go_on)
		TRY(match(&call, &one, &go_on));
	return go_on ? write(&call, &one, 200) : NULL;
}

static fault *delegation_remove(struct request *rq, struct reply *to)
{
	struct delegation one;
	struct graph_call call;
	bool go_on;
	str refused;

	TRY(one_enter(rq, to, MAY_WRITE, &call, &one, &go_on));
	if (go_on)
		TRY(match(&call, &one, &go_on));
	if (!go_on)
		return NULL;
	TRY(delegation_delete(call.tx, &one, &refused));
	if (!str_is_none(refused))
		return graph_refuse(&call, 400, "badRequest", "%.*s", STR(refused));
	return reply_text(to, 204, "application/json", S(""));
}

static json_t *request_json(const struct graph_call *call, str key, str action, instant created)
{
	return json_pack("{s:o, s:o, s:s, s:o, s:o}", "id", graph_text(key), "action",
			 graph_text(action), "status", "succeeded", "createdDateTime",
			 graph_instant(call->arena, created), "lastModifiedDateTime",
			 graph_instant(call->arena, created));
}

static fault *request_list(struct request *rq, struct reply *to)
{
	struct delegation_requests_list rows;
	struct delegation one;
	struct graph_call call;
	bool go_on;

	TRY(one_enter(rq, to, MAY_READ, &call, &one, &go_on));
	if (!go_on)
		return NULL;
	TRY(delegation_requests(call.tx, one.id, &rows));
	json_t *value = json_array();
	for (size_t i = 0; i < rows.len; i++)
		json_array_append_new(value, request_json(&call, rows.at[i].id, rows.at[i].action,
							  rows.at[i].created));
	return graph_reply(&call, 200, graph_collection(&call, "requests", value));
}

static fault *request_create(struct request *rq, struct reply *to)
{
	DEFER(identity_json_end) json_t *body = NULL;
	struct delegation one;
	struct graph_call call;
	str key, refused;
	bool go_on;

	TRY(one_enter(rq, to, MAY_WRITE, &call, &one, &go_on));
	if (!go_on)
		return NULL;
	body = json_loadb(request_body(rq).at, request_body(rq).len, 0, NULL);
	str action = identity_json_get(call.arena, body, "action");
	TRY(delegation_act(call.tx, &one, action, &key, &refused));
	if (!str_is_none(refused))
		return graph_refuse(&call, 400, "badRequest", "%.*s", STR(refused));
	TRY(delegation_find(call.tx, call.tenant.id, one.id, &one, &go_on));
	return graph_reply(&call, 201, request_json(&call, key, action, one.changed));
}

static json_t *assignment_json(const struct graph_call *call,
			       const struct delegation_assignments *row)
{
	return json_pack("{s:o, s:o, s:{s:o, s:s}, s:{s:o}, s:s, s:o}", "@odata.etag",
			 graph_text(etag_of(call, 1)), "id", graph_text(row->id), "accessContainer",
			 "accessContainerId", graph_text(row->container), "accessContainerType",
			 "securityGroup", "accessDetails", "unifiedRoles", graph_stored(row->roles),
			 "status", "active", "createdDateTime",
			 graph_instant(call->arena, row->created));
}

/* All of them, or the one with this id. */
static fault *assignment_reply(const struct graph_call *call, const struct delegation *one,
			       int status, str key)
{
	struct delegation_assignments_list rows;

	TRY(delegation_assignments(call->tx, one->id, &rows));
	for (size_t i = 0; i < rows.len; i++)
		if (str_eq_nocase(rows.at[i].id, key))
			return graph_reply(call, status, assignment_json(call, &rows.at[i]));
	if (!str_is_none(key))
		return graph_missing(call, key);
	json_t *value = json_array();
	for (size_t i = 0; i < rows.len; i++)
		json_array_append_new(value, assignment_json(call, &rows.at[i]));
	return graph_reply(call, status, graph_collection(call, "accessAssignments", value));
}

static fault *assignment_show(struct request *rq, struct reply *to)
{
	struct delegation one;
	struct graph_call call;
	bool go_on;

	TRY(one_enter(rq, to, MAY_READ, &call, &one, &go_on));
	return go_on ? assignment_reply(&call, &one, 200, request_part(rq, "assignment")) : NULL;
}

static fault *assignment_create(struct request *rq, struct reply *to)
{
	DEFER(identity_json_end) json_t *body = NULL;
	struct delegation one;
	struct graph_call call;
	str key, refused;
	bool go_on;

	TRY(one_enter(rq, to, MAY_WRITE, &call, &one, &go_on));
	if (!go_on)
		return NULL;
	body = json_loadb(request_body(rq).at, request_body(rq).len, 0, NULL);
	const json_t *container = json_object_get(body, "accessContainer"),
		     *details = json_object_get(body, "accessDetails"),
		     *roles = json_object_get(details, "unifiedRoles");
	TRY(delegation_give(
		call.tx, &one, identity_json_get(call.arena, container, "accessContainerId"),
		roles ? identity_json_text(call.arena, roles) : S("[]"), &key, &refused));
	if (!str_is_none(refused))
		return graph_refuse(&call, 400, "badRequest", "%.*s", STR(refused));
	return assignment_reply(&call, &one, 201, key);
}

static fault *assignment_remove(struct request *rq, struct reply *to)
{
	str key = request_part(rq, "assignment");
	struct delegation one;
	struct graph_call call;
	int64_t changed;
	bool go_on;

	TRY(one_enter(rq, to, MAY_WRITE, &call, &one, &go_on));
	if (!go_on)
		return NULL;
	if (!str_eq(request_header(rq, "If-Match"), etag_of(&call, 1)))
		return graph_refuse(&call, 412, "PreconditionFailed",
				    "The If-Match header is missing or names another version.");
	TRY(delegation_unassign(call.tx, one.id, str_lower(call.arena, key), &changed));
	return changed ? reply_text(to, 204, "application/json", S("")) : graph_missing(&call, key);
}

static const struct route routes[] = {
	{ GET, ROOT, delegation_list, ANYONE, BY_BEARER },
	{ POST, ROOT, delegation_create, ANYONE, BY_BEARER },
	{ GET, ROOT "/:id", delegation_show, ANYONE, BY_BEARER },
	{ PATCH, ROOT "/:id", delegation_patch, ANYONE, BY_BEARER },
	{ DELETE, ROOT "/:id", delegation_remove, ANYONE, BY_BEARER },
	{ GET, ROOT "/:id/requests", request_list, ANYONE, BY_BEARER },
	{ POST, ROOT "/:id/requests", request_create, ANYONE, BY_BEARER },
	{ GET, ROOT "/:id/accessAssignments", assignment_show, ANYONE, BY_BEARER },
	{ POST, ROOT "/:id/accessAssignments", assignment_create, ANYONE, BY_BEARER },
	{ GET, ROOT "/:id/accessAssignments/:assignment", assignment_show, ANYONE, BY_BEARER },
	{ DELETE, ROOT "/:id/accessAssignments/:assignment", assignment_remove, ANYONE, BY_BEARER },
};

const struct route_table graph_delegation_routes = { routes, COUNT(routes) };
