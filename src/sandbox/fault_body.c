#include "sandbox/fault_body.h"

#include "sandbox/graph_answer.h"
#include "sandbox/identity_error.h"
#include "sandbox/identity_json.h"
#include "sandbox/sandbox_guid.h"
#include "web/web.h"

struct body {
	struct arena *keep;
	const struct fault_rule *rule;
	int status;
	str said;
	struct request *rq;
	struct reply *to;
};

static int status_of(const struct fault_rule *rule, const char *service)
{
	bool login = str_eq(str_of(service), S("login"));

	if (rule->kind == FAULT_RULE_EXPIRED)
		return login ? 400 : 401;
	if (rule->kind == FAULT_RULE_CONSENT)
		return login ? 400 : 403;
	return rule->kind == FAULT_RULE_STATUS ? (int)rule->status : 500;
}

static str said_of(struct arena *keep, const struct fault_rule *rule, int status)
{
	if (rule->kind == FAULT_RULE_EXPIRED)
		return S("The lifetime of the token is over.");
	if (rule->kind == FAULT_RULE_CONSENT)
		return S("Consent to this application was taken back.");
	return str_format(keep, "The sandbox was told to answer %d.", status);
}

static const char *graph_code(const struct body *b)
{
	static const struct {
		int status;
		const char *code;
	} codes[] = {
		{ 400, "Request_BadRequest" },
		{ 401, "InvalidAuthenticationToken" },
		{ 403, "Authorization_RequestDenied" },
		{ 404, "Request_ResourceNotFound" },
		{ 409, "Conflict" },
		{ 412, "PreconditionFailed" },
		{ 429, "TooManyRequests" },
		{ 501, "notSupported" },
		{ 503, "serviceNotAvailable" },
		{ 504, "UnknownError" },
	};

	for (size_t i = 0; i < COUNT(codes); i++)
		if (codes[i].status == b->status)
			return codes[i].code;
	return b->status >= 500 ? "generalException" : "Request_BadRequest";
}

static json_t *graph(const struct body *b)
{
	struct tx *tx = request_tx(b->rq);
	str call_id = sandbox_guid(tx_world(tx), b->keep);

	graph_stamp(b->rq, b->to, call_id);
	return graph_error(b->rq, call_id, tx_now(tx), graph_code(b), b->said);
}

static fault *login(const struct body *b)
{
	const struct identity_refusal refusal = { b->rule->kind == FAULT_RULE_EXPIRED
							  ? IDENTITY_REFRESH_SPENT
						  : b->rule->kind == FAULT_RULE_CONSENT
							  ? IDENTITY_NO_CONSENT
							  : IDENTITY_BUSY,
						  S("") };

	TRY(identity_error_reply(b->rq, b->to, &refusal));
	reply_status(b->to, b->status);
	return NULL;
}

static int partner_code(const struct body *b)
{
	static const struct {
		int status, code;
	} codes[] = { { 401, 400 },    { 403, 900308 }, { 404, 20003 },
		      { 409, 900278 }, { 412, 2055 },	{ 500, 800003 } };

	for (size_t i = 0; i < COUNT(codes); i++)
		if (codes[i].status == b->status)
			return codes[i].code;
	return b->status >= 500 ? 800003 : b->status;
}

static str gateway_said(const struct body *b)
{
	const char *said = "Rate limit is exceeded.";

	return b->rule->retry_after > 0 ? str_format(b->keep, "%s Try again in %d seconds.", said,
						     (int)b->rule->retry_after)
					: str_of(said);
}

static json_t *partner(const struct body *b)
{
	int code = partner_code(b);
	str shape = b->rule->shape, text = str_format(b->keep, "%d", code);
	json_t *as_text = graph_text(text);

	if (str_is_empty(shape))
		shape = b->status == 429 ? S("gateway") : S("service");
	if (str_eq(shape, S("newer")))
		return json_pack("{s:o, s:o, s:o, s:s, s:b, s:{}, s:s}", "code", as_text, "message",
				 graph_text(b->said), "description", graph_text(b->said),
				 "errorName", "SandboxFault", "isRetryable",
				 b->status >= 500 || b->status == 429, "parameters",
				 "errorMessageExtended", "");
	if (str_eq(shape, S("text")))
		return json_pack("{s:o, s:o, s:[], s:s}", "code", as_text, "description",
				 graph_text(b->said), "data", "source", "PartnerFD");
	json_decref(as_text);
	if (str_eq(shape, S("service")))
		return json_pack("{s:i, s:o, s:[], s:s}", "code", code, "description",
				 graph_text(b->said), "data", "source", "PartnerFD");
	return json_pack("{s:i, s:o}", "statusCode", b->status, "message",
			 graph_text(b->status == 429 ? gateway_said(b) : b->said));
}

static json_t *billing(const struct body *b)
{
	const char *code = b->rule->kind == FAULT_RULE_EXPIRED ? "ExpiredAuthenticationToken"
			   : b->status == 403		       ? "AuthorizationFailed"
			   : b->status == 404		       ? "ResourceNotFound"
			   : b->status == 429		       ? "TooManyRequests"
			   : b->status >= 500		       ? "InternalServerError"
							       : "BadRequest";

	return json_pack("{s:{s:s, s:o, s:n, s:[], s:[]}}", "error", "code", code, "message",
			 graph_text(b->said), "target", "details", "additionalInfo");
}

static json_t *json_of(const struct body *b, str service)
{
	if (str_eq(service, S("graph")))
		return graph(b);
	return str_eq(service, S("billing")) ? billing(b) : partner(b);
}

fault *fault_body_reply(struct request *rq, struct reply *to, const char *service,
			const struct fault_rule *rule)
{
	struct arena *keep = request_arena(rq);
	int status = status_of(rule, service);
	const struct body b = { keep, rule, status, said_of(keep, rule, status), rq, to };

	if (rule->retry_after > 0)
		reply_header(to, "Retry-After", str_format(keep, "%d", (int)rule->retry_after));
	if (status == 401)
		reply_header(to, "WWW-Authenticate", S("Bearer error=\"invalid_token\""));
	if (str_eq(str_of(service), S("admin"))) /* a person reads it */
		return reply_text(to, status, "text/plain; charset=utf-8", b.said);
	if (str_eq(str_of(service), S("login")))
		return login(&b);
	DEFER(identity_json_end) json_t *json = json_of(&b, str_of(service));
	return reply_json(to, status, identity_json_text(keep, json));
}
