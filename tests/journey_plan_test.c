/* What a plan says before it is approved, and what becomes of it when Microsoft sells something
 * else by then. */
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "convert/plan_choice.h"
#include "convert/plan_view.h"
#include "journey.h"
#include "market/price.h"
#include "market/successor.h"
#include "sandbox/partner_trouble.h"

#define STANDARD "f245ecc8-75af-4f8e-b61f-27d8114de5f3"
#define EXCHANGE "4b9405b0-7788-4568-add1-99614e613b69"
#define TENANTS	 NOVATE_SOURCE "/tests/tenants/"

static void fall_asleep(struct journey *j)
{
	j->idle = j->c.state == CONVERSION_WAITING;
	j->surprised = j->idle;
}

/* Until the plan waits for its approval, and nobody gives it. */
static void to_the_plan(struct journey *j)
{
	j->surprise_at = STEP_PLAN;
	j->surprise = fall_asleep;
	journey_play_for(j, 60);
	assert_true(j->surprised);
	assert_int_equal(j->c.waits_for, WAITS_PARTNER);
}

/* Made anew, with what is known and sold now. */
static void plan_again(struct journey *j)
{
	journey_resume(j);
	journey_go_on_for(j, 5);
	assert_int_equal(j->c.step, STEP_PLAN);
}

static struct conversion_shown shown;

static fault *shown_body(struct tx *tx, void *with)
{
	struct journey *j = with;

	TRY(conversion_view_fill(tx, &j->c, S("http://localhost"), &shown));
	return plan_view_choices(tx, &j->c, &shown);
}

/* What the page of the conversion shows; it lives as long as the test. */
static void look_at_page(struct journey *j)
{
	journey_look(j);
	journey_must(store_run(j->with->store, STORE_READ, j->with->arena, "page", shown_body, j));
}

static const struct line_shown *line_of(const char *sku)
{
	for (size_t i = 0; i < shown.lines.len; i++)
		if (str_eq(shown.lines.at[i].sku, str_of(sku)))
			return &shown.lines.at[i];
	fail_msg("the plan has no line for %s", sku);
	return NULL;
}

static void must_say(str said, const char *words)
{
	bool same = words[0] == '\0' ? str_is_empty(said) : str_find(said, str_of(words)) >= 0;

	if (!same)
		fail_msg("“%s” is not in “%.*s”", words, STR(said));
}

/* What is free stays: there is nothing to choose. */
static void choices_where_something_is_paid(struct store_testing *with)
{
	struct journey j;
	size_t staying = 0;

	journey_open(&j, with, WORKSHOP, NULL);
	to_the_plan(&j);
	look_at_page(&j);
	for (size_t i = 0; i < shown.lines.len; i++) {
		const struct line_shown *l = &shown.lines.at[i];

		staying += l->direct == 0;
		assert_int_equal(l->targets.len > 2 && l->terms.len > 1, l->direct > 0);
		assert_int_equal(l->targets.len > 0, l->direct > 0);
	}
	assert_true(staying > 0);
	journey_close(&j);
}

/* ---- prices ---- */

static const char *priced;
static int64_t cents;

static fault *price_body(struct tx *tx, void *with)
{
	(void)with;
	return price_set(tx, str_of(priced), (money){ .minor = cents, .in = { "USD" } }, PRICE_TERM,
			 PRICE_BILLING);
}

static void price(struct journey *j, const char *sku, int64_t of)
{
	priced = sku;
	cents = of;
	journey_let(j, price_body);
	plan_again(j);
	look_at_page(j);
}

static void a_month_in_words(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, WORKSHOP, NULL);
	to_the_plan(&j);
	look_at_page(&j);
	must_say(shown.month, "as agreed with you");
	price(&j, STANDARD, 1250);
	assert_true(str_eq(shown.month, S("USD 125.00 a month, and what is agreed for the rest")));
	price(&j, EXCHANGE, 400);
	assert_true(str_eq(shown.month, S("USD 137.00 a month")));
	journey_close(&j);
}

/* ---- what is paid twice, and the best day ---- */

static enum conversion_account paying;

