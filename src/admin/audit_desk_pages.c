/* The audit trail as a page and as JSON. */
#include "admin/audit_desk_pages.h"

#include "audit_desk_html.h"
#include "convert/conversion_list_pages.h"
#include "remote/remote.h"
#include "web/web.h"

#define PAGE "/admin/audit"
#define API  "/api/v1/admin/audit"

static const struct {
	const char *name;
	size_t at;
} words[] = {
	{ "who", offsetof(struct audit_question, who) },
	{ "did", offsetof(struct audit_question, did) },
	{ "about", offsetof(struct audit_question, about) },
	{ "from", offsetof(struct audit_question, from) },
	{ "since", offsetof(struct audit_question, since) },
	{ "until", offsetof(struct audit_question, until) },
	{ "before", offsetof(struct audit_question, before) },
};

static str *word_of(struct audit_question *asked, size_t i)
{
	return (str *)(void *)((char *)asked + words[i].at);
}

static struct audit_question asked_by(const struct request *rq)
{
	struct audit_question asked = { .most = 0 };

	for (size_t i = 0; i < COUNT(words); i++) {
		str value = request_query(rq, words[i].name);

		*word_of(&asked, i) = str_is_none(value) ? S("") : value;
	}
	return asked;
}

static str href(struct arena *keep, str base, struct audit_question asked, str before)
{
	struct text made = text_open(keep);
	const char *between = "?";

	asked.before = before;
	text_add(&made, base);
	for (size_t i = 0; i < COUNT(words); i++) {
		if (str_is_empty(*word_of(&asked, i)))
			continue;
		text_format(&made, "%s%s=%.*s", between, words[i].name,
			    STR(remote_escape(keep, *word_of(&asked, i))));
		between = "&";
	}
	return text_str(&made);
}

static str or_empty(str s)
{
	return str_is_none(s) ? S("") : s;
}

static str about_href(struct arena *keep, str about)
{
	id any;

	if (id_from_text("cnv", about, &any))
		return str_format(keep, "/admin/conversions/%.*s", STR(about));
	if (id_from_text("job", about, &any))
		return str_format(keep, "/admin/jobs/%.*s", STR(about));
	return S("");
}

void audit_desk_pages_lines(struct arena *keep, const struct audit_list *list,
			    struct audit_desk_lines *lines)
{
	lines->at = NEW_ARRAY(keep, struct audit_desk_line, list->len + 1);
	lines->len = list->len;
	for (size_t i = 0; i < list->len; i++) {
		const struct audit_shown *l = &list->at[i];

		lines->at[i] = (struct audit_desk_line){
			.at = l->at,
			.who = str_is_none(l->email) ? S("–") : l->email,
			.did = l->did,
			.about = l->about,
			.about_href = about_href(keep, l->about),
			.from = or_empty(l->from),
			.why = or_empty(l->why),
		};
	}
}

static fault *trail_get(struct request *rq, struct reply *to)
{
	struct arena *a = request_arena(rq);
	struct html *out = html_open(a, rq);
	struct asker by = conversion_list_pages_asker(rq);
	struct audit_desk_view view = { .asked = asked_by(rq), .next = S(""), .first = S("") };
	struct audit_page page;
	fault *wrong = audit_desk_page(request_tx(rq), &by, &view.asked, &page);

	if (wrong && wrong->kind != FAULT_INPUT)
		return wrong;
	if (wrong)
		view.said = str_of(wrong->said);
	audit_desk_pages_lines(a, &page.lines, &view.lines);
	if (!id_is_none(page.next))
		view.next = href(a, S(PAGE), view.asked, id_text(a, "aud", page.next));
	if (view.asked.before.len)
		view.first = href(a, S(PAGE), view.asked, S(""));
	audit_desk(out, &view);
	return reply_page(to, wrong ? 400 : 200, out);
}

static fault *api_trail(struct request *rq, struct reply *to)
{
	struct arena *a = request_arena(rq);
	struct asker by = conversion_list_pages_asker(rq);
	struct audit_question asked = asked_by(rq);
	struct audit_page page;
	str json, next;

	TRY(audit_desk_page(request_tx(rq), &by, &asked, &page));
	TRY(audit_desk_json(a, &page.lines, &json));
	if (!id_is_none(page.next)) {
		next = href(a, S(API), asked, id_text(a, "aud", page.next));
		reply_header(to, "Link",
			     str_format(a, "<%.*s%.*s>; rel=\"next\"", STR(request_public_url(rq)),
					STR(next)));
	}
	return reply_json(to, 200, json);
}

static const struct field fields[] = {
	{ .name = "who", .label = "An account's address", .kind = FIELD_TEXT, .most = 254 },
	{ .name = "did", .label = "What was done", .kind = FIELD_TEXT, .most = 60 },
	{ .name = "about", .label = "About what", .kind = FIELD_TEXT, .most = 254 },
	{ .name = "from", .label = "From where", .kind = FIELD_TEXT, .most = 60 },
	{ .name = "since", .label = "From this day on", .kind = FIELD_TEXT, .most = 10 },
	{ .name = "until", .label = "Up to this day", .kind = FIELD_TEXT, .most = 10 },
	{ .name = "before",
	  .label = "Where the page before ended",
	  .kind = FIELD_TEXT,
	  .most = 17,
	  .help = "Take it from the Link header of the page before" },
	{ .name = NULL },
};

static const struct route routes[] = {
	{ GET, PAGE, trail_get, .who = OPERATOR, .about = "Who did what, newest first" },
	{ GET, API, api_trail, .who = OPERATOR, .fields = fields,
	  .about = "The audit trail, newest first, 50 a page; the Link header leads on" },
};

const struct route_table audit_desk_pages_routes = { routes, COUNT(routes) };
