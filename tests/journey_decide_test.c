/* What differs from the approval: a person is asked, and each answer leads where it says. */
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "convert/decision.h"
#include "convert/loss.h"
#include "convert/plan.h"
#include "convert/plan_choice.h"
#include "convert/snapshot.h"
#include "journey.h"
#include "market/price.h"
#include "sandbox/partner_trouble.h"

#define STANDARD "O365_BUSINESS_PREMIUM"
#define EXCHANGE "EXCHANGESTANDARD"
#define MEI	 "mei.ashdown@cedarbend.onmicrosoft.com"

/* ---- what is asked, and the answer ---- */

struct asked {
	struct journey *j;
	enum decision_kind kind;
	const char *answer; /* NULL: only look */
	bool open;
	str question;
};

static fault *asked_body(struct tx *tx, void *with)
{
	struct asked *a = with;
	struct decisions all;

	TRY(decision_all(tx, a->j->c.id, &all));
	a->open = false;
	for (size_t i = 0; i < all.len; i++) {
		if (all.at[i].kind != a->kind || !str_is_none(all.at[i].answer))
			continue;
		a->open = true;
		a->question = str_copy(a->j->with->arena, all.at[i].question);
		if (a->answer)
			TRY(decision_take(tx, &a->j->ada, a->j->c.id, all.at[i].key,
					  str_of(a->answer)));
	}
	return NULL;
}

/* Waits until this is asked, and gives the answer. */
static void must_ask(struct journey *j, enum decision_kind kind, const char *answer)
{
	struct asked a = { j, kind, answer, false, STR_NONE };

	assert_int_equal(j->c.state, CONVERSION_WAITING);
	assert_int_equal(j->c.waits_for, WAITS_PARTNER);
	journey_must(
		store_run(j->with->store, STORE_WRITE, j->with->arena, "answer", asked_body, &a));
	if (!a.open)
		fail_msg("%.*s is not asked; it says: %.*s", STR(decision_kind_word(kind)),
			 STR(j->c.why));
	assert_true(decision_is_asked(&j->c));
	assert_true(str_eq(a.question, j->c.why));
}

/* ---- what the vendor does wrong ---- */

static struct partner_trouble wrong;
static const char *wrong_sku;

static fault *wrong_body(struct tx *tx, void *with)
{
	(void)with;
	TRY(partner_trouble_target(tx, str_of(wrong_sku), &wrong.target));
	if (wrong.kind == PARTNER_TROUBLE_OTHER_SKU)
		TRY(partner_trouble_target(tx, S(EXCHANGE), &wrong.other));
	return partner_trouble_make(tx, &wrong);
}

static fault *split_body(struct tx *tx, void *with)
{
	(void)with;
	return partner_trouble_split_orders(tx, true);
}

static void goes_wrong(struct journey *j, const char *sku, enum partner_trouble_kind kind,
		       int64_t number, int64_t times)
{
	wrong_sku = sku;
	wrong = (struct partner_trouble){ .kind = kind, .number = number, .times = times };
	vendor_stage_let(j->vendor, split_body);
	vendor_stage_let(j->vendor, wrong_body);
}

static void must_be_done(struct journey *j, int64_t orders, int64_t units)
{
	journey_go_on(j);
	assert_int_equal(j->c.state, CONVERSION_DONE);
	assert_int_equal(vendor_stage_orders(j->vendor, WORKSHOP), orders);
	assert_int_equal(vendor_stage_active_units(j->vendor, WORKSHOP), units);
	journey_nobody_lost_anything(j);
	journey_close(j);
}

static void a_refused_line_left(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, WORKSHOP, NULL);
	goes_wrong(&j, EXCHANGE, PARTNER_TROUBLE_REFUSED, 2085, 1);
	journey_play_for(&j, 200);
	must_ask(&j, DECISION_PART, "leave");
	must_be_done(&j, 1, 10);
}

static void a_refused_line_ordered_again(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, WORKSHOP, NULL);
	goes_wrong(&j, EXCHANGE, PARTNER_TROUBLE_REFUSED, 2085, 1);
	journey_play_for(&j, 200);
	must_ask(&j, DECISION_PART, "order-again");
	must_be_done(&j, 2, WORKSHOP_UNITS);
}

/* Each order that comes back in part is a question of its own. */
static void a_line_refused_twice(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, WORKSHOP, NULL);
	goes_wrong(&j, EXCHANGE, PARTNER_TROUBLE_REFUSED, 2085, 1);
	journey_play_for(&j, 200);
	must_ask(&j, DECISION_PART, "order-again");
	goes_wrong(&j, EXCHANGE, PARTNER_TROUBLE_WITHDRAWN, 0, PARTNER_TROUBLE_ALWAYS);
	journey_go_on_for(&j, 200);
	must_ask(&j, DECISION_PART, "leave");
	must_be_done(&j, 1, 10);
}

