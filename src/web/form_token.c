/* A form proves that our own page sent it: for a known visitor by the token of the session, for a
 * stranger by a cookie and the proof of that cookie in the form (double submit, bound to us). */
#include "form_token_html.h"
#include "web/exchange.h"
#include "web/html.h"
#include "web/seal.h"

static const char cookie_name[] = "novate_form";

/* What a form of this visitor must carry; none when a stranger has no cookie yet. */
static str wanted(const struct request *rq)
{
	if (rq->visitor.form_token.len)
		return rq->visitor.form_token;
	str cookie = request_cookie(rq, cookie_name);
	return cookie.len ? seal_proof(rq->site, rq->arena, "form", cookie) : STR_NONE;
}

/* Several forms on one page share the cookie. */
static str token_for(const struct request *rq)
{
	str token = wanted(rq);

	if (token.len)
		return token;
	if (str_is_none(rq->to->form_cookie)) {
		rq->to->form_cookie = world_token(rq->site->settings.world, rq->arena, 18);
		reply_cookie(rq->to, cookie_name, rq->to->form_cookie, (int64_t)24 * 60 * 60);
	}
	return seal_proof(rq->site, rq->arena, "form", rq->to->form_cookie);
}

void form_token(struct html *out)
{
	form_token_field(out, out->for_request ? token_for(out->for_request) : S(""));
}

static bool comes_from_elsewhere(const struct request *rq)
{
	str site = request_header(rq, "Sec-Fetch-Site");

	return str_eq(site, S("cross-site")) || str_eq(site, S("same-site"));
}

fault *form_token_check(struct request *rq)
{
	str want = wanted(rq), given = request_form(rq, "form_token");

	if (str_is_none(given))
		given = request_header(rq, "X-Form-Token");
	if (want.len && seal_same(want, given) && !comes_from_elsewhere(rq))
		return NULL;
	return fault_note(fault_new(FAULT_DENIED,
				    "This form is too old or was not ours. Open the page again and "
				    "send it once more."),
			  "form token %s", str_is_empty(given) ? "missing" : "wrong");
}
