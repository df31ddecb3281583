#include "sandbox/graph_answer.h"

#include <stdarg.h>
#include <stdlib.h>

#include "sandbox/fault_dress.h"
#include "sandbox/fault_rule.h"
#include "sandbox/graph_role.h"
#include "sandbox/graph_throttle.h"
#include "sandbox/identity_json.h"
#include "sandbox/request_log.h"
#include "sandbox/sandbox_guid.h"
#include "sandbox/sandbox_pass.h"
#include "sandbox/sandbox_setting.h"

#define AUDIENCE "https://graph.microsoft.com"

json_t *graph_text(str s)
{
	return str_is_none(s) ? json_null() : json_stringn(s.at, s.len);
}

json_t *graph_instant(struct arena *arena, instant at)
{
	return instant_is_none(at) ? json_null() : graph_text(instant_rfc3339(arena, at));
}

json_t *graph_stored(str source)
{
	json_t *json = json_loadb(source.at, source.len, JSON_DECODE_ANY, NULL);

	return json ? json : json_null();
}

/* A path of the host that was called: call->base ends with the version. */
static str address_of(const struct graph_call *call, str path)
{
	size_t version = S("/v1.0").len;

	return str_format(call->arena, "%.*s%.*s",
			  (int)(call->base.len > version ? call->base.len - version : 0),
			  call->base.at ? call->base.at : "", STR(path));
}

fault *graph_reply(const struct graph_call *call, int status, json_t *json)
{
	char *text = json_dumps(json, JSON_COMPACT);
	str body = str_copy(call->arena, str_of(text));

	free(text);
	json_decref(json);
	const struct fault_dress dress = {
		.rq = call->rq,
		.to = call->to,
		.service = "graph",
		.tenant = call->tenant.id.at ? call->tenant.id : S(""),
		.self = address_of(call, request_target(call->rq)),
		.status = status,
	};
	TRY(fault_dress(&dress, &body));
	return reply_text(call->to, status,
			  "application/json;odata.metadata=minimal;odata.streaming=true;"
			  "IEEE754Compatible=false;charset=utf-8",
			  body);
}

json_t *graph_error(const struct request *rq, str call_id, instant at, const char *code,
		    str message)
{
	const instant second = { at.micros - at.micros % 1000000 };
	str date = str_part(instant_rfc3339(request_arena(rq), second), 0, 19);
	str theirs = request_header(rq, "client-request-id");

	return json_pack("{s:{s:s, s:o, s:{s:o, s:o, s:o}}}", "error", "code", code, "message",
			 graph_text(message), "innerError", "date", graph_text(date), "request-id",
			 graph_text(call_id), "client-request-id",
			 graph_text(str_is_none(theirs) ? call_id : theirs));
}

fault *graph_refuse(const struct graph_call *call, int status, const char *code,
		    const char *message, ...)
{
	va_list args;

	va_start(args, message);
	str said = str_vformat(call->arena, message, args);
	va_end(args);
	return graph_reply(call, status,
			   graph_error(call->rq, call->request_id, tx_now(call->tx), code, said));
}

fault *graph_missing(const struct graph_call *call, str name)
{
	return graph_refuse(
		call, 404, "Request_ResourceNotFound",
		"Resource '%.*s' does not exist or one of its queried reference-property "
		"objects are not present.",
		STR(name));
}

void graph_context(const struct graph_call *call, const char *of, json_t *object)
{
	json_object_set_new(
		object, "@odata.context",
		graph_text(str_format(call->arena, "%.*s/$metadata#%s", STR(call->base), of)));
}

json_t *graph_collection(const struct graph_call *call, const char *of, json_t *value)
{
	json_t *made = json_object();

	graph_context(call, of, made);
	json_object_set_new(made, "value", value);
	return made;
}

static bool named(str list, const char *key)
{
	str word;

	while (str_next(&list, ',', &word))
		if (str_eq_nocase(str_trim(word), str_of(key)))
			return true;
	return false;
}

void graph_select(const struct graph_call *call, json_t *object)
{
	str wanted = request_query(call->rq, "$select");
	const char *key;
	json_t *value;
	void *next;

	if (str_is_none(wanted) || str_is_empty(wanted))
		return;
	json_object_foreach_safe(object, next, key, value) if (!named(wanted, key) && key[0] != '@')
		json_object_del(object, key);
}

static bool host_is_plain(str host)
{
	for (size_t i = 0; i < host.len; i++) {
		char c = host.at[i];
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		      c == '.' || c == '-' || c == ':' || c == '[' || c == ']'))
			return false;
	}
	return host.len > 0;
}

