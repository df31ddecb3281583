#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "microsoft/license.h"
#include "microsoft/scripted.h"

static const str tenant = { "7d2f4c10-5a3e-4b1f-9c86-2f0b6a51d3e7", 36 };

static void licenses_of_a_tenant_are_read(void **state)
{
	static const struct scripted_row rows[] = {
		{ "GET https://graph.test/v1.0/subscribedSkus", 200,
		  "{\"value\":[{\"appliesTo\":\"User\",\"capabilityStatus\":\"Enabled\","
		  "\"consumedUnits\":14,\"skuId\":\"F245ECC8-75af-4f8e-b61f-27d8114de5f3\","
		  "\"skuPartNumber\":\"O365_BUSINESS_PREMIUM\",\"prepaidUnits\":{\"enabled\":12,"
		  "\"suspended\":5,\"warning\":3,\"lockedOut\":1},\"servicePlans\":["
		  "{\"servicePlanId\":\"BBBB\"},{\"servicePlanId\":\"aaaa\"}]}]}" },
	};
	struct license_skus skus;
	struct scripted s;

	(void)state;
	scripted_open(&s, NULL);
	scripted_play(&s, rows, COUNT(rows));
	assert_null(license_skus_read(&s.work, tenant, &skus));
	assert_int_equal(skus.len, 1);
	assert_true(str_eq(skus.at[0].sku, S("f245ecc8-75af-4f8e-b61f-27d8114de5f3")));
	assert_true(str_eq(skus.at[0].part_number, S("O365_BUSINESS_PREMIUM")));
	assert_int_equal(license_valid(&skus.at[0]), 15);
	assert_int_equal(license_expired(&skus.at[0]), 9);
	assert_int_equal(skus.at[0].consumed, 14);
	assert_true(str_eq(skus.at[0].plans, S("aaaa bbbb")));
	scripted_close(&s);
}

static void subscriptions_tell_who_sold_them(void **state)
{
	static const struct scripted_row rows[] = {
		{ "GET https://graph.test/v1.0/directory/subscriptions", 200,
		  "{\"value\":[{\"id\":\"1c9e0b77-2f61-4d08-b5a3-7e6d40c9a812\","
		  "\"commerceSubscriptionId\":\"be0d8a54-90c1-4f27-8a3e-5c1f7d2b6e90\","
		  "\"createdDateTime\":\"2025-06-11T00:00:00Z\",\"isTrial\":false,"
		  "\"nextLifecycleDateTime\":\"2026-06-11T00:00:00Z\",\"ownerTenantId\":null,"
		  "\"skuId\":\"f245ecc8-75af-4f8e-b61f-27d8114de5f3\",\"status\":\"Enabled\","
		  "\"skuPartNumber\":\"O365_BUSINESS_PREMIUM\",\"totalLicenses\":12},"
		  "{\"id\":\"2\",\"ownerTenantId\":\"C41B9E52-0d77-4a63-8f1e-91a4d6b0e2c8\","
		  "\"isTrial\":true,\"totalLicenses\":25}]}" },
	};
	struct license_subscriptions list;
	struct scripted s;

	(void)state;
	scripted_open(&s, NULL);
	scripted_play(&s, rows, COUNT(rows));
	assert_null(license_subscriptions_read(&s.work, tenant, &list));
	assert_int_equal(list.len, 2);
	assert_true(str_is_none(list.at[0].owner_tenant));
	assert_int_equal(list.at[0].units, 12);
	assert_false(list.at[0].trial);
	assert_int_equal(list.at[0].created.micros, INT64_C(1749600000000000));
	assert_true(str_eq(list.at[1].owner_tenant, S("c41b9e52-0d77-4a63-8f1e-91a4d6b0e2c8")));
	assert_true(list.at[1].trial);
	assert_true(instant_is_none(list.at[1].created));
	scripted_close(&s);
}

