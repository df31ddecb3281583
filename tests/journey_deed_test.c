/* Novate ends what was bought directly, through Azure Billing: once, and only where everybody is
 * carried; what Microsoft does not answer, or says and does not do. */
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "giving.h"
#include "vendor_person.h"

#define TENANTS	   NOVATE_SOURCE "/tests/tenants/"
#define MILLRACE   S("millrace.onmicrosoft.com")
#define SORRELHILL S("sorrelhill.onmicrosoft.com")
#define JUNIPER	   S("juniperlane.onmicrosoft.com")

static void is_said(struct journey *j, enum conversion_waits waits_for, const char *said)
{
	if (j->c.waits_for != waits_for || str_find(j->c.why, str_of(said)) < 0)
		fail_msg("waits for %.*s, and “%s” is not in: %.*s",
			 STR(conversion_waits_word(j->c.waits_for)), said, STR(j->c.why));
}

/* One direct subscription inside its seven days, which Novate may cancel. */
static void open_juniper(struct journey *j, struct store_testing *with, const char *change_time)
{
	journey_open(j, with, JUNIPER, NOVATE_SOURCE "/tests/juniper.json");
	vendor_stage_act(j->vendor, "billing",
			 str_format(with->arena, "change-time %s", change_time));
	journey_to_the_door(j);
	giving_allow(j, true);
}

static void is_done_with_one_call(struct journey *j)
{
	assert_int_equal(j->c.state, CONVERSION_DONE);
	assert_int_equal(journey_asked(j, "billing.cancel"), 1);
	assert_int_equal(journey_asked(j, "billing.renewal_off"), 0);
	journey_nobody_lost_anything(j);
	journey_close(j);
}

/* Nobody acts by hand: Novate turns the renewal off, and the term runs out. */
static void a_renewal_that_novate_ends(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, SORRELHILL, TENANTS "sorrelhill.json");
	journey_to_the_door(&j);
	giving_allow(&j, true);
	vendor_stage_answer(j.vendor, "billing.renewal_off", VENDOR_SILENT, NULL, false);
	journey_to_the_cancelling(&j);
	assert_int_equal(j.c.waits_for, WAITS_MICROSOFT);
	vendor_stage_answer(j.vendor, "billing.renewal_off", 0, NULL, false);
	journey_go_on_for(&j, 2);
	is_said(&j, WAITS_MICROSOFT,
		"is having its recurring billing turned off through Azure Billing");
	assert_string_equal(journey_guide(&j).each.at[0].state, "Novate is on it");
	/* never seen: asked anew after ten minutes */
	journey_go_on_for(&j, 40);
	assert_int_equal(journey_asked(&j, "billing.renewal_off"), 2);
	is_said(&j, WAITS_NOBODY, "ends by itself");
	is_said(&j, WAITS_NOBODY, "3 March 2026");
	assert_string_equal(journey_guide(&j).each.at[0].state, "Ends by itself");
	for (int days = 0; days < 70 && !conversion_ended(j.c.state); days++)
		journey_later(&j, DAYS(1));
	journey_go_on(&j);
	assert_int_equal(j.c.state, CONVERSION_DONE);
	assert_int_equal(journey_asked(&j, "billing.renewal_off"), 2);
	journey_nobody_lost_anything(&j);
	journey_close(&j);
}

/* Microsoft takes half an hour, and for a while says nothing of it. */
static void a_deed_that_takes_its_time(struct store_testing *with)
{
	struct journey j;

	open_juniper(&j, with, "30m");
	journey_to_the_cancelling(&j);
	vendor_stage_answer(j.vendor, "billing.operation", VENDOR_SILENT, NULL, false);
	journey_knock(&j);
	journey_go_on_for(&j, 2);
	is_said(&j, WAITS_MICROSOFT, "did not answer");
	vendor_stage_answer(j.vendor, "billing.operation", 0, NULL, false);
	journey_later(&j, MINUTES(15));
	is_said(&j, WAITS_MICROSOFT, "is being cancelled through Azure Billing");
	assert_string_equal(journey_guide(&j).each.at[0].state, "Novate is on it");
	journey_go_on(&j);
	is_done_with_one_call(&j);
}

