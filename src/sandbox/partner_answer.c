#include "sandbox/partner_answer.h"

#include <stdarg.h>
#include <stdlib.h>

#include "delegation_sql.h"
#include "partner_answer_sql.h"
#include "sandbox/delegation.h"
#include "sandbox/fault_dress.h"
#include "sandbox/fault_rule.h"
#include "sandbox/graph_answer.h"
#include "sandbox/partner_audit.h"
#include "sandbox/partner_code.h"
#include "sandbox/partner_page.h"
#include "sandbox/partner_throttle.h"
#include "sandbox/relationship.h"
#include "sandbox/request_log.h"
#include "sandbox/sandbox_clock.h"
#include "sandbox/sandbox_guid.h"
#include "sandbox/sandbox_pass.h"

#define AUDIENCE	"https://api.partnercenter.microsoft.com"
#define BYTE_ORDER_MARK "\xEF\xBB\xBF"

static bool writes(const struct partner_call *call)
{
	return request_method(call->rq) != GET && request_method(call->rq) != HEAD;
}

/* What makes two requests the same: method, path and MS-RequestId. */
static str target_of(const struct partner_call *call)
{
	return str_format(call->arena, "%d %.*s", (int)request_method(call->rq),
			  STR(request_path(call->rq)));
}

static fault *audit(const struct partner_call *call)
{
	static const char *const words[] = { "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD" };
	struct partner_audit made = {
		.user = call->caller.user,
		.application = call->caller.client_id,
		.customer = call->customer,
		.method = str_of(words[request_method(call->rq)]),
		.path = request_path(call->rq),
	};

	return partner_audit_note(call->tx, call->partner.id, &made);
}

static fault *keep(const struct partner_call *call, int status, str body)
{
	str request = request_header(call->rq, "MS-RequestId");

	/* A refusal is not kept: when its cause is gone the same request may succeed. */
	if (!writes(call) || status >= 300)
		return NULL;
	TRY(audit(call));
	if (str_is_none(request))
		return NULL;
	return partner_answer_keep(call->tx, &(struct partner_answer_keep_in){
						     .partner = call->partner.id,
						     .request = request,
						     .target = target_of(call),
						     .status = status,
						     .body = body,
					     });
}

static fault *answer_kept(const struct partner_call *call, bool *answered)
{
	str request = request_header(call->rq, "MS-RequestId");
	struct partner_answer_kept row;

	*answered = false;
	if (!writes(call) || str_is_none(request))
		return NULL;
	TRY(partner_answer_kept(call->tx, call->partner.id, request, target_of(call), &row,
				answered));
	return *answered ? reply_json(call->to, (int)row.status, row.body) : NULL;
}

/* As links name it: without the version. */
static str own_address(const struct partner_call *call)
{
	str self = request_target(call->rq);

	return str_starts(self, S("/v1")) ? str_part(self, 3, self.len) : self;
}

fault *partner_reply(const struct partner_call *call, int status, json_t *json)
{
	char *text = json_dumps(json, JSON_COMPACT);
	str body = str_copy(call->arena, str_of(text));
	const struct fault_dress dress = {
		.rq = call->rq,
		.to = call->to,
		.service = "partnercenter",
		.tenant = call->partner.id.at ? call->partner.id : S(""),
		.self = own_address(call),
		.status = status,
	};

	free(text);
	json_decref(json);
	TRY(keep(call, status, body));
	TRY(fault_dress(&dress, &body));
	if (!writes(call) && !str_starts(body, S(BYTE_ORDER_MARK)))
		body = str_format(call->arena, BYTE_ORDER_MARK "%.*s", STR(body));
	return reply_text(call->to, status, "application/json; charset=utf-8", body);
}

fault *partner_refuse(const struct partner_call *call, int status, int code,
		      const char *description, ...)
{
	va_list args;

	va_start(args, description);
	str said = str_vformat(call->arena, description, args);
	va_end(args);
	return partner_reply(call, status,
			     json_pack("{s:i, s:o, s:[], s:s}", "code", code, "description",
				       graph_text(said), "data", "source", "PartnerFD"));
}

