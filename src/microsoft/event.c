#include "microsoft/event.h"

#include "microsoft/asking.h"

enum { SIGNATURE_MOST = 1024 };

/* "Signature <base64>"; the registration decides which header carries it. */
static bool signature_of(struct arena *keep, const struct event_headers *h, str *bytes)
{
	str text = str_is_none(h->ms_signature) ? h->authorization : h->ms_signature;
	str scheme = S("Signature ");

	if (text.len <= scheme.len || text.len > SIGNATURE_MOST ||
	    !str_eq_nocase(str_part(text, 0, scheme.len), scheme))
		return false;
	return str_from_base64(keep, str_trim(str_part(text, scheme.len, text.len)), bytes) &&
	       bytes->len > 0;
}

bool event_sent_read(struct arena *keep, const struct event_headers *h, str body,
		     struct event_sent *sent)
{
	struct event_sent read = { .certificate_url = h->certificate_url, .body = body };

	if (!str_eq_nocase(h->algorithm, S("rsa-sha256")) || str_is_empty(h->certificate_url) ||
	    h->certificate_url.len > EVENT_URL_MOST || !str_is_utf8(h->certificate_url) ||
	    str_is_empty(body) || !signature_of(keep, h, &read.signature))
		return false;
	*sent = read;
	return true;
}

/* The samples' addresses are not those of the resources, and once plain http: only the ids in the
 * path's tail count. */
static str tenant_in(struct arena *keep, str uri)
{
	str lower = str_lower(keep, uri), mark = S("/customers/"), tenant;
	ptrdiff_t at = str_find(lower, mark);

	if (at < 0)
		return STR_NONE;
	tenant = str_part(lower, (size_t)at + mark.len, 36);
	lower = str_part(lower, (size_t)at + mark.len + tenant.len, 1);
	return str_is_guid(tenant) && (str_is_empty(lower) || str_eq(lower, S("/"))) ? tenant
										     : STR_NONE;
}

bool event_read(struct arena *keep, str body, struct event *event)
{
	DEFER(reading_end) json_t *json = NULL;

	if (reading_open(body, "Partner Center", &json) || !json_is_object(json))
		return false;
	*event = (struct event){
		.name = reading_text(keep, json, "EventName"),
		.tenant = tenant_in(keep, reading_text(keep, json, "ResourceUri")),
	};
	return !str_is_empty(event->name);
}

#define REGISTRATION "/webhooks/v1/registration"

/* Those after which a conversion that waits may go on; a test, so that somebody can try it. */
static const char *const wanted[] = {
	"test-created",
	"subscription-updated",
	"reseller-relationship-accepted-by-customer",
	"indirect-reseller-relationship-accepted-by-customer",
};

static bool lists(const json_t *names, const char *name)
{
	size_t i;
	json_t *at;

	json_array_foreach(names, i, at) if (str_eq_nocase(str_of(json_string_value(at)),
							   str_of(name))) return true;
	return false;
}

/* Of those we want, what can be had: the list that Partner Center gives is the truth. */
static fault *events_offered(struct microsoft_work *w, json_t **names)
{
	DEFER(reading_end) json_t *offered = NULL;
	const struct asking asking = { .name = "partnercenter.events",
				       .as = TOKEN_PARTNER_APP,
				       .path = S(REGISTRATION "/events") };

	TRY(asking_json(w, &asking, &offered));
	*names = json_array();
	for (size_t i = 0; i < COUNT(wanted); i++)
		if (lists(offered, wanted[i]))
			(void)json_array_append_new(*names, json_string(wanted[i]));
	return NULL;
}

static bool hears_all(const json_t *names, const json_t *offered)
{
	size_t i;
	json_t *at;

	json_array_foreach(offered, i, at) if (!lists(names, json_string_value(at))) return false;
	return true;
}

fault *event_registration_look(struct microsoft_work *w, str address,
			       struct event_registration *found)
{
	DEFER(reading_end) json_t *json = NULL;
	DEFER(reading_end) json_t *offered = NULL;
	const struct asking asking = { .name = "partnercenter.registration",
				       .as = TOKEN_PARTNER_APP,
				       .path = S(REGISTRATION),
				       .timeout = SECONDS(10) };
	fault *f = asking_json(w, &asking, &json);

	*found = (struct event_registration){ .state = EVENT_UNHEARD };
	if (f && f->kind != FAULT_MISSING)
		return f;
	found->url = reading_text(w->arena, json, "WebhookUrl");
	if (str_is_empty(found->url))
		return NULL;
	found->state = str_ends(found->url, S(EVENT_PATH)) ? EVENT_OUTDATED : EVENT_ELSEWHERE;
	if (!str_eq(found->url, address))
		return NULL;
	TRY(events_offered(w, &offered));
	if (hears_all(reading_list(json, "WebhookEvents"), offered))
		found->state = EVENT_HEARD;
	return NULL;
}

fault *event_registration_put(struct microsoft_work *w, str address,
			      const struct event_registration *found)
{
	DEFER(reading_end) json_t *body = json_object();
	DEFER(reading_end) json_t *answer = NULL;
	struct asking asking = { .name = "partnercenter.register",
				 .method = found->state == EVENT_UNHEARD ? "POST" : "PUT",
				 .as = TOKEN_PARTNER_APP,
				 .path = S(REGISTRATION) };
	json_t *events;

	TRY(events_offered(w, &events));
	(void)json_object_set_new(body, "WebhookEvents", events);
	(void)json_object_set_new(body, "WebhookUrl", json_stringn(address.at, address.len));
	asking.body = reading_written(w->arena, body);
	return asking_json(w, &asking, &answer);
}
