/* The administrator's page of one conversion: whoever knows its address may look and say “I have
 * done it”.  The acts themselves happen at Microsoft, under the administrator's own sign-in. */
#include "convert/door_pages.h"

#include "conversion_door_html.h"
#include "convert/billing_grant.h"
#include "convert/cancel_line.h"
#include "convert/certificate_reply.h"
#include "convert/conversion_view.h"
#include "web/web.h"

static fault *door_get(struct request *rq, struct reply *to)
{
	struct html *page = html_open(request_arena(rq), rq);
	struct conversion_shown shown;
	struct conversion c;

	TRY(conversion_at_door(request_tx(rq), request_part(rq, "door"), &c));
	TRY(conversion_view_fill(request_tx(rq), &c, request_public_url(rq), &shown));
	conversion_door(page, &shown);
	reply_header(to, "Referrer-Policy", S("no-referrer")); /* the address is the key */
	return reply_page(to, 200, page);
}

static fault *door_version(struct request *rq, int64_t *version)
{
	struct conversion c;

	TRY(conversion_at_door(request_tx(rq), request_part(rq, "door"), &c));
	*version = c.version;
	return NULL;
}

static fault *look_post(struct request *rq, struct reply *to)
{
	str key = request_part(rq, "door");

	TRY(conversion_knock(request_tx(rq), key));
	reply_flash(to, S("Looking. This page changes as soon as Microsoft shows it."));
	return reply_go(to, "/c/%.*s", STR(key));
}

/* Where the consent page sends the browser back to.  What it says proves nothing
 * (vendor facts §1.6): the tenant is simply read again. */
static fault *consented_get(struct request *rq, struct reply *to)
{
	str key = request_query(rq, "state");
	struct conversion c;

	if (str_is_none(key))
		return fault_new(FAULT_MISSING, "There is no such conversion.");
	TRY(conversion_at_door(request_tx(rq), key, &c));
	if (str_is_none(request_query(rq, "error")))
		TRY(conversion_knock(request_tx(rq), key));
	else
		reply_flash(
			to,
			S("Microsoft says that reading was not allowed. Nothing was changed; it "
			  "can be allowed at any time."));
	return reply_go(to, "/c/%.*s", STR(c.door));
}

/* The administrator chose to let Novate read the billing account, or to let it cancel there too. */
static fault *billing_get(struct request *rq, struct reply *to)
{
	bool cancels = str_eq(request_query(rq, "may"), S("cancel"));
	str address;

	TRY(billing_grant_go(request_tx(rq), request_part(rq, "door"), cancels, &address));
	reply_header(to, "Referrer-Policy", S("no-referrer"));
	return reply_go(to, "%.*s", STR(address));
}

/* Back from Microsoft's sign-in.  The code proves nothing before `work` has redeemed it. */
static fault *billing_back_get(struct request *rq, struct reply *to)
{
	struct conversion c;

	TRY(billing_grant_come_back(request_tx(rq), request_query(rq, "state"),
				    request_query(rq, "code"), request_query(rq, "error"), &c));
	TRY(conversion_knock(request_tx(rq), c.door));
	reply_header(to, "Referrer-Policy", S("no-referrer")); /* the code is in our address */
	return reply_go(to, "/c/%.*s", STR(c.door));
}

static fault *billing_withdraw_post(struct request *rq, struct reply *to)
{
	str key = request_part(rq, "door");

	TRY(billing_grant_withdraw(request_tx(rq), key));
	return reply_go(to, "/c/%.*s", STR(key));
}

/* Recurring billing is off, says the administrator: Graph does not show that. */
static fault *ends_post(struct request *rq, struct reply *to)
{
	str key = request_part(rq, "door");

	TRY(cancel_line_say_ends(request_tx(rq), key, request_form(rq, "subscription"),
				 str_eq(request_form(rq, "ends"), S("yes"))));
	TRY(conversion_knock(request_tx(rq), key));
	return reply_go(to, "/c/%.*s", STR(key));
}

/* The administrator's copy: the letter at the end leads here. */
static fault *certificate_pdf_get(struct request *rq, struct reply *to)
{
	struct conversion c;

	TRY(conversion_at_door(request_tx(rq), request_part(rq, "door"), &c));
	return certificate_reply_pdf(rq, to, &c);
}

static fault *certificate_json_get(struct request *rq, struct reply *to)
{
	struct conversion c;

	TRY(conversion_at_door(request_tx(rq), request_part(rq, "door"), &c));
	return certificate_reply_json(rq, to, &c);
}

static const struct route routes[] = {
	{ GET, "/c/billing", billing_back_get, .who = ANYONE, .mode = STORE_WRITE,
	  .about = "Back from Microsoft's sign-in for the billing account" },
	{ GET, "/c/:door/billing", billing_get, .who = ANYONE, .mode = STORE_WRITE,
	  .about = "To Microsoft's sign-in for the billing account" },
	{ POST, "/c/:door/billing/withdraw", billing_withdraw_post, .who = ANYONE,
	  .about = "The administrator takes the permission back" },
	{ GET, "/c/consented", consented_get, .who = ANYONE, .mode = STORE_WRITE,
	  .about = "Back from Microsoft's consent page" },
	{ GET, "/c/:door", door_get, .who = ANYONE, .live = door_version,
	  .about = "A conversion for the tenant's administrator" },
	{ GET, "/c/:door/certificate.pdf", certificate_pdf_get, .who = ANYONE,
	  .about = "The certificate, for the tenant's administrator" },
	{ GET, "/c/:door/certificate.json", certificate_json_get, .who = ANYONE,
	  .about = "The same as JSON, which can be checked" },
	{ POST, "/c/:door/ends", ends_post, .who = ANYONE,
	  .about = "The administrator turned recurring billing off, or did not" },
	{ POST, "/c/:door/look", look_post, .who = ANYONE,
	  .about = "The administrator has done it: look now" },
};

const struct route_table door_pages_routes = { routes, COUNT(routes) };
