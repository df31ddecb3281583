#include "convert/vendor_event_pages.h"

#include "convert/vendor_event.h"
#include "web/web.h"

static bool is_json(str type)
{
	str first;

	return str_next(&type, ';', &first) &&
	       str_eq_nocase(str_trim(first), S("application/json"));
}

/* Only 200 counts as told; for anything else Microsoft comes again (vendor facts §3.13). */
static fault *event_post(struct request *rq, struct reply *to)
{
	const struct event_headers headers = {
		.authorization = request_header(rq, "Authorization"),
		.ms_signature = request_header(rq, "x-ms-signature"),
		.algorithm = request_header(rq, "X-MS-Signature-Algorithm"),
		.certificate_url = request_header(rq, "X-MS-Certificate-Url"),
	};
	struct event_sent sent;
	bool kept;

	if (!is_json(request_header(rq, "Content-Type")))
		return reply_text(to, 415, "text/plain", S("An event is application/json.\n"));
	if (request_body(rq).len > VENDOR_EVENT_MOST_BODY)
		return reply_text(to, 413, "text/plain", S("An event is shorter.\n"));
	if (!event_sent_read(request_arena(rq), &headers, request_body(rq), &sent))
		return reply_text(to, 400, "text/plain", S("This is no signed event.\n"));
	TRY(vendor_event_keep(request_tx(rq), &sent, request_address(rq), &kept));
	if (kept)
		return reply_text(to, 200, "text/plain", S(""));
	reply_header(to, "Retry-After", S("5"));
	return reply_text(to, 503, "text/plain", S("Too many events wait.\n"));
}

static const struct route routes[] = {
	{ POST, EVENT_PATH, event_post, .who = ANYONE, .proof = BY_NOTHING,
	  .about = "Microsoft tells that something changed; its signature is the proof" },
};

const struct route_table vendor_event_pages_routes = { routes, COUNT(routes) };