fault *partner_refuse_code(const struct partner_call *call, int64_t code)
{
	struct partner_code is = partner_code_of(call->arena, code);

	return partner_refuse(call, is.status, is.code, "%s", is.said);
}

static str unquoted(str etag)
{
	if (str_starts(etag, S("\"")) && str_ends(etag, S("\"")) && etag.len >= 2)
		return str_part(etag, 1, etag.len - 2);
	return etag;
}

bool partner_is_stale(const struct partner_call *call, str etag)
{
	str match = unquoted(str_trim(request_header(call->rq, "If-Match")));

	return !str_is_empty(match) && !str_eq(match, S("*")) && !str_eq(match, etag);
}

fault *partner_refuse_stale(const struct partner_call *call)
{
	return partner_refuse(call, 412, 2055, "The etag is stale: read it again.");
}

json_t *partner_attributes(const char *object_type, str etag)
{
	json_t *made = json_pack("{s:s}", "objectType", object_type);

	if (!str_is_none(etag))
		json_object_set_new(made, "etag", graph_text(etag));
	return made;
}

json_t *partner_link(struct arena *arena, const char *uri, ...)
{
	va_list args;

	va_start(args, uri);
	str address = str_vformat(arena, uri, args);
	va_end(args);
	return json_pack("{s:o, s:s, s:[]}", "uri", graph_text(address), "method", "GET",
			 "headers");
}

fault *partner_reply_items(const struct partner_call *call, json_t *items)
{
	return partner_page_reply(call, items, STR_NONE);
}

json_t *partner_body(const struct partner_call *call)
{
	str body = request_body(call->rq);
	json_t *json = json_loadb(body.at ? body.at : "", body.len, 0, NULL);

	if (json_is_object(json))
		return json;
	json_decref(json);
	return NULL;
}

static void stamp(const struct partner_call *call)
{
	static const char *const echoed[] = { "MS-RequestId", "MS-CorrelationId" };

	for (size_t i = 0; i < COUNT(echoed); i++) {
		str theirs = request_header(call->rq, echoed[i]);
		reply_header(call->to, echoed[i],
			     str_is_none(theirs) ? sandbox_guid(tx_world(call->tx), call->arena)
						 : theirs);
	}
	reply_header(call->to, "MS-CV", request_id(call->rq));
	reply_header(call->to, "MS-ServerId", S("sandbox"));
	reply_header(call->to, "X-Locale", S("en-US"));
}

static fault *refuse_token(const struct partner_call *call, enum bearer_state state)
{
	if (state == BEARER_WRONG_AUDIENCE)
		return partner_refuse(call, 401, 900420,
				      "The audience of the token is not accepted.");
	reply_header(call->to, "WWW-Authenticate", S("Bearer"));
	return partner_refuse(call, 401, 400, "Access denied: the token is missing or not valid.");
}

static bool takes_users_only(enum partner_token token)
{
	return token == PARTNER_USER_ONLY || token == PARTNER_USER_WITH_RIGHTS;
}

/* License and User Administrator write; Global Reader and Directory Readers only read (§3.2). */
#define WRITING_ROLES "4d6ac14f-3453-41d0-bef9-a3e0c569773a fe930be7-5e62-47db-91af-98c3a49a38b1"
#define READING_ROLES \
	WRITING_ROLES " f2ef992c-3afb-46b9-b7cf-a126ee74c451 88d8e3e3-8f55-4a1e-953a-9b9898b8876b"

fault *partner_user_has_rights(const struct partner_call *call, bool *has)
{
	*has = false;
	if (call->caller.application || call->behaviour.no_user_rights)
		return NULL;
	TRY(tenant_state_has_role(call->tx, call->caller.user, S("Admin Agent"), has));
	if (!*has || !call->behaviour.require_gdap)
		return NULL;
	return delegation_grants(call->tx, call->customer, call->caller.user,
				 writes(call) ? S(WRITING_ROLES) : S(READING_ROLES), has);
}

