/* A whole conversion while Microsoft misbehaves in each way the sandbox knows: slower, never
 * otherwise. */
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "base/log.h"
#include "base/world.h"
#include "journey.h"

static const char *line; /* the fault of the journey that is run */

static void converts(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, WORKSHOP, NULL);
	vendor_stage_fault(j.vendor, line);
	journey_play(&j);
	if (j.c.state != CONVERSION_DONE)
		fail_msg("%s: it ended as %d: %.*s", line, (int)j.c.state, STR(j.c.why));
	if (vendor_stage_faults_met(j.vendor) == 0)
		fail_msg("%s: no call met it", line);
	if (vendor_stage_orders(j.vendor, WORKSHOP) != 1)
		fail_msg("%s: %lld orders", line,
			 (long long)vendor_stage_orders(j.vendor, WORKSHOP));
	assert_int_equal(vendor_stage_active_units(j.vendor, WORKSHOP), WORKSHOP_UNITS);
	journey_nobody_lost_anything(&j);
	journey_close(&j);
}

static void converts_under_each(const char *const *lines)
{
	for (; *lines; lines++) {
		line = *lines;
		store_testing_each(converts);
	}
}

static void a_conversion_outlives_refusals_of_every_shape(void **state)
{
	static const char *const lines[] = {
		"graph 429 5 7",
		"graph 503 5",
		"graph 500 3",
		"login 503 3",
		"login 429 2 30",
		"partnercenter 429 3 57",
		"partnercenter 429 3 57 --shape service",
		"partnercenter 500 4 --shape text",
		"partnercenter 503 4 --shape newer",
		"partnercenter 409 1 --path /checkout",
		NULL,
	};
	(void)state;
	converts_under_each(lines);
}

static void a_lost_answer_orders_nothing_twice(void **state)
{
	static const char *const lines[] = {
		"any reset 4",
		"partnercenter lose 1 /checkout",
		"partnercenter lose 2 /checkout",
		"partnercenter lose 2 /carts",
		"graph lose 5",
		NULL,
	};
	(void)state;
	converts_under_each(lines);
}

static void answers_that_lag_behind_are_waited_out(void **state)
{
	static const char *const lines[] = {
		"graph stale 8 /subscribedSkus",
		"graph stale 8 /directory/subscriptions",
		"graph stale 12 /users",
		"graph stale 30",
		"partnercenter pending 5",
		"partnercenter hidden 3 /orders",
		"partnercenter hidden 3 /subscriptions",
		"partnercenter stale 6",
		NULL,
	};
	(void)state;
	converts_under_each(lines);
}

static void odd_answers_are_read_all_the_same(void **state)
{
	static const char *const lines[] = {
		"graph page 4",		  "graph bom 6",
		"graph expired 2",	  "partnercenter expired 2",
		"partnercenter older 60", NULL,
	};
	(void)state;
	converts_under_each(lines);
}

static void a_fault_now_and_then_only_makes_it_slower(void **state)
{
	static const char *const lines[] = {
		"any 503 --rate 5% --seed 1",	"any 503 --rate 5% --seed 2",
		"any reset --rate 4% --seed 3", "partnercenter lose --rate 6% --seed 4",
		"any lose --rate 4% --seed 5",	NULL,
	};
	(void)state;
	converts_under_each(lines);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_conversion_outlives_refusals_of_every_shape),
		cmocka_unit_test(a_lost_answer_orders_nothing_twice),
		cmocka_unit_test(answers_that_lag_behind_are_waited_out),
		cmocka_unit_test(odd_answers_are_read_all_the_same),
		cmocka_unit_test(a_fault_now_and_then_only_makes_it_slower),
	};

	log_open(world_of_system(), LOG_ERROR, "journey_fault_test");
	return cmocka_run_group_tests_name("journey_fault", tests, NULL, NULL);
}
