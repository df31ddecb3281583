/* Many tenants at once, as pages and as JSON. */
#include "convert/batch_pages.h"

#include "batch_html.h"
#include "convert/batch_json.h"
#include "convert/conversion_list_pages.h"
#include "web/web.h"

#define MANY "/partner/conversions/many"
#define API  "/api/v1/conversions/many"

enum { LIST_MOST = 1000000, BODY_MOST = 1 << 20, LINES_SHOWN = 200 };

static const struct field many_fields[] = {
	{ .name = "tenants",
	  .label = "The tenants, one a line",
	  .kind = FIELD_TEXT,
	  .most = LIST_MOST,
	  .needed = true,
	  .help = "The domain, a comma, the administrator's e-mail address (may be left out). A "
		  "heading with the words domain and administrator is understood, and so are "
		  "semicolons, tabs and quotes. At most 5,000." },
	{ .name = "name",
	  .label = "What to call this list",
	  .kind = FIELD_TEXT,
	  .most = BATCH_NAME_MOST },
	{ .name = NULL },
};

static struct batch_shown show(struct arena *keep, const struct batch *b)
{
	return (struct batch_shown){
		.name = b->name,
		.href = str_format(keep, MANY "/%.*s", STR(id_text(keep, "bat", b->id))),
		.made_at = b->made_at,
		.lines = b->lines,
		.started = b->of[BATCH_STARTED],
		.already = b->of[BATCH_ALREADY],
		.refused = b->of[BATCH_REFUSED],
		.open = b->of[BATCH_OPEN],
	};
}

/* ---- the form ---- */

struct many {
	struct request *rq;
	struct reply *to;
	struct asker by;
	struct form form;
	int status;
};

static fault *show_many(struct tx *tx, void *with)
{
	struct many *m = with;
	struct arena *a = request_arena(m->rq);
	struct html *page = html_open(a, m->rq);
	struct batch_many_view view = { .form = m->form };
	struct batch_list list;

	TRY(batch_newest(tx, &m->by, &list));
	view.batches.at = NEW_ARRAY(a, struct batch_shown, list.len + 1);
	view.batches.len = list.len;
	for (size_t i = 0; i < list.len; i++)
		view.batches.at[i] = show(a, &list.at[i]);
	batch_many(page, &view);
	return reply_page(m->to, m->status, page);
}

static fault *many_get(struct request *rq, struct reply *to)
{
	struct many m = { rq, to, conversion_list_pages_asker(rq), form_open(rq, many_fields),
			  200 };

	return show_many(request_tx(rq), &m);
}

static fault *take(struct request *rq, const struct asker *by, struct batch *taken)
{
	return batch_take(request_store(rq), request_arena(rq), by, request_form(rq, "name"),
			  request_form(rq, "tenants"), taken);
}

/* Its transactions are the rule's own: five thousand starts in one would keep everybody waiting. */
static fault *many_post(struct request *rq, struct reply *to)
{
	struct many m = {
		.rq = rq, .to = to, .by = conversion_list_pages_asker(rq), .status = 422
	};
	struct batch taken;
	bool ok;

	TRY(request_form_check(rq, &m.form, &ok));
	if (ok) {
		fault *refused = take(rq, &m.by, &taken);

		if (!refused)
			return reply_go(to, MANY "/%.*s",
					STR(id_text(request_arena(rq), "bat", taken.id)));
		if (refused->kind != FAULT_INPUT)
			return refused;
		form_refuse(&m.form, "tenants", str_of(refused->said));
	}
	return store_run(request_store(rq), STORE_READ, request_arena(rq), "show batches",
			 show_many, &m);
}

/* ---- one of them ---- */

static fault *asked_for(struct request *rq, struct asker *by, struct batch *got)
{
	id batch;

	*by = conversion_list_pages_asker(rq);
	if (!id_from_text("bat", request_part(rq, "id"), &batch))
		return fault_new(FAULT_MISSING, "There is no such list of tenants.");
	return batch_get(request_tx(rq), by, batch, got);
}

static fault *load_lines(struct request *rq, const struct asker *by, id batch,
			 enum batch_outcome outcome, struct batch_lines_shown *shown, bool *cut)
{
	struct arena *a = request_arena(rq);
	struct batch_lines lines;

	TRY(batch_lines_of(request_tx(rq), by, batch, outcome, LINES_SHOWN + 1, &lines));
	*cut = lines.len > LINES_SHOWN;
	shown->len = *cut ? LINES_SHOWN : lines.len;
	shown->at = NEW_ARRAY(a, struct batch_line_shown, shown->len + 1);
	for (size_t i = 0; i < shown->len; i++) {
		const struct batch_line *l = &lines.at[i];

		shown->at[i] = (struct batch_line_shown){
			.line = l->line,
			.domain = l->domain,
			.said = l->said,
			.href = id_is_none(l->conversion)
					? S("")
					: str_format(a, "/partner/conversions/%.*s",
						     STR(id_text(a, "cnv", l->conversion))),
		};
	}
	return NULL;
}

