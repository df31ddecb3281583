/* A whole conversion in which the power goes at a commit of `work`, before the disk has it or as
 * soon as it has: at each commit in turn, and at a third of them in one conversion. */
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "base/log.h"
#include "base/world.h"
#include "journey.h"
#include "power_disk.h"
#include "power_vfs.h"

static struct journey journey;
static int64_t at;	      /* the commit of `work` at which the power goes; 0: now and then */
static uint64_t dice;	      /* for now and then, and for the disk */
static int64_t commits, cuts; /* so far */

static bool goes_now(bool done)
{
	if (!done)
		commits++;
	if (at)
		return commits == at && done == (at % 2 == 0) && cuts == 0;
	dice = dice * 6364136223846793005U + 1442695040888963407U;
	return (dice >> 33) % 6 == 0;
}

/* `work` is dead where it stood, in the middle of its commit. */
static void at_commit(bool done, void *with)
{
	const struct journey *j = with;

	if (!j->working || !goes_now(done))
		return;
	cuts++;
	power_disk_cut();
	journey_die();
}

static void power_is_back(struct journey *j)
{
	power_disk_on();
	journey_must(store_open(j->with->address, 8, &j->with->world.world, &j->with->store));
	journey_work_anew(j);
}

static void judge(struct journey *j)
{
	if (j->c.state != CONVERSION_DONE)
		fail_msg("commit %d: it ended as %d: %.*s", (int)at, (int)j->c.state,
			 STR(j->c.why));
	if (vendor_stage_orders(j->vendor, WORKSHOP) != 1)
		fail_msg("commit %d: %d orders", (int)at,
			 (int)vendor_stage_orders(j->vendor, WORKSHOP));
	assert_int_equal(vendor_stage_active_units(j->vendor, WORKSHOP), WORKSHOP_UNITS);
	journey_nobody_lost_anything(j);
}

static void converts(struct store_testing *with)
{
	commits = cuts = 0;
	journey_open(&journey, with, WORKSHOP, NULL);
	journey.died = power_is_back;
	power_disk_watch(at_commit, &journey);
	journey_play_for(&journey, 8000);
	judge(&journey);
	power_disk_watch(NULL, NULL);
	journey_close(&journey);
}

static void a_conversion_goes_on_when_the_power_went_at_any_commit(void **state)
{
	(void)state;
	at = 0;
	do {
		power_disk_new((uint64_t)++at);
		store_testing_on_file(converts);
	} while (cuts == 1);
	assert_true(at > 40);
}

static void a_conversion_goes_on_when_the_power_goes_again_and_again(void **state)
{
	(void)state;
	at = 0;
	for (uint64_t seed = 1; seed <= 10; seed++) {
		power_disk_new(dice = seed);
		store_testing_on_file(converts);
		assert_true(cuts > 5);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_conversion_goes_on_when_the_power_went_at_any_commit),
		cmocka_unit_test(a_conversion_goes_on_when_the_power_goes_again_and_again),
	};

	log_open(world_of_system(), LOG_ERROR, "journey_power_test");
	power_vfs_register();
	return cmocka_run_group_tests_name("journey_power", tests, NULL, NULL);
}
