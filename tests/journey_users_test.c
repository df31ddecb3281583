/* Users who vanish or appear while their license changes, and lists that are longer than a person
 * is told of at once. */
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "convert/decision.h"
#include "convert/move_view.h"
#include "convert/plan_choice.h"
#include "journey.h"
#include "sandbox/tenant_grow.h"

#define OLDMILL		S("oldmill.onmicrosoft.com")
#define TANGLEWOOD	S("tanglewood.onmicrosoft.com")
#define OLD_NAMES	S("old-names.onmicrosoft.com")
#define OLD		S("ac5cef5d-921b-4f97-9ef3-c99076e5470f")
#define SUCCESSOR	S("f245ecc8-75af-4f8e-b61f-27d8114de5f3")
#define PHONE		S("d42c793f-6c78-4f43-92ca-e8f6a02b035f")
#define PHONE_SUCCESSOR S("3ab6abff-666f-4424-bfb7-f0bc274ec7bc")
#define PREMIUM		S("cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46")
enum { MOVED = 22 };

static void open_oldmill(struct journey *j, struct store_testing *with)
{
	journey_open(j, with, OLDMILL, NOVATE_SOURCE "/tests/oldmill.json");
	vendor_stage_becomes(j->vendor, OLDMILL, OLD, SUCCESSOR);
}

static fault *accept_body(struct tx *tx, void *with)
{
	struct journey *j = with;
	struct decisions list;

	TRY(decision_all(tx, j->c.id, &list));
	assert_int_equal(list.len, 1);
	assert_int_equal(list.at[0].kind, DECISION_LOSS);
	return decision_take(tx, &j->ada, j->c.id, list.at[0].key, S("accept"));
}

static void is_done(struct journey *j)
{
	journey_go_on(j);
	if (j->c.state != CONVERSION_DONE)
		fail_msg("%.*s", STR(j->c.why));
	assert_int_equal(vendor_stage_holders(j->vendor, OLD), 0);
}

/* ---- more refusals than are named ---- */

static const char *all_refused(struct arena *keep)
{
	struct text text = text_open(keep);

	text_add(&text, S("{\"responses\":["));
	for (int i = 1; i <= ASSIGN_MOST; i++)
		text_format(&text,
			    "%s{\"id\":\"%d\",\"status\":400,\"body\":{\"error\":{\"code\":"
			    "\"Request_BadRequest\",\"message\":\"No available license.\"}}}",
			    i > 1 ? "," : "", i);
	text_add(&text, S("]}"));
	return text_str(&text).at;
}

static void refuse_everybody(struct journey *j)
{
	vendor_stage_answer(j->vendor, "graph.assignLicense", 200, all_refused(j->with->arena),
			    false);
}

static void everybody_is_refused(struct store_testing *with)
{
	struct journey j;

	open_oldmill(&j, with);
	j.surprise_at = STEP_PROVISION;
	j.surprise = refuse_everybody;
	journey_play_for(&j, 300);
	assert_int_equal(j.c.step, STEP_MOVE_USERS);
	assert_int_equal(j.c.waits_for, WAITS_PARTNER);
	journey_says(&j, "22 licenses could not be moved: ");
	journey_says(&j, "(no free license) and 17 more.");
	assert_true(str_find(j.c.next_thing, S("Then press Resume.")) > 0);
	vendor_stage_answer(j.vendor, "graph.assignLicense", 0, NULL, false);
	journey_resume(&j);
	is_done(&j);
	journey_nobody_lost_anything(&j);
	journey_close(&j);
}

/* ---- lists of more than one page ---- */

enum { GROWN = 130, IN_THE_GROUP = 52 };

static fault *grow_body(struct tx *tx, void *with)
{
	int64_t added;

	(void)with;
	return tenant_grow(tx, TANGLEWOOD, GROWN, &added);
}

static void page_is(const struct moves_shown *shown, const char *said, size_t len, bool earlier,
		    bool later)
{
	assert_true(str_eq(shown->page_said, str_of(said)));
	assert_int_equal(shown->moves.len, len);
	assert_int_equal(!str_is_empty(shown->earlier), earlier);
	assert_int_equal(!str_is_empty(shown->later), later);
}

