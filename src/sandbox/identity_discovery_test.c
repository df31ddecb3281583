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

static void each_version_names_its_issuer_and_endpoints(void **state)
{
	struct identity_testing *t = *state;
	static const struct {
		str target;
		const char *issuer, *token, *keys;
	} rows[] = {
		{ S("/common/v2.0/.well-known/openid-configuration"),
		  TESTING_URL "/{tenantid}/v2.0", TESTING_URL "/common/oauth2/v2.0/token",
		  TESTING_URL "/common/discovery/v2.0/keys" },
		{ S("/Organizations/v2.0/.well-known/openid-configuration"),
		  TESTING_URL "/{tenantid}/v2.0", TESTING_URL "/organizations/oauth2/v2.0/token",
		  TESTING_URL "/organizations/discovery/v2.0/keys" },
		{ S("/common/.well-known/openid-configuration"), TESTING_URL "/{tenantid}/",
		  TESTING_URL "/common/oauth2/token", TESTING_URL "/common/discovery/keys" },
		{ S("/larkspur.example/.well-known/openid-configuration"),
		  TESTING_URL "/" TESTING_CUSTOMER "/",
		  TESTING_URL "/" TESTING_CUSTOMER "/oauth2/token",
		  TESTING_URL "/" TESTING_CUSTOMER "/discovery/keys" },
		{ S("/consumers/v2.0/.well-known/openid-configuration"),
		  TESTING_URL "/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0",
		  TESTING_URL "/9188040d-6c67-4c5b-b112-36a304b66dad/oauth2/v2.0/token",
		  TESTING_URL "/9188040d-6c67-4c5b-b112-36a304b66dad/discovery/v2.0/keys" },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct web_exchange got = identity_testing_get(t, rows[i].target);
		assert_int_equal(got.status, 200);
		assert_string_equal(str_cstr(t->arena, identity_testing_member(t, &got, "issuer")),
				    rows[i].issuer);
		assert_string_equal(
			str_cstr(t->arena, identity_testing_member(t, &got, "token_endpoint")),
			rows[i].token);
		assert_string_equal(
			str_cstr(t->arena, identity_testing_member(t, &got, "jwks_uri")),
			rows[i].keys);
		assert_true(identity_testing_says(&got, "\"code id_token\""));
		assert_true(identity_testing_says(&got, "\"private_key_jwt\""));
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
	assert_true(identity_testing_says(&got, "\"aliases\":[\"localhost:8443\"]"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_tenant_is_found_by_id_and_by_domain_in_any_case),
		cmocka_unit_test(each_version_names_its_issuer_and_endpoints),
		cmocka_unit_test(an_unknown_tenant_is_refused_with_its_number),
		cmocka_unit_test(a_refusal_leads_to_a_page_that_explains_it),
		cmocka_unit_test(the_key_that_is_shown_stays_the_same),
		cmocka_unit_test(instance_discovery_names_this_host),
	};
	return cmocka_run_group_tests(tests, identity_testing_open, identity_testing_close);
}
