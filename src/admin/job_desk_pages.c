/* Jobs for operators, as pages and as JSON. */
#include "admin/job_desk_pages.h"

#include "admin/job_desk_json.h"
#include "convert/conversion_list_pages.h"
#include "job_desk_html.h"
#include "remote/remote.h"
#include "web/web.h"

#define PAGE "/admin/jobs"
#define API  "/api/v1/admin/jobs"

static const struct field why_fields[] = {
	{ .name = "why",
	  .label = "Why",
	  .kind = FIELD_TEXT,
	  .least = JOB_DESK_WHY_LEAST,
	  .most = JOB_DESK_WHY_MOST,
	  .needed = true,
	  .help = "Kept with the job and in the audit trail." },
	{ .name = NULL },
};

static str or_empty(str s)
{
	return str_is_none(s) ? S("") : s;
}

/* ---- what is shown ---- */

static void show_state(const struct job_shown *job, struct job_desk_shown *shown)
{
	static const struct {
		const char *look, *said;
	} states[JOB_STATE_COUNT] = {
		[JOB_WAITING] = { "", "Waiting" },
		[JOB_LEASED] = { "now", "Running" },
		[JOB_DONE] = { "done", "Done" },
		[JOB_DEAD] = { "wrong", "Dead letter" },
	};

	shown->look = states[job->state].look;
	shown->state_said = states[job->state].said;
	shown->dead = job->state == JOB_DEAD;
	shown->running = job->state == JOB_LEASED;
	shown->waiting = job->state == JOB_WAITING;
	shown->failing = !instant_is_none(job->failing_since);
	shown->since = shown->running ? job->taken_at
		       : instant_is_none(job->ended_at)
			       ? shown->failing ? job->failing_since : job->due
			       : job->ended_at;
	if (shown->waiting && shown->failing) {
		shown->look = "waits";
		shown->state_said = "Fails";
	}
}

void job_desk_pages_show(struct arena *keep, const struct job_shown *job,
			 struct job_desk_shown *shown)
{
	str name = id_text(keep, "job", job->job), about = job_desk_about(keep, job);

	*shown = (struct job_desk_shown){
		.id = name,
		.href = str_format(keep, PAGE "/%.*s", STR(name)),
		.kind = job->kind,
		.about = or_empty(about),
		.about_href = str_starts(or_empty(about), S("cnv_"))
				      ? str_format(keep, "/admin/conversions/%.*s", STR(about))
				      : S(""),
		.why = or_empty(job->why),
		.correlation = job->correlation,
		.worker = str_is_none(job->worker) ? S("a worker that is gone") : job->worker,
		.note = or_empty(job->note),
		.attempts = job->attempts,
		.tries = job->tries,
		.made = job->made,
		.due = job->due,
		.taken_at = job->taken_at,
		.failing_since = job->failing_since,
		.ended_at = job->ended_at,
	};
	show_state(job, shown);
}

static str href(struct arena *keep, str base, str view, str kind, id before)
{
	struct text made = text_open(keep);

	text_format(&made, "%.*s?view=%.*s", STR(base), STR(view));
	if (!str_is_empty(kind))
		text_format(&made, "&kind=%.*s", STR(remote_escape(keep, kind)));
	if (!id_is_none(before))
		text_format(&made, "&before=%.*s", STR(id_text(keep, "job", before)));
	return text_str(&made);
}

static void fill_tabs(struct arena *keep, enum job_desk_view here, const struct job_desk_page *page,
		      struct job_desk_list_view *view)
{
	view->tabs.at = NEW_ARRAY(keep, struct job_desk_tab, JOB_DESK_VIEW_COUNT);
	view->tabs.len = JOB_DESK_VIEW_COUNT;
	for (enum job_desk_view v = 0; v < JOB_DESK_VIEW_COUNT; v++)
		view->tabs.at[v] = (struct job_desk_tab){
			.label = job_desk_label(v),
			.href = href(keep, S(PAGE), job_desk_word(v), view->kind, ID_NONE),
			.count = page->counts[v],
			.counted = v != JOB_DESK_DONE,
			.here = v == here,
		};
}