static fault *pays_body(struct tx *tx, void *with)
{
	struct journey *j = with;

	return plan_choice_account(tx, &j->ada, j->c.id, paying);
}

static void pays(struct journey *j, enum conversion_account account)
{
	paying = account;
	journey_let(j, pays_body);
	journey_go_on_for(j, 5);
	look_at_page(j);
}

static void must_cost(const char *how, const char *now, const char *best_day, const char *best)
{
	assert_int_equal(shown.overlap.len, 2); /* four seats and three of one product */
	must_say(shown.overlap.at[0].how, how);
	must_say(shown.overlap.at[1].how, how);
	must_say(shown.cost_now, now);
	assert_int_equal(instant_is_none(shown.best_at), best_day == NULL);
	if (best_day)
		must_say(shown.best_day, best_day);
	must_say(shown.cost_best, best);
}

/* Bought two days before, renews in a year.  Seven seats at 12.50 are 1050 a year; 356 days of it
 * are left when the window for a refund has closed, and three on the best day. */
static void an_overlap_in_words(struct store_testing *with)
{
	static const char no_price[] = "a sum that our list prices do not tell";
	struct journey j;

	journey_open(&j, with, S("millrace.onmicrosoft.com"), TENANTS "millrace.json");
	to_the_plan(&j);
	look_at_page(&j);
	must_cost("which is not known", "", NULL, "");
	pays(&j, ACCOUNT_MOSA);
	must_cost("the rest is credited", "next to nothing", NULL, "");
	pays(&j, ACCOUNT_MCA);
	must_cost("with a refund until 8 February 2026, 00:00 UTC", "next to nothing", NULL, "");
	with->world.at = instant_after(with->world.at, DAYS(6));
	look_at_page(&j); /* the plan is still the one of before */
	must_cost("No refund: its renewal is switched off", no_price, "29 January 2027", no_price);
	price(&j, STANDARD, 1250);
	must_cost("No refund: its renewal is switched off", "about USD 1024.11", "29 January 2027",
		  "about USD 8.63");
	journey_close(&j);
}

/* ---- what is withdrawn ---- */

static const char *withdrawn;

static fault *withdraw_body(struct tx *tx, void *with)
{
	struct partner_trouble no_more = { .kind = PARTNER_TROUBLE_WITHDRAWN,
					   .times = PARTNER_TROUBLE_ALWAYS };

	(void)with;
	if (partner_trouble_target(tx, str_of(withdrawn), &no_more.target))
		return NULL; /* never sold */
	return partner_trouble_make(tx, &no_more);
}

static void withdraw(struct journey *j, const char *sku)
{
	withdrawn = sku;
	vendor_stage_let(j->vendor, withdraw_body);
}

static const char *stood_in_for;

static fault *withdraw_near_body(struct tx *tx, void *with)
{
	struct successors near;

	TRY(successor_near(tx, str_of(stood_in_for), 6, &near));
	assert_true(near.len >= 3);
	for (size_t i = 0; i < near.len; i++)
		withdraw(with, str_cstr(tx_arena(tx), near.at[i].sku.guid));
	return NULL;
}

/* All that could take this product's place. */
static void withdraw_what_stands_in_for(struct journey *j, const char *sku)
{
	stood_in_for = sku;
	journey_let(j, withdraw_near_body);
}

/* The one product that this tenant pays for. */
static void nothing_on_sale(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, BAKERY, NULL);
	withdraw(&j, STANDARD);
	withdraw_what_stands_in_for(&j, STANDARD);
	journey_play(&j);
	assert_int_equal(j.c.state, CONVERSION_REFUSED);
	must_say(j.c.why, "Nothing that this tenant buys directly is on sale with us");
	assert_int_equal(vendor_stage_orders(j.vendor, BAKERY), 0);
	journey_nobody_lost_anything(&j);
	journey_close(&j);
}

