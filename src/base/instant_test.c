#include <setjmp.h>

#include "base/instant.h"
#include "base/world.h"

#include <cmocka.h>

static void written_times_are_read(void **state)
{
	static const struct {
		const char *text;
		int64_t micros;
	} rows[] = {
		{ "1970-01-01T00:00:00Z", 0 },
		{ "2026-02-03T10:02:41Z", INT64_C(1770112961000000) },
		{ "2026-02-03T10:02:41", INT64_C(1770112961000000) },
		{ "2026-02-03t10:02:41z", INT64_C(1770112961000000) },
		{ "2026-02-03T12:02:41+02:00", INT64_C(1770112961000000) },
		{ "2026-02-03T04:32:41-05:30", INT64_C(1770112961000000) },
		{ "2026-02-03T10:02:41.5Z", INT64_C(1770112961500000) },
		{ "2026-02-03T10:02:41.1234567Z", INT64_C(1770112961123456) },
		{ "2026-02-03T10:02:41.123456789", INT64_C(1770112961123456) },
		{ "2026-02-03", INT64_C(1770076800000000) },
		{ "2024-02-29T00:00:00Z", INT64_C(1709164800000000) },
		{ "1969-12-31T23:59:59.999999Z", -1 },
		{ "2016-12-31T23:59:60Z", INT64_C(1483228800000000) },
		{ "0001-01-01T00:00:00", INT64_C(-62135596800000000) },
	};

	(void)state;
	for (size_t r = 0; r < COUNT(rows); r++) {
		instant at = INSTANT_NONE;

		assert_true(instant_from_rfc3339(str_of(rows[r].text), &at));
		assert_int_equal(at.micros, rows[r].micros);
	}
}

static void what_is_no_time_is_refused(void **state)
{
	str rows = S("|2026|2026-13-01|2026-00-01|2026-02-30|2023-02-29|2026-01-00|2026-02-03T|"
		     "2026-2-3|"
		     "2026-02-03T10:02|2026-02-03T24:00:00Z|2026-02-03T10:60:00Z|2026-02-03T10:02:"
		     "61Z|"
		     "2026-02-03T10:02:41.Z|2026-02-03T10:02:41.1234567890Z|2026-02-03T10:02:41+2:"
		     "00|"
		     "2026-02-03T10:02:41+24:00|2026-02-03T10:02:41-01:60|2026-02-03T10:02:41Zx|2/"
		     "3/2026| 2026-02-03"),
	    row;
	instant at = { .micros = 5 };

	(void)state;
	while (str_next(&rows, '|', &row))
		assert_false(instant_from_rfc3339(row, &at));
	assert_int_equal(at.micros, 5);
}

static void print_and_read_is_the_same_instant(void **state)
{
	DEFER(arena_end) struct arena *arena = arena_open();
	struct world_seeded w;

	(void)state;
	world_seeded_open(&w, 3, (instant){ 0 });
	for (int i = 0; i < 5000; i++) {
		instant at, back;
		uint64_t random;

		world_random(&w.world, &random, sizeof(random));
		/* From year 1 to year 9999. */
		at.micros = (int64_t)(random % UINT64_C(315537897600000000)) -
			    INT64_C(62135596800000000);
		if (i % 2)
			at.micros -= at.micros % 1000000;
		assert_true(instant_from_rfc3339(instant_rfc3339(arena, at), &back));
		assert_int_equal(back.micros, at.micros);
	}
}

static void days_follow_each_other(void **state)
{
	day d = { 1899, 12, 30 };

	(void)state;
	for (int i = 0; i < 100000; i++) {
		instant start = day_start(d);
		day next = day_after(d, 1), last = instant_day(instant_after(start, DAYS(1) - 1));

		assert_int_equal(day_start(next).micros, instant_after(start, DAYS(1)).micros);
		assert_int_equal(day_start(last).micros, start.micros);
		assert_int_equal(day_start(day_after(next, -1)).micros, start.micros);
		d = next;
	}
	assert_true(d.year == 2173 && d.month == 10 && d.date == 14);
}

static void people_read_words(void **state)
{
	static const struct {
		int64_t micros;
		const char *words;
	} rows[] = {
		{ -5, "0 seconds" },
		{ 999999, "0 seconds" },
		{ HOURS(2) + MINUTES(5) + 7, "2 hours 5 minutes" },
		{ DAYS(3), "3 days" },
		{ DAYS(1) + SECONDS(1), "1 day 1 second" },
		{ DAYS(400) + HOURS(1) + MINUTES(1), "400 days 1 hour" },
	};
	DEFER(arena_end) struct arena *arena = arena_open();
	instant at = { .micros = INT64_C(1770112961000000) };

	(void)state;
	for (size_t r = 0; r < COUNT(rows); r++)
		assert_string_equal(duration_for_people(arena, rows[r].micros).at, rows[r].words);
	assert_string_equal(instant_for_people(arena, at).at, "3 February 2026, 10:02 UTC");
	assert_string_equal(day_for_people(arena, instant_day(at)).at, "3 February 2026");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(written_times_are_read),
		cmocka_unit_test(what_is_no_time_is_refused),
		cmocka_unit_test(print_and_read_is_the_same_instant),
		cmocka_unit_test(days_follow_each_other),
		cmocka_unit_test(people_read_words),
	};

	return cmocka_run_group_tests_name("instant", tests, NULL, NULL);
}