/* Each kind once; the counts have a row for each of its states, kinds together. */
static void fill_kinds(struct arena *keep, const struct job_kind_counts *kinds,
		       struct job_desk_list_view *view)
{
	view->kinds.at = NEW_ARRAY(keep, struct job_desk_kind, kinds->len + 1);
	for (size_t i = 0; i < kinds->len; i++) {
		if (i > 0 && str_eq(kinds->at[i].kind, kinds->at[i - 1].kind))
			continue;
		view->kinds.at[view->kinds.len++] = (struct job_desk_kind){
			.kind = kinds->at[i].kind,
			.chosen = str_eq(kinds->at[i].kind, view->kind),
		};
	}
}

/* ---- asked for ---- */

struct asked {
	struct asker by;
	enum job_desk_view view;
	str kind;
	id before;
};

static fault *asked_read(struct request *rq, struct asked *asked)
{
	str before = request_query(rq, "before");

	*asked = (struct asked){ .by = conversion_list_pages_asker(rq),
				 .kind = or_empty(request_query(rq, "kind")) };
	TRY(job_desk_view_read(request_query(rq, "view"), &asked->view));
	if (!str_is_empty(before) && !id_from_text("job", before, &asked->before))
		return fault_new(FAULT_INPUT,
				 "This page of the list cannot be found. Begin at its first page.");
	return NULL;
}

static fault *no_such_job(void)
{
	return fault_new(FAULT_MISSING, "There is no such job.");
}

static fault *job_of(struct request *rq, id *job)
{
	return id_from_text("job", request_part(rq, "id"), job) ? NULL : no_such_job();
}

static fault *list_get(struct request *rq, struct reply *to)
{
	struct arena *a = request_arena(rq);
	struct html *out = html_open(a, rq);
	struct job_desk_list_view view = { .next = S(""), .first = S("") };
	struct job_desk_page page;
	struct asked asked;

	TRY(asked_read(rq, &asked));
	TRY(job_desk_page(request_tx(rq), &asked.by, asked.view, asked.kind, asked.before, &page));
	view.view = job_desk_word(asked.view);
	view.kind = asked.kind;
	fill_tabs(a, asked.view, &page, &view);
	fill_kinds(a, &page.kinds, &view);
	view.jobs.at = NEW_ARRAY(a, struct job_desk_shown, page.jobs.len + 1);
	view.jobs.len = page.jobs.len;
	for (size_t i = 0; i < page.jobs.len; i++)
		job_desk_pages_show(a, &page.jobs.at[i], &view.jobs.at[i]);
	if (!id_is_none(page.next))
		view.next = href(a, S(PAGE), view.view, view.kind, page.next);
	if (!id_is_none(asked.before))
		view.first = href(a, S(PAGE), view.view, view.kind, ID_NONE);
	job_desk_list(out, &view);
	return reply_page(to, 200, out);
}

static fault *show_one(struct request *rq, struct reply *to, id job, struct form form, int status)
{
	struct arena *a = request_arena(rq);
	struct html *out = html_open(a, rq);
	struct asker by = conversion_list_pages_asker(rq);
	struct job_desk_one_view view = { .form = form };
	struct job_desk_one one;

	TRY(job_desk_get(request_tx(rq), &by, job, &one));
	job_desk_pages_show(a, &one.job, &view.job);
	view.failures.at = one.failures.at;
	view.failures.len = one.failures.len;
	audit_desk_pages_lines(a, &one.trail, &view.trail);
	job_desk_one(out, &view);
	return reply_page(to, status, out);
}

static fault *one_get(struct request *rq, struct reply *to)
{
	id job;

	TRY(job_of(rq, &job));
	return show_one(rq, to, job, form_open(rq, why_fields), 200);
}

static fault *go_back(struct request *rq, struct reply *to)
{
	return reply_go(to, PAGE "/%.*s", STR(request_part(rq, "id")));
}

static fault *resubmit_post(struct request *rq, struct reply *to)
{
	struct asker by = conversion_list_pages_asker(rq);
	fault *refused;
	id job;

	TRY(job_of(rq, &job));
	refused = job_desk_resubmit(request_tx(rq), &by, job);
	if (refused && refused->kind != FAULT_CONFLICT)
		return refused;
	reply_flash(to,
		    refused ? str_of(refused->said) : S("It is tried again from its beginning."));
	return go_back(rq, to);
}