/* Whether the kind of token fits, and the person behind it (vendor facts §1.7, §3.2). */
static fault *check_person(struct partner_call *call, enum partner_token token, bool *good)
{
	*good = false;
	TRY(partner_setting_read(call->tx, &call->behaviour));
	if (takes_users_only(token) && call->caller.application)
		return partner_refuse(call, 403, 900329,
				      "This resource refuses app-only tokens: sign in a user.");
	if (token == PARTNER_APPLICATION_ONLY && !call->caller.application)
		return partner_refuse(call, 403, 900308, "This resource takes app-only tokens.");
	if (!call->caller.application) {
		if (str_eq_nocase(request_header(call->rq, "ValidateMfa"), S("true")))
			reply_header(call->to, "isMfaCompliant",
				     call->caller.mfa ? S("true") : S("false"));
		if (call->behaviour.require_mfa && !call->caller.mfa)
			return partner_refuse(call, 401, 900421,
					      "The user did not sign in with multi-factor "
					      "authentication.");
	}
	*good = true;
	return NULL;
}

static fault *check_token(struct partner_call *call, enum partner_token token, bool *good)
{
	enum bearer_state state;
	bool found;

	*good = false;
	TRY(identity_bearer(call->rq, S(AUDIENCE), &call->caller, &state));
	if (state != BEARER_GOOD)
		return refuse_token(call, state);
	TRY(tenant_state_find(call->tx, call->caller.tenant, &call->partner, &found));
	if (!found || !call->partner.partner)
		return partner_refuse(call, 403, 900150, "This account is not a partner's.");
	return check_person(call, token, good);
}

static bool is_throttled(const struct request *rq)
{
	const struct request_log_door *at = request_context(rq);

	return at && at->throttle;
}

fault *partner_enter(struct request *rq, struct reply *to, enum partner_token token,
		     struct partner_call *call, bool *go_on)
{
	bool answered;

	*go_on = false;
	*call = (struct partner_call){
		.rq = rq, .to = to, .tx = request_tx(rq), .arena = request_arena(rq)
	};
	stamp(call);
	TRY(fault_rule_apply(rq, to, "partnercenter", &answered));
	if (answered)
		return NULL;
	TRY(check_token(call, token, go_on));
	if (!*go_on)
		return NULL;
	TRY(sandbox_setting_read(call->tx, &call->setting));
	TRY(sandbox_clock_now(call->tx, &call->now));
	TRY(sandbox_pass_first(rq));
	if (is_throttled(rq))
		TRY(partner_throttle(call, &answered));
	if (!answered)
		TRY(answer_kept(call, &answered));
	*go_on = !answered;
	return NULL;
}

/* One who only advises is told so where licenses are read or written (vendor facts §3.2). */
static fault *refuse_stranger(const struct partner_call *call, enum partner_token token,
			      const struct tenant_state *customer)
{
	struct delegation_adviser row;
	bool advises = false;

	if (token == PARTNER_USER_WITH_RIGHTS && customer->id.len > 0)
		TRY(delegation_adviser(call->tx, call->partner.id, customer->id, &row, &advises));
	if (advises)
		return partner_refuse(call, 403, 900150,
				      "An adviser has no right to this: only a reseller has.");
	return partner_refuse(call, 404, 60003, "Tenant not found: it is not a customer of yours.");
}

fault *partner_enter_customer(struct request *rq, struct reply *to, enum partner_token token,
			      struct partner_call *call, struct tenant_state *customer, bool *go_on)
{
	str wanted = request_part(rq, "customer");
	bool found = false;

	*customer = (struct tenant_state){ .id = STR_NONE };
	TRY(partner_enter(rq, to, token, call, go_on));
	if (!*go_on)
		return NULL;
	if (str_is_guid(wanted))
		TRY(tenant_state_find(call->tx, wanted, customer, &found));
	if (found)
		TRY(relationship_exists(call->tx, call->partner.id, customer->id, &found));
	call->customer = found ? customer->id : STR_NONE;
	if (found && token == PARTNER_USER_WITH_RIGHTS)
		TRY(partner_user_has_rights(call, go_on));
	if (found && *go_on)
		return NULL;
	*go_on = false;
	if (found)
		return partner_refuse(call, 403, 900308,
				      "The user has no role at this customer that allows it.");
	return refuse_stranger(call, token, customer);
}