/* The answer to the deed itself is lost: the account, locked while it changes, tells of it. */
static void a_deed_whose_answer_is_lost(struct store_testing *with)
{
	struct journey j;

	open_juniper(&j, with, "30m");
	vendor_stage_answer(j.vendor, "billing.cancel", VENDOR_SILENT, NULL, true);
	journey_to_the_cancelling(&j);
	is_said(&j, WAITS_MICROSOFT, "did not answer");
	vendor_stage_answer(j.vendor, "billing.cancel", 0, NULL, false);
	for (int minutes = 0; minutes < 25; minutes += 5) {
		journey_later(&j, MINUTES(5));
		is_said(&j, WAITS_MICROSOFT, "is being cancelled through Azure Billing");
	}
	journey_go_on(&j);
	is_done_with_one_call(&j);
}

/* Done, says Microsoft, and nothing came of it: after a day a person is asked. */
static void a_deed_that_is_hollow(struct store_testing *with)
{
	struct cancel_guide guide;
	struct journey j;

	open_juniper(&j, with, "10s");
	vendor_stage_act(j.vendor, "billing", S("cancel-hollow on"));
	journey_to_the_cancelling(&j);
	for (int hours = 0; hours < 23; hours++) {
		journey_later(&j, HOURS(1));
		is_said(&j, WAITS_MICROSOFT, "is being cancelled through Azure Billing");
	}
	journey_later(&j, HOURS(2));
	is_said(&j, WAITS_ADMINISTRATOR,
		"Through Azure Billing it could not be done: Microsoft calls it done since a day");
	guide = journey_guide(&j);
	assert_string_equal(guide.each.at[0].state, "To be ended");
	assert_true(str_find(guide.each.at[0].about, S("since a day")) > 0);
	j.idle = false;
	journey_go_on(&j);
	is_done_with_one_call(&j);
}

/* The same of a renewal: called off at once, and still on. */
static void a_renewal_that_stays_on(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, SORRELHILL, TENANTS "sorrelhill.json");
	journey_to_the_door(&j);
	giving_allow(&j, true);
	vendor_stage_answer(j.vendor, "billing.renewal_off", 200, "{}", false);
	journey_to_the_cancelling(&j);
	for (int hours = 0; hours < 23; hours++)
		journey_later(&j, HOURS(1));
	is_said(&j, WAITS_MICROSOFT, "is having its recurring billing turned off");
	assert_int_equal(journey_asked(&j, "billing.renewal_off"), 1);
	journey_later(&j, HOURS(2));
	is_said(&j, WAITS_ADMINISTRATOR, "Microsoft calls it done since a day");
	assert_int_equal(journey_asked(&j, "billing.renewal_off"), 1);
	vendor_stage_act(j.vendor, "renewal", S("sorrelhill.onmicrosoft.com off"));
	journey_later(&j, HOURS(1));
	is_said(&j, WAITS_NOBODY, "ends by itself");
	journey_close(&j);
}

/* The account has ended it, and the tenant's lists show it for half an hour more. */
static void a_deed_that_the_tenant_shows_late(struct store_testing *with)
{
	struct journey j;

	open_juniper(&j, with, "1m");
	journey_to_the_cancelling(&j);
	vendor_stage_fault(j.vendor, "graph stale 1000 /subscribedSkus");
	vendor_stage_fault(j.vendor, "graph stale 1000 /directory/subscriptions");
	journey_knock(&j); /* the lists are read, and stay as they are now */
	journey_go_on_for(&j, 2);
	for (int minutes = 0; minutes < 30; minutes += 5) {
		journey_later(&j, MINUTES(5));
		is_said(&j, WAITS_MICROSOFT, "is being cancelled through Azure Billing");
		assert_true(str_starts(journey_guide(&j).each.at[0].about,
				       S("It is being ended through Azure Billing.")));
	}
	vendor_stage_fault_end(j.vendor);
	journey_go_on(&j);
	is_done_with_one_call(&j);
}

static struct journey *in_hand;

static fault *withdraw_body(struct tx *tx, void *with)
{
	struct journey *j = with;

	return billing_grant_withdraw(tx, j->c.door);
}

static void take_back(void)
{
	journey_let(in_hand, withdraw_body);
}

/* The permission is taken back between the look and the deed. */
static void a_deed_that_is_no_longer_allowed(struct store_testing *with)
{
	struct journey j;
	int64_t calls;

	open_juniper(&j, with, "10s");
	vendor_stage_answer(j.vendor, "billing.subscriptions", 403, "{}", false);
	journey_to_the_cancelling(&j);
	calls = vendor_stage_calls(j.vendor);
	journey_later(&j, MINUTES(30));
	is_said(&j, WAITS_ADMINISTRATOR, "Still to be ended");
	calls = vendor_stage_calls(j.vendor) - calls;
	vendor_stage_answer(j.vendor, "billing.subscriptions", 0, NULL, false);
	in_hand = &j;
	vendor_stage_trouble(j.vendor, TROUBLE_STOP_AFTER, calls, take_back);
	journey_later(&j, MINUTES(30));
	assert_true(journey_has_said(&j, "Took back the permission to use Azure Billing."));
	assert_int_equal(journey_asked(&j, "billing.cancel"), 0);
	is_said(&j, WAITS_ADMINISTRATOR, "Still to be ended");
	assert_string_equal(journey_guide(&j).each.at[0].state, "To be ended");
	journey_close(&j);
}

