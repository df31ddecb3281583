/* What can go wrong around the one order: bought once, undone whole, and never for a tenant that
 * is no longer the one of the plan. */
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "journey.h"

#define CHECKOUT "partnercenter.checkout"
#define ORDERS	 "partnercenter.orders"
#define NO_ITEMS "{\"totalCount\":0,\"items\":[]}"
#define NOT_SIGNED \
	"{\"code\":13605,\"description\":\"No agreement.\",\"data\":[],\"source\":\"PartnerFD\"}"

static void nobody_cares(struct journey *j)
{
	(void)j;
}

/* Goes on for a while, whatever it waits for. */
static void go_on_for(struct journey *j, int64_t micros)
{
	journey_go_on_for(j, (int)(micros / SECONDS(20)));
}

static void play_until_order(struct journey *j)
{
	j->surprise_at = STEP_ORDER;
	j->surprise = nobody_cares;
	for (journey_play_for(j, 1); !j->surprised; journey_go_on_for(j, 1))
		assert_false(conversion_ended(j->c.state));
}

static void converted_after_an_undone_try(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, WORKSHOP, NULL);
	j.surprise_at = STEP_PROVISION;
	j.surprise = journey_stop;
	journey_play(&j);
	assert_int_equal(j.c.state, CONVERSION_UNDONE);
	j.surprise_at = -1;
	journey_play(&j);
	assert_int_equal(j.c.state, CONVERSION_DONE);
	assert_int_equal(vendor_stage_active_units(j.vendor, WORKSHOP), WORKSHOP_UNITS);
	journey_nobody_lost_anything(&j);
	journey_close(&j);
}

/* Long after the first request that was lost another one bought it, and its answer is lost too. */
static void stopped_while_the_last_answer_is_lost(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, WORKSHOP, NULL);
	vendor_stage_answer(j.vendor, CHECKOUT, VENDOR_SILENT, NULL, false);
	play_until_order(&j);
	go_on_for(&j, HOURS(2));
	assert_int_equal(vendor_stage_orders(j.vendor, WORKSHOP), 0);
	vendor_stage_answer(j.vendor, CHECKOUT, VENDOR_SILENT, NULL, true);
	vendor_stage_answer(j.vendor, ORDERS, 200, NO_ITEMS, false);
	while (vendor_stage_orders(j.vendor, WORKSHOP) == 0)
		go_on_for(&j, MINUTES(1));
	journey_stop(&j);
	go_on_for(&j, MINUTES(10));
	assert_int_equal(j.c.state, CONVERSION_STOPPING);
	assert_int_equal(j.c.waits_for, WAITS_MICROSOFT);
	vendor_stage_answer(j.vendor, ORDERS, 0, NULL, false);
	vendor_stage_answer(j.vendor, CHECKOUT, 0, NULL, false);
	journey_go_on(&j);
	assert_int_equal(j.c.state, CONVERSION_UNDONE);
	assert_int_equal(vendor_stage_active_units(j.vendor, WORKSHOP), 0);
	journey_nobody_lost_anything(&j);
	journey_close(&j);
}

static void a_plan_whose_tenant_changed_while_the_order_was_refused(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, WORKSHOP, NULL);
	vendor_stage_answer(j.vendor, CHECKOUT, 403, NOT_SIGNED, false);
	play_until_order(&j);
	go_on_for(&j, HOURS(1));
	assert_int_equal(j.c.waits_for, WAITS_ADMINISTRATOR);
	assert_true(str_find(j.c.why, S("agreement")) >= 0 ||
		    str_find(j.c.why, S("Agreement")) >= 0);
	vendor_stage_resize(j.vendor, WORKSHOP, 2);
	vendor_stage_answer(j.vendor, CHECKOUT, 0, NULL, false);
	journey_go_on(&j);
	assert_int_equal(j.c.state, CONVERSION_DONE);
	assert_int_equal(vendor_stage_orders(j.vendor, WORKSHOP), 1);
	assert_int_equal(vendor_stage_active_units(j.vendor, WORKSHOP), WORKSHOP_UNITS + 2);
	journey_nobody_lost_anything(&j);
	journey_close(&j);
}

static void a_refused_order_that_is_stopped(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, WORKSHOP, NULL);
	vendor_stage_answer(j.vendor, CHECKOUT, 403, NOT_SIGNED, false);
	play_until_order(&j);
	journey_stop(&j);
	go_on_for(&j, MINUTES(1));
	assert_int_equal(j.c.state, CONVERSION_UNDONE);
	assert_int_equal(vendor_stage_orders(j.vendor, WORKSHOP), 0);
	journey_close(&j);
}

