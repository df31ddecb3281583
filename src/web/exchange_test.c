#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/world.h"
#include "web/asset.h"
#include "web/html.h"
#include "web/web.h"

/* Requests without a socket, on a server whose door knows three names. */

static struct arena *arena;
static struct world_seeded world;
static int runs;

static fault *door_of_test(struct tx *tx, str cookie, str bearer, struct visitor *who)
{
	(void)tx;
	if (str_eq(cookie, S("ada")) || str_eq(bearer, S("ada-token")))
		*who = (struct visitor){ .account = { .n = 1 },
					 .role = PARTNER,
					 .name = S("Ada"),
					 .form_token = S("ada-form") };
	else if (str_eq(cookie, S("oscar")))
		*who = (struct visitor){ .account = { .n = 2 },
					 .role = OPERATOR,
					 .name = S("Oscar"),
					 .form_token = S("oscar-form") };
	return NULL;
}

static fault *say_ok(struct request *rq, struct reply *to)
{
	(void)rq;
	runs++;
	return reply_text(to, 200, "text/plain", S("ok"));
}

static fault *say_part(struct request *rq, struct reply *to)
{
	return reply_text(to, 200, "text/plain", request_part(rq, "code"));
}

static fault *say_query(struct request *rq, struct reply *to)
{
	return reply_text(to, 200, "text/plain", request_query(rq, "q"));
}

static fault *show_form(struct request *rq, struct reply *to)
{
	struct html *page = html_open(request_arena(rq), rq);

	form_token(page);
	str said = request_flash(rq);
	html_put(page, said);
	return reply_page(to, 200, page);
}

static fault *take_form(struct request *rq, struct reply *to)
{
	runs++;
	reply_flash(to, S("Taken: \xc3\xa9."));
	return reply_go(to, "/form?n=%d", (int)request_form(rq, "name").len);
}

static fault *fail_input(struct request *rq, struct reply *to)
{
	(void)rq;
	reply_header(to, "X-Half", S("done"));
	return fault_new(FAULT_INPUT, "Say \"please\".");
}

static fault *fail_bug(struct request *rq, struct reply *to)
{
	(void)rq;
	(void)to;
	return fault_new(FAULT_BUG, "the secret inside");
}

static fault *say_nothing(struct request *rq, struct reply *to)
{
	(void)rq;
	(void)to;
	return NULL;
}

static fault *go_far(struct request *rq, struct reply *to)
{
	return reply_go(to, "/x?y=%.*s", STR(request_query(rq, "q")));
}

static fault *set_header(struct request *rq, struct reply *to)
{
	reply_header(to, "X-Said", request_query(rq, "q"));
	return reply_file(to, "text/csv", S("a\"b\r\n.csv"), S("x"));
}

static fault *version(struct request *rq, int64_t *out)
{
	(void)rq;
	*out = 42;
	return NULL;
}

static const struct route routes[] = {
	{ GET, "/forgotten", say_ok },
	{ GET, "/open", say_ok, .who = ANYONE },
	{ GET, "/partner", say_ok, .who = PARTNER },
	{ GET, "/admin", say_ok, .who = OPERATOR },
	{ GET, "/mine", say_ok, .who = SIGNED_IN },
	{ POST, "/mine", take_form, .who = SIGNED_IN },
	{ GET, "/l/:code", say_part, .who = ANYONE },
	{ GET, "/l/new", say_query, .who = ANYONE },
	{ GET, "/form", show_form, .who = ANYONE },
	{ POST, "/form", take_form, .who = ANYONE },
	{ POST, "/hook", say_ok, .who = ANYONE, .proof = BY_NOTHING },
	{ POST, "/api/v1/things", say_ok, .who = PARTNER, .proof = BY_BEARER },
	{ GET, "/api/v1/input", fail_input, .who = ANYONE },
	{ GET, "/api/v1/bug", fail_bug, .who = ANYONE },
	{ GET, "/input", fail_input, .who = ANYONE },
	{ GET, "/nothing", say_nothing, .who = ANYONE },
	{ GET, "/far", go_far, .who = ANYONE },
	{ GET, "/header", set_header, .who = ANYONE },
	{ GET, "/live", say_ok, .who = PARTNER, .live = version },
};
static const struct route_table tables[] = { { routes, COUNT(routes) } };

static const struct asset files[] = {
	{ .name = "a.css",
	  .type = "text/css",
	  .hash = "0123456789abcdef",
	  .bytes = { "plain", 5 },
	  .gzip = { "gz", 2 },
	  .brotli = { "b", 1 } },
};
static const struct assets assets = { files, COUNT(files) };

