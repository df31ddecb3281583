/* Any request line, headers and body get one answer; nothing is believed before it was checked, and
 * what was typed comes back in a page as text.  The first line is the request line, then headers up
 * to an empty line, then the body. */
#include "fuzz.h"

#include "base/log.h"
#include "base/world.h"
#include "fuzz_canary.h"
#include "fuzz_request_page_html.h"
#include "web/guard.h"
#include "web/layout.h"
#include "web/web.h"

static const char *const colors[] = { "red", "blue", NULL };
static const struct field fields[] = { { "a", "A", FIELD_TEXT, 2, 300 },
				       { "e", "E", FIELD_EMAIL, 0, 100 },
				       { "n", "N", FIELD_COUNT, 1, 99 },
				       { "d", "D", FIELD_DOMAIN, 0, 100, .needed = true },
				       { "c", "C", FIELD_CHOICE, .choices = colors },
				       { "t", "T", FIELD_TICK },
				       { "p", "P", FIELD_PASSWORD, 3, 9 },
				       { 0 } };

/* What a handler is told to be well is within the table's bounds. */
static void check_form(struct request *rq)
{
	str count = request_form(rq, "n"), mail = request_form(rq, "e");
	str domain = request_form(rq, "d"), color = request_form(rq, "c");
	int64_t number;

	HOLDS(str_is_empty(count) || (str_to_int64(count, &number) && number >= 1 && number <= 99));
	HOLDS(str_is_empty(mail) || (str_find(mail, S("@")) > 0 && str_find(mail, S("\n")) < 0));
	HOLDS(str_find(domain, S(".")) > 0 && str_find(domain, S("/")) < 0);
	HOLDS(str_is_empty(color) || str_eq(color, S("red")) || str_eq(color, S("blue")));
	HOLDS(request_form(rq, "p").len <= 9 * 4);
}

static fault *show(struct request *rq, struct reply *to)
{
	str part = request_part(rq, "id"), query = request_query(rq, "q");
	str flash = request_flash(rq), cookie = request_cookie(rq, "k");
	struct html *page = html_open(request_arena(rq), rq);
	struct form form = form_open(rq, fields);
	bool ok = false;

	HOLDS(str_is_utf8(part) && str_is_utf8(query) && str_is_utf8(cookie) && str_is_utf8(flash));
	HOLDS(str_find(request_path(rq), S("/../")) < 0);
	if (request_method(rq) == POST)
		TRY(request_form_check(rq, &form, &ok));
	reply_header(to, "X-Query", query);
	reply_cookie(to, "part", part, 60);
	reply_flash(to, query);
	if (ok) {
		check_form(rq);
		return reply_go(to, "/%.*s", STR(query));
	}
	fuzz_request_page(page, &form, query);
	return reply_page(to, 200, page);
}

static const struct route routes[] = {
	{ GET, "/x/:id", show, .who = ANYONE },
	{ POST, "/x/:id", show, .who = ANYONE, .proof = BY_NOTHING, .fields = fields },
	{ POST, "/y", show, .who = ANYONE, .fields = fields },
	{ PUT, "/y", show, .who = PARTNER, .proof = BY_BEARER },
};
static const struct route_table tables[] = { { routes, COUNT(routes) } };

static void check_answer(const struct web_exchange *x)
{
	HOLDS(x->status >= 200 && x->status < 500);
	for (size_t i = 0; i < x->answer_header_count; i++) {
		str value = x->answer_headers[i].value;
		for (size_t c = 0; c < value.len; c++)
			HOLDS((unsigned char)value.at[c] >= 0x20 && value.at[c] != 0x7f);
	}
	if (str_starts(x->type, S("text/html")))
		fuzz_canary_stays_text(x->answer);
}

/* What is let through has one host, one length and a target without spaces. */
static bool guard_lets(const struct guard_request *rq)
{
	int status = 0, hosts = 0, lengths = 0;

	if (guard_check(rq, &status)) {
		HOLDS(status >= 400 && status < 600);
		return false;
	}
	for (size_t i = 0; i < rq->headers.len; i++) {
		str name = rq->headers.at[i].name;

		hosts += str_eq_nocase(name, S("Host"));
		lengths += str_eq_nocase(name, S("Content-Length")) ||
			   str_eq_nocase(name, S("Transfer-Encoding"));
	}
	HOLDS(lengths <= 1 && (hosts == 1 || str_eq(rq->version, S("HTTP/1.0"))));
	HOLDS(str_starts(rq->target, S("/")) && str_find(rq->target, S("\n")) < 0 &&
	      str_find(rq->target, S(" ")) < 0);
	return true;
}

static enum method method_of(str word)
{
	return str_eq(word, S("POST")) ? POST : str_eq(word, S("PUT")) ? PUT : GET;
}

static void answer(struct arena *a, const struct guard_request *asked, str body)
{
	struct log_pair *headers = NEW_ARRAY(a, struct log_pair, asked->headers.len + 1);
	struct world_seeded world;
	struct web_settings settings = { .world = &world.world,
					 .fault_page = layout_fault_page,
					 .tables = tables,
					 .table_count = COUNT(tables) };
	struct web_exchange x = { .method = method_of(asked->method),
				  .target = asked->target,
				  .headers = headers,
				  .header_count = asked->headers.len,
				  .body = body };

	for (size_t i = 0; i < asked->headers.len; i++)
		headers[i] = (struct log_pair){ str_cstr(a, asked->headers.at[i].name),
						asked->headers.at[i].value };
	world_seeded_open(&world, 1, (instant){ .micros = 0 });
	HOLDS(!web_exchange(&settings, a, &x));
	check_answer(&x);
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	DEFER(arena_end) struct arena *a = arena_open();
	str rest = fuzz_input(at, len), first = S(""), line, name;
	struct guard_request rq = { .most_body = 1000 };

	log_open(world_of_system(), LOG_ERROR, "fuzz");
	if (!str_next(&rest, '\n', &first) || !str_next(&first, ' ', &rq.method) ||
	    !str_next(&first, ' ', &rq.target))
		return 0;
	rq.version = first;
	while (str_next(&rest, '\n', &line) && line.len)
		if (str_next(&line, ':', &name) && rq.headers.len < HEADERS_MOST)
			(void)pairs_add(&rq.headers, a, name, str_trim(line));
	if (guard_lets(&rq))
		answer(a, &rq, rest);
	return 0;
}