static void seats_bought_while_it_is_undone(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, WORKSHOP, NULL);
	j.surprise_at = STEP_PROVISION;
	j.surprise = journey_stop;
	journey_play_for(&j, 1);
	while (j.c.state != CONVERSION_STOPPING)
		journey_go_on_for(&j, 1);
	vendor_stage_resize(j.vendor, WORKSHOP, 2);
	journey_go_on(&j);
	assert_int_equal(j.c.state, CONVERSION_UNDONE);
	assert_int_equal(vendor_stage_active_units(j.vendor, WORKSHOP), 0);
	journey_close(&j);
}

#define CANCELLED "{\"id\":\"x\",\"status\":\"cancelled\",\"lineItems\":[]}"

static void an_order_without_its_lines(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, WORKSHOP, NULL);
	vendor_stage_answer(j.vendor, "partnercenter.order", 200, CANCELLED, false);
	vendor_stage_answer(j.vendor, ORDERS, 200, NO_ITEMS, false);
	journey_play_for(&j, (int)(HOURS(1) / SECONDS(20)));
	assert_int_equal(j.c.step, STEP_PROVISION);
	assert_int_equal(j.c.waits_for, WAITS_PARTNER);
	assert_true(str_find(j.c.why, S("Microsoft did not take it")) > 0);
	journey_close(&j);
}

#define NOT_OURS "{\"code\":20002,\"description\":\"No.\",\"data\":[],\"source\":\"PartnerFD\"}"

/* The administrator ends the relationship between the approval and the order. */
static void removed_before_the_order(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, WORKSHOP, NULL);
	vendor_stage_answer(j.vendor, CHECKOUT, VENDOR_SILENT, NULL, false);
	play_until_order(&j);
	vendor_stage_answer(j.vendor, ORDERS, 403, NOT_OURS, false);
	vendor_stage_answer(j.vendor, "partnercenter.customer", 403, NOT_OURS, false);
	go_on_for(&j, MINUTES(30));
	assert_int_equal(j.c.step, STEP_CONSENT);
	assert_int_equal(j.c.waits_for, WAITS_ADMINISTRATOR);
	vendor_stage_answer(j.vendor, CHECKOUT, 0, NULL, false);
	vendor_stage_answer(j.vendor, ORDERS, 0, NULL, false);
	vendor_stage_answer(j.vendor, "partnercenter.customer", 0, NULL, false);
	journey_go_on(&j);
	assert_int_equal(j.c.state, CONVERSION_DONE);
	assert_int_equal(vendor_stage_orders(j.vendor, WORKSHOP), 1);
	journey_close(&j);
}

static void is_removed(struct journey *j)
{
	vendor_stage_act(j->vendor, "remove-partner", WORKSHOP);
}

/* Accepted again, what was ordered is there and goes on: it is never bought twice. */
static void removed_after_the_order(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, WORKSHOP, NULL);
	j.surprise_at = STEP_PROVISION;
	j.surprise = is_removed;
	journey_play_for(&j, 0);
	for (int i = 0; i < 200 && !(j.surprised && j.c.step == STEP_CONSENT); i++)
		journey_go_on_for(&j, 1);
	assert_true(j.surprised && j.c.step == STEP_CONSENT);
	journey_go_on(&j);
	assert_int_equal(j.c.state, CONVERSION_DONE);
	assert_int_equal(vendor_stage_orders(j.vendor, WORKSHOP), 1);
	assert_int_equal(vendor_stage_active_units(j.vendor, WORKSHOP), WORKSHOP_UNITS);
	journey_nobody_lost_anything(&j);
	journey_close(&j);
}

static void fall_asleep(struct journey *j)
{
	j->idle = true;
}

/* After the seven days the order stays; the conversion is not left half stopped. */
static void stopped_after_the_window(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, WORKSHOP, NULL);
	j.surprise_at = STEP_CANCEL_OLD;
	j.surprise = fall_asleep;
	journey_play_for(&j, 400);
	j.with->world.at = instant_after(j.with->world.at, DAYS(8));
	journey_stop(&j);
	go_on_for(&j, MINUTES(1));
	assert_int_equal(j.c.state, CONVERSION_WAITING);
	assert_int_equal(j.c.waits_for, WAITS_ADMINISTRATOR);
	assert_int_equal(vendor_stage_active_units(j.vendor, WORKSHOP), WORKSHOP_UNITS);
	j.idle = false;
	journey_go_on(&j);
	assert_int_equal(j.c.state, CONVERSION_DONE);
	journey_nobody_lost_anything(&j);
	journey_close(&j);
}

