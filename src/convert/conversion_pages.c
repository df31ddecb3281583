/* The pages of one conversion for partners and operators, and the same facts as JSON. */
#include "convert/conversion_pages.h"

#include "conversion_one_html.h"
#include "convert/certificate_reply.h"
#include "convert/conversion_json.h"
#include "convert/conversion_list_pages.h"
#include "convert/conversion_view.h"
#include "convert/plan_view.h"
#include "web/web.h"

const struct field conversion_pages_start_fields[] = {
	{ .name = "domain",
	  .label = "The tenant's domain",
	  .kind = FIELD_DOMAIN,
	  .least = 3,
	  .most = 253,
	  .needed = true,
	  .help = "As in its sign-in names, for example contoso.onmicrosoft.com." },
	{ .name = "administrator",
	  .label = "The administrator's e-mail address",
	  .kind = FIELD_EMAIL,
	  .most = 254,
	  .help = "Gets a letter whenever something is to be done. Leave it empty to send the "
		  "address "
		  "on yourself." },
	{ .name = NULL },
};

fault *conversion_pages_asked(struct request *rq, struct asker *by, struct conversion *c)
{
	id conversion;

	*by = conversion_list_pages_asker(rq);
	if (!id_from_text("cnv", request_part(rq, "id"), &conversion))
		return fault_new(FAULT_MISSING, "There is no such conversion.");
	return conversion_get(request_tx(rq), by, conversion, c);
}

static fault *one_get(struct request *rq, struct reply *to)
{
	struct html *page = html_open(request_arena(rq), rq);
	struct conversion_shown shown;
	struct conversion c;
	struct asker by;

	TRY(conversion_pages_asked(rq, &by, &c));
	TRY(conversion_view_fill(request_tx(rq), &c, request_public_url(rq), &shown));
	TRY(plan_view_choices(request_tx(rq), &c, &shown));
	conversion_one(page, &shown);
	return reply_page(to, 200, page);
}

static fault *one_version(struct request *rq, int64_t *version)
{
	struct conversion c;
	struct asker by;

	TRY(conversion_pages_asked(rq, &by, &c));
	*version = c.version;
	return NULL;
}

static fault *certificate_pdf_get(struct request *rq, struct reply *to)
{
	struct conversion c;
	struct asker by;

	TRY(conversion_pages_asked(rq, &by, &c));
	return certificate_reply_pdf(rq, to, &c);
}

static fault *certificate_json_get(struct request *rq, struct reply *to)
{
	struct conversion c;
	struct asker by;

	TRY(conversion_pages_asked(rq, &by, &c));
	return certificate_reply_json(rq, to, &c);
}

fault *conversion_pages_answer(struct request *rq, struct reply *to, int status, id conversion)
{
	struct asker by = conversion_list_pages_asker(rq);
	struct conversion_shown shown;
	struct conversion c;
	str json;

	TRY(conversion_get(request_tx(rq), &by, conversion, &c));
	TRY(conversion_view_fill(request_tx(rq), &c, request_public_url(rq), &shown));
	TRY(conversion_json_one(request_arena(rq), &c, &shown, &json));
	return reply_json(to, status, json);
}

static fault *api_start(struct request *rq, struct reply *to)
{
	struct asker by = conversion_list_pages_asker(rq);
	struct conversion made;

	TRY(conversion_start(request_tx(rq), &by, request_form(rq, "domain"),
			     request_form(rq, "administrator"), &made));
	return conversion_pages_answer(rq, to, 201, made.id);
}

static fault *api_one(struct request *rq, struct reply *to)
{
	struct conversion c;
	struct asker by;

	TRY(conversion_pages_asked(rq, &by, &c));
	return conversion_pages_answer(rq, to, 200, c.id);
}

static fault *api_certificate(struct request *rq, struct reply *to)
{
	struct certificate got;
	struct conversion c;
	struct asker by;

	TRY(conversion_pages_asked(rq, &by, &c));
	TRY(certificate_reply_find(rq, &c, &got));
	reply_header(to, "X-Certificate-SHA256", got.sha256);
	return reply_json(to, 200, got.body);
}

#define ONE "/partner/conversions/:id"
#define API "/api/v1/conversions"

static const struct route routes[] = {
	{ GET, ONE, one_get, .who = SIGNED_IN, .live = one_version,
	  .about = "One conversion, live" },
	{ GET, ONE "/certificate.pdf", certificate_pdf_get, .who = SIGNED_IN,
	  .about = "The certificate on paper" },
	{ GET, ONE "/certificate.json", certificate_json_get, .who = SIGNED_IN,
	  .about = "The certificate as JSON" },
	{ POST, API, api_start, .who = SIGNED_IN, .proof = BY_BEARER,
	  .fields = conversion_pages_start_fields, .about = "Starts converting a tenant" },
	{ GET, API "/:id", api_one, .who = SIGNED_IN,
	  .about = "One conversion with plan and history" },
	{ GET, API "/:id/certificate", api_certificate, .who = SIGNED_IN,
	  .about = "The certificate: the very bytes that its hash is of" },
};

const struct route_table conversion_pages_routes = { routes, COUNT(routes) };
