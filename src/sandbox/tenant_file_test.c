#include "sandbox/tenant_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "sandbox/license_pool.h"
#include "sandbox/sandbox_testing.h"
#include "sandbox/tenant_state.h"

#define TENANT "11111111-2222-4333-8444-555555555555"
#define USER   "aaaaaaaa-2222-4333-8444-555555555555"
#define ORGANIZATION                                                                    \
	"\"organization\":{\"value\":[{\"id\":\"" TENANT "\",\"displayName\":\"Mill\"," \
	"\"verifiedDomains\":[{\"name\":\"Mill.example\",\"isInitial\":true}]}]}"
#define USERS "\"users\":[{\"id\":\"" USER "\",\"userPrincipalName\":\"Ann@Mill.example\"}]"

struct loading {
	str text;
	fault *refused;
};

static fault *load(struct tx *tx, void *with)
{
	struct loading *loading = with;
	str tenant;

	return tenant_file_load(tx, S("mill.json"), loading->text, false, &tenant);
}

static fault *loaded(struct sandbox_testing *t, const char *text)
{
	struct loading loading = { .text = str_of(text) };

	return store_run(t->store, STORE_WRITE, t->arena, "load", load, &loading);
}

static void a_malformed_file_is_refused_with_file_and_member(void **state)
{
	static const struct {
		const char *text, *says;
	} rows[] = {
		{ "", "mill.json:1:" },
		{ "{\"organization\":", "mill.json:1:" },
		{ "[]", "one object" },
		{ "{}", "organization.value[0] is missing" },
		{ "{\"organization\":7}", "organization is neither an answer nor an array" },
		{ "{\"organization\":{\"value\":{}}}", "organization.value is not an array" },
		{ "{\"organization\":[{\"id\":7}]}", "organization.value[0].id is not a text" },
		{ "{\"organization\":[{\"id\":\"x\"}]}", "organization.value[0].id is not a GUID" },
		{ "{\"organization\":[{\"id\":\"" TENANT "\"}]}",
		  "organization.value[0].displayName is missing" },
		{ "{\"organization\":[{\"id\":\"" TENANT "\",\"displayName\":\"M\"}]}",
		  "no domain" },
		{ "{" ORGANIZATION "}", "users is missing or empty" },
		{ "{" ORGANIZATION ",\"users\":[{\"id\":\"" USER "\"}]}",
		  "users.value[0].userPrincipalName is missing" },
		{ "{" ORGANIZATION "," USERS ",\"subscribedSkus\":[{\"skuId\":\"no\"}]}",
		  "subscribedSkus.value[0].skuId is not a GUID" },
		{ "{" ORGANIZATION "," USERS ",\"directory/subscriptions\":[{\"id\":\"" USER
		  "\",\"skuId\":\"" USER "\",\"status\":\"Paused\"}]}",
		  "directory/subscriptions.value[0].status is not Enabled" },
		{ "{" ORGANIZATION "," USERS ",\"directory/subscriptions\":[{\"id\":\"" USER
		  "\",\"skuId\":\"" USER "\",\"status\":\"Enabled\",\"totalLicenses\":-1}]}",
		  "directory/subscriptions.value[0].totalLicenses is not a count" },
		{ "{" ORGANIZATION ",\"users\":[{\"id\":\"" USER
		  "\",\"userPrincipalName\":\"a@b.c\",\"assignedLicenses\":1}]}",
		  "users.value[0].assignedLicenses is not an array" },
		{ "{" ORGANIZATION "," USERS ",\"directory/subscriptions\":[{\"id\":\"" USER
		  "\",\"skuId\":\"" USER
		  "\",\"skuPartNumber\":\"X\",\"status\":\"Enabled\"},{\"id\":\"" USER
		  "\",\"skuId\":\"" USER "\",\"skuPartNumber\":\"X\",\"status\":\"Enabled\"}]}",
		  "directory/subscriptions.value[1].id is the id of another" },
	};
	struct sandbox_testing *t = *state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		fault *f = loaded(t, rows[i].text);
		if (!f)
			fail_msg("taken: %s", rows[i].text);
		if (!strstr(f->said, rows[i].says))
			fail_msg("%s\nsays: %s", rows[i].text, f->said);
		assert_true(strncmp(f->said, "mill.json", 9) == 0);
		assert_int_equal(f->kind, FAULT_INPUT);
	}
	/* Nothing of all that was kept: the right file still loads. */
	assert_null(loaded(t, "{" ORGANIZATION "," USERS "}"));
}

static fault *look(struct tx *tx, void *with)
{
	struct tenant_state *seen = with;
	struct tenant_state_user user;
	bool found;

	TRY(tenant_state_find(tx, S("MILL.example"), seen, &found));
	assert_true(found);
	TRY(tenant_state_user(tx, S("ann@MILL.example"), &user, &found));
	assert_true(found);
	assert_true(str_eq(user.principal_name, S("Ann@Mill.example")));
	return tenant_state_has_role(tx, user.id, S("Global Administrator"), &found);
}

static void names_are_found_in_any_case_and_unknown_members_are_ignored(void **state)
{
	struct sandbox_testing *t = *state;
	struct tenant_state seen;

	assert_null(loaded(t, "{" ORGANIZATION "," USERS ",\"more\":{\"x\":[1]},\"groups\":null}"));
	sandbox_testing_do(t, look, &seen);
	assert_true(str_eq(seen.domain, S("mill.example")));
	assert_true(str_eq(seen.administrator, S(USER)));
	assert_true(str_eq(seen.account_type, S("MicrosoftOnlineServicesProgram")));
}

static void a_tenant_that_is_there_already_is_a_conflict(void **state)
{
	struct sandbox_testing *t = *state;

	assert_null(loaded(t, "{" ORGANIZATION "," USERS "}"));
	fault *f = loaded(t, "{" ORGANIZATION "," USERS "}");
	assert_non_null(f);
	assert_int_equal(f->kind, FAULT_CONFLICT);
}

static fault *pool(struct tx *tx, void *with)
{
	struct license_pools pools;

	TRY(license_pool_all(tx, S(TENANT), &pools));
	assert_int_equal(pools.len, 1);
	*(struct license_pool *)with = pools.at[0];
	return NULL;
}

static void counts_without_a_subscription_get_one_that_carries_them(void **state)
{
	struct sandbox_testing *t = *state;
	struct license_pool seen;

	assert_null(loaded(t, "{" ORGANIZATION "," USERS
			      ",\"subscribedSkus\":[{\"skuId\":\"" TESTING_STANDARD
			      "\",\"skuPartNumber\":\"X\",\"prepaidUnits\":{\"enabled\":5,"
			      "\"warning\":2,\"suspended\":1}}]}"));
	sandbox_testing_do(t, pool, &seen);
	assert_int_equal(seen.enabled, 5);
	assert_int_equal(license_pool_valid(&seen), 7);
	assert_int_equal(license_pool_expired(&seen), 3);
	assert_true(str_eq(seen.title, S("Microsoft 365 Business Standard")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define WITH(test) \
	cmocka_unit_test_setup_teardown(test, sandbox_testing_open, sandbox_testing_close)
		WITH(a_malformed_file_is_refused_with_file_and_member),
		WITH(names_are_found_in_any_case_and_unknown_members_are_ignored),
		WITH(a_tenant_that_is_there_already_is_a_conflict),
		WITH(counts_without_a_subscription_get_one_that_carries_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