static fault *give_up_post(struct request *rq, struct reply *to)
{
	struct asker by = conversion_list_pages_asker(rq);
	struct form form;
	fault *refused;
	bool ok;
	id job;

	TRY(job_of(rq, &job));
	TRY(request_form_check(rq, &form, &ok));
	if (!ok)
		return show_one(rq, to, job, form, 422);
	refused = job_desk_give_up(request_tx(rq), &by, job, request_form(rq, "why"));
	if (refused && refused->kind != FAULT_CONFLICT)
		return refused;
	reply_flash(to, refused ? str_of(refused->said) : S("The job is given up."));
	return go_back(rq, to);
}

/* ---- the API ---- */

static fault *api_list(struct request *rq, struct reply *to)
{
	struct arena *a = request_arena(rq);
	struct job_desk_page page;
	struct asked asked;
	str json;

	TRY(asked_read(rq, &asked));
	TRY(job_desk_page(request_tx(rq), &asked.by, asked.view, asked.kind, asked.before, &page));
	if (!id_is_none(page.next))
		reply_header(to, "Link",
			     str_format(a, "<%.*s%.*s>; rel=\"next\"", STR(request_public_url(rq)),
					STR(href(a, S(API), job_desk_word(asked.view), asked.kind,
						 page.next))));

	TRY(job_desk_json_list(a, &page.jobs, &json));
	return reply_json(to, 200, json);
}

static fault *api_answer_one(struct request *rq, struct reply *to, id job)
{
	struct asker by = conversion_list_pages_asker(rq);
	struct job_desk_one one;
	str json;

	TRY(job_desk_get(request_tx(rq), &by, job, &one));
	TRY(job_desk_json_one(request_arena(rq), &one, &json));
	return reply_json(to, 200, json);
}

static fault *api_one(struct request *rq, struct reply *to)
{
	id job;

	TRY(job_of(rq, &job));
	return api_answer_one(rq, to, job);
}

static fault *api_resubmit(struct request *rq, struct reply *to)
{
	struct asker by = conversion_list_pages_asker(rq);
	id job;

	TRY(job_of(rq, &job));
	TRY(job_desk_resubmit(request_tx(rq), &by, job));
	return api_answer_one(rq, to, job);
}

static fault *api_give_up(struct request *rq, struct reply *to)
{
	struct asker by = conversion_list_pages_asker(rq);
	id job;

	TRY(job_of(rq, &job));
	TRY(job_desk_give_up(request_tx(rq), &by, job, request_form(rq, "why")));
	return api_answer_one(rq, to, job);
}

static const char *const view_words[] = {
#define X(name, word, label, state) word,
	JOB_DESK_VIEWS(X)
#undef X
		NULL
};
static const struct field list_fields[] = {
	{ .name = "view",
	  .label = "Which jobs",
	  .kind = FIELD_CHOICE,
	  .choices = view_words,
	  .help = "Dead letters when it is left out" },
	{ .name = "kind", .label = "Kind of job", .kind = FIELD_TEXT, .most = 60 },
	{ .name = "before",
	  .label = "Where the page before ended",
	  .kind = FIELD_TEXT,
	  .most = 17,
	  .help = "Take it from the Link header of the page before" },
	{ .name = NULL },
};

static const struct route routes[] = {
	{ GET, PAGE, list_get, .who = OPERATOR, .about = "Jobs: dead, stuck, running, waiting" },
	{ GET, PAGE "/:id", one_get, .who = OPERATOR, .about = "One job with its failed tries" },
	{ POST, PAGE "/:id/resubmit", resubmit_post, .who = OPERATOR,
	  .about = "Do a dead letter again" },
	{ POST, PAGE "/:id/give-up", give_up_post, .who = OPERATOR, .fields = why_fields,
	  .about = "Give a job up, with a reason" },
	{ GET, API, api_list, .who = OPERATOR, .fields = list_fields,
	  .about = "Jobs, newest first, 50 a page; the Link header leads on" },
	{ GET, API "/:id", api_one, .who = OPERATOR, .about = "One job with its failed tries" },
	{ POST, API "/:id/resubmit", api_resubmit, .who = OPERATOR, .proof = BY_BEARER,
	  .about = "Does a dead letter again from its beginning" },
	{ POST, API "/:id/give-up", api_give_up, .who = OPERATOR, .proof = BY_BEARER,
	  .fields = why_fields, .about = "Gives a job up, with a reason" },
};

const struct route_table job_desk_pages_routes = { routes, COUNT(routes) };
