/* Everybody's conversions for operators, as pages and as JSON. */
#include "admin/conversion_desk_pages.h"

#include <jansson.h>
#include <stdlib.h>

#include "conversion_desk_html.h"
#include "convert/conversion_list_pages.h"
#include "web/web.h"

#define PAGE "/admin/conversions"
#define API  "/api/v1/admin/conversions"

static str or_empty(str s)
{
	return str_is_none(s) ? S("") : s;
}

static str href_of(struct arena *keep, id conversion)
{
	return str_format(keep, PAGE "/%.*s", STR(id_text(keep, "cnv", conversion)));
}

static str resume_of(struct arena *keep, id conversion)
{
	return str_format(keep, "%.*s/resume", STR(href_of(keep, conversion)));
}

static void show_stuck(struct arena *keep, const struct conversion_stuck *s,
		       struct conversion_desk_stuck_shown *shown)
{
	str job = id_is_none(s->job) ? S("") : id_text(keep, "job", s->job);

	*shown = (struct conversion_desk_stuck_shown){
		.title = str_is_empty(s->c.tenant_name) ? s->c.domain : s->c.tenant_name,
		.domain = s->c.domain,
		.href = href_of(keep, s->c.id),
		.partner = s->partner.name,
		.why = or_empty(s->why),
		.job = job,
		.job_href = str_format(keep, "/admin/jobs/%.*s", STR(job)),
		.resume = resume_of(keep, s->c.id),
		.since = s->since,
	};
}

/* On this desk a line leads to the operators' page of the conversion. */
static void lead_here(struct arena *keep, struct conversion_list_view *list)
{
	for (size_t i = 0; i < list->lines.len; i++) {
		struct conversion_shown *shown = &list->lines.at[i].shown;
		str name = str_part(shown->address, sizeof "/partner/conversions/" - 1,
				    shown->address.len);

		shown->address = str_format(keep, PAGE "/%.*s", STR(name));
	}
}

static fault *list_get(struct request *rq, struct reply *to)
{
	struct arena *a = request_arena(rq);
	struct html *out = html_open(a, rq);
	struct asker by = conversion_list_pages_asker(rq);
	struct conversion_filter filter = conversion_list_pages_filter(rq);
	struct conversion_desk_list_view view = { .stuck.len = 0 };
	struct conversion_stuck_list stuck;

	TRY(conversion_desk_stuck(request_tx(rq), &by, &stuck));
	TRY(conversion_list_view_fill(request_tx(rq), &by, &filter, S(PAGE), request_public_url(rq),
				      &view.list));
	lead_here(a, &view.list);
	view.stuck.at = NEW_ARRAY(a, struct conversion_desk_stuck_shown, stuck.len + 1);
	view.stuck.len = stuck.len;
	for (size_t i = 0; i < stuck.len; i++)
		show_stuck(a, &stuck.at[i], &view.stuck.at[i]);
	conversion_desk_list(out, &view);
	return reply_page(to, 200, out);
}

static fault *conversion_of(struct request *rq, id *conversion)
{
	if (id_from_text("cnv", request_part(rq, "id"), conversion))
		return NULL;
	return fault_new(FAULT_MISSING, "There is no such conversion.");
}

static fault *one_get(struct request *rq, struct reply *to)
{
	struct arena *a = request_arena(rq);
	struct html *out = html_open(a, rq);
	struct asker by = conversion_list_pages_asker(rq);
	struct conversion_desk_one_view view = { .has_job = false };
	struct conversion_desk_one one;
	id conversion;

	TRY(conversion_of(rq, &conversion));
	TRY(conversion_desk_get(request_tx(rq), &by, conversion, &one));
	conversion_view_line(a, &one.c, request_public_url(rq), &view.shown);
	view.id = id_text(a, "cnv", conversion);
	view.partner = one.partner.name;
	view.partner_email = one.partner.email;
	view.administrator = or_empty(one.c.administrator);
	view.order = or_empty(one.c.order_id);
	view.resume = resume_of(a, conversion);
	view.has_job = one.has_job;
	if (one.has_job)
		job_desk_pages_show(a, &one.job, &view.job);
	view.calls.at = one.calls.at;
	view.calls.len = one.calls.len;
	audit_desk_pages_lines(a, &one.trail, &view.trail);
	conversion_desk_one(out, &view);
	return reply_page(to, 200, out);
}

static fault *resume_post(struct request *rq, struct reply *to)
{
	struct asker by = conversion_list_pages_asker(rq);
	fault *refused;
	id conversion;

	TRY(conversion_of(rq, &conversion));
	TRY(desk_check(&by));
	refused = conversion_resume(request_tx(rq), &by, conversion);
	if (refused && refused->kind != FAULT_CONFLICT)
		return refused;
	reply_flash(to, refused ? str_of(refused->said) : S("Looking again."));
	return reply_go(to, PAGE "/%.*s", STR(request_part(rq, "id")));
}

/* ---- the API ---- */

static json_t *text(str s)
{
	return str_is_none(s) ? json_null() : json_stringn(s.at, s.len);
}

static json_t *stuck_json(struct arena *scratch, const struct conversion_stuck *s)
{
	str job = id_is_none(s->job) ? STR_NONE : id_text(scratch, "job", s->job);

	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "id",
			 text(id_text(scratch, "cnv", s->c.id)), "domain", text(s->c.domain),
			 "tenant_name", text(s->c.tenant_name), "partner", text(s->partner.email),
			 "step", text(conversion_step_word(s->c.step)), "why", text(s->why),
			 "since", text(instant_rfc3339(scratch, s->since)), "job", text(job));
}

static fault *api_stuck(struct request *rq, struct reply *to)
{
	struct asker by = conversion_list_pages_asker(rq);
	struct conversion_stuck_list stuck;

	TRY(conversion_desk_stuck(request_tx(rq), &by, &stuck));

	json_t *rows = json_array();

	for (size_t i = 0; i < stuck.len; i++)
		json_array_append_new(rows, stuck_json(request_arena(rq), &stuck.at[i]));

	char *dumped = json_dumps(rows, JSON_COMPACT);
	str body = str_copy(request_arena(rq), str_of(dumped));

	free(dumped);
	json_decref(rows);
	return reply_json(to, 200, body);
}

static const struct route routes[] = {
	{ GET, PAGE, list_get, .who = OPERATOR,
	  .about = "Everybody's conversions, and what is stuck" },
	{ GET, PAGE "/:id", one_get, .who = OPERATOR,
	  .about = "One conversion with its job, its calls and what people did" },
	{ POST, PAGE "/:id/resume", resume_post, .who = OPERATOR,
	  .about = "Look again at a conversion" },
	{ GET, API "/stuck", api_stuck, .who = OPERATOR,
	  .about = "Conversions that only an operator gets moving again" },
};

const struct route_table conversion_desk_pages_routes = { routes, COUNT(routes) };