/* Of two one is cancelled, the other only no longer renews: the other one is waited for. */
static void one_that_is_gone_and_one_that_ends(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, MILLRACE, TENANTS "millrace.json");
	journey_to_the_door(&j);
	giving_allow(&j, false);
	journey_to_the_cancelling(&j);
	vendor_person_cancel_first(j.vendor, MILLRACE);
	vendor_stage_act(j.vendor, "renewal", S("millrace.onmicrosoft.com off"));
	journey_later(&j, DAYS(8)); /* it can't be cancelled any more */
	is_said(&j, WAITS_NOBODY, "ends by itself: 3 seats of");
	is_said(&j, WAITS_NOBODY, "The last day is 1 February 2027");
	assert_true(str_find(j.c.why, S("4 seats")) < 0);
	journey_close(&j);
}

/* The partner buys a seat while the administrator is to cancel: nothing is cancelled on numbers
 * that nobody approved. */
static void numbers_that_change_hold_the_cancelling_back(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, WORKSHOP, NULL);
	journey_to_the_cancelling(&j);
	assert_int_equal(j.c.waits_for, WAITS_ADMINISTRATOR);
	vendor_person_resize_ours(j.vendor, WORKSHOP, 1);
	journey_later(&j, MINUTES(30));
	is_said(&j, WAITS_PARTNER, "Do not cancel anything yet.");
	assert_true(str_find(j.c.next_thing, S("Put it back and press Resume")) > 0);
	vendor_person_resize_ours(j.vendor, WORKSHOP, -1);
	journey_later(&j, MINUTES(30));
	is_said(&j, WAITS_ADMINISTRATOR, "Still to be ended");
	j.idle = false;
	journey_go_on(&j);
	assert_int_equal(j.c.state, CONVERSION_DONE);
	journey_close(&j);
}

#define TOBIAS "tobias.wren@cedarbend.onmicrosoft.com O365_BUSINESS_PREMIUM"

/* A user who lost a license meanwhile comes before any cancelling. */
static void a_loss_holds_the_cancelling_back(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, WORKSHOP, NULL);
	journey_to_the_cancelling(&j);
	vendor_stage_act(j.vendor, "unassign", S(TOBIAS));
	journey_later(&j, MINUTES(30));
	is_said(&j, WAITS_PARTNER, "1 license that users held at the start is gone");
	vendor_stage_act(j.vendor, "assign", S(TOBIAS));
	journey_later(&j, MINUTES(30));
	is_said(&j, WAITS_ADMINISTRATOR, "Still to be ended");
	journey_close(&j);
}

#define STORY(body)                          \
	static void run_##body(void **state) \
	{                                    \
		(void)state;                 \
		store_testing_each(body);    \
	}
STORY(a_renewal_that_novate_ends)
STORY(a_deed_that_takes_its_time)
STORY(a_deed_whose_answer_is_lost)
STORY(a_deed_that_is_hollow)
STORY(a_renewal_that_stays_on)
STORY(a_deed_that_the_tenant_shows_late)
STORY(a_deed_that_is_no_longer_allowed)
STORY(one_that_is_gone_and_one_that_ends)
STORY(numbers_that_change_hold_the_cancelling_back)
STORY(a_loss_holds_the_cancelling_back)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(run_a_renewal_that_novate_ends),
		cmocka_unit_test(run_a_deed_that_takes_its_time),
		cmocka_unit_test(run_a_deed_whose_answer_is_lost),
		cmocka_unit_test(run_a_deed_that_is_hollow),
		cmocka_unit_test(run_a_renewal_that_stays_on),
		cmocka_unit_test(run_a_deed_that_the_tenant_shows_late),
		cmocka_unit_test(run_a_deed_that_is_no_longer_allowed),
		cmocka_unit_test(run_one_that_is_gone_and_one_that_ends),
		cmocka_unit_test(run_numbers_that_change_hold_the_cancelling_back),
		cmocka_unit_test(run_a_loss_holds_the_cancelling_back),
	};

	return cmocka_run_group_tests_name("journey_deed", tests, NULL, NULL);
}