static void holds_come_from_states_and_from_what_states_leave_out(void **state)
{
	static const struct scripted_row rows[] = {
		{ "GET "
		  "https://graph.test/v1.0/"
		  "users?$select=id,userPrincipalName,usageLocation,assignedLicenses,"
		  "licenseAssignmentStates&$top=999",
		  200,
		  "{\"value\":[{\"id\":\"u1\",\"userPrincipalName\":\"ada@contoso.test\","
		  "\"assignedLicenses\":[{\"skuId\":\"s1\"},{\"skuId\":\"s2\"}],"
		  "\"licenseAssignmentStates\":[{\"skuId\":\"s1\",\"assignedByGroup\":null,"
		  "\"state\":\"Active\"},{\"skuId\":\"s1\",\"assignedByGroup\":\"g1\","
		  "\"state\":\"Error\"}]},"
		  "{\"id\":\"u2\",\"userPrincipalName\":\"bob@contoso.test\","
		  "\"assignedLicenses\":[]}],\"@odata.nextLink\":"
		  "\"https://graph.test/v1.0/users?$skiptoken=x\"}" },
		{ "GET https://graph.test/v1.0/users?$skiptoken=x", 200,
		  "{\"value\":[{\"id\":\"u3\",\"userPrincipalName\":\"eve@contoso.test\","
		  "\"assignedLicenses\":[{\"skuId\":\"S1\"}]}]}" },
	};
	static const struct {
		const char *user, *sku, *group, *state;
	} wanted[] = {
		{ "u1", "s1", NULL, "Active" },
		{ "u1", "s1", "g1", "Error" },
		{ "u1", "s2", NULL, "Active" },
		{ "u3", "s1", NULL, "Active" },
	};
	struct license_holds holds;
	struct scripted s;

	(void)state;
	scripted_open(&s, NULL);
	scripted_play(&s, rows, COUNT(rows));
	assert_null(license_holds_read(&s.work, tenant, &holds));
	assert_int_equal(holds.users, 3);
	assert_int_equal(holds.len, COUNT(wanted));
	for (size_t i = 0; i < COUNT(wanted); i++) {
		assert_true(str_eq(holds.at[i].user, str_of(wanted[i].user)));
		assert_true(str_eq(holds.at[i].sku, str_of(wanted[i].sku)));
		assert_true(str_eq(holds.at[i].state, str_of(wanted[i].state)));
		assert_int_equal(str_is_none(holds.at[i].group), wanted[i].group == NULL);
	}
	scripted_close(&s);
}

static void a_user_without_an_id_is_no_list_to_decide_on(void **state)
{
	static const struct scripted_row row = {
		"GET https://graph.test/v1.0/users?$select=id,userPrincipalName,usageLocation,"
		"assignedLicenses,licenseAssignmentStates&$top=999",
		200, "{\"value\":[{\"assignedLicenses\":[{\"skuId\":\"s1\"}]}]}"
	};
	struct license_holds holds;
	struct scripted s;
	fault *f;

	(void)state;
	scripted_open(&s, NULL);
	scripted_play(&s, &row, 1);
	f = license_holds_read(&s.work, tenant, &holds);
	assert_non_null(f);
	assert_int_equal(f->kind, FAULT_REMOTE);
	scripted_close(&s);
}

static void what_is_in_error_is_not_given(void **state)
{
	static const struct {
		const char *state;
		bool given;
	} rows[] = { { "Active", true },
		     { "ActiveWithError", true },
		     { "", true },
		     { "Error", false },
		     { "Disabled", false } };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct license_hold hold = { .state = str_of(rows[i].state) };

		assert_int_equal(license_is_given(&hold), rows[i].given);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(licenses_of_a_tenant_are_read),
		cmocka_unit_test(subscriptions_tell_who_sold_them),
		cmocka_unit_test(holds_come_from_states_and_from_what_states_leave_out),
		cmocka_unit_test(a_user_without_an_id_is_no_list_to_decide_on),
		cmocka_unit_test(what_is_in_error_is_not_given),
	};

	return cmocka_run_group_tests_name("license", tests, NULL, NULL);
}