/* The administrator cancels, and takes it back before the last look. */
static void a_cancellation_that_is_taken_back(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, WORKSHOP, NULL);
	j.surprise_at = STEP_CANCEL_OLD;
	j.surprise = fall_asleep;
	journey_play_for(&j, 400);
	vendor_stage_act(j.vendor, "cancel", WORKSHOP);
	vendor_stage_answer(j.vendor, "graph.subscribedSkus", 200, "{\"value\":[]}", false);
	go_on_for(&j, MINUTES(5));
	assert_int_equal(j.c.step, STEP_SEE_NEW);
	vendor_stage_reactivate(j.vendor, WORKSHOP);
	vendor_stage_answer(j.vendor, "graph.subscribedSkus", 0, NULL, false);
	go_on_for(&j, MINUTES(10));
	assert_int_equal(j.c.step, STEP_CANCEL_OLD);
	assert_int_equal(j.c.waits_for, WAITS_ADMINISTRATOR);
	j.idle = false;
	journey_go_on(&j);
	assert_int_equal(j.c.state, CONVERSION_DONE);
	journey_nobody_lost_anything(&j);
	journey_close(&j);
}

#define SAYS(code) \
	"{\"code\":" code ",\"description\":\"Says so.\",\"data\":[],\"source\":\"PartnerFD\"}"

/* What a cart's checkout answers for a while, and what a person reads meanwhile; at the end there
 * is one order. */
static void a_cart_that(struct store_testing *with, int status, const char *answer, bool reaches,
			const char *why)
{
	struct journey j;

	journey_open(&j, with, WORKSHOP, NULL);
	vendor_stage_answer(j.vendor, CHECKOUT, status, answer, reaches);
	journey_play_for(&j, 120);
	if (str_find(j.c.why, str_of(why)) < 0)
		fail_msg("%.*s", STR(j.c.why));
	vendor_stage_answer(j.vendor, CHECKOUT, 0, NULL, false);
	journey_go_on(&j);
	assert_int_equal(j.c.state, CONVERSION_DONE);
	assert_int_equal(vendor_stage_orders(j.vendor, WORKSHOP), 1);
	assert_int_equal(vendor_stage_active_units(j.vendor, WORKSHOP), WORKSHOP_UNITS);
	journey_nobody_lost_anything(&j);
	journey_close(&j);
}

static void is_gone(struct store_testing *with)
{
	a_cart_that(with, 404, SAYS("800008"), false, "expired unbought");
}

static void was_submitted_and_is_listed(struct store_testing *with)
{
	a_cart_that(with, 400, SAYS("800065"), true, "");
}

static void was_submitted_and_is_not_listed(struct store_testing *with)
{
	a_cart_that(with, 400, SAYS("800065"), false, "lists no order of it");
}

/* The first answer is lost, and so may be the order: no second cart before it would be listed. */
static void is_gone_after_a_lost_answer(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, WORKSHOP, NULL);
	vendor_stage_answer(j.vendor, CHECKOUT, VENDOR_SILENT, NULL, false);
	journey_play_for(&j, 0);
	for (int i = 0; i < 100 && instant_is_none(j.c.checkout_at); i++)
		journey_go_on_for(&j, 1);
	vendor_stage_answer(j.vendor, CHECKOUT, 404, SAYS("800008"), false);
	go_on_for(&j, MINUTES(5));
	assert_true(str_find(j.c.why, S("never sent as a second order")) >= 0);
	vendor_stage_answer(j.vendor, CHECKOUT, 0, NULL, false);
	journey_go_on(&j);
	assert_int_equal(j.c.state, CONVERSION_DONE);
	assert_int_equal(vendor_stage_orders(j.vendor, WORKSHOP), 1);
	journey_close(&j);
}

static const char *provisioning;

static void provisioning_stands_still(struct journey *j)
{
	vendor_stage_answer(j->vendor, "partnercenter.provisioningStatus", 200, provisioning, true);
}

/* Nobody has lost anything; a person is told, and it goes on when Microsoft does. */
static void a_provisioning_that(struct store_testing *with, const char *answer, const char *why)
{
	struct journey j;

	journey_open(&j, with, WORKSHOP, NULL);
	provisioning = answer;
	j.surprise_at = STEP_PROVISION;
	j.surprise = provisioning_stands_still;
	journey_play_for(&j, 60);
	go_on_for(&j, HOURS(5));
	if (str_find(j.c.why, str_of(why)) < 0)
		fail_msg("%.*s", STR(j.c.why));
	assert_int_equal(j.c.state, CONVERSION_WAITING);
	vendor_stage_answer(j.vendor, "partnercenter.provisioningStatus", 0, NULL, false);
	journey_go_on(&j);
	assert_int_equal(j.c.state, CONVERSION_DONE);
	journey_nobody_lost_anything(&j);
	journey_close(&j);
}

static void does_not_end(struct store_testing *with)
{
	a_provisioning_that(with, "{\"status\":\"pending\"}", "more than four hours");
}

