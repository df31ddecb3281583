#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/world.h"
#include "web/html.h"
#include "web/layout.h"
#include "web/web.h"

/* A form's table reads, checks and renders it. */

static const char *const terms[] = { "monthly", "yearly", NULL };
static const struct field fields[] = {
	{ "name", "Name", FIELD_TEXT, 2, 5, true, .help = "As on the door." },
	{ "email", "E-mail", FIELD_EMAIL, 3, 40 },
	{ "seats", "Seats", FIELD_COUNT, 1, 300 },
	{ "domain", "Domain", FIELD_DOMAIN, 0, 253 },
	{ "term", "Term", FIELD_CHOICE, .choices = terms },
	{ "agreed", "I agree", FIELD_TICK, .needed = true },
	{ "secret", "Password", FIELD_PASSWORD, 8, 100 },
	{ "note", "Note", FIELD_TEXT, 0, 1000 },
	{ 0 },
};

static struct arena *arena;
static struct world_seeded world;
static char first_error[256];
static char name_seen[64];

static fault *check(struct request *rq, struct reply *to)
{
	struct html *page = html_open(request_arena(rq), rq);
	struct form form;
	bool ok;

	TRY(request_form_check(rq, &form, &ok));
	assert_int_equal(ok, form.error_count == 0);
	first_error[0] = '\0';
	if (!ok)
		(void)snprintf(first_error, sizeof(first_error), "%s: %.*s", form.errors[0].field,
			       STR(form.errors[0].said));
	(void)snprintf(name_seen, sizeof(name_seen), "%.*s", STR(request_form(rq, "name")));
	form_errors(page, &form);
	for (const struct field *f = fields; f->name; f++)
		form_field(page, &form, f->name);
	return reply_page(to, ok ? 200 : 422, page);
}

static const struct route routes[] = {
	{ POST, "/check", check, .who = ANYONE, .proof = BY_NOTHING, .fields = fields },
};
static const struct route_table tables[] = { { routes, COUNT(routes) } };

static int open_world(void **state)
{
	(void)state;
	arena = arena_open();
	world_seeded_open(&world, 1, (instant){ .micros = 0 });
	return 0;
}

static int close_world(void **state)
{
	(void)state;
	arena_close(arena);
	return 0;
}

static str post(const char *body)
{
	struct log_pair type = { "Content-Type", S("application/x-www-form-urlencoded") };
	struct web_settings settings = { .world = &world.world,
					 .tables = tables,
					 .table_count = COUNT(tables) };
	struct web_exchange x = { .method = POST,
				  .target = S("/check"),
				  .headers = &type,
				  .header_count = 1,
				  .body = str_of(body) };

	assert_null(web_exchange(&settings, arena, &x));
	return x.answer;
}

static void every_field_is_held_against_its_row(void **state)
{
	static const struct {
		const char *body, *said;
	} rows[] = {
		{ "name=Ada&agreed=yes", "" },
		{ "agreed=yes", "name: Name is needed." },
		{ "name=+&agreed=yes", "name: Name is needed." },
		{ "name=A&agreed=yes", "name: Name needs at least 2 characters." },
		{ "name=Abcdef&agreed=yes",
		  "name: Name may have at most 5 characters; this has 6." },
		/* Five characters, ten bytes. */
		{ "name=%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9&agreed=yes", "" },
		{ "name=A%0Ab&agreed=yes", "name: Name must be one line." },
		{ "name=Ada", "agreed: Tick this to go on: I agree" },
		{ "name=Ada&agreed=yes&email=a",
		  "email: This is not an e-mail address; write it as "
		  "name@example.com." },
		{ "name=Ada&agreed=yes&email=a@b@c.de", "email: This is not an e-mail address; "
							"write it as name@example.com." },
		{ "name=Ada&agreed=yes&email=a%40b.de", "" },
		{ "name=Ada&agreed=yes&email=a%0d@b.de", "email: E-mail must be one line." },
		{ "name=Ada&agreed=yes&seats=0", "seats: Seats must be from 1 to 300." },
		{ "name=Ada&agreed=yes&seats=301", "seats: Seats must be from 1 to 300." },
		{ "name=Ada&agreed=yes&seats=3x", "seats: Seats must be a whole number." },
		{ "name=Ada&agreed=yes&seats=99999999999999999999",
		  "seats: Seats must be a whole number." },
		{ "name=Ada&agreed=yes&seats=+300+", "" },
		{ "name=Ada&agreed=yes&domain=contoso.onmicrosoft.com", "" },
		{ "name=Ada&agreed=yes&domain=m%C3%BCller.example", "" },
		{ "name=Ada&agreed=yes&domain=https://a.de",
		  "domain: This is not a domain; write it as example.com, without https:// and "
		  "without a path." },
		{ "name=Ada&agreed=yes&domain=localhost",
		  "domain: This is not a domain; write it as example.com, without https:// and "
		  "without a path." },
		{ "name=Ada&agreed=yes&domain=-a.de",
		  "domain: This is not a domain; write it as example.com, without https:// and "
		  "without a path." },
		{ "name=Ada&agreed=yes&term=yearly", "" },
		{ "name=Ada&agreed=yes&term=never", "term: Choose one of the offered: Term." },
		{ "name=Ada&agreed=yes&secret=1234567",
		  "secret: Password needs at least 8 characters." },
		{ "name=Ada&agreed=yes&note=a%0Ab", "" },
	};

	(void)state;
	for (size_t r = 0; r < COUNT(rows); r++) {
		(void)post(rows[r].body);
		if (strcmp(first_error, rows[r].said) != 0)
			fail_msg("%s said: %s", rows[r].body, first_error);
	}
}

static void the_handler_sees_values_without_stray_white_space(void **state)
{
	(void)state;
	(void)post("name=+Ada%09&agreed=yes");
	assert_string_equal(name_seen, "Ada");
}

static void holds(str page, const char *part)
{
	if (str_find(page, str_of(part)) < 0)
		fail_msg("no %s in:\n%.*s", part, STR(page));
}

static void a_form_is_shown_again_with_what_was_typed_and_what_is_wrong(void **state)
{
	str page = post("name=%3Cb%3E%22xxx&secret=hunter2&term=yearly&note=%3C/textarea%3E");

	(void)state;
	holds(page, "value=\"&lt;b&gt;&quot;xxx\"");
	holds(page, "aria-describedby=\"field-name-help field-name-said\"");
	holds(page, "aria-invalid=\"true\"");
	holds(page, "id=\"field-name-said\">Name may have at most 5 characters; this has 7.</p>");
	holds(page, "<a href=\"#field-name\">");
	holds(page, "<option selected>yearly</option>");
	holds(page, "&lt;/textarea&gt;</textarea>");
	assert_int_equal(str_find(page, S("hunter2")), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(t) cmocka_unit_test_setup_teardown(t, open_world, close_world)
		TEST(every_field_is_held_against_its_row),
		TEST(the_handler_sees_values_without_stray_white_space),
		TEST(a_form_is_shown_again_with_what_was_typed_and_what_is_wrong),
	};

	log_open(world_of_system(), LOG_ERROR, "form_test");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
