/* The users of a conversion whose match is not exact: foreseen before the approval, followed while
 * they change, and a file to put them back by afterwards. */
#include "convert/move_pages.h"

#include "convert/conversion_pages.h"
#include "convert/move_view.h"
#include "move_list_html.h"
#include "web/web.h"

static fault *list_get(struct request *rq, struct reply *to)
{
	struct html *page = html_open(request_arena(rq), rq);
	struct moves_shown shown;
	struct conversion c;
	struct asker by;
	int64_t number = 1;

	TRY(conversion_pages_asked(rq, &by, &c));
	if (!str_to_int64(request_query(rq, "page"), &number))
		number = 1;
	TRY(move_view_fill(request_tx(rq), &c, number, &shown));
	move_list(page, &shown);
	return reply_page(to, 200, page);
}

static fault *list_version(struct request *rq, int64_t *version)
{
	struct conversion c;
	struct asker by;

	TRY(conversion_pages_asked(rq, &by, &c));
	*version = c.version;
	return NULL;
}

static fault *load(struct request *rq, struct conversion *c, struct user_move_list *list)
{
	struct asker by;

	TRY(conversion_pages_asked(rq, &by, c));
	return user_move_list_load(request_tx(rq), c, list);
}

static fault *json_get(struct request *rq, struct reply *to)
{
	struct user_move_list list;
	struct conversion c;
	str json;

	TRY(load(rq, &c, &list));
	TRY(user_move_list_json(request_arena(rq), &c, &list, &json));
	return reply_file(to, "application/json",
			  str_format(request_arena(rq), "moves-%.*s.json", STR(c.domain)), json);
}

static fault *csv_get(struct request *rq, struct reply *to)
{
	struct user_move_list list;
	struct conversion c;

	TRY(load(rq, &c, &list));
	return reply_file(to, "text/csv; charset=utf-8",
			  str_format(request_arena(rq), "moves-%.*s.csv", STR(c.domain)),
			  user_move_list_csv(request_arena(rq), &list));
}

static fault *api_get(struct request *rq, struct reply *to)
{
	struct user_move_list list;
	struct conversion c;
	str json;

	TRY(load(rq, &c, &list));
	TRY(user_move_list_json(request_arena(rq), &c, &list, &json));
	return reply_json(to, 200, json);
}

#define ONE "/partner/conversions/:id"

static const struct route routes[] = {
	{ GET, ONE "/moves", list_get, .who = SIGNED_IN, .live = list_version,
	  .about = "What each user gets where the match is not exact" },
	{ GET, ONE "/moves.json", json_get, .who = SIGNED_IN,
	  .about = "Who changes from what to what, as JSON" },
	{ GET, ONE "/moves.csv", csv_get, .who = SIGNED_IN,
	  .about = "Who changes from what to what, for a spreadsheet" },
	{ GET, "/api/v1/conversions/:id/moves", api_get, .who = SIGNED_IN,
	  .about = "Who changes from what to what, and what was switched off before and after" },
};

const struct route_table move_pages_routes = { routes, COUNT(routes) };
