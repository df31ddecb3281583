/* The pages and the API all along a conversion, without a socket: whoever looks is answered at
 * every step, and every act of a person can be done there, or is refused in words. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "app/rooms.h"
#include "app/site.h"
#include "convert/decision.h"
#include "journey.h"
#include "web/web.h"

/* A product that is no longer sold and one that is matched exactly (journey_move_test.c). */
#define OLDMILL	  S("oldmill.onmicrosoft.com")
#define OLD	  "ac5cef5d-921b-4f97-9ef3-c99076e5470f"
#define SUCCESSOR "f245ecc8-75af-4f8e-b61f-27d8114de5f3"

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
	struct route_table tables[ROOMS_MOST_TABLES];
	struct site site = { .version = "0.1.0" };
	const struct web_settings settings = { .public_url = S("http://localhost"),
					       .store = j->with->store,
					       .world = &j->with->world.world,
					       .tables = tables,
					       .table_count = rooms_routes(tables),
					       .context = &site,
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
	static const char *const desks[] = { "/admin/conversions",
					     "/admin/conversions/$c",
					     "/admin/jobs",
					     "/admin/jobs?view=done",
					     "/admin/audit",
					     "/api/v1/admin/jobs",
					     "/api/v1/admin/audit",
					     ONE,
					     "/partner/conversions/board",
					     "/partner/conversions/many" };
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
	enter(j, OPERATOR);
	for (size_t i = 0; i < COUNT(desks); i++)
		must_answer(j, desks[i], 200);
	enter(j, ANYONE);
	must_answer(j, DOOR, 200);
	must_answer(j, DOOR "/certificate.pdf", certified);
	must_answer(j, DOOR "/certificate.json", certified);
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
	act(j, "schedule", "when=2029-01-01", 400);
	act(j, "schedule", "when=2020-01-01", 200);
	act(j, "schedule", "when=now", 200);
	act(j, "approve", "hash=0&when=", 409);
	act(j, "account", "account=mosa", 200);
	act(j, "resume", "", 200);
}

#define CHOOSE "term=P1Y+monthly&sku=" OLD "&target="

/* What is said of each plan that is made anew; the last one is approved. */
static const struct {
	const char *act, *fields;
	int status;
} words_about_plans[] = {
	{ "choose", CHOOSE "unknown", 400 }, { "choose", CHOOSE, 200 }, /* to leave it as it is */
	{ "choose", CHOOSE OLD, 200 }, /* which nobody sells any more */
	{ "choose", CHOOSE SUCCESSOR, 200 }, { "approve", "hash=$h&when=now", 200 },
};

static void speak_about_the_plan(struct journey *j)
{
	size_t next = (size_t)j->version;

	j->surprised = false;
	if (j->c.plan_hash.len == 0 || j->c.state != CONVERSION_WAITING)
		return;
	look_at_all(j);
	if (next == 0)
		say_all_that_can_be_said_of_a_plan(j);
	else
		act(j, words_about_plans[next - 1].act, words_about_plans[next - 1].fields,
		    words_about_plans[next - 1].status);
	j->surprised = ++j->version > (int64_t)COUNT(words_about_plans);
}

static void convert_and_look(struct store_testing *with)
{
	enum conversion_step seen = CONVERSION_STEP_COUNT;
	struct journey j;

	journey_open(&j, with, OLDMILL, NOVATE_SOURCE "/tests/oldmill.json");
	vendor_stage_becomes(j.vendor, OLDMILL, S(OLD), S(SUCCESSOR));
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
	act(&j, "schedule", "when=now", 409);
	journey_close(&j);
}

static void look_until(struct journey *j, enum conversion_state state)
{
	for (int i = 0; i < 400 && j->c.state != state; i++) {
		journey_go_on_for(j, 1);
		look_at_all(j);
	}
	assert_int_equal(j->c.state, state);
}

static void go_on_until(struct journey *j, enum conversion_step step)
{
	for (int i = 0; i < 400 && j->c.step != step; i++)
		journey_go_on_for(j, 1);
	assert_int_equal(j->c.step, step);
}

/* Waits for its day, goes on at once after all, and is stopped in the middle. */
static void wait_for_a_day(struct journey *j)
{
	j->surprised = j->c.plan_hash.len > 0;
	if (j->surprised)
		act(j, "approve", "hash=$h&when=2026-05-01", 200);
}

static void stop_and_look(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, WORKSHOP, NULL);
	j.surprise_at = STEP_PLAN;
	j.surprise = wait_for_a_day;
	journey_play_for(&j, 0);
	go_on_until(&j, STEP_ORDER);
	journey_go_on_for(&j, 2);
	look_at_all(&j);
	act(&j, "schedule", "when=now", 200);
	go_on_until(&j, STEP_PROVISION);
	act(&j, "schedule", "when=now", 409);
	act(&j, "stop", "", 200);
	look_at_all(&j);
	look_until(&j, CONVERSION_UNDONE);
	journey_close(&j);
}

/* A modern account: what is paid twice, and what may be cancelled when. */
static void compare_and_look(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, S("millrace.onmicrosoft.com"),
		     NOVATE_SOURCE "/tests/tenants/millrace.json");
	journey_play_for(&j, 0);
	for (int i = 0; i < 400 && j.c.step < STEP_SEE_BOTH; i++) {
		journey_go_on_for(&j, 1);
		look_at_all(&j);
	}
	assert_true(j.c.step >= STEP_SEE_BOTH);
	journey_close(&j);
}

