/* A conversion that is stopped once something was bought: each user has the old license again
 * before the new one goes, whatever Microsoft shows meanwhile; and what cannot be undone any more
 * goes on. */
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "convert/decision.h"
#include "journey.h"
#include "microsoft/reseller.h"
#include "sandbox/partner_setting.h"
#include "sandbox/tenant_grow.h"

/* 22 users of a product that is no longer sold are moved to its successor. */
#define OLDMILL	   S("oldmill.onmicrosoft.com")
#define TANGLEWOOD S("tanglewood.onmicrosoft.com")
#define OLD	   S("ac5cef5d-921b-4f97-9ef3-c99076e5470f")
#define SUCCESSOR  S("f245ecc8-75af-4f8e-b61f-27d8114de5f3")
enum { MOVED = 22 };

static void go_until(struct journey *j, enum conversion_step step)
{
	journey_play_for(j, 0);
	while (j->c.step < STEP_PROVISION)
		journey_go_on_for(j, 1);
	j->idle = true; /* nobody cancels */
	while (j->c.step < step)
		journey_go_on_for(j, 1);
}

static void open_until(struct journey *j, struct store_testing *with, enum conversion_step step)
{
	journey_open(j, with, OLDMILL, NOVATE_SOURCE "/tests/oldmill.json");
	vendor_stage_becomes(j->vendor, OLDMILL, OLD, SUCCESSOR);
	go_until(j, step);
}

static void is_put_back(struct journey *j)
{
	assert_int_equal(j->c.state, CONVERSION_UNDONE);
	assert_int_equal(vendor_stage_active_units(j->vendor, OLDMILL), 0);
	assert_int_equal(vendor_stage_holders(j->vendor, OLD), MOVED);
	assert_true(vendor_stage_is_as_it_was(j->vendor));
	journey_nobody_lost_anything(j);
}

static void is_moved_again(struct journey *j)
{
	j->idle = false;
	journey_go_on(j);
	assert_int_equal(j->c.state, CONVERSION_DONE);
	assert_int_equal(vendor_stage_holders(j->vendor, OLD), 0);
	assert_int_equal(vendor_stage_holders(j->vendor, SUCCESSOR), MOVED);
}

static void put_twenty_back(struct journey *j, struct store_testing *with)
{
	open_until(j, with, STEP_CANCEL_OLD);
	journey_stop(j);
	vendor_stage_trouble(j->vendor, TROUBLE_LOST_ALL, 8, NULL);
	journey_go_on_for(j, 10);
	assert_int_equal(vendor_stage_holders(j->vendor, OLD), 20);
	vendor_stage_trouble(j->vendor, TROUBLE_NONE, 0, NULL);
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
	vendor_stage_fault_end(j.vendor);
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

#define SWITCHED_OFF S("switched-off.onmicrosoft.com")

/* Somebody has a service switched off that the product no longer has. */
static void stopped_with_a_service_of_before(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, SWITCHED_OFF, NOVATE_SOURCE "/tests/tenants/switched-off.json");
	vendor_stage_becomes(j.vendor, SWITCHED_OFF, OLD, SUCCESSOR);
	journey_to_the_cancelling(&j);
	assert_int_equal(vendor_stage_holders(j.vendor, OLD), 0);
	journey_stop(&j);
	journey_go_on(&j);
	assert_int_equal(j.c.state, CONVERSION_UNDONE);
	assert_int_equal(vendor_stage_holders(j.vendor, OLD), 2);
	journey_nobody_lost_anything(&j);
	journey_close(&j);
}

static void a_service_that_the_product_lost_keeps_nobody_from_it(void **state)
{
	(void)state;
	store_testing_each(stopped_with_a_service_of_before);
}