static void a_stop_between_two_orders(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, WORKSHOP, NULL);
	goes_wrong(&j, EXCHANGE, PARTNER_TROUBLE_REFUSED, 2085, 1);
	journey_play_for(&j, 200);
	must_ask(&j, DECISION_PART, NULL);
	journey_stop(&j);
	journey_go_on(&j);
	assert_int_equal(j.c.state, CONVERSION_UNDONE);
	assert_int_equal(vendor_stage_active_units(j.vendor, WORKSHOP), 0);
	journey_nobody_lost_anything(&j);
	journey_close(&j);
}

static void more_seats_than_ordered(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, WORKSHOP, NULL);
	goes_wrong(&j, STANDARD, PARTNER_TROUBLE_QUANTITY, 12, 1);
	journey_play_for(&j, 200);
	must_ask(&j, DECISION_QUANTITY, "accept");
	must_be_done(&j, 2, WORKSHOP_UNITS + 2);
}

static void fewer_seats_than_ordered(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, WORKSHOP, NULL);
	goes_wrong(&j, STANDARD, PARTNER_TROUBLE_QUANTITY, 7, 1);
	journey_play_for(&j, 200);
	assert_int_equal(j.c.waits_for, WAITS_OPERATOR);
	assert_true(str_find(j.c.why, S("7 seats")) >= 0);
	journey_stop(&j);
	journey_go_on(&j);
	assert_int_equal(j.c.state, CONVERSION_UNDONE);
	journey_nobody_lost_anything(&j);
	journey_close(&j);
}

static void another_product_than_ordered(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, WORKSHOP, NULL);
	goes_wrong(&j, STANDARD, PARTNER_TROUBLE_OTHER_SKU, 0, 1);
	journey_play_for(&j, 200);
	assert_int_equal(j.c.step, STEP_PROVISION);
	assert_int_equal(j.c.waits_for, WAITS_OPERATOR);
	assert_true(str_eq(j.c.why, S("Microsoft provisioned another product than Microsoft 365 "
				      "Business Standard, which was ordered.")));
	journey_stop(&j);
	journey_go_on(&j);
	assert_int_equal(j.c.state, CONVERSION_UNDONE);
	assert_int_equal(vendor_stage_active_units(j.vendor, WORKSHOP), 0);
	journey_nobody_lost_anything(&j);
	journey_close(&j);
}

/* ---- a price that moves between approval and order ---- */

static fault *price_body(struct tx *tx, void *with)
{
	(void)with;
	return price_set(tx, S("f245ecc8-75af-4f8e-b61f-27d8114de5f3"),
			 (money){ .minor = 1375, .in = { "USD" } }, PRICE_TERM, PRICE_BILLING);
}

static void price_moves(struct journey *j)
{
	journey_let(j, price_body);
}

static void a_price_that_moved(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, WORKSHOP, NULL);
	j.surprise_at = STEP_CONSENT;
	j.surprise = price_moves;
	journey_play_for(&j, 200);
	assert_true(j.surprised);
	assert_int_equal(vendor_stage_orders(j.vendor, WORKSHOP), 0);
	assert_true(str_find(j.c.why, S("13.75")) >= 0);
	must_ask(&j, DECISION_PRICE, "accept");
	must_be_done(&j, 1, WORKSHOP_UNITS);
}

/* ---- a user who loses a license by the administrator's own hand ---- */

static void takes_a_license(struct journey *j)
{
	vendor_stage_act(j->vendor, "unassign", S(MEI " " STANDARD));
}

static fault *losses_body(struct tx *tx, void *with)
{
	struct journey *j = with;
	struct license_holds accepted;

	TRY(loss_load(tx, j->c.id, &accepted));
	assert_int_equal(accepted.len, 1);
	assert_true(str_eq(accepted.at[0].user_name, S(MEI)));
	return NULL;
}

static void a_user_who_leaves(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, WORKSHOP, NULL);
	j.surprise_at = STEP_PROVISION;
	j.surprise = takes_a_license;
	journey_play_for(&j, 600);
	assert_true(j.surprised);
	assert_true(str_find(j.c.why, S("mei.ashdown")) >= 0);
	must_ask(&j, DECISION_LOSS, "accept");
	journey_go_on(&j);
	assert_int_equal(j.c.state, CONVERSION_DONE);
	journey_let(&j, losses_body);
	journey_close(&j);
}

/* Given back, there is nothing to accept. */
static void a_user_who_comes_back(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, WORKSHOP, NULL);
	j.surprise_at = STEP_PROVISION;
	j.surprise = takes_a_license;
	journey_play_for(&j, 600);
	must_ask(&j, DECISION_LOSS, NULL);
	vendor_stage_act(j.vendor, "assign", S(MEI " " STANDARD));
	journey_go_on(&j);
	assert_int_equal(j.c.state, CONVERSION_DONE);
	journey_close(&j);
}

