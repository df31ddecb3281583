#include "sandbox/partner_webhook_pages.h"

#include "sandbox/graph_answer.h"
#include "sandbox/identity_json.h"
#include "sandbox/partner_answer.h"
#include "sandbox/partner_json.h"
#include "sandbox/partner_webhook.h"
#include "sandbox/partner_webhook_send.h"
#include "sandbox/sandbox_guid.h"

#define MOST_ADDRESS 2000

static fault *event_list(struct request *rq, struct reply *to)
{
	struct partner_call call;
	bool go_on;

	TRY(partner_enter(rq, to, PARTNER_ANY, &call, &go_on));
	if (!go_on)
		return NULL;
	json_t *names = json_array();
	for (size_t i = 0; i < partner_webhook_event_count; i++)
		json_array_append_new(names, json_string(partner_webhook_events[i]));
	return partner_reply(&call, 200, names);
}

static fault *hook_reply(const struct partner_call *call, const struct partner_webhook *hook)
{
	return partner_reply(call, 200,
			     json_pack("{s:o, s:o, s:o, s:b}", "SubscriberId",
				       graph_text(hook->subscriber), "WebhookUrl",
				       graph_text(hook->url), "WebhookEvents",
				       graph_stored(hook->events),
				       "SignatureTokenToMsSignatureHeader", hook->ms_header));
}

/* Plain http only towards the machine itself. */
static bool is_address(str url)
{
	static const char *const begins[] = { "https://", "http://localhost:", "http://127.0.0.1:",
					      "http://localhost/", "http://127.0.0.1/" };

	for (size_t i = 0; i < COUNT(begins); i++)
		if (str_starts(url, str_of(begins[i])) && url.len > str_of(begins[i]).len)
			return url.len <= MOST_ADDRESS && str_find(url, S(" ")) < 0 &&
			       str_find(url, S("@")) < 0;
	return false;
}

static bool is_event(str name)
{
	for (size_t i = 0; i < partner_webhook_event_count; i++)
		if (str_eq(name, str_of(partner_webhook_events[i])))
			return true;
	return false;
}

/* NULL, or what is wrong. */
static const char *hook_read(const struct partner_call *call, const json_t *body,
			     struct partner_webhook *hook)
{
	const json_t *events = partner_json_member(body, "WebhookEvents");

	hook->url = partner_json_text(call->arena, body, "WebhookUrl");
	hook->ms_header = json_is_true(
		partner_json_member(body, "SignatureTokenToMsSignatureHeader"));
	if (!is_address(hook->url))
		return "The WebhookUrl is an https address.";
	if (!json_is_array(events) || json_array_size(events) == 0 || json_array_size(events) > 100)
		return "Say at least one of the WebhookEvents.";
	for (size_t i = 0; i < json_array_size(events); i++)
		if (!is_event(str_of(json_string_value(json_array_get(events, i)))))
			return "One of the WebhookEvents is none; registration/events lists them.";
	hook->events = identity_json_text(call->arena, events);
	return NULL;
}

static fault *hook_put(const struct partner_call *call, struct partner_webhook *hook)
{
	DEFER(identity_json_end) json_t *body = partner_body(call);
	const char *wrong = hook_read(call, body, hook);

	if (wrong)
		return partner_refuse(call, 400, 2000, "%s", wrong);
	TRY(partner_webhook_put(call->tx, call->partner.id, hook));
	return hook_reply(call, hook);
}

/* One registration a partner; *found tells whether there is one. */
static fault *enter(struct request *rq, struct reply *to, struct partner_call *call,
		    struct partner_webhook *hook, bool *found, bool *go_on)
{
	TRY(partner_enter(rq, to, PARTNER_ANY, call, go_on));
	return *go_on ? partner_webhook_find(call->tx, call->partner.id, hook, found) : NULL;
}

static fault *refuse_missing(const struct partner_call *call)
{
	return partner_refuse(call, 404, 2000, "There is no registration yet.");
}

static fault *registration_create(struct request *rq, struct reply *to)
{
	struct partner_call call;
	struct partner_webhook hook;
	bool found, go_on;

	TRY(enter(rq, to, &call, &hook, &found, &go_on));
	if (!go_on)
		return NULL;
	if (found)
		return partner_refuse(&call, 409, 2000,
				      "There is a registration already: PUT changes it.");
	hook = (struct partner_webhook){ .subscriber = sandbox_guid(tx_world(call.tx),
								    call.arena) };
	return hook_put(&call, &hook);
}

