/* The pages and the API all along a conversion, without a socket: whoever looks is answered at
 * every step, and every act of a person can be done there, or is refused in words. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "convert/batch_pages.h"
#include "convert/conversion_acts.h"
#include "convert/conversion_list_pages.h"
#include "convert/conversion_pages.h"
#include "convert/door_pages.h"
#include "convert/move_pages.h"
#include "convert/notice_pages.h"
#include "journey.h"
#include "web/web.h"

/* A product that is no longer sold and one that is matched exactly (journey_move_test.c). */
#define OLDMILL	  S("oldmill.onmicrosoft.com")
#define OLD	  S("ac5cef5d-921b-4f97-9ef3-c99076e5470f")
#define SUCCESSOR S("f245ecc8-75af-4f8e-b61f-27d8114de5f3")

static struct visitor at_the_door;

static fault *door_of_test(struct tx *tx, str cookie, str bearer, struct visitor *who)
{
	(void)tx;
	(void)cookie;
	(void)bearer;
	*who = at_the_door;
	return NULL;
}

static void enter(struct journey *j, enum who role)
{
	at_the_door = (struct visitor){ .role = role, .name = S("Ada"), .form_token = S("t") };
	if (role != ANYONE)
		at_the_door.account = j->ada.account;
}

/* $c is the conversion, $d its door, $h the hash of its plan. */
static str filled(struct journey *j, const char *text)
{
	struct arena *a = j->with->arena;
	struct text out = text_open(a);

	for (; *text; text++) {
		if (text[0] == '$' && text[1] == 'c')
			text_add(&out, id_text(a, "cnv", j->c.id));
		else if (text[0] == '$' && text[1] == 'd')
			text_add(&out, j->c.door);
		else if (text[0] == '$' && text[1] == 'h')
			text_add(&out, j->c.plan_hash);
		else {
			text_add_char(&out, *text);
			continue;
		}
		text++;
	}
	return text_str(&out);
}

static struct web_exchange ask(struct journey *j, enum method method, const char *target,
			       const char *body, const char *accept)
{
	const struct log_pair headers[] = {
		{ "Content-Type", S("application/x-www-form-urlencoded") },
		{ "Authorization", S("Bearer t") },
		{ "Accept", str_of(accept) },
	};
	const struct route_table tables[] = { batch_pages_routes,     conversion_list_pages_routes,
					      conversion_acts_routes, conversion_pages_routes,
					      move_pages_routes,      notice_pages_routes,
					      door_pages_routes };
	const struct web_settings settings = { .public_url = S("http://localhost"),
					       .store = j->with->store,
					       .world = &j->with->world.world,
					       .tables = tables,
					       .table_count = COUNT(tables),
					       .session_cookie = "novate",
					       .door = door_of_test };
	struct web_exchange x = { .method = method,
				  .target = filled(j, target),
				  .headers = headers,
				  .header_count = COUNT(headers),
				  .body = filled(j, body) };

	journey_must(web_exchange(&settings, j->with->arena, &x));
	if (x.status >= 500)
		fail_msg("%s at %.*s: %d %.*s", target, STR(conversion_step_word(j->c.step)),
			 x.status, STR(x.answer));
	return x;
}

static void must_answer(struct journey *j, const char *target, int status)
{
	struct web_exchange x = ask(j, GET, target, "", "text/html");

	if (x.status != status)
		fail_msg("%s at %.*s: %d %.*s", target, STR(conversion_step_word(j->c.step)),
			 x.status, STR(x.answer));
	assert_true(x.answer.len > 0 && str_find(x.answer, S("(null)")) < 0);
	if (str_starts(x.type, S("application/json"))) {
		json_t *json = json_loadb(x.answer.at, x.answer.len, 0, NULL);

		assert_non_null(json);
		json_decref(json);
	}
}

#define ONE  "/partner/conversions/$c"
#define API  "/api/v1/conversions/$c"
#define DOOR "/c/$d"

/* Everything there is to see, as it is now. */
static void look_at_all(struct journey *j)
{
	static const char *const pages[] = { "/partner/conversions",
					     "/partner/conversions?state=running&text=old",
					     "/partner/conversions/board",
					     ONE,
					     ONE "/letters",
					     ONE "/moves",
					     ONE "/moves?page=2",
					     ONE "/moves.json",
					     ONE "/moves.csv",
					     "/api/v1/conversions",
					     "/api/v1/conversions/board",
					     API,
					     API "/moves" };
	static const char *const papers[] = { ONE "/certificate.pdf", ONE "/certificate.json",
					      API "/certificate" };
	static const char *const live[] = { "/partner/conversions/board", ONE, ONE "/moves", DOOR };
	int certified = j->c.state == CONVERSION_DONE ? 200 : 404;

	enter(j, PARTNER);
	for (size_t i = 0; i < COUNT(pages); i++)
		must_answer(j, pages[i], 200);
	for (size_t i = 0; i < COUNT(papers); i++)
		must_answer(j, papers[i], certified);
	for (size_t i = 0; i < COUNT(live); i++)
		assert_int_equal(ask(j, GET, live[i], "", "text/event-stream").status, 200);
	enter(j, ANYONE);
	must_answer(j, DOOR, 200);
	must_answer(j, DOOR "/certificate.pdf", certified);
}

