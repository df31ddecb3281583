/* A conversion that is stopped after its users were moved: each has the old license again before
 * the new one goes, whatever Microsoft shows meanwhile. */
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "convert/decision.h"
#include "journey.h"
#include "sandbox/fault_rule.h"

/* 22 users of a product that is no longer sold are moved to its successor. */
#define OLDMILL	  S("oldmill.onmicrosoft.com")
#define OLD	  S("ac5cef5d-921b-4f97-9ef3-c99076e5470f")
#define SUCCESSOR S("f245ecc8-75af-4f8e-b61f-27d8114de5f3")
enum { MOVED = 22 };

static void open_until(struct journey *j, struct store_testing *with, enum conversion_step step)
{
	journey_open(j, with, OLDMILL, NOVATE_SOURCE "/tests/oldmill.json");
	vendor_stage_becomes(j->vendor, OLDMILL, OLD, SUCCESSOR);
	journey_play_for(j, 0);
	while (j->c.step < STEP_PROVISION)
		journey_go_on_for(j, 1);
	j->idle = true; /* nobody cancels */
	while (j->c.step < step)
		journey_go_on_for(j, 1);
}

static void is_put_back(struct journey *j)
{
	assert_int_equal(j->c.state, CONVERSION_UNDONE);
	assert_int_equal(vendor_stage_active_units(j->vendor, OLDMILL), 0);
	assert_int_equal(vendor_stage_holders(j->vendor, OLD), MOVED);
	assert_true(vendor_stage_is_as_it_was(j->vendor));
	journey_nobody_lost_anything(j);
}

static void one_that_is_stopped(struct store_testing *with)
{
	struct journey j;

	open_until(&j, with, STEP_CANCEL_OLD);
	assert_int_equal(vendor_stage_holders(j.vendor, OLD), 0);
	journey_stop(&j);
	journey_go_on(&j);
	is_put_back(&j);
	journey_close(&j);
}

static void stopping_puts_everybody_back_with_the_same_services(void **state)
{
	(void)state;
	store_testing_each(one_that_is_stopped);
}

static fault *clear_body(struct tx *tx, void *with)
{
	int64_t count;

	(void)with;
	return fault_rule_clear(tx, S("any"), &count);
}

/* Microsoft's list of users shows them as before for an hour after they were moved. */
static void stopped_behind_a_list_of_before(struct store_testing *with)
{
	struct journey j;

	open_until(&j, with, STEP_PROVISION);
	vendor_stage_fault(j.vendor, "graph stale 1000 /users");
	for (int i = 0; i < 50 && vendor_stage_holders(j.vendor, OLD) > 0; i++)
		journey_go_on_for(&j, 1);
	assert_int_equal(j.c.step, STEP_MOVE_USERS);
	assert_int_equal(vendor_stage_holders(j.vendor, OLD), 0);
	journey_stop(&j);
	for (int minutes = 0; minutes < 60; minutes += 5)
		journey_later(&j, MINUTES(5));
	assert_int_equal(j.c.state, CONVERSION_STOPPING);
	assert_true(vendor_stage_active_units(j.vendor, OLDMILL) > 0);
	vendor_stage_let(j.vendor, clear_body);
	journey_go_on(&j);
	is_put_back(&j);
	journey_close(&j);
}

static void a_list_of_before_takes_nobodys_license(void **state)
{
	(void)state;
	store_testing_each(stopped_behind_a_list_of_before);
}

/* The order is cancelled and the answer is lost; the next look is after the seven days. */
static void stopped_and_cut_short(struct store_testing *with)
{
	struct journey j;

	open_until(&j, with, STEP_CANCEL_OLD);
	vendor_stage_answer(j.vendor, "partnercenter.cancel", 503, "{}", true);
	journey_stop(&j);
	for (int i = 0; i < 50 && vendor_stage_active_units(j.vendor, OLDMILL) > 0; i++)
		journey_go_on_for(&j, 1);
	assert_int_equal(j.c.state, CONVERSION_STOPPING);
	assert_int_equal(vendor_stage_active_units(j.vendor, OLDMILL), 0);
	vendor_stage_answer(j.vendor, "partnercenter.cancel", 0, NULL, false);
	j.with->world.at = instant_after(j.with->world.at, DAYS(9));
	journey_go_on(&j);
	is_put_back(&j);
	journey_close(&j);
}

static void what_was_cancelled_in_time_needs_no_window(void **state)
{
	(void)state;
	store_testing_each(stopped_and_cut_short);
}

static const char *answer;

static fault *answer_body(struct tx *tx, void *with)
{
	struct journey *j = with;
	struct decisions list;

	TRY(decision_all(tx, j->c.id, &list));
	assert_int_equal(list.len, 1);
	assert_int_equal(list.at[0].kind, DECISION_PART);
	return decision_take(tx, &j->ada, j->c.id, list.at[0].key, str_of(answer));
}

/* Of two lines one is cancelled and `work` dies; the next look is after the seven days. */
static void stopped_in_part(struct store_testing *with, enum conversion_step step, const char *word,
			    int64_t units)
{
	struct journey j;

	answer = word;
	journey_open(&j, with, WORKSHOP, NULL);
	journey_play_for(&j, 0);
	while (j.c.step < STEP_PROVISION)
		journey_go_on_for(&j, 1);
	j.idle = true; /* nobody cancels */
	while (j.c.step < step || vendor_stage_active_units(j.vendor, WORKSHOP) < WORKSHOP_UNITS)
		journey_go_on_for(&j, 1);
	vendor_stage_answer(j.vendor, "partnercenter.cancel", 503, "{}", true);
	journey_stop(&j);
	while (vendor_stage_active_units(j.vendor, WORKSHOP) == WORKSHOP_UNITS)
		journey_go_on_for(&j, 1);
	vendor_stage_answer(j.vendor, "partnercenter.cancel", 0, NULL, false);
	j.with->world.at = instant_after(j.with->world.at, DAYS(9));
	j.idle = false;
	journey_go_on_for(&j, 20);
	assert_true(decision_is_asked(&j.c));
	assert_true(str_find(j.c.why, S("it was cancelled")) > 0);
	journey_let(&j, answer_body);
	journey_go_on(&j);
	assert_int_equal(j.c.state, CONVERSION_DONE);
	assert_int_equal(vendor_stage_active_units(j.vendor, WORKSHOP), units);
	journey_nobody_lost_anything(&j);
	journey_close(&j);
}

static void left_early(struct store_testing *with)
{
	stopped_in_part(with, STEP_PROVISION, "leave", 10);
}

static void left_late(struct store_testing *with)
{
	stopped_in_part(with, STEP_CANCEL_OLD, "leave", 10);
}

static void ordered_again_early(struct store_testing *with)
{
	stopped_in_part(with, STEP_PROVISION, "order-again", WORKSHOP_UNITS);
}

static void ordered_again_late(struct store_testing *with)
{
	stopped_in_part(with, STEP_CANCEL_OLD, "order-again", WORKSHOP_UNITS);
}

static void an_order_undone_in_part_is_asked_about(void **state)
{
	(void)state;
	store_testing_each(left_early);
	store_testing_each(left_late);
	store_testing_each(ordered_again_early);
	store_testing_each(ordered_again_late);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stopping_puts_everybody_back_with_the_same_services),
		cmocka_unit_test(a_list_of_before_takes_nobodys_license),
		cmocka_unit_test(what_was_cancelled_in_time_needs_no_window),
		cmocka_unit_test(an_order_undone_in_part_is_asked_about),
	};

	return cmocka_run_group_tests_name("journey_stop", tests, NULL, NULL);
}
