/* The whole conversion in one thread: Novate's rules and steps, the sandbox's handlers, one clock.
 *
 * The same story is told again and again with one thing going wrong at one call to Microsoft: the
 * question never arrives, the answer is lost after its effect, or `work` dies before or after it.
 * However it goes, the end is the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "journey.h"

static void a_tenant_is_converted_once(struct journey *j, int64_t units)
{
	journey_play(j);
	assert_int_equal(j->c.state, CONVERSION_DONE);
	assert_int_equal(vendor_stage_orders(j->vendor, j->domain), 1);
	assert_int_equal(vendor_stage_active_units(j->vendor, j->domain), units);
	journey_nobody_lost_anything(j);
}

static void two_tenants_in_a_row(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, BAKERY, NULL);
	a_tenant_is_converted_once(&j, 1);
	j.domain = WORKSHOP;
	a_tenant_is_converted_once(&j, WORKSHOP_UNITS);
	journey_close(&j);
}

static void tenants_of_exact_matches_are_converted(void **state)
{
	(void)state;
	store_testing_each(two_tenants_in_a_row);
}

/* One telling in a process of its own: a copy of everything as it was set up, so that a death
 * leaves nothing behind and setting up is paid once. */
static void tell_in_a_child(struct journey *j, enum vendor_trouble what, int64_t at)
{
	pid_t pid = fork();
	int how;

	if (pid == 0) {
		vendor_stage_trouble(j->vendor, what, at, journey_die);
		a_tenant_is_converted_once(j, WORKSHOP_UNITS);
		_exit(0);
	}
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &how, 0), pid);
	if (!WIFEXITED(how) || WEXITSTATUS(how) != 0)
		fail_msg("trouble %d at call %lld", (int)what, (long long)at);
}

static void trouble_at_every_call(struct store_testing *with)
{
	struct journey j;
	int64_t before, calls;

	journey_open(&j, with, BAKERY, NULL);
	before = vendor_stage_calls(j.vendor);
	a_tenant_is_converted_once(&j, 1);
	calls = vendor_stage_calls(j.vendor) - before;
	assert_true(calls > 20);
	/* The workshop has one SKU more, and trouble makes a few calls more. */
	j.domain = WORKSHOP;
	for (enum vendor_trouble what = TROUBLE_LOST_BEFORE; what <= TROUBLE_STOP_AFTER; what++)
		for (int64_t at = 1; at <= calls + 8; at++)
			tell_in_a_child(&j, what, at);
	journey_close(&j);
}

static void trouble_at_any_call_changes_nothing_of_the_end(void **state)
{
	(void)state;
	store_testing_on_sqlite(trouble_at_every_call);
}

static int stop_at;

static void one_that_is_stopped(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, WORKSHOP, NULL);
	j.surprise_at = stop_at;
	j.surprise = journey_stop;
	journey_play(&j);
	assert_true(j.surprised);
	assert_int_equal(j.c.state, CONVERSION_UNDONE);
	assert_int_equal(vendor_stage_active_units(j.vendor, WORKSHOP), 0);
	journey_nobody_lost_anything(&j);
	journey_close(&j);
}

static void stopping_undoes_until_the_old_subscription_is_cancelled(void **state)
{
	/* The steps at which a look between two turns can find a conversion. */
	static const enum conversion_step stops[] = { STEP_RECORD, STEP_PLAN, STEP_CONSENT,
						      STEP_PROVISION, STEP_CANCEL_OLD };

	(void)state;
	for (size_t i = 0; i < COUNT(stops); i++) {
		stop_at = (int)stops[i];
		store_testing_each(one_that_is_stopped);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tenants_of_exact_matches_are_converted),
		cmocka_unit_test(trouble_at_any_call_changes_nothing_of_the_end),
		cmocka_unit_test(stopping_undoes_until_the_old_subscription_is_cancelled),
	};

	return cmocka_run_group_tests_name("journey_convert", tests, NULL, NULL);
}
