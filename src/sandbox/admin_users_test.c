/* Users and their licenses on the administrator's pages. */
#include "sandbox/admin_licensing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sandbox/admin_testing.h"
#include "sandbox/tenant_testing.h"

#define BOSS	TENANT_TESTING_BOSS
#define CLERK	TENANT_TESTING_CLERK
#define USERS	"/admin/users"
#define TESSA	USERS "/1b7e15c2-4d1f-4e83-a6c0-7f25d8b3e914"
#define LICENSE TESSA "/licenses/" TENANT_TESTING_SKU

static fault *studio_load(struct tx *tx, void *with)
{
	struct tenant_state_user clerk;
	bool found;

	(void)with;
	TRY(tenant_testing_load(tx, &tenant_testing_studio));
	TRY(tenant_state_user(tx, S(CLERK), &clerk, &found));
	return tenant_state_give_role(tx, clerk.id, S("Global Reader"));
}

static int open(void **state)
{
	int wrong = identity_testing_open(state);
	const struct identity_testing *t = *state;

	if (!wrong)
		assert_null(
			store_run(t->store, STORE_WRITE, t->arena, "studio", studio_load, NULL));
	return wrong;
}

static void a_license_is_assigned_and_taken_away(void **state)
{
	struct identity_testing *t = *state;
	struct web_exchange got;

	identity_testing_sign_in(t, BOSS);
	got = identity_testing_get(t, S(USERS));
	assert_true(identity_testing_says(&got, "href=\"" TESSA "\""));
	assert_true(identity_testing_says(&got, "Unlicensed"));
	got = admin_testing_follow(
		t, admin_testing_post(t, S(LICENSE),
				      S("deed=assign&plan-" TENANT_TESTING_MAIL "=on")));
	assert_true(identity_testing_says(&got, "The license is assigned."));
	assert_true(identity_testing_says(&got, "<strong>Assigned.</strong> 19 licenses"));
	got = identity_testing_get(t, S(USERS));
	assert_true(identity_testing_says(&got, "<td>Microsoft 365 Business Standard</td>"));
	got = admin_testing_follow(t, admin_testing_post(t, S(LICENSE), S("deed=unassign")));
	assert_true(identity_testing_says(&got, "The license is taken away."));
	assert_true(identity_testing_says(&got, "20 licenses available"));
	got = admin_testing_post(t, S(LICENSE), S("deed=unassign"));
	assert_int_equal(got.status, 409);
	assert_true(identity_testing_says(&got, "does not have a corresponding license"));
}

static void apps_without_a_tick_are_disabled(void **state)
{
	struct identity_testing *t = *state;
	struct web_exchange got;

	identity_testing_sign_in(t, BOSS);
	got = admin_testing_follow(
		t, admin_testing_post(t, S(LICENSE),
				      S("deed=assign&plan-" TENANT_TESTING_MAIL "=on")));
	assert_true(identity_testing_says(&got, "name=\"plan-" TENANT_TESTING_MAIL
						"\" value=\"on\" checked"));
	assert_false(identity_testing_says(&got, "name=\"plan-" TENANT_TESTING_CHAT
						 "\" value=\"on\" checked"));
	got = admin_testing_follow(
		t,
		admin_testing_post(t, S(LICENSE), S("deed=apps&plan-" TENANT_TESTING_CHAT "=on")));
	assert_true(identity_testing_says(&got, "apps are changed"));
	assert_true(identity_testing_says(&got, "name=\"plan-" TENANT_TESTING_CHAT
						"\" value=\"on\" checked"));
	assert_false(identity_testing_says(&got, "name=\"plan-" TENANT_TESTING_MAIL
						 "\" value=\"on\" checked"));
}

static void a_usage_location_is_two_letters(void **state)
{
	struct identity_testing *t = *state;
	static const struct {
		const char *form;
		int status;
	} rows[] = {
		{ "location=DE", 303 },	   { "location=de", 303 }, { "location=Germany", 409 },
		{ "location=%20DE", 303 }, { "location=", 409 },   { "", 409 },
	};

	identity_testing_sign_in(t, BOSS);
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(
			admin_testing_post(t, S(TESSA "/location"), str_of(rows[i].form)).status,
			rows[i].status);
	struct web_exchange got = identity_testing_get(t, S(TESSA));
	assert_true(identity_testing_says(&got, "name=\"location\" value=\"DE\""));
}

static void users_are_looked_for_by_a_part_of_their_name(void **state)
{
	struct identity_testing *t = *state;
	static const struct {
		const char *target;
		bool tessa, clerk;
	} rows[] = {
		{ USERS, true, true },
		{ USERS "?q=TESS", true, false },
		{ USERS "?q=lerk%40tern", false, true },
		{ USERS "?q=%25", false, false },
		{ USERS "?q=_", false, false },
		{ USERS "?q=+", true, true },
		{ USERS "?after=9999", false, false },
	};

	identity_testing_sign_in(t, BOSS);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct web_exchange got = identity_testing_get(t, str_of(rows[i].target));
		assert_int_equal(got.status, 200);
		assert_int_equal(identity_testing_says(&got, "href=\"" TESSA "\""), rows[i].tessa);
		assert_int_equal(identity_testing_says(&got, ">" CLERK "</a>"), rows[i].clerk);
	}
}

static void who_may_only_read_sees_no_button_and_changes_nothing(void **state)
{
	struct identity_testing *t = *state;
	struct web_exchange got;

	identity_testing_sign_in(t, CLERK);
	got = identity_testing_get(t, S(TESSA));
	assert_int_equal(got.status, 200);
	assert_true(identity_testing_says(&got, "20 licenses available"));
	assert_false(identity_testing_says(&got, "Assign"));
	assert_false(identity_testing_says(&got, "Save location"));
	assert_int_equal(admin_testing_post(t, S(LICENSE), S("deed=assign")).status, 403);
	assert_int_equal(admin_testing_post(t, S(TESSA "/location"), S("location=DE")).status, 403);
}

static void what_is_not_there_is_not_found(void **state)
{
	struct identity_testing *t = *state;
	static const struct {
		const char *target, *form;
		int status;
	} rows[] = {
		/* Somebody of another tenant. */
		{ USERS "/e5c0a1d2-94b7-4f36-8a70-1d3b5e7f9c26/licenses/" TENANT_TESTING_SKU,
		  "deed=assign", 404 },
		{ USERS "/nobody/licenses/" TENANT_TESTING_SKU, "deed=assign", 404 },
		{ TESSA "/licenses/00000000-0000-4000-8000-000000000000", "deed=assign", 404 },
		{ LICENSE, "deed=dance", 400 },
		{ LICENSE, "", 400 },
	};

	identity_testing_sign_in(t, BOSS);
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(
			admin_testing_post(t, str_of(rows[i].target), str_of(rows[i].form)).status,
			rows[i].status);
	assert_int_equal(
		identity_testing_get(t, S(USERS "/e5c0a1d2-94b7-4f36-8a70-1d3b5e7f9c26")).status,
		404);
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, open, identity_testing_close)
	const struct CMUnitTest tests[] = {
		T(a_license_is_assigned_and_taken_away),
		T(apps_without_a_tick_are_disabled),
		T(a_usage_location_is_two_letters),
		T(users_are_looked_for_by_a_part_of_their_name),
		T(who_may_only_read_sees_no_button_and_changes_nothing),
		T(what_is_not_there_is_not_found),
	};
#undef T
	return cmocka_run_group_tests(tests, NULL, NULL);
}