static fault *pages_body(struct tx *tx, void *with)
{
	struct journey *j = with;
	struct moves_shown shown;

	TRY(move_view_fill(tx, &j->c, 2, &shown));
	page_is(&shown, "101 to 130 of 130", 30, true, false);
	TRY(move_view_fill(tx, &j->c, 1, &shown));
	page_is(&shown, "1 to 100 of 130", 100, false, true);
	assert_true(str_find(shown.later, S("/moves?page=2")) > 0);
	assert_int_equal(shown.refused, 1);
	for (size_t i = 0; i < shown.moves.len; i++) {
		const struct move_shown *m = &shown.moves.at[i];
		bool is_dora = str_starts(m->user, S("dora.tang@"));

		assert_true(str_eq(m->to, S("Microsoft 365 Business Standard")));
		assert_int_equal(str_find(m->why, S("no usage location. In Microsoft's")) > 0,
				 is_dora);
		assert_int_equal(!str_is_empty(m->why), is_dora);
	}
	return NULL;
}

static void a_large_tenant(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, TANGLEWOOD, NOVATE_SOURCE "/tests/tanglewood.json");
	vendor_stage_let(j.vendor, grow_body);
	vendor_stage_becomes(j.vendor, TANGLEWOOD, OLD, SUCCESSOR);
	journey_play_for(&j, 300);
	assert_int_equal(j.c.step, STEP_MOVE_USERS);
	assert_int_equal(j.c.waits_for, WAITS_ADMINISTRATOR);
	assert_int_equal(vendor_stage_holders(j.vendor, OLD), IN_THE_GROUP + 1);
	journey_says(&j, "1 license could not be moved: dora.tang@");
	journey_says(&j, " and 47 more.");
	journey_let(&j, pages_body);
	journey_nobody_lost_anything(&j);
	journey_close(&j);
}

/* ---- users who vanish or appear ---- */

static void keep_the_users_waiting(struct journey *j)
{
	vendor_stage_answer(j->vendor, "graph.assignLicense", 429, "{}", false);
}

/* Deleted after Novate had written down that the license is to be changed. */
static void a_user_who_is_deleted(struct store_testing *with)
{
	struct journey j;

	open_oldmill(&j, with);
	j.surprise_at = STEP_PROVISION;
	j.surprise = keep_the_users_waiting;
	journey_play_for(&j, 0);
	while (j.c.step < STEP_MOVE_USERS)
		journey_go_on_for(&j, 1);
	vendor_stage_act(j.vendor, "delete-user", S("hugo.miller@oldmill.onmicrosoft.com"));
	vendor_stage_answer(j.vendor, "graph.assignLicense", 0, NULL, false);
	journey_go_on_for(&j, 300);
	assert_true(journey_has_told(
		&j, "21 of 21 licenses moved. 1 more was deleted or had lost the license before."));
	assert_int_equal(j.c.waits_for, WAITS_PARTNER);
	journey_says(&j, "hugo.miller@oldmill.onmicrosoft.com");
	assert_int_equal(vendor_stage_orders(j.vendor, OLDMILL), 1);
	journey_let(&j, accept_body);
	is_done(&j);
	assert_int_equal(vendor_stage_holders(j.vendor, SUCCESSOR), MOVED - 1);
	journey_close(&j);
}

/* Microsoft's list of users shows them as before for a while after they were moved. */
static void a_list_that_is_late(struct store_testing *with)
{
	struct journey j;

	open_oldmill(&j, with);
	journey_play_for(&j, 0);
	while (j.c.step < STEP_PROVISION)
		journey_go_on_for(&j, 1);
	j.idle = true; /* nobody cancels yet */
	vendor_stage_fault(j.vendor, "graph stale 1000 /users");
	for (int i = 0; i < 60 && vendor_stage_holders(j.vendor, OLD) > 0; i++)
		journey_go_on_for(&j, 1);
	journey_go_on_for(&j, 3);
	assert_int_equal(j.c.step, STEP_MOVE_USERS);
	assert_int_equal(j.c.waits_for, WAITS_MICROSOFT);
	journey_says(&j, "Microsoft does not show every user's new license yet.");
	assert_int_equal(vendor_stage_holders(j.vendor, SUCCESSOR), MOVED);
	vendor_stage_fault_end(j.vendor);
	j.idle = false;
	is_done(&j);
	journey_nobody_lost_anything(&j);
	journey_close(&j);
}