static struct web_settings settings;

static int open_world(void **state)
{
	(void)state;
	arena = arena_open();
	world_seeded_open(&world, 7, (instant){ .micros = 1770112961000000 });
	settings = (struct web_settings){
		.world = &world.world,
		.door = door_of_test,
		.tables = tables,
		.table_count = COUNT(tables),
		.session_cookie = "novate_session",
		.sign_in = "/sign-in",
		.assets = &assets,
	};
	runs = 0;
	return 0;
}

static int close_world(void **state)
{
	(void)state;
	arena_close(arena);
	return 0;
}

struct asked {
	enum method method;
	const char *target, *cookie, *bearer, *accept, *body, *type;
};

static struct web_exchange ask(struct asked a)
{
	struct log_pair headers[8];
	struct web_exchange x = { .method = a.method, .target = str_of(a.target) };

	x.headers = headers;
	if (a.cookie)
		headers[x.header_count++] = (struct log_pair){ "Cookie", str_of(a.cookie) };
	if (a.bearer)
		headers[x.header_count++] = (struct log_pair){ "Authorization", str_of(a.bearer) };
	if (a.accept)
		headers[x.header_count++] = (struct log_pair){ "Accept", str_of(a.accept) };
	if (a.body)
		headers[x.header_count++] = (struct log_pair){
			"Content-Type",
			a.type ? str_of(a.type) : S("application/x-www-form-urlencoded"),
		};
	x.body = a.body ? str_of(a.body) : STR_NONE;
	assert_null(web_exchange(&settings, arena, &x));
	x.headers = NULL;
	return x;
}

static str header(const struct web_exchange *x, const char *name)
{
	for (size_t i = 0; i < x->answer_header_count; i++)
		if (strcmp(x->answer_headers[i].key, name) == 0)
			return x->answer_headers[i].value;
	return STR_NONE;
}

static void holds(str text, const char *part)
{
	if (str_find(text, str_of(part)) < 0)
		fail_msg("\"%.*s\" does not hold \"%s\"", STR(text), part);
}

#define ADA   "novate_session=ada"
#define OSCAR "novate_session=oscar"

static void rights_are_checked_before_the_handler(void **state)
{
	static const struct {
		const char *path, *cookie;
		int status;
	} rows[] = {
		{ "/forgotten", NULL, 403 },  { "/forgotten", ADA, 403 },
		{ "/forgotten", OSCAR, 403 }, { "/open", NULL, 200 },
		{ "/open", ADA, 200 },	      { "/partner", NULL, 303 },
		{ "/partner", ADA, 200 },     { "/partner", OSCAR, 403 },
		{ "/admin", NULL, 303 },      { "/admin", ADA, 403 },
		{ "/admin", OSCAR, 200 },     { "/mine", NULL, 303 },
		{ "/mine", ADA, 200 },	      { "/mine", OSCAR, 200 },
		{ "/mine", "x=ada", 303 },
	};

	(void)state;
	for (size_t r = 0; r < COUNT(rows); r++) {
		runs = 0;
		struct web_exchange x = ask(
			(struct asked){ .target = rows[r].path, .cookie = rows[r].cookie });
		if (x.status != rows[r].status || runs != (rows[r].status == 200))
			fail_msg("%s as %s: %d, %d runs", rows[r].path,
				 rows[r].cookie ? rows[r].cookie : "a stranger", x.status, runs);
	}
}

static void a_stranger_is_sent_to_sign_in_and_back(void **state)
{
	struct web_exchange x = ask((struct asked){ .target = "/partner?a=1&b=2" });

	(void)state;
	assert_int_equal(x.status, 303);
	holds(header(&x, "Location"), "/sign-in?next=/partner?a=1%26b=2");
	x = ask((struct asked){ .target = "/partner", .accept = "application/json" });
	assert_int_equal(x.status, 401);
}

