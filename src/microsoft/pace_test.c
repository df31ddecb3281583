#include "microsoft/pace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static const instant NOON = { .micros = 1770120000000000 };

static struct pace *open_pace(int64_t partner_center, int64_t graph)
{
	struct pace *pace;

	assert_null(pace_open(&(struct pace_limits){ partner_center, graph }, &pace));
	return pace;
}

/* Every ten milliseconds a step of ten calls wants to begin, for ten minutes; no minute may see
 * more than is allowed, and not much less either. */
static void no_minute_sees_more_than_is_allowed(void **state)
{
	enum { TICKS = 60000, A_MINUTE = 6000, ALLOWED = 500, CALLS = 10 };
	static int asked[TICKS];
	struct pace *pace = open_pace(ALLOWED, 0);
	int in_minute = 0, most = 0, all = 0;
	(void)state;

	for (int i = 0; i < TICKS; i++) {
		instant now = instant_after(NOON, (int64_t)i * 10000);

		asked[i] = 0;
		if (!pace_take(pace, PACE_PARTNER_CENTER, STR_NONE, 1, false, now))
			for (asked[i] = 1; asked[i] < CALLS; asked[i]++)
				assert_null(pace_take(pace, PACE_PARTNER_CENTER, STR_NONE, 1, true,
						      now));
		all += asked[i];
		in_minute += asked[i] - (i >= A_MINUTE ? asked[i - A_MINUTE] : 0);
		most = in_minute > most ? in_minute : most;
	}
	assert_in_range(most, ALLOWED * 8 / 10, ALLOWED);
	assert_in_range(all, 10 * ALLOWED * 3 / 4, 10 * ALLOWED);
	pace_close(pace);
}

/* A step of many calls ends, whatever it takes; then the others wait until it is paid back. */
static void what_has_begun_goes_on_where_others_may_not_begin(void **state)
{
	struct pace *pace = open_pace(500, 0);
	int begun = 0;
	(void)state;

	while (!pace_take(pace, PACE_PARTNER_CENTER, STR_NONE, 1, false, NOON))
		begun++;
	assert_int_equal(begun, 51);
	for (int i = 0; i < 2000; i++)
		assert_null(pace_take(pace, PACE_PARTNER_CENTER, STR_NONE, 1, true, NOON));
	assert_non_null(pace_take(pace, PACE_PARTNER_CENTER, STR_NONE, 1, false,
				  instant_after(NOON, MINUTES(1))));
	assert_null(pace_take(pace, PACE_PARTNER_CENTER, STR_NONE, 1, false,
			      instant_after(NOON, MINUTES(2))));
	pace_close(pace);
}

/* A hundred that come at once are told moments apart, none beyond twenty seconds. */
static void who_is_sent_away_gets_a_moment_of_its_own(void **state)
{
	struct pace *pace = open_pace(500, 0);
	int64_t last = 0;
	int apart = 0;
	(void)state;

	while (!pace_take(pace, PACE_PARTNER_CENTER, STR_NONE, 1, false, NOON))
		continue;
	for (int i = 0; i < 100; i++) {
		fault *f = pace_take(pace, PACE_PARTNER_CENTER, STR_NONE, 1, false, NOON);

		assert_true(pace_is_wait(f));
		assert_int_equal(f->kind, FAULT_BUSY);
		assert_in_range(f->retry_after, 1, 20);
		assert_true(f->retry_after >= last);
		apart += f->retry_after > last;
		last = f->retry_after;
	}
	assert_true(apart >= 10);
	pace_close(pace);
}

static void each_tenant_of_graph_has_a_bucket_of_its_own(void **state)
{
	struct pace *pace = open_pace(0, 100);
	const str one = S("3c95518e-8c37-41e3-9627-0ca339200f53");
	char name[40];
	(void)state;

	while (!pace_take(pace, PACE_GRAPH, one, 3, false, NOON))
		continue;
	for (int i = 0; i < 255; i++) { /* as many as are kept, beside the first */
		(void)snprintf(name, sizeof name, "3c95518e-8c37-41e3-9627-%012d", i);
		assert_null(pace_take(pace, PACE_GRAPH, str_of(name), 3, false, NOON));
	}
	assert_non_null(pace_take(pace, PACE_GRAPH, S("3C95518E-8C37-41E3-9627-0CA339200F53"), 3,
				  false, NOON));
	assert_null(pace_take(pace, PACE_GRAPH, one, 3, false, instant_after(NOON, SECONDS(1))));
	pace_close(pace);
}

static void a_rest_is_for_all_and_ends(void **state)
{
	static const struct {
		enum pace_service service;
		int64_t after;
		bool waits;
	} rows[] = {
		{ PACE_PARTNER_CENTER, 0, true },
		{ PACE_PARTNER_CENTER, SECONDS(29), true },
		{ PACE_PARTNER_CENTER, SECONDS(30), false },
		{ PACE_GRAPH, 0, false },
		{ PACE_BILLING, 0, false },
	};
	struct pace *pace = open_pace(0, 0); /* without limits of ours, too */
	(void)state;

	pace_rest(pace, PACE_PARTNER_CENTER, instant_after(NOON, SECONDS(30)));
	pace_rest(pace, PACE_PARTNER_CENTER, instant_after(NOON, SECONDS(5))); /* not shorter */
	for (size_t i = 0; i < COUNT(rows); i++) {
		fault *f = pace_take(pace, rows[i].service, STR_NONE, 1, true,
				     instant_after(NOON, rows[i].after));

		assert_int_equal(pace_is_wait(f), rows[i].waits);
	}
	pace_close(pace);
}

static void a_vendors_refusal_is_no_wait_of_ours(void **state)
{
	(void)state;
	assert_false(pace_is_wait(NULL));
	assert_false(pace_is_wait(fault_new(FAULT_BUSY, "Too many.")));
	assert_false(pace_is_wait(fault_code(fault_new(FAULT_BUSY, "Too many."), S("429"))));
	assert_true(pace_is_wait(
		fault_because(fault_code(fault_new(FAULT_BUSY, "Later."), S("pace")), "Again.")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_minute_sees_more_than_is_allowed),
		cmocka_unit_test(what_has_begun_goes_on_where_others_may_not_begin),
		cmocka_unit_test(who_is_sent_away_gets_a_moment_of_its_own),
		cmocka_unit_test(each_tenant_of_graph_has_a_bucket_of_its_own),
		cmocka_unit_test(a_rest_is_for_all_and_ends),
		cmocka_unit_test(a_vendors_refusal_is_no_wait_of_ours),
	};

	return cmocka_run_group_tests_name("pace", tests, NULL, NULL);
}
