#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "jobs/backoff.h"

static void back_off_grows_with_the_trouble_and_stays_below_its_ceiling(void **state)
{
	static const struct {
		int64_t failing_for, least, most;
	} rows[] = {
		{ 0, SECONDS(1), SECONDS(3) },
		{ SECONDS(5), SECONDS(3), SECONDS(7) },
		{ SECONDS(29), SECONDS(11), SECONDS(19) },
		{ MINUTES(1), SECONDS(33), SECONDS(57) },
		{ MINUTES(7), SECONDS(135), SECONDS(225) },
		{ MINUTES(19), MINUTES(6), MINUTES(10) },
		{ HOURS(2), SECONDS(675), MINUTES(15) },
		{ DAYS(900), SECONDS(675), MINUTES(15) },
	};
	struct world_seeded world;

	(void)state;
	world_seeded_open(&world, 7, (instant){ 0 });
	for (size_t i = 0; i < COUNT(rows); i++) {
		int64_t least = INT64_MAX, most = 0;
		for (int n = 0; n < 1000; n++) {
			int64_t wait = backoff_wait(rows[i].failing_for, &world.world);
			least = wait < least ? wait : least;
			most = wait > most ? wait : most;
		}
		assert_in_range(least, rows[i].least, rows[i].most);
		assert_in_range(most, rows[i].least, rows[i].most);
		assert_true(most > least); /* chance spreads them */
	}
}

static void what_the_other_side_asks_is_never_cut_short(void **state)
{
	static const int64_t asked[] = { 1, 30, 600, 3600, 86400 };
	struct world_seeded world;

	(void)state;
	world_seeded_open(&world, 7, (instant){ 0 });
	for (size_t i = 0; i < COUNT(asked); i++)
		assert_in_range(backoff_asked(asked[i], &world.world), SECONDS(asked[i]),
				SECONDS(asked[i]) / 10 * 11);
	assert_in_range(backoff_asked(INT64_MAX, &world.world), HOURS(24), HOURS(27));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(back_off_grows_with_the_trouble_and_stays_below_its_ceiling),
		cmocka_unit_test(what_the_other_side_asks_is_never_cut_short),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
