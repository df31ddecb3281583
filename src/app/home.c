#include "app/home.h"

#include "app/site.h"
#include "home_html.h"
#include "web/html.h"
#include "web/web.h"

static fault *home(struct request *rq, struct reply *to)
{
	struct html *page = html_open(request_arena(rq), rq);
	const struct visitor *visitor = request_visitor(rq);

	home_page(page, &(struct home_view){
				.name = id_is_none(visitor->account) ? S("") : visitor->name });
	return reply_page(to, 200, page);
}

static const struct route routes[] = {
	{ GET, "/", home, .who = ANYONE, .about = "What Novate is" },
};

const struct route_table home_routes = { routes, COUNT(routes) };