/* The administrator has cancelled, and Microsoft's list of subscriptions is of before. */
static void stopped_behind_subscriptions_of_before(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, WORKSHOP, NULL);
	journey_to_the_cancelling(&j);
	vendor_stage_fault(j.vendor, "graph stale 1000 /directory/subscriptions");
	journey_knock(&j);
	journey_go_on_for(&j, 2);
	vendor_stage_act(j.vendor, "cancel", WORKSHOP);
	journey_stop(&j);
	for (int minutes = 0; minutes < 60; minutes += 5)
		journey_later(&j, MINUTES(5));
	assert_int_equal(j.c.state, CONVERSION_WAITING); /* it goes on, as nothing can be undone */
	assert_int_equal(vendor_stage_active_units(j.vendor, WORKSHOP), WORKSHOP_UNITS);
	vendor_stage_fault_end(j.vendor);
	j.idle = false;
	journey_go_on(&j);
	assert_int_equal(j.c.state, CONVERSION_DONE);
	journey_nobody_lost_anything(&j);
	journey_close(&j);
}

static void a_list_of_before_hides_no_cancellation(void **state)
{
	(void)state;
	store_testing_each(stopped_behind_subscriptions_of_before);
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

/* To leave out the part that users need is not offered. */
static fault *only_ordering_body(struct tx *tx, void *with)
{
	struct journey *j = with;
	struct decisions list;

	TRY(decision_all(tx, j->c.id, &list));
	assert_int_equal(list.len, 1);
	assert_int_equal(list.at[0].options.len, 1);
	assert_true(str_eq(str_of(list.at[0].options.at[0]->word), S("order-again")));
	return NULL;
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

struct cancelling {
	struct journey *j;
	str subscription;
};

static fault *plan_body(struct tx *tx, void *with)
{
	struct cancelling *c = with;
	struct plan plan;

	TRY(plan_load(tx, c->j->c.id, &plan));
	for (size_t i = 0; i < plan.len; i++)
		if (str_eq(plan.at[i].sku, OLD))
			c->subscription = str_copy(c->j->with->arena, plan.at[i].subscription);
	return NULL;
}

/* In Partner Center, by hand. */
static void cancel_the_successor(struct journey *j)
{
	struct microsoft_work w = { .ms = j->ms, .arena = j->with->arena };
	struct cancelling c = { .j = j };

	journey_must(store_run(j->with->store, STORE_READ, j->with->arena, "plan", plan_body, &c));
	journey_must(reseller_cancel(&w, j->c.tenant, c.subscription));
}

/* Twenty of 22 users are put back when somebody cancels what the other two hold, and Microsoft is
 * away until the seven days are over. */
static void stopped_in_part_while_users_need_it(struct store_testing *with)
{
	struct journey j;

	answer = "order-again";
	put_twenty_back(&j, with);
	cancel_the_successor(&j);
	j.with->world.at = instant_after(j.with->world.at, DAYS(9));
	j.idle = false;
	journey_go_on_for(&j, 20);
	journey_says(&j, "it was cancelled");
	journey_let(&j, only_ordering_body);
	journey_let(&j, answer_body);
	is_moved_again(&j);
	journey_close(&j);
}

static void an_order_undone_in_part_is_asked_about(void **state)
{
	(void)state;
	store_testing_each(left_early);
	store_testing_each(left_late);
	store_testing_each(ordered_again_early);
	store_testing_each(ordered_again_late);
	store_testing_each(stopped_in_part_while_users_need_it);
}

/* ---- an order that is not shown whole, or too long ---- */

static fault *late_body(struct tx *tx, void *with)
{
	(void)with;
	return partner_setting_put(tx, S("lists-late"), S("15m"));
}

/* Microsoft has the order, and does not say yet which subscription it will be. */
static void stopped_while_it_is_prepared(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, BAKERY, NULL);
	vendor_stage_let(j.vendor, late_body);
	journey_play_for(&j, 0);
	while (j.c.step < STEP_PROVISION)
		journey_go_on_for(&j, 1);
	journey_stop(&j);
	journey_go_on_for(&j, 5);
	assert_int_equal(j.c.state, CONVERSION_STOPPING);
	assert_int_equal(j.c.waits_for, WAITS_MICROSOFT);
	journey_says(&j, "The order is being cancelled");
	assert_true(str_find(j.c.next_thing, S("cancel nothing in the admin center")) > 0);
	journey_go_on(&j);
	assert_int_equal(j.c.state, CONVERSION_UNDONE);
	assert_int_equal(vendor_stage_orders(j.vendor, BAKERY), 1);
	assert_int_equal(vendor_stage_active_units(j.vendor, BAKERY), 0);
	journey_nobody_lost_anything(&j);
	journey_close(&j);
}

/* The order is cancelled, and the tenant shows it for nine days more. */
static void stopped_and_shown_for_long(struct store_testing *with)
{
	struct journey j;

	open_until(&j, with, STEP_CANCEL_OLD);
	vendor_stage_fault(j.vendor, "graph stale 1000 /directory/subscriptions");
	journey_stop(&j);
	journey_go_on_for(&j, 50);
	assert_int_equal(j.c.waits_for, WAITS_MICROSOFT);
	vendor_stage_answer(j.vendor, "graph.user", 500, "{}",
			    false); /* nobody is asked for again */
	for (int days = 0; days < 9; days++) {
		assert_int_equal(j.c.state, CONVERSION_STOPPING);
		journey_says(&j, "The order is being cancelled");
		assert_int_equal(vendor_stage_active_units(j.vendor, OLDMILL), 0);
		journey_later(&j, DAYS(1));
	}
	assert_int_equal(j.c.waits_for, WAITS_OPERATOR); /* who asks Microsoft */
	vendor_stage_fault_end(j.vendor);
	journey_go_on(&j);
	is_put_back(&j);
	journey_close(&j);
}

static void an_order_is_undone_only_when_it_is_known_whole_and_shown_gone(void **state)
{
	(void)state;
	store_testing_each(stopped_while_it_is_prepared);
	store_testing_each(stopped_and_shown_for_long);
}

/* ---- the seven days end before it is undone ---- */

/* Twenty of 22 are put back, and then Microsoft is away until it is too late. */
static void stopped_too_slowly(struct store_testing *with)
{
	struct journey j;

	put_twenty_back(&j, with);
	j.with->world.at = instant_after(j.with->world.at, DAYS(9));
	is_moved_again(&j);
	journey_nobody_lost_anything(&j);
	journey_close(&j);
}

/* All are put back, and Microsoft's seven days were over a little before ours. */
static void stopped_in_the_last_minute(struct store_testing *with)
{
	struct journey j;

	open_until(&j, with, STEP_CANCEL_OLD);
	vendor_stage_answer(j.vendor, "partnercenter.cancel", 400, "{\"code\":900117}", false);
	journey_stop(&j);
	journey_go_on_for(&j, 10);
	assert_int_equal(j.c.step, STEP_CANCEL_OLD);
	assert_true(journey_has_told(&j, "Microsoft's seven days for undoing the order are over"));
	is_moved_again(&j);
	journey_nobody_lost_anything(&j);
	journey_close(&j);
}

static void who_was_put_back_for_nothing_is_moved_again(void **state)
{
	(void)state;
	store_testing_each(stopped_too_slowly);
	store_testing_each(stopped_in_the_last_minute);
}

/* ---- each user is asked for alone, once ---- */

static fault *grow_body(struct tx *tx, void *with)
{
	int64_t added;

	(void)with;
	return tenant_grow(tx, OLDMILL, 150, &added);
}

/* One of the last users that are asked for is not answered, so the look is made again; one of the
 * first is marked, to be counted. */
static void stopped_with_many_users(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, OLDMILL, NOVATE_SOURCE "/tests/oldmill.json");
	vendor_stage_let(j.vendor, grow_body);
	vendor_stage_becomes(j.vendor, OLDMILL, OLD, SUCCESSOR);
	go_until(&j, STEP_CANCEL_OLD);
	vendor_stage_fault(j.vendor,
			   "graph 500 1 --path /users/ff26a0c6-d213-5f8a-a063-a9e4a696e3e1?");
	vendor_stage_fault(j.vendor,
			   "graph bom 100 --path /users/0ef50756-3a63-5305-9cf9-e6222fbf0e0e?");
	journey_stop(&j);
	journey_go_on(&j);
	assert_int_equal(j.c.state, CONVERSION_UNDONE);
	assert_int_equal(vendor_stage_faults_met(j.vendor), 2); /* each of them once */
	assert_true(vendor_stage_is_as_it_was(j.vendor));
	journey_nobody_lost_anything(&j);
	journey_close(&j);
}

