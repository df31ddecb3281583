#include "microsoft/asking.h"

#include "microsoft/refusal.h"
#include "microsoft/token.h"

enum { PAGES_MOST = 5000 };

static bool is_graph(const struct asking *a)
{
	return a->as == TOKEN_GRAPH;
}

static bool is_billing(const struct asking *a)
{
	return a->as == TOKEN_BILLING;
}

static bool is_partner_center(const struct asking *a)
{
	return !is_graph(a) && !is_billing(a);
}

static str base_of(struct microsoft_work *w, const struct asking *a)
{
	const struct microsoft_settings *s = &w->ms->settings;

	if (is_billing(a))
		return s->billing_url;
	return is_graph(a) ? s->graph_url : s->partner_center_url;
}

fault *asking_send(struct microsoft_work *w, struct arena *keep, const struct remote_call *call,
		   str sent_id, const char *header, struct remote_answer *answer)
{
	const struct microsoft_settings *s = &w->ms->settings;
	struct microsoft_call_note *note = NEW(w->arena, struct microsoft_call_note);
	struct remote_answer got = { 0 };

	*note = (struct microsoft_call_note){
		.name = call->name, .request_id = sent_id, .at = microsoft_now(w), .next = w->calls
	};
	w->calls = note;

	fault *f = remote_ask(&s->by, s->world, keep, call, &got);

	note->micros = instant_since(microsoft_now(w), note->at);
	note->status = f ? 0 : got.status;
	if (f)
		return f;

	str theirs = remote_answer_header(&got, header);

	if (!str_is_empty(theirs))
		note->request_id = str_copy(w->arena, theirs);
	*answer = got;
	return NULL;
}

/* The address of a path of ours, or of a link the vendor gave: our token goes to this host only. */
static fault *address_of(struct microsoft_work *w, const struct asking *a, str *url)
{
	str base = base_of(w, a);

	if (str_starts(a->path, S("/"))) {
		*url = str_format(w->arena, "%.*s%.*s", STR(base), STR(a->path));
		return NULL;
	}
	if (a->path.len > base.len && str_eq_nocase(str_part(a->path, 0, base.len), base) &&
	    a->path.at[base.len] == '/') {
		*url = a->path;
		return NULL;
	}
	return fault_note(fault_new(FAULT_REMOTE,
				    "Microsoft sent us to another address than the one we "
				    "trust. Check the addresses in the settings."),
			  "link to %.*s", STR(str_cut(a->path, 200)));
}

enum { HEADERS = 10 };

static size_t headers_of(struct microsoft_work *w, const struct asking *a, str access, str request,
			 struct remote_header headers[HEADERS])
{
	size_t n = 0;

	headers[n++] = (struct remote_header){ "Authorization",
					       str_format(w->arena, "Bearer %.*s", STR(access)),
					       true };
	headers[n++] = (struct remote_header){ "Accept", S("application/json"), false };
	if (!str_is_none(a->body))
		headers[n++] = (struct remote_header){ "Content-Type", S("application/json"),
						       false };
	if (!is_partner_center(a)) {
		headers[n++] = (struct remote_header){ is_billing(a) ? "x-ms-client-request-id"
								     : "client-request-id",
						       request, false };
		return n;
	}
	headers[n++] = (struct remote_header){ "MS-RequestId", request, false };
	headers[n++] = (struct remote_header){ "MS-CorrelationId", microsoft_new_guid(w), false };
	headers[n++] = (struct remote_header){ "MS-Contract-Version", S("v1"), false };
	headers[n++] = (struct remote_header){ "X-Locale", S("en-US"), false };
	if (!str_is_none(a->if_match))
		headers[n++] = (struct remote_header){ "If-Match", a->if_match, false };
	if (!str_is_none(a->continuation))
		headers[n++] = (struct remote_header){ "MS-ContinuationToken", a->continuation,
						       true };
	assert(n <= HEADERS);
	return n;
}

/* Where the vendor gives the id by which its support finds the call. */
static const char *id_header(const struct asking *a)
{
	if (is_billing(a))
		return "x-ms-request-id";
	return is_graph(a) ? "request-id" : "MS-RequestId";
}

static enum pace_service service_of(const struct asking *a)
{
	if (is_graph(a))
		return PACE_GRAPH;
	return is_billing(a) ? PACE_BILLING : PACE_PARTNER_CENTER;
}

/* Most of what we ask of Graph costs 1 to 3 units (§2.8); the dearest is taken for all. */
enum { GRAPH_UNITS = 3 };

static fault *take_turn(struct microsoft_work *w, const struct asking *a)
{
	enum pace_service service = service_of(a);
	int64_t units = service == PACE_GRAPH ? GRAPH_UNITS : 1;

	TRY(pace_take(w->ms->pace, service, a->tenant, units, w->begun, microsoft_now(w)));
	w->begun = true;
	return NULL;
}