/* ---- a day to buy ---- */

static fault *later_body(struct tx *tx, void *with)
{
	struct journey *j = with;

	return conversion_schedule(tx, &j->ada, j->c.id, instant_after(tx_now(tx), HOURS(5)));
}

static fault *now_body(struct tx *tx, void *with)
{
	struct journey *j = with;

	return conversion_schedule(tx, &j->ada, j->c.id, INSTANT_NONE);
}

static void choose_a_day(struct journey *j)
{
	journey_let(j, later_body);
}

static void play_to_the_day(struct journey *j, struct store_testing *with)
{
	journey_open(j, with, WORKSHOP, NULL);
	j->surprise_at = STEP_CONSENT;
	j->surprise = choose_a_day;
	journey_play_for(j, 300);
	assert_true(j->surprised);
	assert_int_equal(j->c.state, CONVERSION_WAITING);
	assert_int_equal(j->c.waits_for, WAITS_NOBODY);
	assert_int_equal(vendor_stage_orders(j->vendor, WORKSHOP), 0);
}

static void a_day_to_buy(struct store_testing *with)
{
	struct journey j;

	play_to_the_day(&j, with);
	must_be_done(&j, 1, WORKSHOP_UNITS);
}

static void a_day_given_up(struct store_testing *with)
{
	struct journey j;

	play_to_the_day(&j, with);
	journey_let(&j, now_body);
	journey_go_on_for(&j, 3);
	assert_int_equal(vendor_stage_orders(j.vendor, WORKSHOP), 1);
	must_be_done(&j, 1, WORKSHOP_UNITS);
}

/* ---- a choice about the plan ---- */

static fault *pays_by_mca(struct tx *tx, void *with)
{
	struct journey *j = with;

	return plan_choice_account(tx, &j->ada, j->c.id, ACCOUNT_MCA);
}

/* The plan comes out the same, and yet its page must show what is different now. */
static void says_how_it_pays(struct journey *j)
{
	int64_t version = j->c.version;

	j->surprised = j->c.state == CONVERSION_WAITING;
	if (!j->surprised)
		return; /* the plan is not there yet */
	journey_let(j, pays_by_mca);
	j->surprise_at = -1;
	j->idle = true;
	journey_look(j);
	assert_int_equal(j->c.state, CONVERSION_RUNNING);
	assert_true(j->c.version > version);
	j->version = j->c.version;
}

static void a_choice_that_changes_no_line(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, WORKSHOP, NULL);
	j.surprise_at = STEP_PLAN;
	j.surprise = says_how_it_pays;
	journey_play_for(&j, 20);
	assert_true(j.surprised);
	assert_int_equal(j.c.state, CONVERSION_WAITING);
	assert_int_equal(j.c.account, ACCOUNT_MCA);
	assert_false(str_is_none(j.c.plan_hash));
	assert_true(j.c.version > j.version);
	journey_close(&j);
}

/* ---- who sold it ---- */

#define CLAIMS_OURS S("claims-ours.onmicrosoft.com")

/* What the conversion knows of its one subscription. */
static struct snapshot_subscription sold;

static fault *sold_body(struct tx *tx, void *with)
{
	struct journey *j = with;
	struct snapshot before;
	bool found;

	TRY(snapshot_load(tx, j->c.id, SNAPSHOT_BEFORE, &before, &found));
	assert_int_equal(before.subscriptions.len, 1);
	sold = before.subscriptions.at[0];
	sold.reason = str_copy(j->with->arena, sold.reason);
	return NULL;
}

static void ask_who_sold_it(struct journey *j, struct store_testing *with, const char *answer)
{
	journey_open(j, with, CLAIMS_OURS, NOVATE_SOURCE "/tests/tenants/claims-ours.json");
	journey_play_for(j, 20);
	must_ask(j, DECISION_OWNER, answer);
	journey_go_on(j);
	journey_let(j, sold_body);
}

static void said_to_be_direct(struct store_testing *with)
{
	struct journey j;

	ask_who_sold_it(&j, with, "direct");
	assert_int_equal(j.c.step,
			 STEP_CANCEL_OLD); /* the sandbox lets nobody cancel a partner's */
	assert_int_equal(j.c.waits_for, WAITS_ADMINISTRATOR);
	assert_int_equal(vendor_stage_orders(j.vendor, CLAIMS_OURS), 1);
	assert_int_equal(sold.owner, OWNER_DIRECT);
	assert_true(str_starts(sold.reason, S("A person answered")));
	journey_close(&j);
}

