#include "sandbox/billing_answer.h"

#include <stdarg.h>
#include <stdlib.h>

#include "sandbox/billing_account.h"
#include "sandbox/billing_setting.h"
#include "sandbox/fault_dress.h"
#include "sandbox/fault_rule.h"
#include "sandbox/graph_answer.h"
#include "sandbox/identity_scope.h"
#include "sandbox/sandbox_clock.h"
#include "sandbox/sandbox_guid.h"
#include "sandbox/sandbox_pass.h"

fault *billing_reply(const struct billing_call *call, int status, json_t *json)
{
	char *text = json_dumps(json, JSON_COMPACT);
	str body = str_copy(call->arena, str_of(text));

	free(text);
	json_decref(json);
	const struct fault_dress dress = {
		.rq = call->rq,
		.to = call->to,
		.service = "billing",
		.tenant = call->tenant.id.at ? call->tenant.id : S(""),
		.self = str_format(call->arena, "%.*s%.*s", STR(call->setting.base_url),
				   STR(request_target(call->rq))),
		.status = status,
	};
	TRY(fault_dress(&dress, &body));
	return reply_json(call->to, status, body);
}

fault *billing_refuse(const struct billing_call *call, int status, const char *code,
		      const char *message, ...)
{
	va_list args;

	va_start(args, message);
	str said = str_vformat(call->arena, message, args);
	va_end(args);
	return billing_reply(call, status,
			     json_pack("{s:{s:s, s:o, s:n, s:[], s:[]}}", "error", "code", code,
				       "message", graph_text(said), "target", "details",
				       "additionalInfo"));
}

bool billing_answer_is_modern(const struct billing_call *call)
{
	return str_eq(call->tenant.account_type, S("MicrosoftCustomerAgreement"));
}

fault *billing_answer_shows_seats(const struct billing_call *call, bool *shows)
{
	struct billing_setting setting;

	TRY(billing_setting_read(call->tx, &setting));
	*shows = billing_answer_is_modern(call) || setting.older_seats;
	return NULL;
}

static fault *refuse_token(const struct billing_call *call, enum bearer_state state)
{
	reply_header(call->to, "WWW-Authenticate",
		     str_format(call->arena, "Bearer authorization_uri=\"%.*s/common\"",
				STR(call->setting.base_url)));
	if (state == BEARER_MISSING)
		return billing_refuse(call, 401, "AuthenticationFailed",
				      "Authentication failed. The 'Authorization' header is "
				      "missing.");
	if (state == BEARER_WRONG_AUDIENCE)
		return billing_refuse(call, 401, "InvalidAuthenticationTokenAudience",
				      "The access token is for another audience than '%.*s'.",
				      STR(identity_resource_url(IDENTITY_MANAGEMENT)));
	return billing_refuse(call, 401, "InvalidAuthenticationToken",
			      "The access token is not valid or its lifetime is over.");
}

static fault *refuse_right(const struct billing_call *call)
{
	str who = call->caller.application ? call->caller.client_id : call->caller.upn;
	str path = request_path(call->rq);

	return billing_refuse(call, 403, "AuthorizationFailed",
			      "The client '%.*s' does not have authorization to perform this "
			      "action over scope '%.*s'.",
			      STR(who), STR(path));
}

static fault *version_check(const struct billing_call *call, bool *good)
{
	str version = request_query(call->rq, "api-version");

	*good = str_eq(version, S(BILLING_VERSION));
	if (*good)
		return NULL;
	if (str_is_empty(version))
		return billing_refuse(call, 400, "MissingApiVersionParameter",
				      "The api-version query parameter (?api-version=) is required "
				      "for all requests.");
	return billing_refuse(call, 400, "InvalidResourceType",
			      "The api-version '%.*s' is not known here: '" BILLING_VERSION "' is.",
			      STR(str_cut(version, 40)));
}

/* A person of another tenant has no role in this one. */
static fault *right_find(struct billing_call *call)
{
	static const char *const roles[] = { "Global Administrator", "Billing Administrator" };

	if (!str_eq(call->caller.home_tenant, call->tenant.id))
		return NULL;
	for (size_t i = 0; i < COUNT(roles) && !call->bills; i++)
		TRY(tenant_state_has_role(call->tx, call->caller.user, str_of(roles[i]),
					  &call->bills));
	return NULL;
}

static fault *token_check(struct billing_call *call, bool *good)
{
	enum bearer_state state;
	bool found;

	*good = false;
	TRY(identity_bearer(call->rq, identity_resource_url(IDENTITY_MANAGEMENT), &call->caller,
			    &state));
	if (state != BEARER_GOOD)
		return refuse_token(call, state);
	TRY(tenant_state_find(call->tx, call->caller.tenant, &call->tenant, &found));
	if (!found)
		return refuse_token(call, BEARER_INVALID);
	if (call->caller.application ||
	    !identity_bearer_may(&call->caller, S("user_impersonation")))
		return refuse_right(call);
	*good = true;
	return right_find(call);
}

/* The first question gives the account its name. */
static fault *account_find(struct billing_call *call)
{
	bool found;

	TRY(billing_account_find(call->tx, call->tenant.id, &call->account, &found));
	if (found)
		return NULL;
	TRY(request_must_write(call->rq));
	return billing_account_make(call->tx, &call->tenant, &call->account);
}

static void stamp(const struct billing_call *call)
{
	str made = sandbox_guid(tx_world(call->tx), call->arena);

	reply_header(call->to, "x-ms-request-id", made);
	reply_header(call->to, "x-ms-correlation-request-id", made);
}

fault *billing_enter(struct request *rq, struct reply *to, struct billing_call *call, bool *go_on)
{
	bool answered;

	*go_on = false;
	*call = (struct billing_call){
		.rq = rq, .to = to, .tx = request_tx(rq), .arena = request_arena(rq)
	};
	stamp(call);
	TRY(fault_rule_apply(rq, to, "billing", &answered));
	if (answered)
		return NULL;
	TRY(sandbox_setting_read(call->tx, &call->setting));
	TRY(sandbox_clock_now(call->tx, &call->now));
	TRY(version_check(call, go_on));
	if (!*go_on)
		return NULL;
	TRY(token_check(call, go_on));
	if (!*go_on)
		return NULL;
	TRY(account_find(call));
	return sandbox_pass_first(rq);
}

fault *billing_enter_account(struct request *rq, struct reply *to, struct billing_call *call,
			     bool *go_on)
{
	TRY(billing_enter(rq, to, call, go_on));
	if (!*go_on)
		return NULL;
	*go_on = call->bills && str_eq_nocase(request_part(rq, "account"), call->account);
	return *go_on ? NULL : refuse_right(call);
}
