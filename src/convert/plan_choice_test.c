/* What a partner may say about a plan that waits for its approval. */
#include "convert/plan_choice.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "conversion_sql.h"
#include "convert/conversion_row.h"
#include "convert/plan.h"
#include "convert/tenant_testing.h"
#include "market/catalog.h"
#include "plan_choice_sql.h"
#include "store/store_testing.h"

#define STANDARD "f245ecc8-75af-4f8e-b61f-27d8114de5f3" /* TESTING_SKU */
#define E3	 "05e9a617-0261-4cee-bb44-138d3ef5d965"
#define YEARS	 "P3Y annual"

struct choosing {
	struct asker ada;
	struct conversion c;
};

/* Twelve seats of one product are to be bought, and the partner has not approved it yet. */
static fault *plan_open(struct tx *tx, struct choosing *k)
{
	const struct tenant_testing_subscription sold = { "s1", TESTING_SKU,  "Enabled",
							  12,	OWNER_DIRECT, false };
	struct snapshot before = tenant_testing(tx_arena(tx), &sold, 1, 9, 0);
	struct plan_offer offers[2] = { { .title = S("") },
					{ .found = true, .least = 1, .most = 300 } };
	struct plan plan;
	int64_t changed;

	offers[1].title = S("Business Standard");
	offers[1].term = S("P1Y");
	offers[1].billing = S("monthly");
	plan = plan_make(tx_arena(tx), &before, offers);
	TRY(conversion_start(tx, &k->ada, S("bakery.example"), STR_NONE, &k->c));
	TRY(plan_keep(tx, k->c.id, &plan));
	TRY(conversion_set_step(tx, k->c.id, conversion_step_word(STEP_PLAN)));
	return conversion_set_waiting(tx,
				      &(struct conversion_set_waiting_in){
					      .id = k->c.id,
					      .waits_for = conversion_row_waits(WAITS_PARTNER),
					      .at = tx_now(tx),
					      .why = S("The plan is ready."),
					      .next_thing = S("Approve it.") },
				      &changed);
}

static fault *open_body(struct tx *tx, void *with)
{
	struct choosing *k = with;
	struct account ada;
	int64_t loaded;

	TRY(catalog_first_load(tx, &loaded));
	TRY(account_open(tx, S("ada@example.test"), S("Ada"), ROLE_PARTNER, STR_NONE, &ada));
	k->ada = (struct asker){ ada.id, ROLE_PARTNER, S("test") };
	return plan_open(tx, k);
}

static void play(struct store_testing *with, store_body *body)
{
	struct choosing k;

	assert_null(store_run(with->store, STORE_WRITE, with->arena, "open", open_body, &k));
	assert_null(store_run(with->store, STORE_WRITE, with->arena, "test", body, &k));
}

static fault *refusals(struct tx *tx, void *with)
{
	static const struct {
		const char *sku, *target, *term, *said; /* NULL: left out */
	} rows[] = {
		{ "nothing", E3, YEARS, "no SKU of this plan" },
		{ NULL, E3, YEARS, "no SKU of this plan" },
		{ NULL, NULL, NULL, "no SKU of this plan" },
		{ STANDARD, "nothing", YEARS, "our catalog sells" },
		{ STANDARD, NULL, YEARS, "Say what to buy for Business Standard" },
		{ STANDARD, E3, "P2Y annual", "“P2Y annual” is no term that is sold" },
		{ STANDARD, E3, "P1Y", "no term that is sold" },
		{ STANDARD, E3, "", "no term that is sold" },
		{ STANDARD, E3, NULL, "no term that is sold" },
	};
	struct choosing *k = with;
	struct plan_choices none;

	for (size_t i = 0; i < COUNT(rows); i++) {
		fault *f = plan_choice_take(tx, &k->ada, k->c.id, str_of(rows[i].sku),
					    str_of(rows[i].target), str_of(rows[i].term));

		if (!f || f->kind != FAULT_INPUT ||
		    str_find(str_of(f->said), str_of(rows[i].said)) < 0)
			fail_msg("row %zu: %s", i, f ? f->said : "taken");
	}
	TRY(plan_choice_load(tx, k->c.id, &none));
	assert_int_equal(none.len, 0);
	return NULL;
}

static void what_is_not_sold_or_left_out_is_no_choice(struct store_testing *with)
{
	play(with, refusals);
}

static fault *taken(struct tx *tx, void *with)
{
	struct choosing *k = with;
	struct conversion_history history;
	struct plan_choices all;
	const struct plan_choice *choice;

	TRY(plan_choice_take(tx, &k->ada, k->c.id, TESTING_SKU,
			     S("05E9A617-0261-4CEE-BB44-138D3EF5D965"), S(YEARS)));
	TRY(plan_choice_load(tx, k->c.id, &all));
	choice = plan_choice_of(&all, TESTING_SKU);
	assert_non_null(choice);
	assert_true(str_eq(choice->target, S(E3)));
	assert_true(str_eq(choice->term, S("P3Y")) && str_eq(choice->billing, S("annual")));
	TRY(conversion_get(tx, &k->ada, k->c.id, &k->c));
	assert_int_equal(k->c.state, CONVERSION_RUNNING);
	TRY(conversion_history(tx, k->c.id, &history));
	assert_true(str_find(history.at[history.len - 1].said,
			     S("(P3Y, billed annual) for Business Standard.")) > 0);
	return NULL;
}

static void a_choice_is_kept_and_said_and_the_plan_made_anew(struct store_testing *with)
{
	play(with, taken);
}

static fault *told(struct tx *tx, void *with)
{
	struct choosing *k = with;
	fault *f;

	TRY(plan_choice_set_account(tx, k->c.id, S("mosa"), S("billing")));
	f = plan_choice_account(tx, &k->ada, k->c.id, ACCOUNT_MCA);
	assert_non_null(f);
	assert_int_equal(f->kind, FAULT_CONFLICT);
	assert_true(str_find(str_of(f->said), S("Microsoft itself has told")) >= 0);
	TRY(conversion_get(tx, &k->ada, k->c.id, &k->c));
	assert_int_equal(k->c.account, ACCOUNT_MOSA);
	assert_int_equal(k->c.state, CONVERSION_WAITING);
	TRY(plan_choice_set_account(tx, k->c.id, S("mosa"), S("partner")));
	TRY(plan_choice_account(tx, &k->ada, k->c.id, ACCOUNT_MCA));
	TRY(conversion_get(tx, &k->ada, k->c.id, &k->c));
	assert_int_equal(k->c.account, ACCOUNT_MCA);
	return NULL;
}

static void what_microsoft_told_of_the_account_stands(struct store_testing *with)
{
	play(with, told);
}

#define STORY(body)                          \
	static void run_##body(void **state) \
	{                                    \
		(void)state;                 \
		store_testing_each(body);    \
	}
STORY(what_is_not_sold_or_left_out_is_no_choice)
STORY(a_choice_is_kept_and_said_and_the_plan_made_anew)
STORY(what_microsoft_told_of_the_account_stands)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(run_what_is_not_sold_or_left_out_is_no_choice),
		cmocka_unit_test(run_a_choice_is_kept_and_said_and_the_plan_made_anew),
		cmocka_unit_test(run_what_microsoft_told_of_the_account_stands),
	};

	return cmocka_run_group_tests_name("plan_choice", tests, NULL, NULL);
}