static void one_of_two_on_sale(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, WORKSHOP, NULL);
	withdraw(&j, EXCHANGE);
	withdraw_what_stands_in_for(&j, EXCHANGE);
	to_the_plan(&j);
	look_at_page(&j);
	assert_true(line_of(STANDARD)->buys);
	assert_false(line_of(EXCHANGE)->buys);
	must_say(line_of(EXCHANGE)->reason, "No exact match is on sale: it stays as it is");
	j.idle = false;
	journey_go_on(&j);
	assert_int_equal(j.c.state, CONVERSION_DONE);
	assert_int_equal(vendor_stage_active_units(j.vendor, WORKSHOP), 10);
	journey_nobody_lost_anything(&j);
	journey_close(&j);
}

/* Sold up to 300, and what is sold in any number is not there: the reason is the product's own. */
static void more_than_is_sold(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, WORKSHOP, NULL);
	vendor_stage_act(j.vendor, "resize", S("cedarbend.onmicrosoft.com " STANDARD " +400"));
	withdraw_what_stands_in_for(&j, STANDARD);
	to_the_plan(&j);
	look_at_page(&j);
	assert_false(line_of(STANDARD)->buys);
	must_say(line_of(STANDARD)->reason, "from 1 to 300 seats and the tenant has 410");
	assert_true(line_of(EXCHANGE)->buys);
	journey_close(&j);
}

static void withdraw_exchange(struct journey *j)
{
	withdraw(j, EXCHANGE);
}

static void withdraw_standard(struct journey *j)
{
	withdraw(j, STANDARD);
}

static bool says_what_is_gone(const struct journey *j)
{
	return j->c.step == STEP_PLAN && j->c.waits_for == WAITS_PARTNER &&
	       str_find(j->c.why, S("no longer on sale as planned")) >= 0;
}

static void play_until_it_is_gone(struct journey *j, void (*goes)(struct journey *j))
{
	j->surprise_at = STEP_CONSENT;
	j->surprise = goes;
	journey_play_for(j, 0);
	for (int i = 0; i < 400 && !says_what_is_gone(j); i++)
		journey_go_on_for(j, 1);
	assert_true(says_what_is_gone(j));
	must_say(j->c.why, "Nothing was bought");
	assert_int_equal(vendor_stage_orders(j->vendor, j->domain), 0);
}

/* Between approval and order: nothing is bought, the page says which product it is, and what is
 * approved next is what is ordered. */
static void gone_before_the_order(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, WORKSHOP, NULL);
	play_until_it_is_gone(&j, withdraw_exchange);
	must_say(j.c.why, "Exchange Online (Plan 1) is no longer");
	journey_go_on(&j);
	assert_int_equal(j.c.state, CONVERSION_DONE);
	assert_int_equal(vendor_stage_orders(j.vendor, WORKSHOP), 1);
	journey_close(&j);
}

/* What was to take the place of “… - Prepaid Legacy” is gone, not what nobody sells anyway. */
static void gone_in_place_of_another(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, S("oldmill.onmicrosoft.com"), NOVATE_SOURCE "/tests/oldmill.json");
	vendor_stage_act(j.vendor, "cancel", S("oldmill.onmicrosoft.com " STANDARD));
	play_until_it_is_gone(&j, withdraw_standard);
	must_say(j.c.why, "Microsoft 365 Business Standard is no longer");
	journey_close(&j);
}

#define STORY(body)                          \
	static void run_##body(void **state) \
	{                                    \
		(void)state;                 \
		store_testing_each(body);    \
	}
STORY(choices_where_something_is_paid)
STORY(a_month_in_words)
STORY(an_overlap_in_words)
STORY(nothing_on_sale)
STORY(one_of_two_on_sale)
STORY(more_than_is_sold)
STORY(gone_before_the_order)
STORY(gone_in_place_of_another)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(run_choices_where_something_is_paid),
		cmocka_unit_test(run_a_month_in_words),
		cmocka_unit_test(run_an_overlap_in_words),
		cmocka_unit_test(run_nothing_on_sale),
		cmocka_unit_test(run_one_of_two_on_sale),
		cmocka_unit_test(run_more_than_is_sold),
		cmocka_unit_test(run_gone_before_the_order),
		cmocka_unit_test(run_gone_in_place_of_another),
	};

	return cmocka_run_group_tests_name("journey_plan", tests, NULL, NULL);
}
