#include "sandbox/graph_answer.h"

#include <stdarg.h>
#include <stdlib.h>

#include "sandbox/fault_dress.h"
#include "sandbox/fault_rule.h"
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

/* call->base ends with the "/v1.0" that the target begins with. */
static str own_address(const struct graph_call *call)
{
	size_t version = S("/v1.0").len;

	return str_format(call->arena, "%.*s%.*s",
			  (int)(call->base.len > version ? call->base.len - version : 0),
			  call->base.at ? call->base.at : "", STR(request_target(call->rq)));
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
		.self = own_address(call),
		.status = status,
	};
	TRY(fault_dress(&dress, &body));
	return reply_text(call->to, status,
			  "application/json;odata.metadata=minimal;odata.streaming=true;"
			  "IEEE754Compatible=false;charset=utf-8",
			  body);
}

static json_t *error_of(const struct graph_call *call, const char *code, str message)
{
	instant now = tx_now(call->tx);
	str date = instant_rfc3339(call->arena, (instant){ now.micros - now.micros % 1000000 });
	str theirs = request_header(call->rq, "client-request-id");
	str ours = call->request_id;

	return json_pack("{s:{s:s, s:o, s:{s:o, s:o, s:o}}}", "error", "code", code, "message",
			 graph_text(message), "innerError", "date",
			 graph_text(str_part(date, 0, 19)), "request-id", graph_text(ours),
			 "client-request-id", graph_text(str_is_none(theirs) ? ours : theirs));
}

fault *graph_refuse(const struct graph_call *call, int status, const char *code,
		    const char *message, ...)
{
	va_list args;

	va_start(args, message);
	str said = str_vformat(call->arena, message, args);
	va_end(args);
	return graph_reply(call, status, error_of(call, code, said));
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

static void stamp(const struct graph_call *call)
{
	str theirs = request_header(call->rq, "client-request-id");

	reply_header(call->to, "request-id", call->request_id);
	if (!str_is_none(theirs))
		reply_header(call->to, "client-request-id", theirs);
	reply_header(call->to, "OData-Version", S("4.0"));
}

static fault *refuse_token(const struct graph_call *call, enum bearer_state state)
{
	reply_header(call->to, "WWW-Authenticate",
		     S("Bearer realm=\"\", authorization_uri=\"/common/oauth2/authorize\""));
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

fault *graph_enter(struct request *rq, struct reply *to, const char *permissions,
		   struct graph_call *call, bool *go_on)
{
	enum bearer_state state;
	bool answered, found;

	*go_on = false;
	*call = (struct graph_call){
		.rq = rq, .to = to, .tx = request_tx(rq), .arena = request_arena(rq)
	};
	call->request_id = sandbox_guid(tx_world(call->tx), call->arena);
	stamp(call);
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
	if (!may(&call->caller, permissions))
		return graph_refuse(call, 403, "Authorization_RequestDenied",
				    "Insufficient privileges to complete the operation.");
	TRY(sandbox_pass_first(rq));
	*go_on = true;
	return NULL;
}
