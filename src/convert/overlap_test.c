#include "convert/overlap.h"

#include "convert/tenant_testing.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define START	  INT64_C(1750000000000000)
#define NOT_KNOWN 1000 /* as a day */

static instant day_of(int64_t days)
{
	return (instant){ .micros = START + days * DAYS(1) };
}

static instant day_or_none(int64_t days)
{
	return days == NOT_KNOWN ? INSTANT_NONE : day_of(days);
}

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

static struct overlap_term term(enum overlap_end end, int64_t ends, int64_t until, int64_t price)
{
	return (struct overlap_term){ .units = 10,
				      .ends = day_or_none(ends),
				      .until = until < 0 ? INSTANT_NONE : day_of(until),
				      .end = end,
				      .seat_month = { .minor = price, .in = { "USD" } } };
}

static void must(fault *f)
{
	if (f)
		fail_msg("%s", f->said);
}

/* Ten seats at 8.00 a month: 960.00 a year, 2.630136… a day. */
static void what_is_paid_twice_depends_on_the_account_and_the_day(void **state)
{
	static const struct {
		enum overlap_end end;
		int64_t ends, until, at, cents;
		bool complete;
		int64_t price;
	} rows[] = {
		{ ENDS_CREDITED, 200, -1, 0, 0, true, 800 },
		{ ENDS_REFUNDED, 200, 5, 0, 0, true, 800 },
		{ ENDS_REFUNDED, 200, 5, 5, 0, true, 800 },
		{ ENDS_REFUNDED, 200, 5, 6, 51025, true, 800 }, /* 194 days */
		{ ENDS_AT_TERM, 365, -1, 0, 96000, true, 800 },
		{ ENDS_AT_TERM, 200, -1, 0, 52603, true, 800 },
		{ ENDS_AT_TERM, 200, -1, 197, 789, true, 800 },
		{ ENDS_AT_TERM, 200, -1, 203, 0, true, 800 },	  /* renewed three days ago */
		{ ENDS_AT_TERM, 200, -1, 208, 93896, true, 800 }, /* a new year has begun */
		{ ENDS_UNKNOWN, 200, -1, 0, 0, false, 800 },
		{ ENDS_AT_TERM, NOT_KNOWN, -1, 0, 0, false, 800 },
		/* as agreed */
		{ ENDS_CREDITED, 200, -1, 0, 0, true, 0 },
		{ ENDS_CREDITED, NOT_KNOWN, -1, 0, 0, true, 0 },
		{ ENDS_REFUNDED, 200, 5, 0, 0, true, 0 },
		{ ENDS_REFUNDED, 200, 5, 6, 0, false, 0 },
		{ ENDS_AT_TERM, 200, -1, 0, 0, false, 0 },
		{ ENDS_AT_TERM, 200, -1, 203, 0, true, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct overlap_term one = term(rows[i].end, rows[i].ends, rows[i].until,
					       rows[i].price);
		struct overlap_terms terms = { &one, 1 };
		bool complete;
		money sum;

		must(overlap_cost(&terms, day_of(rows[i].at), &sum, &complete));
		if (sum.minor != rows[i].cents || complete != rows[i].complete)
			fail_msg("row %zu: %lld", i, (long long)sum.minor);
	}
}

static void half_a_cent_goes_to_the_even_one(void **state)
{
	/* 73 days of a year are a fifth: 12 months of 1 cent, over 5 = 2.4; of 5 seats = 12. */
	struct overlap_term one = { .units = 1,
				    .ends = day_of(73),
				    .end = ENDS_AT_TERM,
				    .seat_month = { .minor = 1, .in = { "USD" } } };
	struct overlap_terms terms = { &one, 1 };
	bool complete;
	money sum;

	(void)state;
	must(overlap_cost(&terms, day_of(0), &sum, &complete));
	assert_int_equal(sum.minor, 2);
	one.units = 5;
	must(overlap_cost(&terms, day_of(0), &sum, &complete));
	assert_int_equal(sum.minor, 12);
}

static void the_best_day_is_now_unless_waiting_saves_money(void **state)
{
	static const struct {
		enum overlap_end first, second;
		int64_t first_ends, second_ends, best;
		int64_t price;
	} rows[] = {
		{ ENDS_CREDITED, ENDS_CREDITED, 200, 100, 0, 800 },
		{ ENDS_AT_TERM, ENDS_CREDITED, 200, 100, 197, 800 },
		{ ENDS_AT_TERM, ENDS_CREDITED, 200, 100, 197, 0 }, /* as agreed: by days */
		{ ENDS_AT_TERM, ENDS_CREDITED, 2, 100, 0, 800 },   /* ends within the lead */
		{ ENDS_AT_TERM, ENDS_AT_TERM, 200, 204, 201, 800 },
		{ ENDS_UNKNOWN, ENDS_UNKNOWN, 200, 100, 0, 800 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct overlap_term both[] = {
			term(rows[i].first, rows[i].first_ends, -1, rows[i].price),
			term(rows[i].second, rows[i].second_ends, -1, rows[i].price),
		};
		struct overlap_terms terms = { both, 2 };
		instant best;

		must(overlap_best(&terms, day_of(0), &best));
		if (best.micros != day_of(rows[i].best).micros)
			fail_msg("row %zu: day %lld", i,
				 (long long)((best.micros - START) / DAYS(1)));
	}
}

/* An MCA account's twelve seats, bought `created` days ago; what Azure Billing knows is better. */
static void a_refund_ends_seven_days_after_the_term_began_unless_microsoft_says_when(void **state)
{
	static const struct {
		int64_t created, cancel_until, term_started; /* in days */
		enum billing_answer cancellable;
		enum overlap_end end;
		int64_t until;
	} rows[] = {
		{ -3, NOT_KNOWN, NOT_KNOWN, BILLING_UNKNOWN, ENDS_REFUNDED, 4 },
		{ -8, NOT_KNOWN, NOT_KNOWN, BILLING_UNKNOWN, ENDS_AT_TERM, 0 },
		{ NOT_KNOWN, NOT_KNOWN, NOT_KNOWN, BILLING_UNKNOWN, ENDS_AT_TERM, 0 },
		{ -800, NOT_KNOWN, -2, BILLING_UNKNOWN, ENDS_REFUNDED, 5 }, /* renewed */
		{ -800, NOT_KNOWN, -7, BILLING_UNKNOWN, ENDS_AT_TERM, 0 },
		{ -800, 2, -2, BILLING_YES, ENDS_REFUNDED, 2 },
		{ -3, 2, -2, BILLING_NO, ENDS_AT_TERM, 0 },
	};
	const struct tenant_testing_subscription sold = { "s1", TESTING_SKU,  "Enabled",
							  12,	OWNER_DIRECT, false };
	struct plan_line line = { .sku = TESTING_SKU, .title = S("Standard"), .buys = true };
	struct plan plan = { &line, 1 };

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct snapshot before = tenant_testing(*state, &sold, 1, 1, 0);
		struct billing_fact fact = { .subscription = S("s1"),
					     .cancellable = rows[i].cancellable,
					     .cancel_until = day_or_none(rows[i].cancel_until),
					     .term_started = day_or_none(rows[i].term_started),
					     .term_ends = INSTANT_NONE };
		struct billing_facts billing = { .at = &fact, .len = 1 };
		struct overlap_terms terms;

		before.subscriptions.at[0].created_at = day_or_none(rows[i].created);
		terms = overlap_terms(*state, &plan, &before, ACCOUNT_MCA, &billing, day_of(0));
		assert_int_equal(terms.len, 1);
		if (terms.at[0].end != rows[i].end)
			fail_msg("row %zu: %s", i, overlap_end_word(terms.at[0].end).at);
		if (rows[i].end == ENDS_REFUNDED)
			assert_int_equal(terms.at[0].until.micros, day_of(rows[i].until).micros);
	}
}

static void a_window_for_a_refund_closes_while_a_plan_waits(void **state)
{
	static const struct {
		enum overlap_end end;
		int64_t at;
		enum overlap_end then;
	} rows[] = {
		{ ENDS_REFUNDED, 5, ENDS_REFUNDED }, { ENDS_REFUNDED, 6, ENDS_AT_TERM },
		{ ENDS_CREDITED, 6, ENDS_CREDITED }, { ENDS_AT_TERM, 6, ENDS_AT_TERM },
		{ ENDS_UNKNOWN, 6, ENDS_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct overlap_term one = term(rows[i].end, 200, 5, 800);

		assert_int_equal(overlap_end_at(&one, day_of(rows[i].at)), rows[i].then);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_paid_twice_depends_on_the_account_and_the_day),
		cmocka_unit_test(half_a_cent_goes_to_the_even_one),
		cmocka_unit_test(the_best_day_is_now_unless_waiting_saves_money),
		cmocka_unit_test_setup_teardown(
			a_refund_ends_seven_days_after_the_term_began_unless_microsoft_says_when,
			open_arena, close_arena),
		cmocka_unit_test(a_window_for_a_refund_closes_while_a_plan_waits),
	};

	return cmocka_run_group_tests_name("overlap", tests, NULL, NULL);
}