static fault *one_get(struct request *rq, struct reply *to)
{
	struct arena *a = request_arena(rq);
	struct html *page = html_open(a, rq);
	struct batch_one_view view = { .may_go_on = false };
	struct standing standing;
	struct asker by;
	struct batch b;

	TRY(asked_for(rq, &by, &b));
	TRY(standing_of_a_batch(request_tx(rq), b.id, &standing));
	TRY(load_lines(rq, &by, b.id, BATCH_REFUSED, &view.refused, &view.refused_cut));
	TRY(load_lines(rq, &by, b.id, BATCH_ALREADY, &view.already, &view.already_cut));
	view.batch = show(a, &b);
	view.may_go_on = id_eq(b.partner, by.account);
	view.list = str_format(a, "/partner/conversions?batch=%.*s", STR(id_text(a, "bat", b.id)));
	conversion_list_view_board(request_tx(rq), &by, &standing, view.list, &view.board);
	batch_one(page, &view);
	return reply_page(to, 200, page);
}

static fault *one_version(struct request *rq, int64_t *version)
{
	struct asker by;
	struct batch b;

	TRY(asked_for(rq, &by, &b));
	TRY(standing_version_of_a_batch(request_tx(rq), b.id, version));
	*version += b.lines - b.of[BATCH_OPEN];
	return NULL;
}

static fault *report_get(struct request *rq, struct reply *to)
{
	struct arena *a = request_arena(rq);
	struct batch_lines lines;
	struct asker by;
	struct batch b;

	TRY(asked_for(rq, &by, &b));
	TRY(batch_lines_of(request_tx(rq), &by, b.id, BATCH_OUTCOME_COUNT, BATCH_LINES_MOST,
			   &lines));
	return reply_file(to, "text/csv; charset=utf-8",
			  str_format(a, "%.*s.csv", STR(id_text(a, "bat", b.id))),
			  batch_json_csv(a, &lines));
}

static fault *go_on_post(struct request *rq, struct reply *to)
{
	struct asker by;
	struct batch b;
	bool left;

	TRY(asked_for(rq, &by, &b));
	TRY(batch_go_on(request_tx(rq), &by, b.id, &left));
	return reply_go(to, MANY "/%.*s", STR(request_part(rq, "id")));
}

/* ---- the API ---- */

struct answering {
	struct request *rq;
	const struct asker *by;
	id batch;
	str json;
};

static fault *json_body(struct tx *tx, void *with)
{
	struct answering *answer = with;
	struct batch_lines lines;
	struct batch b;

	TRY(batch_get(tx, answer->by, answer->batch, &b));
	TRY(batch_lines_of(tx, answer->by, b.id, BATCH_OUTCOME_COUNT, BATCH_LINES_MOST, &lines));
	return batch_json_one(request_arena(answer->rq), &b, &lines, &answer->json);
}

static fault *api_post(struct request *rq, struct reply *to)
{
	struct asker by = conversion_list_pages_asker(rq);
	struct answering answer = { .rq = rq, .by = &by };
	struct batch taken;

	TRY(take(rq, &by, &taken));
	answer.batch = taken.id;
	TRY(store_run(request_store(rq), STORE_READ, request_arena(rq), "show a batch", json_body,
		      &answer));
	return reply_json(to, 201, answer.json);
}

static fault *api_one(struct request *rq, struct reply *to)
{
	struct asker by;
	struct batch b;
	struct answering answer = { .rq = rq, .by = &by };

	TRY(asked_for(rq, &by, &b));
	answer.batch = b.id;
	TRY(json_body(request_tx(rq), &answer));
	return reply_json(to, 200, answer.json);
}

static fault *api_list(struct request *rq, struct reply *to)
{
	struct asker by = conversion_list_pages_asker(rq);
	struct batch_list list;
	str json;

	TRY(batch_newest(request_tx(rq), &by, &list));
	TRY(batch_json_list(request_arena(rq), &list, &json));
	return reply_json(to, 200, json);
}

static const struct route routes[] = {
	{ GET, MANY, many_get, .who = SIGNED_IN, .about = "Hand many tenants in at once" },
	{ POST, MANY, many_post, .who = SIGNED_IN, .fields = many_fields, .own_tx = true,
	  .most_body = BODY_MOST, .about = "Start converting many tenants" },
	{ GET, MANY "/:id", one_get, .who = SIGNED_IN, .live = one_version,
	  .about = "One list of tenants: what became of its lines, live" },
	{ GET, MANY "/:id/report.csv", report_get, .who = SIGNED_IN,
	  .about = "What became of each line, as CSV" },
	{ POST, MANY "/:id/go-on", go_on_post, .who = SIGNED_IN,
	  .about = "Begin lines that are not begun yet" },
	{ GET, API, api_list, .who = SIGNED_IN, .about = "Lists of tenants handed in before" },
	{ POST, API, api_post, .who = SIGNED_IN, .proof = BY_BEARER, .fields = many_fields,
	  .own_tx = true, .most_body = BODY_MOST,
	  .about = "Starts converting many tenants; each line is reported" },
	{ GET, API "/:id", api_one, .who = SIGNED_IN,
	  .about = "One list of tenants with what became of each line" },
};

const struct route_table batch_pages_routes = { routes, COUNT(routes) };
