#include "sandbox/identity.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sandbox/identity_testing.h"

static void a_tenant_is_found_by_id_and_by_domain_in_any_case(void **state)
{
	struct identity_testing *t = *state;
	static const str names[] = { S(TESTING_CUSTOMER), S("larkspur.example"),
				     S("LarkSpur.EXAMPLE"),
				     S("7D2F4C10-5A3E-4B1F-9C86-2F0B6A51D3E7") };
	for (size_t i = 0; i < COUNT(names); i++) {
		struct web_exchange got = identity_testing_get(
			t, str_format(t->arena, "/%.*s/v2.0/.well-known/openid-configuration",
				      STR(names[i])));
		assert_int_equal(got.status, 200);
		assert_true(str_starts(got.type, S("application/json")));
		assert_true(str_eq(identity_testing_member(t, &got, "issuer"),
				   S(TESTING_URL "/" TESTING_CUSTOMER "/v2.0")));
		assert_true(str_eq(identity_testing_member(t, &got, "token_endpoint"),
				   S(TESTING_URL "/" TESTING_CUSTOMER "/oauth2/v2.0/token")));
	}
}

static void common_and_organizations_leave_the_tenant_open(void **state)
{
	struct identity_testing *t = *state;
	static const str targets[] = { S("/common/v2.0/.well-known/openid-configuration"),
				       S("/Organizations/.well-known/openid-configuration") };
	for (size_t i = 0; i < COUNT(targets); i++) {
		struct web_exchange got = identity_testing_get(t, targets[i]);
		assert_int_equal(got.status, 200);
		assert_true(str_eq(identity_testing_member(t, &got, "issuer"),
				   S(TESTING_URL "/{tenantid}/v2.0")));
	}
}

static void an_unknown_tenant_is_refused_with_its_number(void **state)
{
	struct identity_testing *t = *state;
	struct web_exchange got = identity_testing_get(
		t, S("/nobody.example/v2.0/.well-known/openid-configuration"));
	assert_int_equal(got.status, 400);
	assert_true(str_eq(identity_testing_member(t, &got, "error"), S("invalid_tenant")));
	assert_true(identity_testing_says(&got, "AADSTS90002"));
	assert_true(identity_testing_says(&got, "\"error_codes\":[90002]"));
}

static void a_refusal_leads_to_a_page_that_explains_it(void **state)
{
	struct identity_testing *t = *state;
	struct web_exchange got = identity_testing_get(
		t, S("/nobody.example/v2.0/.well-known/openid-configuration"));
	assert_true(str_eq(identity_testing_member(t, &got, "error_uri"),
			   S(TESTING_URL "/error?code=90002")));
	got = identity_testing_get(t, S("/error?code=90002"));
	assert_int_equal(got.status, 200);
	assert_true(identity_testing_says(&got, "AADSTS90002"));
	assert_int_equal(identity_testing_get(t, S("/error?code=1")).status, 404);
	assert_int_equal(identity_testing_get(t, S("/error?code=0")).status, 404);
}

static void the_key_that_is_shown_stays_the_same(void **state)
{
	struct identity_testing *t = *state;
	struct web_exchange first = identity_testing_get(t, S("/common/discovery/v2.0/keys"));
	struct web_exchange again = identity_testing_get(t, S("/larkspur.example/discovery/keys"));
	assert_int_equal(first.status, 200);
	assert_true(identity_testing_says(&first, "\"kty\":\"RSA\""));
	assert_true(identity_testing_says(&first, "\"use\":\"sig\""));
	ptrdiff_t at = str_find(first.answer, S("\"kid\":"));
	str kid = str_part(first.answer, (size_t)at, 50);
	assert_true(str_find(again.answer, kid) >= 0);
}

static void instance_discovery_names_this_host(void **state)
{
	struct identity_testing *t = *state;
	struct web_exchange got = identity_testing_get(
		t, S("/common/discovery/instance?api-version=1.1&authorization_endpoint=x"));
	assert_int_equal(got.status, 200);
	assert_true(identity_testing_says(&got, "\"preferred_network\":\"localhost:8443\""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_tenant_is_found_by_id_and_by_domain_in_any_case),
		cmocka_unit_test(common_and_organizations_leave_the_tenant_open),
		cmocka_unit_test(an_unknown_tenant_is_refused_with_its_number),
		cmocka_unit_test(a_refusal_leads_to_a_page_that_explains_it),
		cmocka_unit_test(the_key_that_is_shown_stays_the_same),
		cmocka_unit_test(instance_discovery_names_this_host),
	};
	return cmocka_run_group_tests(tests, identity_testing_open, identity_testing_close);
}