/* Somebody is given the old license in the minute in which it is cancelled. */
static void hire_and_cancel(struct journey *j)
{
	vendor_stage_act(
		j->vendor, "assign",
		str_format(j->with->arena, "wim.miller@oldmill.onmicrosoft.com %.*s", STR(OLD)));
	vendor_stage_act(j->vendor, "cancel", OLDMILL);
}

static void one_who_comes_as_it_ends(struct store_testing *with)
{
	struct journey j;

	open_oldmill(&j, with);
	j.surprise_at = STEP_CANCEL_OLD;
	j.surprise = hire_and_cancel;
	journey_play_for(&j, 0);
	is_done(&j);
	assert_true(j.surprised);
	assert_true(journey_has_told(&j, "1 user still holds "));
	assert_int_equal(vendor_stage_holders(j.vendor, SUCCESSOR), MOVED + 1);
	assert_true(str_is_none(vendor_stage_lost_user(j.vendor, OLDMILL)));
	journey_close(&j);
}

/* ---- more licenses than are named, and more users than seats ---- */

static void take_six_licenses(struct journey *j)
{
	static const char *const names[] = { "ada", "cleo", "emil", "finn", "hugo", "ines" };

	for (size_t i = 0; i < COUNT(names); i++)
		vendor_stage_act(j->vendor, "unassign",
				 str_format(j->with->arena,
					    "%s.miller@oldmill.onmicrosoft.com %.*s", names[i],
					    STR(OLD)));
}

static void six_who_lose_it(struct store_testing *with)
{
	struct journey j;

	open_oldmill(&j, with);
	j.surprise_at = STEP_PROVISION;
	j.surprise = take_six_licenses;
	journey_play_for(&j, 600);
	assert_int_equal(j.c.waits_for, WAITS_PARTNER);
	journey_says(
		&j,
		"6 licenses that users held at the start are gone, and not by this conversion: ");
	journey_says(&j, "(SMB_BUSINESS_PREMIUM) and 1 more. Was that meant?");
	journey_let(&j, accept_body);
	is_done(&j);
	assert_int_equal(vendor_stage_holders(j.vendor, SUCCESSOR), MOVED - 6);
	journey_close(&j);
}

static void buy_a_seat(struct journey *j)
{
	vendor_stage_resize(j->vendor, BAKERY, 1);
}

/* Nobody lost anything: there is nothing to accept, only something to find out. */
static void one_who_buys_a_seat(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, BAKERY, NULL);
	j.surprise_at = STEP_PROVISION;
	j.surprise = buy_a_seat;
	journey_play_for(&j, 600);
	assert_int_equal(j.c.step, STEP_SEE_BOTH);
	assert_int_equal(j.c.waits_for, WAITS_PARTNER);
	assert_false(decision_is_asked(&j.c));
	journey_says(&j, "valid licenses");
	assert_true(str_find(j.c.next_thing, S("Put it back and press Resume")) > 0);
	vendor_stage_resize(j.vendor, BAKERY, -1);
	journey_resume(&j);
	journey_go_on(&j);
	assert_int_equal(j.c.state, CONVERSION_DONE);
	journey_nobody_lost_anything(&j);
	journey_close(&j);
}

static fault *choose_body(struct tx *tx, void *with)
{
	struct journey *j = with;

	return plan_choice_take(tx, &j->ada, j->c.id, SUCCESSOR, PREMIUM, S("P1Y monthly"));
}

static void choose_premium(struct journey *j)
{
	journey_look(j);
	j->surprised = j->c.state == CONVERSION_WAITING && !str_is_none(j->c.plan_hash);
	if (j->surprised)
		journey_let(j, choose_body);
}

