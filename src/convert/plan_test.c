#include "convert/plan.h"

#include "convert/tenant_testing.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct plan_offer on_sale = {
	.found = true,
	.title = { "Microsoft 365 Business Standard", 31 },
	.term = { "P1Y", 3 },
	.billing = { "monthly", 7 },
	.least = 1,
	.most = 300,
	.price = { .minor = 800, .in = { "USD" } },
};

static int open_arena(void **state)
{
	*state = arena_open();
	return 0;
}

static int close_arena(void **state)
{
	arena_close(*state);
	return 0;
}

/* What becomes of a SKU that is held in one subscription of this kind. */
static void a_line_is_bought_only_for_direct_paid_enabled_units(void **state)
{
	static const struct {
		const char *status;
		int64_t units;
		enum snapshot_owner owner;
		bool trial, free, found;
		int64_t most;
		bool buys;
		const char *reason;
	} rows[] = {
		{ "Enabled", 12, OWNER_DIRECT, false, false, true, 300, true, "Exact match" },
		{ "Enabled", 300, OWNER_DIRECT, false, false, true, 300, true, "Exact match" },
		{ "Enabled", 301, OWNER_DIRECT, false, false, true, 300, false, "is sold from" },
		{ "Enabled", 12, OWNER_DIRECT, false, false, false, 300, false, "No exact match" },
		{ "Enabled", 12, OWNER_DIRECT, true, false, true, 300, false, "A trial" },
		{ "Enabled", 10000, OWNER_DIRECT, false, true, true, 300, false, "Free of charge" },
		{ "Warning", 12, OWNER_DIRECT, false, false, true, 300, false, "Expired" },
		{ "Suspended", 12, OWNER_DIRECT, false, false, true, 300, false, "Expired" },
		{ "Enabled", 12, OWNER_OURS, false, false, true, 300, false, "through us" },
		{ "Enabled", 12, OWNER_OTHER_PARTNER, false, false, true, 300, false,
		  "another partner" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct tenant_testing_subscription sub = { "s1",		 TESTING_SKU,
								 rows[i].status, rows[i].units,
								 rows[i].owner,	 rows[i].trial };
		struct snapshot before = tenant_testing(*state, &sub, 1, 1, 0);
		struct plan_offer offers[2] = { { .title = S("") }, on_sale };
		struct plan plan;

		offers[1].found = rows[i].found;
		offers[1].free = rows[i].free;
		offers[1].most = rows[i].most;
		plan = plan_make(*state, &before, offers);
		assert_int_equal(plan.len, 2);
		assert_int_equal(plan.at[1].buys, rows[i].buys);
		assert_true(str_find(plan.at[1].reason, str_of(rows[i].reason)) >= 0);
		assert_int_equal(plan_buys_anything(&plan), rows[i].buys);
	}
}

static struct plan plan_of(struct arena *keep, int64_t units)
{
	const struct tenant_testing_subscription subs[] = {
		{ "s1", TESTING_SKU, "Enabled", units, OWNER_DIRECT, false },
		{ "s2", TESTING_SKU, "Enabled", 5, OWNER_DIRECT, false },
		{ "s3", TESTING_SKU, "Enabled", 3, OWNER_OTHER_PARTNER, false },
	};
	struct snapshot before = tenant_testing(keep, subs, 3, 1, 0);
	struct plan_offer offers[2] = { { .title = S("") }, on_sale };

	return plan_make(keep, &before, offers);
}

static void two_direct_subscriptions_of_one_sku_are_bought_as_one_line(void **state)
{
	struct plan plan = plan_of(*state, 12);

	assert_int_equal(plan.at[1].quantity, 17);
}

static void the_hash_moves_with_everything_that_costs_money(void **state)
{
	struct plan plan = plan_of(*state, 12), same = plan_of(*state, 12);
	str hash = plan_hash(*state, S("tenant-a"), &plan);

	assert_int_equal(hash.len, 64);
	assert_true(str_eq(hash, plan_hash(*state, S("tenant-a"), &same)));
	assert_false(str_eq(hash, plan_hash(*state, S("tenant-b"), &same)));
	same.at[1].quantity++;
	assert_false(str_eq(hash, plan_hash(*state, S("tenant-a"), &same)));
	same = plan_of(*state, 12);
	same.at[1].price.minor++;
	assert_false(str_eq(hash, plan_hash(*state, S("tenant-a"), &same)));
	same = plan_of(*state, 12);
	same.at[1].term = S("P1M");
	assert_false(str_eq(hash, plan_hash(*state, S("tenant-a"), &same)));
}

static void the_month_is_seats_times_price_and_says_when_a_price_is_open(void **state)
{
	struct plan plan = plan_of(*state, 12);
	bool complete;
	money sum;

	assert_null(plan_month(&plan, &sum, &complete));
	assert_true(complete);
	assert_int_equal(sum.minor, 17 * 800);
	plan.at[1].price.minor = 0;
	assert_null(plan_month(&plan, &sum, &complete));
	assert_false(complete);
}

/* What the lines of a plan cost together. */
static void a_month_is_the_sum_of_its_priced_lines(void **state)
{
	static const struct {
		int64_t first, second; /* cents a seat; -1: not bought */
		int64_t cents;
		bool complete;
	} rows[] = {
		{ 800, 400, 12 * 800 + 3 * 400, true },
		{ 800, 0, 12 * 800, false },
		{ 0, 400, 3 * 400, false },
		{ 800, -1, 12 * 800, true },
		{ -1, -1, 0, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct plan_line lines[] = {
			{ .quantity = 12,
			  .buys = rows[i].first >= 0,
			  .price = { rows[i].first, { "USD" } } },
			{ .quantity = 3,
			  .buys = rows[i].second >= 0,
			  .price = { rows[i].second, { "USD" } } },
		};
		struct plan plan = { lines, COUNT(lines) };
		bool complete;
		money sum;

		assert_null(plan_month(&plan, &sum, &complete));
		assert_int_equal(sum.minor, rows[i].cents);
		assert_int_equal(complete, rows[i].complete);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_line_is_bought_only_for_direct_paid_enabled_units,
						open_arena, close_arena),
		cmocka_unit_test_setup_teardown(
			two_direct_subscriptions_of_one_sku_are_bought_as_one_line, open_arena,
			close_arena),
		cmocka_unit_test_setup_teardown(the_hash_moves_with_everything_that_costs_money,
						open_arena, close_arena),
		cmocka_unit_test_setup_teardown(
			the_month_is_seats_times_price_and_says_when_a_price_is_open, open_arena,
			close_arena),
		cmocka_unit_test(a_month_is_the_sum_of_its_priced_lines),
	};

	return cmocka_run_group_tests_name("plan", tests, NULL, NULL);
}
