/* What was asked of the sandbox, and one request of it. */
#include "control_requests_html.h"
#include "control_sql.h"
#include "sandbox/control.h"

static const struct {
	const char *word;
	int64_t least, most;
} statuses[] = { { "2xx", 200, 299 },
		 { "3xx", 300, 399 },
		 { "4xx", 400, 499 },
		 { "5xx", 500, 599 },
		 { "unanswered", 0, 0 } };

static struct control_request shown(struct arena *keep, const struct control_requests *row)
{
	str at = instant_rfc3339(keep, row->at);
	bool usual = str_eq(row->outcome, S("answered"));

	return (struct control_request){
		.id = id_text(keep, "req", row->id),
		.at = str_format(keep, "%.*s %.*s", STR(str_part(at, 0, 10)),
				 STR(str_part(at, 11, at.len > 24 ? 12 : 8))),
		.service = row->service,
		.method = row->method,
		.path = row->path,
		.status = row->status == 0 ? S("none") : str_format(keep, "%d", (int)row->status),
		.outcome = usual ? S("") : row->outcome,
		.request_id = row->request_id,
		.answer_id = row->answer_id,
		.bad = row->status == 0 || row->status >= 400,
		.took = str_format(keep, "%lld.%03lld ms", (long long)(row->micros / 1000),
				   (long long)(row->micros % 1000)),
	};
}

static fault *read_rows(struct request *rq, const struct control_requests_view *view,
			struct control_requests_list *rows)
{
	struct control_requests_in in = { .before = control_before(rq),
					  .service = view->service,
					  .least = 0,
					  .most = 999,
					  .words = view->words,
					  .rows = CONTROL_PAGE + 1 };

	for (size_t i = 0; i < COUNT(statuses); i++)
		if (str_eq(view->status, str_of(statuses[i].word))) {
			in.least = statuses[i].least;
			in.most = statuses[i].most;
		}
	return control_requests(request_tx(rq), &in, rows);
}

static str filter_of(struct arena *keep, const struct control_requests_view *view)
{
	return str_format(keep, "&service=%.*s&status=%.*s&words=%.*s",
			  STR(control_escaped(keep, view->service)),
			  STR(control_escaped(keep, view->status)),
			  STR(control_escaped(keep, view->words)));
}

static fault *requests(struct request *rq, struct reply *to)
{
	struct arena *keep = request_arena(rq);
	struct control_requests_view view = { .service = control_word(rq, "service"),
					      .status = control_word(rq, "status"),
					      .words = control_word(rq, "words") };
	struct control_requests_list rows;
	bool open;

	TRY(control_door(rq, to, &open));
	if (!open)
		return NULL;
	TRY(control_frame_of(rq, "Requests", CONTROL_REQUESTS, &view.frame));
	TRY(read_rows(rq, &view, &rows));
	size_t len = rows.len > CONTROL_PAGE ? CONTROL_PAGE : rows.len;
	view.requests.at = NEW_ARRAY(keep, struct control_request, len + 1);
	view.requests.len = len;
	for (size_t i = 0; i < len; i++)
		view.requests.at[i] = shown(keep, &rows.at[i]);
	if (control_before(rq) != INT64_MAX)
		view.newer = str_format(keep, "/control/requests?%.*s",
					STR(filter_of(keep, &view)));
	if (rows.len > CONTROL_PAGE)
		view.older = control_older(keep, "/control/requests", rows.at[len - 1].id,
					   filter_of(keep, &view));
	struct html *out = html_open(keep, rq);
	control_requests_page(out, &view);
	return reply_page(to, 200, out);
}

static fault *request_one(struct request *rq, struct reply *to)
{
	struct control_request_view view = { 0 };
	struct control_requests row;
	bool open, found = false;
	id which;

	TRY(control_door(rq, to, &open));
	if (!open)
		return NULL;
	if (id_from_text("req", request_part(rq, "id"), &which))
		TRY(control_request(request_tx(rq), which, &row, &found));
	if (!found)
		return fault_new(FAULT_MISSING, "This request is not, or no longer, kept.");
	TRY(control_frame_of(rq, "Request", CONTROL_REQUESTS, &view.frame));
	view.request = shown(request_arena(rq), &row);
	view.at = row.at;
	struct html *out = html_open(request_arena(rq), rq);
	control_request_page(out, &view);
	return reply_page(to, 200, out);
}

static const struct route routes[] = {
	{ GET, "/control/requests", requests, .who = ANYONE, .about = "What was asked" },
	{ GET, "/control/requests/:id", request_one, .who = ANYONE, .about = "One request" },
};
const struct route_table control_request_routes = { routes, COUNT(routes) };