/* Until nobody is refused any more: a seat is free once its user has left it. */
static void resume_until_it_ends(struct journey *j)
{
	for (int i = 0; i < 3 && !conversion_ended(j->c.state); i++) {
		journey_resume(j);
		journey_go_on_for(j, 60);
	}
}

/* Three users on one seat get a product that its own users leave: only one seat of it stays. */
static void three_on_one_seat(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, OLD_NAMES, NOVATE_SOURCE "/tests/tenants/old-names.json");
	vendor_stage_becomes(j.vendor, OLD_NAMES, OLD, SUCCESSOR);
	vendor_stage_becomes(j.vendor, OLD_NAMES, SUCCESSOR, PREMIUM);
	vendor_stage_becomes(j.vendor, OLD_NAMES, PHONE, PHONE_SUCCESSOR);
	vendor_stage_resize(j.vendor, OLD_NAMES, -2);
	j.surprise_at = STEP_PLAN;
	j.surprise = choose_premium;
	journey_play_for(&j, 300);
	journey_says(&j, "no free license"); /* before its own users had left */
	journey_resume(&j);
	journey_go_on_for(&j, 60);
	assert_int_equal(j.c.step, STEP_MOVE_USERS);
	assert_int_equal(j.c.waits_for, WAITS_PARTNER);
	journey_says(&j, "3 users still hold ");
	assert_true(str_find(j.c.next_thing, S("take the old license from whoever")) > 0);
	journey_stop(&j);
	journey_go_on_for(&j, 60);
	journey_says(&j, "could not be put back: ");
	assert_true(str_find(j.c.next_thing, S("or buy one more license of it")) > 0);
	vendor_stage_resize(j.vendor, OLD_NAMES, 2);
	resume_until_it_ends(&j);
	assert_int_equal(j.c.state, CONVERSION_UNDONE);
	assert_int_equal(vendor_stage_holders(j.vendor, OLD), 3);
	assert_true(str_is_none(vendor_stage_lost_user(j.vendor, OLD_NAMES)));
	assert_true(vendor_stage_is_as_it_was(j.vendor));
	journey_close(&j);
}

#define TOLD(body, story)                 \
	static void story(void **state)   \
	{                                 \
		(void)state;              \
		store_testing_each(body); \
	}
TOLD(everybody_is_refused, of_many_refused_users_five_are_named_and_the_rest_counted)
TOLD(a_large_tenant, of_a_large_group_five_are_named_and_its_users_fill_pages)
TOLD(a_user_who_is_deleted, a_user_who_is_deleted_before_the_change_is_counted_and_asked_about)
TOLD(a_list_that_is_late, nothing_old_ends_before_microsoft_shows_what_was_done)
TOLD(one_who_comes_as_it_ends, who_gets_the_old_license_as_it_ends_is_moved_all_the_same)
TOLD(six_who_lose_it, of_many_lost_licenses_five_are_named_and_the_rest_counted)
TOLD(one_who_buys_a_seat, what_differs_without_a_loss_is_no_question_of_losses)
TOLD(three_on_one_seat, more_users_than_seats_that_stay_are_told_before_anything_old_ends)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_many_refused_users_five_are_named_and_the_rest_counted),
		cmocka_unit_test(of_a_large_group_five_are_named_and_its_users_fill_pages),
		cmocka_unit_test(
			a_user_who_is_deleted_before_the_change_is_counted_and_asked_about),
		cmocka_unit_test(nothing_old_ends_before_microsoft_shows_what_was_done),
		cmocka_unit_test(who_gets_the_old_license_as_it_ends_is_moved_all_the_same),
		cmocka_unit_test(of_many_lost_licenses_five_are_named_and_the_rest_counted),
		cmocka_unit_test(what_differs_without_a_loss_is_no_question_of_losses),
		cmocka_unit_test(more_users_than_seats_that_stay_are_told_before_anything_old_ends),
	};

	return cmocka_run_group_tests_name("journey_users", tests, NULL, NULL);
}
