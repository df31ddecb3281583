/* The list of conversions, the form that starts one, and the board. */
#include "convert/conversion_list_pages.h"

#include <jansson.h>
#include <stdlib.h>

#include "board_html.h"
#include "conversion_list_html.h"
#include "convert/conversion_json.h"
#include "convert/conversion_list_view.h"
#include "convert/conversion_pages.h"
#include "convert/conversion_row.h"
#include "web/web.h"

#define LIST "/partner/conversions"
#define API  "/api/v1/conversions"

struct asker conversion_list_pages_asker(const struct request *rq)
{
	const struct visitor *v = request_visitor(rq);

	return (struct asker){
		.account = v->account,
		.role = v->role == OPERATOR ? ROLE_OPERATOR : ROLE_PARTNER,
		.from = request_address(rq),
	};
}

/* A choice left open arrives as an empty word. */
static str chosen(const struct request *rq, const char *name)
{
	str value = request_query(rq, name);

	return str_is_empty(value) ? STR_NONE : value;
}

struct conversion_filter conversion_list_pages_filter(const struct request *rq)
{
	return (struct conversion_filter){
		.waits = chosen(rq, "waits"),
		.state = chosen(rq, "state"),
		.step = chosen(rq, "step"),
		.text = chosen(rq, "text"),
		.batch = chosen(rq, "batch"),
		.after = chosen(rq, "after"),
	};
}

static fault *show_list(struct request *rq, struct reply *to, struct form form, int status)
{
	struct html *page = html_open(request_arena(rq), rq);
	struct asker by = conversion_list_pages_asker(rq);
	struct conversion_filter filter = conversion_list_pages_filter(rq);
	struct conversion_list_view view = { .form = form };

	TRY(conversion_list_view_fill(request_tx(rq), &by, &filter, S(LIST), request_public_url(rq),
				      &view));
	conversion_list(page, &view);
	return reply_page(to, status, page);
}

static fault *list_get(struct request *rq, struct reply *to)
{
	return show_list(rq, to, form_open(rq, conversion_pages_start_fields), 200);
}

static fault *start_post(struct request *rq, struct reply *to)
{
	struct asker by = conversion_list_pages_asker(rq);
	struct conversion made;
	struct form form;
	bool ok;
	fault *refused;

	TRY(request_form_check(rq, &form, &ok));
	if (!ok)
		return show_list(rq, to, form, 400);
	refused = conversion_start(request_tx(rq), &by, request_form(rq, "domain"),
				   request_form(rq, "administrator"), &made);
	if (refused && (refused->kind == FAULT_INPUT || refused->kind == FAULT_CONFLICT)) {
		form_refuse(&form, "domain", str_of(refused->said));
		return show_list(rq, to, form, fault_status(refused->kind));
	}
	TRY(refused);
	return reply_go(to, LIST "/%.*s", STR(id_text(request_arena(rq), "cnv", made.id)));
}

static fault *board_get(struct request *rq, struct reply *to)
{
	struct html *page = html_open(request_arena(rq), rq);
	struct asker by = conversion_list_pages_asker(rq);
	struct board_view view = { .living = 0 };
	struct standing standing;

	TRY(standing_of(request_tx(rq), &by, STR_NONE, &standing));
	conversion_list_view_board(request_tx(rq), &by, &standing, S(LIST), &view);
	board(page, &view);
	return reply_page(to, 200, page);
}

static fault *board_version(struct request *rq, int64_t *version)
{
	struct asker by = conversion_list_pages_asker(rq);

	return standing_version(request_tx(rq), &by, version);
}

/* ---- the API ---- */

static fault *api_list(struct request *rq, struct reply *to)
{
	struct arena *a = request_arena(rq);
	struct asker by = conversion_list_pages_asker(rq);
	struct conversion_filter filter = conversion_list_pages_filter(rq);
	struct conversion_lines lines;
	str json;

	TRY(conversion_list_page(request_tx(rq), &by, &filter, &lines));
	TRY(conversion_json_lines(a, &lines, request_public_url(rq), &json));
	filter.after = lines.next;
	if (!str_is_none(lines.next))
		reply_header(to, "Link",
			     str_format(a, "<%.*s%.*s>; rel=\"next\"", STR(request_public_url(rq)),
					STR(conversion_list_view_href(a, S(API), &filter))));
	return reply_json(to, 200, json);
}

static fault *api_board(struct request *rq, struct reply *to)
{
	struct asker by = conversion_list_pages_asker(rq);
	struct standing standing;
	str json;

	TRY(standing_of(request_tx(rq), &by, STR_NONE, &standing));
	TRY(conversion_json_standing(request_arena(rq), &standing, &json));
	return reply_json(to, 200, json);
}

/* What narrows a list; the words are checked by the rule, for the terminal's sake too. */
static const struct field filter_fields[] = {
	{ .name = "waits",
	  .label = "Who is waited for",
	  .kind = FIELD_TEXT,
	  .most = 20,
	  .help = "partner, administrator, microsoft, operator, or date" },
	{ .name = "state", .label = "State", .kind = FIELD_TEXT, .most = 20 },
	{ .name = "step", .label = "Step", .kind = FIELD_TEXT, .most = 20 },
	{ .name = "text",
	  .label = "Part of the domain or the tenant's name",
	  .kind = FIELD_TEXT,
	  .most = CONVERSION_LIST_TEXT_MOST },
	{ .name = "batch",
	  .label = "The list of tenants it came with",
	  .kind = FIELD_TEXT,
	  .most = 17 },
	{ .name = "after",
	  .label = "Where the page before ended",
	  .kind = FIELD_TEXT,
	  .most = 60,
	  .help = "Take it from the Link header of the page before" },
	{ .name = NULL },
};

static const struct route routes[] = {
	{ GET, LIST, list_get, .who = SIGNED_IN, .about = "All conversions" },
	{ POST, LIST, start_post, .who = SIGNED_IN, .fields = conversion_pages_start_fields,
	  .about = "Start converting a tenant" },
	{ GET, LIST "/board", board_get, .who = SIGNED_IN, .live = board_version,
	  .about = "Where all conversions stand, live" },
	{ GET, API, api_list, .who = SIGNED_IN, .fields = filter_fields,
	  .about = "The conversions that the caller may see, 50 a page; the Link header leads on" },
	{ GET, API "/board", api_board, .who = SIGNED_IN,
	  .about = "How many conversions stand where, and since when" },
};

const struct route_table conversion_list_pages_routes = { routes, COUNT(routes) };