static fault *registration_read(struct request *rq, struct reply *to)
{
	struct partner_call call;
	struct partner_webhook hook;
	bool found, go_on;

	TRY(enter(rq, to, &call, &hook, &found, &go_on));
	if (!go_on)
		return NULL;
	return found ? hook_reply(&call, &hook) : refuse_missing(&call);
}

static fault *registration_update(struct request *rq, struct reply *to)
{
	struct partner_call call;
	struct partner_webhook hook;
	bool found, go_on;

	TRY(enter(rq, to, &call, &hook, &found, &go_on));
	if (!go_on)
		return NULL;
	return found ? hook_put(&call, &hook) : refuse_missing(&call);
}

static fault *test_create(struct request *rq, struct reply *to)
{
	struct partner_call call;
	struct partner_webhook hook;
	bool found, go_on, taken;
	str correlation;

	TRY(enter(rq, to, &call, &hook, &found, &go_on));
	if (!go_on)
		return NULL;
	if (!found)
		return refuse_missing(&call);
	TRY(partner_webhook_test(call.tx, call.partner.id, &correlation, &taken));
	if (taken)
		return partner_reply(&call, 200,
				     json_pack("{s:o}", "correlationId", graph_text(correlation)));
	reply_header(to, "Retry-After", S("60"));
	return partner_reply(&call, 429,
			     json_pack("{s:i, s:s}", "statusCode", 429, "message",
				       "Rate limit is exceeded. Try again in 60 seconds."));
}

static json_t *attempt_json(const struct partner_call *call,
			    const struct partner_webhook_attempt *attempt)
{
	str code = attempt->status == 200 ? S("OK")
					  : str_format(call->arena, "%d", (int)attempt->status);

	return json_pack("{s:o, s:o, s:b, s:o}", "responseCode", graph_text(code),
			 "responseMessage", graph_text(attempt->said), "systemError",
			 attempt->status == 0, "dateTimeUtc",
			 graph_instant(call->arena, attempt->at));
}

static fault *test_read(struct request *rq, struct reply *to)
{
	struct partner_call call;
	struct partner_webhook hook;
	struct partner_webhook_result result;
	bool found, go_on;

	TRY(enter(rq, to, &call, &hook, &found, &go_on));
	if (!go_on)
		return NULL;
	if (found)
		TRY(partner_webhook_result(call.tx, call.partner.id,
					   request_part(rq, "correlation"), &result, &found));
	if (!found)
		return partner_refuse(&call, 404, 2000, "There is no such validation event.");
	json_t *attempts = json_array();
	for (size_t i = 0; i < result.attempt_count; i++)
		json_array_append_new(attempts, attempt_json(&call, &result.attempts[i]));
	return partner_reply(&call, 200,
			     json_pack("{s:o, s:o, s:s, s:o, s:o}", "correlationId",
				       graph_text(result.correlation), "partnerId",
				       graph_text(call.partner.id), "status",
				       str_eq(result.state, S("queued")) ? "pending" : "completed",
				       "callbackUrl", graph_text(hook.url), "results", attempts));
}

/* DER, as the real one's .cer; anybody may read it. */
static fault *certificate(struct request *rq, struct reply *to)
{
	struct arena *arena = request_arena(rq);
	struct text base64 = text_open(arena);
	str pem, line, der;

	TRY(partner_webhook_send_certificate(request_tx(rq), &pem));
	if (str_is_none(pem))
		return fault_new(FAULT_MISSING, "Nothing was signed yet.");
	while (str_next(&pem, '\n', &line))
		if (!str_starts(line, S("-----")))
			text_add(&base64, str_trim(line));
	if (!str_from_base64(arena, text_str(&base64), &der))
		return fault_new(FAULT_BUG, "The certificate of the webhooks is no PEM.");
	return reply_text(to, 200, "application/pkix-cert", der);
}

static const struct route routes[] = {
	{ GET, "/webhooks/certificates/webhooks.cer", certificate, ANYONE, BY_NOTHING },
	{ GET, "/webhooks/v1/registration/events", event_list, ANYONE, BY_BEARER },
	{ GET, "/webhooks/v1/registration", registration_read, ANYONE, BY_BEARER },
	{ POST, "/webhooks/v1/registration", registration_create, ANYONE, BY_BEARER },
	{ PUT, "/webhooks/v1/registration", registration_update, ANYONE, BY_BEARER },
	{ POST, "/webhooks/v1/registration/validationEvents", test_create, ANYONE, BY_BEARER },
	{ GET, "/webhooks/v1/registration/validationEvents/:correlation", test_read, ANYONE,
	  BY_BEARER },
};

const struct route_table partner_webhook_routes = { routes, COUNT(routes) };