static fault *base_find(struct graph_call *call)
{
	str host = request_header(call->rq, "Host");
	struct sandbox_setting setting;

	TRY(sandbox_setting_read(call->tx, &setting));
	if (host_is_plain(host))
		call->base = str_format(call->arena, "https://%.*s/v1.0", STR(host));
	else
		call->base = str_format(call->arena, "%.*s/v1.0", STR(setting.base_url));
	return NULL;
}

void graph_stamp(const struct request *rq, struct reply *to, str call_id)
{
	str theirs = request_header(rq, "client-request-id");

	reply_header(to, "request-id", call_id);
	reply_header(to, "client-request-id", str_is_none(theirs) ? call_id : theirs);
	reply_header(to, "OData-Version", S("4.0"));
}

static fault *refuse_token(const struct graph_call *call, enum bearer_state state)
{
	reply_header(call->to, "WWW-Authenticate",
		     str_format(call->arena, "Bearer realm=\"\", authorization_uri=\"%.*s\"",
				STR(address_of(call, S("/common/oauth2/authorize")))));
	if (state == BEARER_MISSING)
		return graph_refuse(call, 401, "InvalidAuthenticationToken",
				    "Access token is empty.");
	if (state == BEARER_WRONG_AUDIENCE)
		return graph_refuse(call, 401, "InvalidAuthenticationToken",
				    "Access token validation failure. Invalid audience.");
	return graph_refuse(call, 401, "InvalidAuthenticationToken",
			    "The access token is not valid or its lifetime is over.");
}

static bool may(const struct bearer *caller, const char *permissions)
{
	str list = str_of(permissions), word;

	if (str_is_empty(list))
		return true;
	while (str_next(&list, ' ', &word))
		if (identity_bearer_may(caller, word))
			return true;
	return false;
}

/* The calls of a batch are counted, each for itself; their envelope is not. */
static bool is_throttled(const struct request *rq)
{
	const struct request_log_door *at = request_context(rq);

	return at && at->throttle && !str_eq(request_path(rq), S("/v1.0/$batch"));
}

fault *graph_enter(struct request *rq, struct reply *to, const char *permissions,
		   struct graph_call *call, bool *go_on)
{
	enum bearer_state state;
	bool answered, found, by_role;

	*go_on = false;
	*call = (struct graph_call){
		.rq = rq, .to = to, .tx = request_tx(rq), .arena = request_arena(rq)
	};
	call->request_id = sandbox_guid(tx_world(call->tx), call->arena);
	graph_stamp(rq, to, call->request_id);
	TRY(fault_rule_apply(rq, to, "graph", &answered));
	if (answered)
		return NULL;
	TRY(base_find(call));
	TRY(identity_bearer(rq, S(AUDIENCE), &call->caller, &state));
	if (state != BEARER_GOOD)
		return refuse_token(call, state);
	TRY(tenant_state_find(call->tx, call->caller.tenant, &call->tenant, &found));
	if (!found)
		return refuse_token(call, BEARER_INVALID);
	TRY(graph_role(call, &by_role));
	if (!by_role || !may(&call->caller, permissions))
		return graph_refuse(call, 403, "Authorization_RequestDenied",
				    "Insufficient privileges to complete the operation.");
	if (is_throttled(rq))
		TRY(graph_throttle(call, &answered));
	if (answered)
		return NULL;
	TRY(sandbox_pass_first(rq));
	*go_on = true;
	return NULL;
}

struct complaint {
	const struct request *rq;
	const fault *f;
	int status;
	str call_id;
	json_t *json;
};

static const char *code_of(const struct complaint *complaint)
{
	if (complaint->f->kind == FAULT_DENIED) /* by the door, before any handler */
		return "InvalidAuthenticationToken";
	if (complaint->status == 404)
		return "ResourceNotFound";
	return complaint->status >= 500 ? "generalException" : "BadRequest";
}

/* Only a transaction knows the time. */
static fault *complain(struct tx *tx, void *with)
{
	struct complaint *complaint = with;

	json_decref(complaint->json);
	complaint->call_id = sandbox_guid(tx_world(tx), tx_arena(tx));
	complaint->json = graph_error(complaint->rq, complaint->call_id, tx_now(tx),
				      code_of(complaint), str_of(complaint->f->said));
	return NULL;
}

fault *graph_fault(struct request *rq, struct reply *to, int status, const fault *f)
{
	struct complaint complaint = { .rq = rq, .f = f, .status = status };
	struct arena *keep = request_arena(rq);

	TRY(store_run(request_store(rq), STORE_READ, keep, "fault", complain, &complaint));
	DEFER(identity_json_end) json_t *json = complaint.json;
	graph_stamp(rq, to, complaint.call_id);
	return reply_json(to, status, identity_json_text(keep, json));
}
