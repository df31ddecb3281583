/* Conversions that end otherwise, or go on although somebody did the unexpected. */
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "journey.h"

static void an_unknown_domain(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, S("nobody-knows.example"), NULL);
	journey_play(&j);
	assert_int_equal(j.c.state, CONVERSION_REFUSED);
	assert_true(str_find(j.c.why, S("nobody-knows.example")) >= 0);
	journey_close(&j);
}

static void a_tenant_converted_before(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, BAKERY, NULL);
	journey_play(&j);
	assert_int_equal(j.c.state, CONVERSION_DONE);
	journey_play(&j);
	assert_int_equal(j.c.state, CONVERSION_REFUSED);
	assert_true(str_find(j.c.why, S("through us")) >= 0);
	assert_int_equal(vendor_stage_orders(j.vendor, BAKERY), 1);
	journey_nobody_lost_anything(&j);
	journey_close(&j);
}

static void cancel_now(struct journey *j)
{
	vendor_stage_act(j->vendor, "cancel", j->domain);
}

/* Before anything was bought there is nothing left to match: no order. */
static void a_tenant_that_cancels_before_the_order(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, WORKSHOP, NULL);
	j.surprise_at = STEP_CONSENT;
	j.surprise = cancel_now;
	journey_play(&j);
	assert_true(j.surprised);
	assert_int_equal(j.c.state, CONVERSION_REFUSED);
	assert_int_equal(vendor_stage_orders(j.vendor, WORKSHOP), 0);
	journey_close(&j);
}

/* After the order the new licenses carry everybody as soon as they run. */
static void a_tenant_that_cancels_too_early(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, WORKSHOP, NULL);
	j.surprise_at = STEP_PROVISION;
	j.surprise = cancel_now;
	journey_play(&j);
	assert_true(j.surprised);
	assert_int_equal(j.c.state, CONVERSION_DONE);
	assert_int_equal(vendor_stage_orders(j.vendor, WORKSHOP), 1);
	assert_int_equal(vendor_stage_active_units(j.vendor, WORKSHOP), WORKSHOP_UNITS);
	journey_close(&j);
}

static void cancel_and_stop(struct journey *j)
{
	cancel_now(j);
	journey_stop(j);
}

/* Stopping would leave users with less, so it goes on to its end. */
static void a_stop_that_comes_too_late(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, WORKSHOP, NULL);
	j.surprise_at = STEP_CANCEL_OLD;
	j.surprise = cancel_and_stop;
	journey_play(&j);
	assert_int_equal(j.c.state, CONVERSION_DONE);
	assert_int_equal(vendor_stage_active_units(j.vendor, WORKSHOP), WORKSHOP_UNITS);
	journey_nobody_lost_anything(&j);
	journey_close(&j);
}

static void keep_microsoft_busy(struct journey *j)
{
	/* Every question is lost from here on. */
	vendor_stage_trouble(j->vendor, TROUBLE_LOST_ALL, 1, NULL);
}

static void microsoft_that_is_gone(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, WORKSHOP, NULL);
	j.surprise_at = STEP_PROVISION;
	j.surprise = keep_microsoft_busy;
	journey_play_for(&j, 200);
	assert_int_equal(j.c.state, CONVERSION_WAITING);
	assert_int_equal(j.c.waits_for, WAITS_MICROSOFT);
	assert_false(str_is_empty(j.c.why));
	assert_false(str_is_empty(j.c.next_thing));
	assert_false(instant_is_none(j.c.waits_since));
	vendor_stage_trouble(j.vendor, TROUBLE_NONE, 0, NULL);
	journey_go_on(&j);
	assert_int_equal(j.c.state, CONVERSION_DONE);
	assert_int_equal(vendor_stage_orders(j.vendor, WORKSHOP), 1);
	journey_close(&j);
}

#define TOLD(body, story)                 \
	static void story(void **state)   \
	{                                 \
		(void)state;              \
		store_testing_each(body); \
	}
TOLD(an_unknown_domain, an_unknown_domain_is_refused_by_name)
TOLD(a_tenant_converted_before, what_is_ours_already_is_not_bought_again)
TOLD(a_tenant_that_cancels_before_the_order,
     a_tenant_that_changed_since_the_approval_is_not_bought_for)
TOLD(a_tenant_that_cancels_too_early, an_early_cancellation_is_carried_by_the_new_licenses)
TOLD(a_stop_that_comes_too_late, a_stop_that_would_take_licenses_away_goes_on_instead)
TOLD(microsoft_that_is_gone, a_vendor_that_is_gone_is_waited_for_in_words)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_unknown_domain_is_refused_by_name),
		cmocka_unit_test(what_is_ours_already_is_not_bought_again),
		cmocka_unit_test(a_tenant_that_changed_since_the_approval_is_not_bought_for),
		cmocka_unit_test(an_early_cancellation_is_carried_by_the_new_licenses),
		cmocka_unit_test(a_stop_that_would_take_licenses_away_goes_on_instead),
		cmocka_unit_test(a_vendor_that_is_gone_is_waited_for_in_words),
	};

	return cmocka_run_group_tests_name("journey_otherwise", tests, NULL, NULL);
}
