#include "convert/overlap.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define START INT64_C(1750000000000000)

static instant day_of(int64_t days)
{
	return (instant){ .micros = START + days * DAYS(1) };
}

static struct overlap_term term(enum overlap_end end, int64_t ends, int64_t until, int64_t price)
{
	return (struct overlap_term){ .units = 10,
				      .ends = day_of(ends),
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
	} rows[] = {
		{ ENDS_CREDITED, 200, -1, 0, 0, true },
		{ ENDS_REFUNDED, 200, 5, 0, 0, true },
		{ ENDS_REFUNDED, 200, 5, 5, 0, true },
		{ ENDS_REFUNDED, 200, 5, 6, 51025, true }, /* 194 days */
		{ ENDS_AT_TERM, 365, -1, 0, 96000, true },
		{ ENDS_AT_TERM, 200, -1, 0, 52603, true },
		{ ENDS_AT_TERM, 200, -1, 197, 789, true },
		{ ENDS_AT_TERM, 200, -1, 203, 0, true },     /* renewed three days ago */
		{ ENDS_AT_TERM, 200, -1, 208, 93896, true }, /* a new year has begun */
		{ ENDS_UNKNOWN, 200, -1, 0, 0, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct overlap_term one = term(rows[i].end, rows[i].ends, rows[i].until, 800);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_paid_twice_depends_on_the_account_and_the_day),
		cmocka_unit_test(half_a_cent_goes_to_the_even_one),
		cmocka_unit_test(the_best_day_is_now_unless_waiting_saves_money),
	};

	return cmocka_run_group_tests_name("overlap", tests, NULL, NULL);
}