static void said_to_be_a_partners(struct store_testing *with)
{
	struct journey j;

	ask_who_sold_it(&j, with, "partner");
	assert_int_equal(j.c.state, CONVERSION_REFUSED);
	assert_int_equal(vendor_stage_orders(j.vendor, CLAIMS_OURS), 0);
	assert_int_equal(sold.owner, OWNER_OTHER_PARTNER);
	assert_true(str_starts(sold.reason, S("A person answered")));
	journey_close(&j);
}

/* ---- what is mended before the approval ---- */

static void mends_and_resumes(struct journey *j)
{
	j->surprised = j->c.state == CONVERSION_WAITING;
	if (!j->surprised)
		return; /* the plan is not there yet */
	vendor_stage_resize(j->vendor, j->domain, 2);
	journey_resume(j);
	j->surprise_at = -1;
	j->idle = true;
}

static fault *units_body(struct tx *tx, void *with)
{
	struct journey *j = with;
	struct plan plan;

	TRY(plan_load(tx, j->c.id, &plan));
	j->version = 0;
	for (size_t i = 0; i < plan.len; i++)
		j->version += plan.at[i].buys ? plan.at[i].quantity : 0;
	return NULL;
}

static void mended_before_the_approval(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, WORKSHOP, NULL);
	j.surprise_at = STEP_PLAN;
	j.surprise = mends_and_resumes;
	journey_play_for(&j, 20);
	assert_true(j.surprised);
	assert_int_equal(j.c.step, STEP_PLAN);
	assert_int_equal(j.c.waits_for, WAITS_PARTNER);
	journey_let(&j, units_body);
	assert_int_equal(j.version, WORKSHOP_UNITS + 2);
	j.idle = false;
	must_be_done(&j, 1, WORKSHOP_UNITS + 2);
}

#define TOLD(body, story)                 \
	static void story(void **state)   \
	{                                 \
		(void)state;              \
		store_testing_each(body); \
	}
TOLD(a_refused_line_left, a_line_that_was_refused_may_stay_as_it_is)
TOLD(a_refused_line_ordered_again, only_the_missing_part_is_ordered_again)
TOLD(a_line_refused_twice, an_answer_is_good_for_one_order_only)
TOLD(a_stop_between_two_orders, a_stop_cancels_the_part_that_was_ordered)
TOLD(more_seats_than_ordered, too_many_seats_are_taken_only_when_a_person_says_so)
TOLD(fewer_seats_than_ordered, too_few_seats_are_cleared_up_or_undone)
TOLD(another_product_than_ordered, another_product_than_was_ordered_is_cleared_up_or_undone)
TOLD(a_price_that_moved, a_new_price_is_asked_about_before_anything_is_bought)
TOLD(a_user_who_leaves, a_loss_that_was_meant_is_accepted_by_name)
TOLD(a_user_who_comes_back, a_license_given_back_needs_no_answer)
TOLD(a_day_to_buy, nothing_is_bought_before_the_chosen_day)
TOLD(a_day_given_up, the_day_can_be_given_up)
TOLD(a_choice_that_changes_no_line, a_choice_is_seen_even_when_the_plan_stays_the_same)
TOLD(said_to_be_direct, what_a_person_calls_direct_is_bought_and_to_be_ended)
TOLD(said_to_be_a_partners, what_a_person_calls_a_partners_is_left_alone)
TOLD(mended_before_the_approval, what_was_mended_before_the_approval_is_in_the_plan_after_a_resume)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_that_was_refused_may_stay_as_it_is),
		cmocka_unit_test(only_the_missing_part_is_ordered_again),
		cmocka_unit_test(an_answer_is_good_for_one_order_only),
		cmocka_unit_test(a_stop_cancels_the_part_that_was_ordered),
		cmocka_unit_test(too_many_seats_are_taken_only_when_a_person_says_so),
		cmocka_unit_test(too_few_seats_are_cleared_up_or_undone),
		cmocka_unit_test(another_product_than_was_ordered_is_cleared_up_or_undone),
		cmocka_unit_test(a_new_price_is_asked_about_before_anything_is_bought),
		cmocka_unit_test(a_loss_that_was_meant_is_accepted_by_name),
		cmocka_unit_test(a_license_given_back_needs_no_answer),
		cmocka_unit_test(nothing_is_bought_before_the_chosen_day),
		cmocka_unit_test(the_day_can_be_given_up),
		cmocka_unit_test(a_choice_is_seen_even_when_the_plan_stays_the_same),
		cmocka_unit_test(what_a_person_calls_direct_is_bought_and_to_be_ended),
		cmocka_unit_test(what_a_person_calls_a_partners_is_left_alone),
		cmocka_unit_test(what_was_mended_before_the_approval_is_in_the_plan_after_a_resume),
	};

	return cmocka_run_group_tests_name("journey_decide", tests, NULL, NULL);
}