static void refuse_and_look(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, S("only-trials.onmicrosoft.com"),
		     NOVATE_SOURCE "/tests/tenants/only-trials.json");
	journey_play_for(&j, 0);
	look_until(&j, CONVERSION_REFUSED);
	journey_close(&j);
}

static fault *key_body(struct tx *tx, void *with)
{
	struct journey *j = with;
	struct decisions all;

	TRY(decision_all(tx, j->c.id, &all));
	assert_int_equal(all.len, 1);
	/* Where a hash would stand: filled() puts it into the form. */
	j->c.plan_hash = str_copy(j->with->arena, all.at[0].key);
	return NULL;
}

static void decide(struct journey *j, const char *answer, int status)
{
	const char *body = str_format(j->with->arena, "question=$h&answer=%s", answer).at;

	assert_int_equal(ask(j, POST, API "/decide", body, "").status, status);
}

static void ask_and_look(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, S("claims-ours.onmicrosoft.com"),
		     NOVATE_SOURCE "/tests/tenants/claims-ours.json");
	journey_play_for(&j, 0);
	for (int i = 0; i < 100 && !decision_is_asked(&j.c); i++)
		journey_go_on_for(&j, 1);
	look_at_all(&j);
	journey_let(&j, key_body);
	enter(&j, PARTNER);
	decide(&j, "perhaps", 400);
	decide(&j, "direct", 200);
	decide(&j, "direct", 200); /* the same again is no error */
	decide(&j, "partner", 409);
	go_on_until(&j, STEP_PROVISION);
	look_at_all(&j);
	journey_close(&j);
}

static const char *place_of(struct journey *j, const struct web_exchange *x)
{
	assert_int_equal(x->status, 303);
	for (size_t i = 0; i < x->answer_header_count; i++)
		if (str_eq_nocase(str_of(x->answer_headers[i].key), S("Location")))
			return str_cstr(j->with->arena, x->answer_headers[i].value);
	fail();
	return NULL;
}

/* A list of tenants, as the page and the API take it. */
static void hand_in_many(struct journey *j)
{
	static const char path[] = "/partner/conversions/many";
	static const char list[] = "form_token=t&name=May&tenants=domain%0Abakery.test%0Ano+domain";
	struct arena *a = j->with->arena;

	enter(j, PARTNER);
	struct web_exchange x = ask(j, POST, path, list, "");
	const char *batch = place_of(j, &x), *number = strrchr(batch, '/') + 1;
	must_answer(j, path, 200);
	must_answer(j, batch, 200);
	must_answer(j, str_format(a, "%s/report.csv", batch).at, 200);
	must_answer(j, "/api/v1/conversions/many", 200);
	must_answer(j, str_format(a, "/api/v1/conversions/many/%s", number).at, 200);
	x = ask(j, POST, str_format(a, "%s/go-on", batch).at, "form_token=t", "");
	assert_string_equal(place_of(j, &x), batch);
	assert_int_equal(ask(j, POST, path, "form_token=t&tenants=%22", "").status, 422);
	enter(j, OPERATOR);
	must_answer(j, path, 200);
	must_answer(j, "/partner/conversions/nothing", 404);
	at_the_door.account.n++;
	x = ask(j, POST, str_format(a, "%s/go-on", batch).at, "form_token=t", "");
	assert_int_equal(x.status, 409); /* its conversions are its partner's */
}

static void hand_in(struct store_testing *with)
{
	const char *one = "form_token=t&domain=mill.test&administrator=a%40mill.test";
	struct journey j;

	journey_open(&j, with, WORKSHOP, NULL);
	journey_to_the_door(&j);
	enter(&j, PARTNER);
	assert_int_equal(ask(&j, POST, "/partner/conversions", one, "").status, 303);
	assert_int_equal(ask(&j, POST, "/partner/conversions", one, "").status, 409);
	assert_int_equal(ask(&j, POST, "/api/v1/conversions", "domain=quay.test", "").status, 201);
	hand_in_many(&j);
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

static void an_undone_one_can_be_looked_at(void **state)
{
	(void)state;
	store_testing_on_sqlite(stop_and_look);
}

static void what_is_paid_twice_can_be_looked_at(void **state)
{
	(void)state;
	store_testing_on_sqlite(compare_and_look);
}

static void a_refused_one_can_be_looked_at(void **state)
{
	(void)state;
	store_testing_on_sqlite(refuse_and_look);
}

static void a_question_is_shown_and_answered(void **state)
{
	(void)state;
	store_testing_on_sqlite(ask_and_look);
}

static void tenants_are_handed_in_alone_and_as_a_list(void **state)
{
	(void)state;
	store_testing_on_sqlite(hand_in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tenants_are_handed_in_alone_and_as_a_list),
		cmocka_unit_test(a_question_is_shown_and_answered),
		cmocka_unit_test(what_is_paid_twice_can_be_looked_at),
		cmocka_unit_test(a_refused_one_can_be_looked_at),
		cmocka_unit_test(an_undone_one_can_be_looked_at),
		cmocka_unit_test(everything_can_be_looked_at_and_done_at_every_step),
		cmocka_unit_test(what_a_form_leaves_out_is_never_our_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