static void paths_are_matched_by_segment(void **state)
{
	static const struct {
		enum method method;
		const char *target;
		int status;
		const char *answer;
	} rows[] = {
		{ GET, "/l/abc", 200, "abc" },
		{ GET, "/l/a%20b", 200, "a b" },
		{ GET, "/l/a%2Fb", 200, "a/b" },
		{ GET, "/l/new?q=1+2%2B", 200, "1 2+" },
		{ GET, "/l/", 404, NULL },
		{ GET, "/l", 404, NULL },
		{ GET, "/l/a/b", 404, NULL },
		{ GET, "/open/", 404, NULL },
		{ GET, "//open", 404, NULL },
		{ GET, "/l/../open", 400, NULL },
		{ GET, "/l/%2e%2e", 400, NULL },
		{ GET, "/l/%zz", 400, NULL },
		{ GET, "/l/%ff", 400, NULL },
		{ GET, "/l/%00", 400, NULL },
		{ GET, "/l/new?q=%", 400, NULL },
		{ HEAD, "/open", 200, "ok" },
		{ PUT, "/open", 405, NULL },
		{ DELETE, "/nowhere", 404, NULL },
		{ GET, "/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o", 404, NULL },
	};

	(void)state;
	for (size_t r = 0; r < COUNT(rows); r++) {
		struct web_exchange x = ask(
			(struct asked){ .method = rows[r].method, .target = rows[r].target });
		if (x.status != rows[r].status)
			fail_msg("%s: %d", rows[r].target, x.status);
		if (rows[r].answer && !str_eq(x.answer, str_of(rows[r].answer)))
			fail_msg("%s: %.*s", rows[r].target, STR(x.answer));
	}
	struct web_exchange x = ask((struct asked){ .method = DELETE, .target = "/form" });
	assert_string_equal(str_cstr(arena, header(&x, "Allow")), "GET, POST, HEAD");
}

static void a_form_needs_its_token(void **state)
{
	static const struct {
		const char *path, *cookie, *bearer, *body;
		int status;
	} rows[] = {
		{ "/mine", ADA, NULL, "name=x", 403 },
		{ "/mine", ADA, NULL, "name=x&form_token=oscar-form", 403 },
		{ "/mine", ADA, NULL, "name=x&form_token=", 403 },
		{ "/mine", ADA, NULL, "name=x&form_token=ada-form", 303 },
		{ "/form", NULL, NULL, "name=x&form_token=anything", 403 },
		{ "/form", "novate_form=abc", NULL, "name=x&form_token=abc", 403 },
		{ "/hook", NULL, NULL, "name=x", 200 },
		/* A cookie does not stand for a token of the API. */
		{ "/api/v1/things", ADA, NULL, "name=x", 401 },
		{ "/api/v1/things", NULL, "Bearer wrong", "name=x", 401 },
		{ "/api/v1/things", NULL, "Bearer ada-token", "name=x", 200 },
	};

	(void)state;
	for (size_t r = 0; r < COUNT(rows); r++) {
		struct web_exchange x = ask((struct asked){ .method = POST,
							    .target = rows[r].path,
							    .cookie = rows[r].cookie,
							    .bearer = rows[r].bearer,
							    .body = rows[r].body });
		if (x.status != rows[r].status)
			fail_msg("%s with %s: %d", rows[r].path, rows[r].body, x.status);
	}
	assert_int_equal(runs, 3);
}

/* The value between two marks of a text. */
static str between(str text, const char *from, const char *to)
{
	ptrdiff_t at = str_find(text, str_of(from));

	assert_true(at >= 0);
	str rest = str_part(text, (size_t)at + strlen(from), text.len);
	ptrdiff_t end = str_find(rest, str_of(to));
	assert_true(end >= 0);
	return str_part(rest, 0, (size_t)end);
}

static void a_stranger_can_send_the_form_that_was_shown(void **state)
{
	struct web_exchange x = ask((struct asked){ .target = "/form" });
	str cookie = between(header(&x, "Set-Cookie"), "novate_form=", ";");
	str token = between(x.answer, "value=\"", "\"");

	(void)state;
	struct asked again = {
		.method = POST,
		.target = "/form",
		.cookie = str_cstr(arena, str_format(arena, "novate_form=%.*s", STR(cookie))),
		.body = str_cstr(arena, str_format(arena, "name=abc&form_token=%.*s", STR(token))),
	};
	x = ask(again);
	assert_int_equal(x.status, 303);
	holds(header(&x, "Location"), "/form?n=3");
	again.cookie = "novate_form=another";
	assert_int_equal(ask(again).status, 403);
}