static void fails(struct store_testing *with)
{
	a_provisioning_that(with, "{\"status\":\"failed\"}", "could not provision");
}

static void killed_too_often(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, WORKSHOP, NULL);
	j.surprise_at = STEP_PROVISION;
	j.surprise = fall_asleep;
	for (journey_play_for(&j, 1); !j.surprised; journey_go_on_for(&j, 1))
		assert_false(conversion_ended(j.c.state));
	for (int64_t turns = HOURS(5) / SECONDS(20); turns > 0; turns--) { /* a lease: 10 minutes */
		vendor_stage_trouble(j.vendor, TROUBLE_STOP_BEFORE, 1, journey_die);
		journey_go_on_for(&j, 1);
	}
	vendor_stage_trouble(j.vendor, TROUBLE_NONE, 0, NULL);
	go_on_for(&j, HOURS(1));
	assert_int_equal(j.c.step, STEP_PROVISION); /* nobody works on it any more */
	journey_stop(&j);
	journey_go_on(&j);
	assert_int_equal(j.c.state, CONVERSION_UNDONE);
	assert_int_equal(vendor_stage_active_units(j.vendor, WORKSHOP), 0);
	journey_close(&j);
}

#define TOLD(body, story)                 \
	static void story(void **state)   \
	{                                 \
		(void)state;              \
		store_testing_each(body); \
	}
TOLD(converted_after_an_undone_try, a_tenant_whose_order_was_undone_can_be_converted_again)
TOLD(stopped_while_the_last_answer_is_lost, a_stop_waits_for_the_order_that_was_asked_for_last)
TOLD(a_plan_whose_tenant_changed_while_the_order_was_refused,
     a_refused_order_is_not_bought_later_for_another_tenant_than_approved)
TOLD(a_refused_order_that_is_stopped, a_refused_order_is_undone_at_once)
TOLD(an_order_without_its_lines, a_part_that_was_not_ordered_is_asked_about)
TOLD(removed_before_the_order, an_administrator_who_removed_us_is_asked_again)
TOLD(removed_after_the_order, what_was_ordered_before_we_were_removed_is_not_bought_again)
TOLD(stopped_after_the_window, a_stop_after_the_seven_days_goes_on_instead)
TOLD(a_cancellation_that_is_taken_back, a_cancellation_that_is_taken_back_is_asked_for_again)
TOLD(is_gone, a_cart_that_is_gone_is_made_again)
TOLD(was_submitted_and_is_listed, a_cart_that_was_submitted_is_looked_for_and_found)
TOLD(was_submitted_and_is_not_listed, a_cart_that_was_submitted_and_is_nowhere_is_told)
TOLD(is_gone_after_a_lost_answer, a_lost_answer_is_looked_for_before_there_is_another_cart)
TOLD(does_not_end, an_operator_is_told_of_a_provisioning_that_takes_hours)
TOLD(fails, a_provisioning_that_failed_is_told_and_waited_for)
TOLD(killed_too_often, a_stop_is_carried_out_although_the_job_was_a_dead_letter)
TOLD(seats_bought_while_it_is_undone, an_undo_ends_although_the_tenant_bought_seats)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_tenant_whose_order_was_undone_can_be_converted_again),
		cmocka_unit_test(a_stop_waits_for_the_order_that_was_asked_for_last),
		cmocka_unit_test(
			a_refused_order_is_not_bought_later_for_another_tenant_than_approved),
		cmocka_unit_test(a_refused_order_is_undone_at_once),
		cmocka_unit_test(a_part_that_was_not_ordered_is_asked_about),
		cmocka_unit_test(an_administrator_who_removed_us_is_asked_again),
		cmocka_unit_test(what_was_ordered_before_we_were_removed_is_not_bought_again),
		cmocka_unit_test(a_stop_after_the_seven_days_goes_on_instead),
		cmocka_unit_test(a_cancellation_that_is_taken_back_is_asked_for_again),
		cmocka_unit_test(a_cart_that_is_gone_is_made_again),
		cmocka_unit_test(a_cart_that_was_submitted_is_looked_for_and_found),
		cmocka_unit_test(a_cart_that_was_submitted_and_is_nowhere_is_told),
		cmocka_unit_test(a_lost_answer_is_looked_for_before_there_is_another_cart),
		cmocka_unit_test(an_operator_is_told_of_a_provisioning_that_takes_hours),
		cmocka_unit_test(a_provisioning_that_failed_is_told_and_waited_for),
		cmocka_unit_test(a_stop_is_carried_out_although_the_job_was_a_dead_letter),
		cmocka_unit_test(an_undo_ends_although_the_tenant_bought_seats),
	};

	return cmocka_run_group_tests_name("journey_order", tests, NULL, NULL);
}
