/* Every letter of a conversion, for its partner and for operators, before it is sent. */
#include "convert/notice_pages.h"

#include "convert/conversion_pages.h"
#include "convert/notice_view.h"
#include "notice_list_html.h"
#include "web/web.h"

static fault *letters_get(struct request *rq, struct reply *to)
{
	struct html *page = html_open(request_arena(rq), rq);
	struct notices_shown shown;
	struct conversion c;
	struct asker by;

	TRY(conversion_pages_asked(rq, &by, &c));
	TRY(notice_view_fill(request_tx(rq), &c, request_public_url(rq), by.role == ROLE_OPERATOR,
			     &shown));
	notice_list(page, &shown);
	return reply_page(to, 200, page);
}

static const struct route routes[] = {
	{ GET, "/partner/conversions/:id/letters", letters_get, .who = SIGNED_IN,
	  .about = "The letters of a conversion, as they would be sent" },
};

const struct route_table notice_pages_routes = { routes, COUNT(routes) };
