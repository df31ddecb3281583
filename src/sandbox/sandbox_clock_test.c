#include "sandbox/sandbox_clock.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "sandbox/sandbox_testing.h"

static void durations_are_a_number_and_a_unit(void **state)
{
	static const struct {
		const char *text;
		bool good;
		int64_t micros;
	} rows[] = {
		{ "+3h", true, HOURS(3) },
		{ "3h", true, HOURS(3) },
		{ "90m", true, MINUTES(90) },
		{ "5s", true, SECONDS(5) },
		{ "2d", true, DAYS(2) },
		{ "250ms", true, 250000 },
		{ "0s", true, 0 },
		{ "", false, 0 },
		{ "3", false, 0 },
		{ "h", false, 0 },
		{ "-3h", false, 0 },
		{ "3 h", false, 0 },
		{ "3w", false, 0 },
		{ "99999999999999d", false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		int64_t micros = 0;
		bool good = sandbox_clock_duration(str_of(rows[i].text), &micros);
		if (good != rows[i].good)
			fail_msg("\"%s\"", rows[i].text);
		if (good)
			assert_int_equal(micros, rows[i].micros);
	}
}

static fault *read_now(struct tx *tx, void *with)
{
	return sandbox_clock_now(tx, with);
}
static fault *ten_times(struct tx *tx, void *with)
{
	(void)with;
	return sandbox_clock_speed(tx, 10);
}
static fault *wrong_moves(struct tx *tx, void *with)
{
	(void)with;
	assert_non_null(sandbox_clock_move(tx, -1));
	assert_non_null(sandbox_clock_speed(tx, 0));
	assert_non_null(sandbox_clock_speed(tx, 100001));
	return NULL;
}

static void time_moves_forward_only_and_as_fast_as_it_was_told(void **state)
{
	struct sandbox_testing *t = *state;
	instant before, after;

	sandbox_testing_do(t, read_now, &before);
	t->world.at = instant_after(t->world.at, SECONDS(60));
	sandbox_testing_do(t, read_now, &after);
	assert_int_equal(instant_since(after, before), SECONDS(60));
	sandbox_testing_wait(t, HOURS(3));
	sandbox_testing_do(t, ten_times, NULL);
	sandbox_testing_do(t, wrong_moves, NULL);
	t->world.at = instant_after(t->world.at, SECONDS(6));
	sandbox_testing_do(t, read_now, &after);
	assert_int_equal(instant_since(after, before), HOURS(3) + SECONDS(120));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(durations_are_a_number_and_a_unit),
		cmocka_unit_test_setup_teardown(time_moves_forward_only_and_as_fast_as_it_was_told,
						sandbox_testing_open, sandbox_testing_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