static void a_sentence_is_shown_once_and_only_as_we_wrote_it(void **state)
{
	struct web_exchange x = ask((struct asked){
		.method = POST, .target = "/mine", .cookie = ADA, .body = "form_token=ada-form" });
	str flash = between(header(&x, "Set-Cookie"), "novate_flash=", ";");
	const char *cookie = str_cstr(arena, str_format(arena, "novate_flash=%.*s", STR(flash)));

	(void)state;
	x = ask((struct asked){ .target = "/form", .cookie = cookie });
	holds(x.answer, "Taken: \xc3\xa9.");
	bool removed = false;
	for (size_t i = 0; i < x.answer_header_count; i++)
		removed = removed || str_starts(x.answer_headers[i].value, S("novate_flash=;"));
	assert_true(removed);
	x = ask((struct asked){ .target = "/form", .cookie = "novate_flash=SGVsbG8.SGVsbG8" });
	assert_int_equal(str_find(x.answer, S("Hello")), -1);
}

static void a_body_of_another_type_is_not_a_form(void **state)
{
	struct asked a = {
		.method = POST, .target = "/form", .body = "{}", .type = "application/json"
	};

	(void)state;
	assert_int_equal(ask(a).status, 415);
	a.type = "multipart/form-data; boundary=x";
	assert_int_equal(ask(a).status, 415);
	a.target = "/hook";
	assert_int_equal(ask(a).status, 200);
	a.target = "/form";
	a.type = "application/x-www-form-urlencoded; charset=utf-8";
	a.body = "name=%ff";
	assert_int_equal(ask(a).status, 400);
	a.body = "name=%00";
	assert_int_equal(ask(a).status, 400);
}

static void faults_are_told_in_the_form_that_was_asked_for(void **state)
{
	struct web_exchange x = ask((struct asked){ .target = "/api/v1/input" });

	(void)state;
	assert_int_equal(x.status, 400);
	assert_string_equal(str_cstr(arena, x.type), "application/json");
	holds(x.answer, "{\"error\":{\"code\":\"input\",\"message\":\"Say \\\"please\\\".\","
			"\"request_id\":\"");
	holds(x.answer, str_cstr(arena, header(&x, "X-Request-Id")));
	assert_true(str_is_none(header(&x, "X-Half")));
	x = ask((struct asked){ .target = "/api/v1/bug" });
	assert_int_equal(x.status, 500);
	assert_int_equal(str_find(x.answer, S("secret")), -1);
	x = ask((struct asked){ .target = "/input", .accept = "text/html" });
	assert_int_equal(x.status, 400);
	holds(x.answer, "Say \"please\".");
	assert_int_equal(ask((struct asked){ .target = "/nothing" }).status, 500);
}

static void a_value_cannot_write_a_header_or_a_redirect(void **state)
{
	struct web_exchange x = ask((struct asked){ .target = "/header?q=a%0d%0aSet-Cookie:x" });

	(void)state;
	assert_string_equal(str_cstr(arena, header(&x, "X-Said")), "aSet-Cookie:x");
	assert_string_equal(str_cstr(arena, header(&x, "Content-Disposition")),
			    "attachment; filename*=UTF-8''a%22b%0D%0A.csv");
	assert_int_equal(ask((struct asked){ .target = "/far?q=a%0d%0ab" }).status, 500);
	assert_int_equal(ask((struct asked){ .target = "/far?q=a" }).status, 303);
}

static void every_answer_carries_the_policy(void **state)
{
	static const char *const names[] = {
		"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy",
		"Permissions-Policy",	   "X-Request-Id",	     "Cache-Control"
	};
	static const char *const paths[] = { "/open", "/nowhere", "/partner", "/api/v1/bug" };

	(void)state;
	for (size_t p = 0; p < COUNT(paths); p++) {
		struct web_exchange x = ask((struct asked){ .target = paths[p] });
		for (size_t n = 0; n < COUNT(names); n++)
			assert_false(str_is_none(header(&x, names[n])));
		assert_true(str_is_none(header(&x, "Strict-Transport-Security")));
	}
	settings.public_url = S("https://novate.example");
	struct web_exchange x = ask((struct asked){ .target = "/form" });
	assert_false(str_is_none(header(&x, "Strict-Transport-Security")));
	holds(header(&x, "Set-Cookie"), "__Host-novate_form=");
	holds(header(&x, "Set-Cookie"), "; Secure");
	assert_int_equal(ask((struct asked){ .target = "/mine", .cookie = ADA }).status, 303);
	assert_int_equal(ask((struct asked){ .target = "/mine", .cookie = "__Host-" ADA }).status,
			 200);
}

