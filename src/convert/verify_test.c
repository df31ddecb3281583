#include "convert/verify.h"

#include "convert/tenant_testing.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static int open_arena(void **state)
{
	*state = arena_open();
	return 0;
}

static int close_arena(void **state)
{
	arena_close(*state);
	return 0;
}

static struct plan plan_of(struct arena *keep, const struct snapshot *before)
{
	struct plan_offer offers[2] = {
		{ .title = S("") },
		{ .found = true,
		  .title = S("Business Standard"),
		  .term = S("P1Y"),
		  .billing = S("monthly"),
		  .least = 1,
		  .most = 300 },
	};

	return plan_make(keep, before, offers);
}

static struct snapshot before_of(struct arena *keep)
{
	const struct tenant_testing_subscription old = { "old", TESTING_SKU,  "Enabled",
							 12,	OWNER_DIRECT, false };

	return tenant_testing(keep, &old, 1, 9, 0);
}

/* A tenant later: the old subscription in this status with these units, ours with these, and this
 * many users.  Which of the three checks hold? */
static void each_check_holds_in_its_own_moment_only(void **state)
{
	static const struct {
		const char *old_status;
		int64_t old_units;
		const char *our_status;
		int64_t our_units, users;
		bool unchanged, both, only_new, touched, moving;
	} rows[] = {
		/* as it was */
		{ "Enabled", 12, NULL, 0, 9, true, false, false, false, false },
		/* provisioned */
		{ "Enabled", 12, "Enabled", 12, 9, false, true, false, false, true },
		/* cancelled, both ways the documents tell of it, or gone */
		{ "Suspended", 12, "Enabled", 12, 9, false, false, true, true, true },
		{ "LockedOut", 12, "Enabled", 12, 9, false, false, true, true, true },
		{ NULL, 0, "Enabled", 12, 9, false, false, true, true, true },
		/* one seat of the old one is gone already */
		{ "Enabled", 11, "Enabled", 12, 9, false, false, false, true, true },
		/* ours is short, long, or not usable */
		{ "Enabled", 12, "Enabled", 11, 9, false, false, false, false, false },
		{ "Enabled", 12, "Enabled", 13, 9, false, false, false, false, false },
		{ "Enabled", 12, "Suspended", 12, 9, true, false, false, false, false },
		/* the old one shrank meanwhile: totals alone would not tell ours from theirs */
		{ "Enabled", 11, "Enabled", 13, 9, false, false, false, true, false },
		/* somebody lost a license */
		{ "Enabled", 12, "Enabled", 12, 8, false, false, false, false, false },
		{ "Suspended", 12, "Enabled", 12, 8, false, false, false, true, false },
		/* somebody was hired: nobody holds less */
		{ "Enabled", 12, "Enabled", 12, 10, false, true, false, false, true },
		{ "Suspended", 12, "Enabled", 12, 10, false, false, true, true, true },
		{ "Enabled", 12, NULL, 0, 10, false, false, false, false, false },
	};
	struct snapshot before = before_of(*state);
	struct plan plan = plan_of(*state, &before);

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct tenant_testing_subscription subs[2];
		size_t count = 0;

		if (rows[i].old_status)
			subs[count++] = (struct tenant_testing_subscription){
				"old",	      TESTING_SKU, rows[i].old_status, rows[i].old_units,
				OWNER_DIRECT, false
			};
		if (rows[i].our_status)
			subs[count++] = (struct tenant_testing_subscription){
				"ours",	    TESTING_SKU, rows[i].our_status, rows[i].our_units,
				OWNER_OURS, false
			};
		struct snapshot now = tenant_testing(*state, subs, count, rows[i].users, 0);

		assert_int_equal(verify_unchanged(*state, &plan, &before, &now).len == 0,
				 rows[i].unchanged);
		assert_int_equal(verify_both(*state, &plan, &before, &now).len == 0, rows[i].both);
		assert_int_equal(verify_only_new(*state, &plan, &before, &now).len == 0,
				 rows[i].only_new);
		assert_int_equal(verify_moving(*state, &plan, &before, &now).len == 0,
				 rows[i].moving);
		assert_int_equal(verify_old_touched(&plan, &before, &now), rows[i].touched);
	}
}

static void a_loss_names_the_users_and_the_license(void **state)
{
	struct snapshot before = before_of(*state);
	struct plan plan = plan_of(*state, &before);
	struct snapshot now = before_of(*state);
	struct verify_differences d;

	now.holds.len -= 2;
	d = verify_unchanged(*state, &plan, &before, &now);
	assert_int_equal(d.len, 1);
	assert_true(str_find(d.at[0], S("2 licenses")) >= 0);
	assert_true(str_find(d.at[0], S("user8@bakery.example (O365_BUSINESS_PREMIUM)")) >= 0);
}

static void a_license_that_moves_from_direct_to_a_group_is_not_lost(void **state)
{
	struct snapshot before = before_of(*state), now = before_of(*state);

	for (size_t i = 0; i < now.holds.len; i++)
		now.holds.at[i].group = S("all-staff");
	assert_int_equal(snapshot_missing(*state, &before, &now).len, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(each_check_holds_in_its_own_moment_only, open_arena,
						close_arena),
		cmocka_unit_test_setup_teardown(a_loss_names_the_users_and_the_license, open_arena,
						close_arena),
		cmocka_unit_test_setup_teardown(
			a_license_that_moves_from_direct_to_a_group_is_not_lost, open_arena,
			close_arena),
	};

	return cmocka_run_group_tests_name("verify", tests, NULL, NULL);
}
