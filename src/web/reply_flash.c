/* A sentence for the next page: a short-lived sealed cookie, taken back when it was shown. */
#include "web/exchange.h"
#include "web/seal.h"

static const char cookie_name[] = "novate_flash";

void reply_flash(struct reply *to, str said)
{
	struct arena *keep = to->rq->arena;

	if (said.len > 1000)
		said = S("Done.");
	reply_cookie(to, cookie_name, seal_close(to->rq->site, keep, "flash", said), 60);
}

str request_flash(const struct request *rq)
{
	str cookie = request_cookie(rq, cookie_name), said;

	if (str_is_none(cookie))
		return STR_NONE;
	reply_cookie(rq->to, cookie_name, S(""), 0);
	return seal_open(rq->site, rq->arena, "flash", cookie, &said) ? said : STR_NONE;
}