static void assets_are_kept_by_their_hash_and_sent_compressed(void **state)
{
	static const struct {
		const char *target, *accepts, *body, *cache;
	} rows[] = {
		{ "/assets/a.css?0123456789abcdef", "gzip, br", "b",
		  "public, max-age=31536000, immutable" },
		{ "/assets/a.css?0123456789abcdef", "gzip", "gz",
		  "public, max-age=31536000, immutable" },
		{ "/assets/a.css", "br;q=0, gzip;q=0.5", "gz", "no-cache" },
		{ "/assets/a.css?old", "identity", "plain", "no-cache" },
	};

	(void)state;
	for (size_t r = 0; r < COUNT(rows); r++) {
		struct log_pair pair = { "Accept-Encoding", str_of(rows[r].accepts) };
		struct web_exchange x = { .target = str_of(rows[r].target),
					  .headers = &pair,
					  .header_count = 1 };
		assert_null(web_exchange(&settings, arena, &x));
		assert_int_equal(x.status, 200);
		assert_string_equal(str_cstr(arena, x.answer), rows[r].body);
		assert_string_equal(str_cstr(arena, header(&x, "Cache-Control")), rows[r].cache);
	}
	assert_int_equal(ask((struct asked){ .target = "/assets/b.css" }).status, 404);
}

static void a_live_page_says_its_version_to_who_may_see_it(void **state)
{
	struct asked a = { .target = "/live", .cookie = ADA, .accept = "text/event-stream" };
	struct web_exchange x = ask(a);

	(void)state;
	assert_int_equal(x.status, 200);
	holds(x.answer, "event: version\ndata: 42\n\n");
	assert_int_equal(runs, 0);
	a.cookie = NULL;
	assert_int_equal(ask(a).status, 401);
	a.cookie = OSCAR;
	assert_int_equal(ask(a).status, 403);
}

static fault *name_on_the_fault_page(struct request *rq, struct reply *to, const fault *f)
{
	assert_null(request_tx(rq));
	return reply_text(
		to, 200, "text/plain",
		str_format(request_arena(rq), "%.*s: %s", STR(request_visitor(rq)->name), f->said));
}

static void a_page_not_found_knows_its_visitor(void **state)
{
	(void)state;
	settings.fault_page = name_on_the_fault_page;
	struct web_exchange x = ask((struct asked){ .target = "/nowhere", .cookie = ADA });
	assert_int_equal(x.status, 404);
	holds(x.answer, "Ada: There is no such page.");
	x = ask((struct asked){ .target = "/nowhere" });
	holds(x.answer, ": There is no such page.");
	/* Nobody's own look is asked about JSON. */
	x = ask((struct asked){ .target = "/api/nowhere", .cookie = ADA });
	holds(x.answer, "{\"error\":");
}

static void two_rows_of_one_path_are_a_bug(void **state)
{
	static const struct route twice[] = {
		{ GET, "/a/:x", say_ok, .who = ANYONE },
		{ GET, "/a/:y", say_ok, .who = ANYONE },
	};
	static const struct route empty[] = { { GET, "/a", NULL, .who = ANYONE } };
	const struct route_table bad[] = { { twice, COUNT(twice) }, { empty, 1 } };
	struct web_exchange x = { .target = S("/a/1") };

	(void)state;
	settings.table_count = 1;
	for (size_t b = 0; b < COUNT(bad); b++) {
		settings.tables = &bad[b];
		fault *f = web_exchange(&settings, arena, &x);
		assert_non_null(f);
		assert_int_equal(f->kind, FAULT_BUG);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(t) cmocka_unit_test_setup_teardown(t, open_world, close_world)
		TEST(rights_are_checked_before_the_handler),
		TEST(a_stranger_is_sent_to_sign_in_and_back),
		TEST(paths_are_matched_by_segment),
		TEST(a_form_needs_its_token),
		TEST(a_stranger_can_send_the_form_that_was_shown),
		TEST(a_sentence_is_shown_once_and_only_as_we_wrote_it),
		TEST(a_body_of_another_type_is_not_a_form),
		TEST(faults_are_told_in_the_form_that_was_asked_for),
		TEST(a_value_cannot_write_a_header_or_a_redirect),
		TEST(every_answer_carries_the_policy),
		TEST(assets_are_kept_by_their_hash_and_sent_compressed),
		TEST(a_live_page_says_its_version_to_who_may_see_it),
		TEST(a_page_not_found_knows_its_visitor),
		TEST(two_rows_of_one_path_are_a_bug),
	};

	log_open(world_of_system(), LOG_ERROR, "exchange_test");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