static void nobody_is_asked_for_twice_however_often_the_stop_is_cut_short(void **state)
{
	(void)state;
	store_testing_each(stopped_with_many_users);
}

/* ---- what comes from a group ---- */

static void front_desk(struct journey *j, const char *act, str sku)
{
	vendor_stage_act(j->vendor, act,
			 str_format(j->with->arena,
				    "tanglewood.onmicrosoft.com "
				    "ca22f441-4717-5472-a0dc-ce45836b55b6 %.*s",
				    STR(sku)));
}

/* The group gives the new product, and Microsoft's list shows its members as before. */
static void stopped_behind_a_group(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, TANGLEWOOD, NOVATE_SOURCE "/tests/tanglewood.json");
	vendor_stage_becomes(j.vendor, TANGLEWOOD, OLD, SUCCESSOR);
	vendor_stage_act(j.vendor, "locate", S("dora.tang@tanglewood.onmicrosoft.com US"));
	journey_play_for(&j, 300);
	assert_int_equal(j.c.step, STEP_MOVE_USERS);
	vendor_stage_fault(j.vendor, "graph stale 1000 /users");
	journey_knock(&j);
	journey_go_on_for(&j, 3);
	front_desk(&j, "group-assign", SUCCESSOR);
	front_desk(&j, "group-unassign", OLD);
	journey_stop(&j);
	journey_go_on_for(&j, 10);
	assert_int_equal(j.c.state, CONVERSION_STOPPING);
	assert_int_equal(j.c.waits_for, WAITS_ADMINISTRATOR);
	journey_says(&j, "In group Front desk (");
	journey_says(&j, "ben.tang@");
	journey_says(&j, "cleo.tang@");
	assert_int_equal(vendor_stage_active_units(j.vendor, TANGLEWOOD), 6);
	vendor_stage_fault_end(j.vendor);
	front_desk(&j, "group-assign", OLD);
	front_desk(&j, "group-unassign", SUCCESSOR);
	journey_knock(&j);
	journey_go_on(&j);
	assert_int_equal(j.c.state, CONVERSION_UNDONE);
	assert_int_equal(vendor_stage_active_units(j.vendor, TANGLEWOOD), 0);
	assert_true(vendor_stage_is_as_it_was(j.vendor));
	journey_nobody_lost_anything(&j);
	journey_close(&j);
}

static void a_group_that_gives_the_new_license_is_not_back_whatever_the_list_shows(void **state)
{
	(void)state;
	store_testing_each(stopped_behind_a_group);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stopping_puts_everybody_back_with_the_same_services),
		cmocka_unit_test(a_list_of_before_takes_nobodys_license),
		cmocka_unit_test(what_was_cancelled_in_time_needs_no_window),
		cmocka_unit_test(an_order_undone_in_part_is_asked_about),
		cmocka_unit_test(a_list_of_before_hides_no_cancellation),
		cmocka_unit_test(a_service_that_the_product_lost_keeps_nobody_from_it),
		cmocka_unit_test(an_order_is_undone_only_when_it_is_known_whole_and_shown_gone),
		cmocka_unit_test(who_was_put_back_for_nothing_is_moved_again),
		cmocka_unit_test(nobody_is_asked_for_twice_however_often_the_stop_is_cut_short),
		cmocka_unit_test(
			a_group_that_gives_the_new_license_is_not_back_whatever_the_list_shows),
	};

	return cmocka_run_group_tests_name("journey_stop", tests, NULL, NULL);
}
