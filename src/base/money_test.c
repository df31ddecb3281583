#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/money.h"
#include "base/world.h"

static const currency usd = { "USD" };

static void a_share_is_rounded_half_to_even(void **state)
{
	static const struct {
		int64_t whole;
		int32_t ppm;
		int64_t want;
	} rows[] = {
		{ 5, 500000, 2 },
		{ 15, 500000, 8 },
		{ -5, 500000, -2 },
		{ -15, 500000, -8 },
		{ 799, 100000, 80 },
		{ 25, 100000, 2 },
		{ 35, 100000, 4 },
		{ 26, 100000, 3 },
		{ 0, 1000000, 0 },
		{ 1, 1000000, 1 },
		{ INT64_MAX, 1000000, INT64_MAX },
		{ INT64_MIN, 1000000, INT64_MIN },
	};

	(void)state;
	for (size_t r = 0; r < COUNT(rows); r++) {
		money part;

		assert_null(
			money_share((money){ rows[r].whole, usd }, (rate){ rows[r].ppm }, &part));
		assert_int_equal(part.minor, rows[r].want);
	}
}

static void what_does_not_fit_is_a_fault(void **state)
{
	money out = { 5, usd }, most = { INT64_MAX, usd }, one = { 1, usd };
	money euro = { 1, { "EUR" } };

	(void)state;
	assert_int_equal(money_add(most, one, &out)->kind, FAULT_INPUT);
	assert_int_equal(money_add(one, euro, &out)->kind, FAULT_BUG);
	assert_int_equal(money_times(most, 2, &out)->kind, FAULT_INPUT);
	assert_int_equal(money_share(most, (rate){ 2000000 }, &out)->kind, FAULT_INPUT);
	assert_int_equal(out.minor, 5);
	assert_null(money_add(one, one, &out));
	assert_int_equal(out.minor, 2);
	assert_null(money_times(out, -3, &out));
	assert_int_equal(out.minor, -6);
}

static void parts_sum_to_the_whole(void **state)
{
	struct world_seeded w;

	(void)state;
	world_seeded_open(&w, 5, (instant){ 0 });
	for (int round = 0; round < 2000; round++) {
		int64_t weights[12], sum = 0;
		money parts[12], whole = { 0, usd };
		uint8_t count;

		world_random(&w.world, &whole.minor, sizeof(whole.minor));
		whole.minor >>= round % 60;
		world_random(&w.world, weights, sizeof(weights));
		world_random(&w.world, &count, 1);
		count = (uint8_t)(count % 12 + 1);
		for (int i = 0; i < count; i++)
			weights[i] = weights[i] & 0xffff;
		weights[count - 1] += 1;
		assert_null(money_split(whole, weights, count, parts));
		for (int i = 0; i < count; i++) {
			assert_memory_equal(&parts[i].in, &usd, sizeof(usd));
			assert_true(weights[i] > 0 || parts[i].minor == 0);
			sum += parts[i].minor;
		}
		assert_int_equal(sum, whole.minor);
	}
}

static void the_rest_goes_to_the_largest_remainder(void **state)
{
	static const struct {
		int64_t whole, weights[3], want[3];
	} rows[] = {
		{ 100, { 1, 1, 1 }, { 34, 33, 33 } }, { -100, { 1, 1, 1 }, { -34, -33, -33 } },
		{ 10, { 3, 3, 4 }, { 3, 3, 4 } },     { 5, { 1, 0, 1 }, { 3, 0, 2 } },
		{ 7, { 1, 2, 5 }, { 1, 2, 4 } },      { 0, { 1, 1, 1 }, { 0, 0, 0 } },
	};
	money parts[3];

	(void)state;
	for (size_t r = 0; r < COUNT(rows); r++) {
		assert_null(money_split((money){ rows[r].whole, usd }, rows[r].weights, 3, parts));
		for (int i = 0; i < 3; i++)
			assert_int_equal(parts[i].minor, rows[r].want[i]);
	}
	assert_int_equal(money_split((money){ 1, usd }, (int64_t[]){ 0, 0 }, 2, parts)->kind,
			 FAULT_BUG);
	assert_int_equal(money_split((money){ 1, usd }, (int64_t[]){ 1, -1 }, 2, parts)->kind,
			 FAULT_BUG);
}

static void amounts_are_read_and_written(void **state)
{
	static const struct {
		const char *text, *in;
		int64_t minor;
		const char *written;
	} rows[] = {
		{ "8.00", "USD", 800, "USD 8.00" },
		{ "8", "USD", 800, "USD 8.00" },
		{ " EUR 0.05 ", "USD", 5, "EUR 0.05" },
		{ "-0.05", "USD", -5, "USD -0.05" },
		{ "1234", "JPY", 1234, "JPY 1234" },
		{ "1.5", "KWD", 1500, "KWD 1.500" },
		{ "USD -12.34", "EUR", -1234, "USD -12.34" },
		{ "92233720368547758.07", "USD", INT64_MAX, "USD 92233720368547758.07" },
		{ "-92233720368547758.08", "USD", INT64_MIN, "USD -92233720368547758.08" },
	};
	DEFER(arena_end) struct arena *arena = arena_open();

	(void)state;
	for (size_t r = 0; r < COUNT(rows); r++) {
		currency in;
		money read;

		assert_null(currency_from(str_of(rows[r].in), &in));
		assert_null(money_from_text(str_of(rows[r].text), in, &read));
		assert_int_equal(read.minor, rows[r].minor);
		assert_string_equal(money_text(arena, read).at, rows[r].written);
	}
}

static void what_is_no_amount_is_refused(void **state)
{
	static const char *const rows[] = {
		"",    "-",	"8.",	".5",  "8.001", "8,00",
		"1e3", "8.0.0", "+8",	"- 8", "8 USD", "XYZ 8",
		"--8", "0x10",	"8.-1", "USD", "USD ",	"92233720368547758.08"
	};
	money read = { 5, usd };

	(void)state;
	for (size_t r = 0; r < COUNT(rows); r++)
		assert_int_equal(money_from_text(str_of(rows[r]), usd, &read)->kind, FAULT_INPUT);
	assert_int_equal(read.minor, 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_share_is_rounded_half_to_even),
		cmocka_unit_test(what_does_not_fit_is_a_fault),
		cmocka_unit_test(parts_sum_to_the_whole),
		cmocka_unit_test(the_rest_goes_to_the_largest_remainder),
		cmocka_unit_test(amounts_are_read_and_written),
		cmocka_unit_test(what_is_no_amount_is_refused),
	};

	return cmocka_run_group_tests_name("money", tests, NULL, NULL);
}
