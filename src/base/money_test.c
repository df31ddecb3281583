#include <setjmp.h>

#include "base/money.h"

#include <cmocka.h>

static const currency usd = { "USD" };

static void what_does_not_fit_is_a_fault(void **state)
{
	money out = { 5, usd }, most = { INT64_MAX, usd }, one = { 1, usd };
	money euro = { 1, { "EUR" } };

	(void)state;
	assert_int_equal(money_add(most, one, &out)->kind, FAULT_INPUT);
	assert_int_equal(money_add(one, euro, &out)->kind, FAULT_BUG);
	assert_int_equal(money_times(most, 2, &out)->kind, FAULT_INPUT);
	assert_int_equal(out.minor, 5);
	assert_null(money_add(one, one, &out));
	assert_int_equal(out.minor, 2);
	assert_null(money_times(out, -3, &out));
	assert_int_equal(out.minor, -6);
}

static void amounts_are_read_and_written(void **state)
{
	static const struct {
		const char *text;
		currency in;
		int64_t minor;
		const char *written;
	} rows[] = {
		{ "8.00", { "USD" }, 800, "USD 8.00" },
		{ "8", { "USD" }, 800, "USD 8.00" },
		{ " EUR 0.05 ", { "USD" }, 5, "EUR 0.05" },
		{ "-0.05", { "USD" }, -5, "USD -0.05" },
		{ "1234", { "JPY" }, 1234, "JPY 1234" },
		{ "1.5", { "KWD" }, 1500, "KWD 1.500" },
		{ "USD -12.34", { "EUR" }, -1234, "USD -12.34" },
		{ "92233720368547758.07", { "USD" }, INT64_MAX, "USD 92233720368547758.07" },
		{ "-92233720368547758.08", { "USD" }, INT64_MIN, "USD -92233720368547758.08" },
	};
	DEFER(arena_end) struct arena *arena = arena_open();

	(void)state;
	for (size_t r = 0; r < COUNT(rows); r++) {
		money read;

		assert_null(money_from_text(str_of(rows[r].text), rows[r].in, &read));
		assert_int_equal(read.minor, rows[r].minor);
		assert_string_equal(money_text(arena, read).at, rows[r].written);
	}
}

static void what_is_no_amount_is_refused(void **state)
{
	str rows = S("|-|8.|.5|-.5|8.001|8,00|1e3|8.0.0|8.0.|+8|- 8|8 USD|XYZ 8|--8|0x10|8.-1|USD|"
		     "USD |8\0.00|92233720368547758.08|1000000000000000000000000000000000000"),
	    row;
	money read = { 5, usd };

	(void)state;
	while (str_next(&rows, '|', &row))
		assert_int_equal(money_from_text(row, usd, &read)->kind, FAULT_INPUT);
	assert_int_equal(read.minor, 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_does_not_fit_is_a_fault),
		cmocka_unit_test(amounts_are_read_and_written),
		cmocka_unit_test(what_is_no_amount_is_refused),
	};

	return cmocka_run_group_tests_name("money", tests, NULL, NULL);
}