/* One of us was told to wait: so must all, or each would have to be told. */
static void rest_if_told(struct microsoft_work *w, const struct asking *a,
			 const struct remote_answer *answer)
{
	instant now = microsoft_now(w);
	int64_t seconds = answer->status == 429 ? remote_retry_after(answer, now) : 0;

	if (seconds > 0)
		pace_rest(w->ms->pace, service_of(a), instant_after(now, SECONDS(seconds)));
}

static fault *ask_once(struct microsoft_work *w, struct arena *scratch, const struct asking *a,
		       str request, struct remote_answer *answer)
{
	struct remote_header headers[HEADERS];
	struct remote_call call = {
		.name = a->name,
		.method = a->method ? a->method : "GET",
		.headers = headers,
		.body = a->body,
		.timeout = a->timeout,
		/* Reads always; a write because it carries its MS-RequestId again (§3.1), which
		 * Azure Billing does not know. */
		.repeatable = !is_billing(a) || !a->method,
	};
	str access;

	TRY(address_of(w, a, &call.url));
	TRY(take_turn(w, a));
	TRY(token_take(w, a->as, a->tenant, &access));
	call.header_count = headers_of(w, a, access, request, headers);
	TRY(asking_send(w, scratch, &call, request, id_header(a), answer));
	rest_if_told(w, a, answer);
	return NULL;
}

fault *asking_answer(struct microsoft_work *w, struct arena *scratch, const struct asking *a,
		     struct remote_answer *answer)
{
	str request = str_is_none(a->request) ? microsoft_new_guid(w) : a->request;

	TRY(ask_once(w, scratch, a, request, answer));
	if (answer->status != 401)
		return NULL;
	token_drop(w->ms, a->as, a->tenant);
	return ask_once(w, scratch, a, request, answer);
}

static fault *refusal_of(struct microsoft_work *w, const struct asking *a,
			 const struct remote_answer *answer)
{
	if (is_graph(a))
		return refusal_of_graph(w->arena, answer, microsoft_now(w));
	if (is_billing(a))
		return refusal_of_billing(w->arena, answer, microsoft_now(w));
	return refusal_of_partner_center(w->arena, answer, microsoft_now(w));
}

fault *asking_json(struct microsoft_work *w, const struct asking *a, json_t **json)
{
	DEFER(arena_end) struct arena *scratch = arena_open();
	struct remote_answer answer;

	TRY(asking_answer(w, scratch, a, &answer));
	if (answer.status < 200 || answer.status > 299)
		return refusal_of(w, a, &answer);
	if (answer.body.len == 0) { /* 202 and 204 */
		*json = json_object();
		return NULL;
	}
	return reading_open(answer.body, is_partner_center(a) ? "Partner Center" : "Microsoft",
			    json);
}

static fault *each_of(struct microsoft_work *w, const json_t *list, asking_item *each, void *with)
{
	size_t i;
	json_t *item;

	json_array_foreach(list, i, item) TRY(each(w, item, with));
	return NULL;
}

/* Partner Center writes links without "/v1" and its token into the link's headers (§3.1). */
static void next_of_partner_center(struct microsoft_work *w, const json_t *page,
				   struct asking *next)
{
	const json_t *link = reading_member(reading_member(page, "links"), "next");
	str uri = reading_text(w->arena, link, "uri");
	size_t i;
	json_t *header;

	next->path = uri;
	if (str_starts(uri, S("/")) && !str_starts(uri, S("/v1/")))
		next->path = str_format(w->arena, "/v1%.*s", STR(uri));
	next->continuation = STR_NONE;
	json_array_foreach(reading_list(link, "headers"), i,
			   header) if (str_eq_nocase(reading_text(w->arena, header, "key"),
						     S("MS-ContinuationToken")))
		next->continuation = reading_text(w->arena, header, "value");
}

static void next_page(struct microsoft_work *w, const json_t *page, struct asking *next)
{
	if (is_graph(next))
		next->path = reading_text(w->arena, page, "@odata.nextLink");
	else if (is_billing(next))
		next->path = reading_text(w->arena, page, "nextLink");
	else
		next_of_partner_center(w, page, next);
}

fault *asking_pages(struct microsoft_work *w, const struct asking *first, asking_item *each,
		    void *with)
{
	struct asking next = *first;

	for (int page = 0; page < PAGES_MOST; page++) {
		DEFER(reading_end) json_t *json = NULL;

		TRY(asking_json(w, &next, &json));
		TRY(each_of(w, reading_list(json, is_partner_center(&next) ? "items" : "value"),
			    each, with));
		next_page(w, json, &next);
		if (str_is_empty(next.path))
			return NULL;
	}
	return fault_new(FAULT_REMOTE,
			 "Microsoft's list has no end. Look at the tenant in the admin center.");
}