/* A form's page comes back with what was refused; the API says it with the status. */
static void act(struct journey *j, const char *act_word, const char *fields, int api_status)
{
	struct arena *a = j->with->arena;
	const char *page = str_format(a, ONE "/%s", act_word).at;
	const char *api = str_format(a, API "/%s", act_word).at;

	enter(j, PARTNER);
	assert_int_equal(ask(j, POST, api, fields, "").status, api_status);
	assert_int_equal(ask(j, POST, page, str_format(a, "form_token=t&%s", fields).at, "").status,
			 303);
	journey_look(j);
}

static void say_all_that_can_be_said_of_a_plan(struct journey *j)
{
	act(j, "choose", "sku=nothing&target=x&term=P1Y+monthly", 400);
	act(j, "choose", "sku=nothing&target=x&term=for+ever", 400);
	act(j, "account", "account=piggy", 400);
	act(j, "decide", "question=x&answer=y", 404);
	act(j, "schedule", "when=soon", 400);
	act(j, "schedule", "when=now", 200);
	act(j, "approve", "hash=0&when=", 409);
	act(j, "resume", "", 200);
	act(j, "account", "account=mosa", 200);
}

/* Once the plan is there, everything is said; once it is there anew, it is approved. */
static void speak_about_the_plan(struct journey *j)
{
	j->surprised = false;
	if (j->c.plan_hash.len == 0 || j->c.state != CONVERSION_WAITING)
		return;
	if (j->version++ == 0) {
		say_all_that_can_be_said_of_a_plan(j);
		return;
	}
	act(j, "approve", "hash=$h&when=now", 200);
	j->surprised = true;
}

static void convert_and_look(struct store_testing *with)
{
	enum conversion_step seen = CONVERSION_STEP_COUNT;
	struct journey j;

	journey_open(&j, with, OLDMILL, NOVATE_SOURCE "/tests/oldmill.json");
	vendor_stage_becomes(j.vendor, OLDMILL, OLD, SUCCESSOR);
	j.surprise_at = STEP_PLAN;
	j.surprise = speak_about_the_plan;
	journey_play_for(&j, 0);
	for (int i = 0; i < 2000 && !conversion_ended(j.c.state); i++) {
		journey_look(&j);
		if (j.c.step != seen || j.c.state == CONVERSION_WAITING)
			look_at_all(&j);
		seen = j.c.step;
		journey_go_on_for(&j, 1);
	}
	assert_int_equal(j.c.state, CONVERSION_DONE);
	assert_true(j.surprised);
	look_at_all(&j);
	act(&j, "stop", "", 409);
	act(&j, "resume", "", 409);
	journey_close(&j);
}

/* A robot, or a browser with an old page: nothing that may stand in a form is taken for granted. */
static void leave_everything_out(struct store_testing *with)
{
	static const char *const forms[] = { "/partner/conversions", "/partner/conversions/many",
					     ONE "/approve",	     ONE "/schedule",
					     ONE "/choose",	     ONE "/account",
					     ONE "/decide",	     ONE "/stop",
					     ONE "/resume",	     DOOR "/ends",
					     DOOR "/look",	     DOOR "/billing/withdraw" };
	static const char *const pages[] = {
		"/c/billing",	       "/c/consented",
		"/c/consented?state=", DOOR "/billing",
		"/c/billing?state=x",  "/c/consented?state=$d",
		"/c/nobody",	       "/c/consented?state=$d&error=x"
	};
	struct journey j;

	journey_open(&j, with, WORKSHOP, NULL);
	journey_to_the_door(&j);
	enter(&j, PARTNER);
	for (size_t i = 0; i < COUNT(forms); i++)
		(void)ask(&j, POST, forms[i], "form_token=t", "");
	enter(&j, ANYONE);
	for (size_t i = 0; i < COUNT(pages); i++)
		(void)ask(&j, GET, pages[i], "", "");
	journey_close(&j);
}

static void everything_can_be_looked_at_and_done_at_every_step(void **state)
{
	(void)state;
	store_testing_on_sqlite(convert_and_look);
}

static void what_a_form_leaves_out_is_never_our_fault(void **state)
{
	(void)state;
	store_testing_on_sqlite(leave_everything_out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_can_be_looked_at_and_done_at_every_step),
		cmocka_unit_test(what_a_form_leaves_out_is_never_our_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
