#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "microsoft/scripted.h"
#include "microsoft/tenant.h"

static const str tenant = { "7d2f4c10-5a3e-4b1f-9c86-2f0b6a51d3e7", 36 };

static void a_domain_leads_to_its_tenant(void **state)
{
	static const struct {
		int status;
		const char *answer;
		bool found, failed;
	} rows[] = {
		{ 200,
		  "{\"issuer\":\"https://login.test/7D2F4C10-5a3e-4b1f-9c86-2f0b6a51d3e7/v2.0\"}",
		  true, false },
		{ 200, "{\"issuer\":\"https://login.test/{tenantid}/v2.0\"}", false, false },
		{ 400, "{\"error\":\"invalid_tenant\",\"error_codes\":[90002]}", false, false },
		{ 400, "{\"error\":\"invalid_tenant\"}", false, false },
		{ 404, "", false, false },
		{ 503, "", false, true },
		{ 0, "", false, true },
	};
	struct scripted s;

	(void)state;
	scripted_open(&s, NULL);
	for (size_t r = 0; r < COUNT(rows); r++) {
		struct scripted_row row = {
			"GET https://login.test/contoso.test/v2.0/.well-known/openid-configuration",
			rows[r].status, rows[r].answer
		};
		bool found = false;
		str id = STR_NONE;

		scripted_play(&s, &row, 1);

		fault *f = tenant_find(&s.work, S("contoso.test"), &id, &found);

		assert_int_equal(f != NULL, rows[r].failed);
		assert_int_equal(found, rows[r].found);
		assert_int_equal(str_eq(id, tenant), rows[r].found);
	}
	scripted_close(&s);
}

static void what_is_no_domain_is_refused_before_any_call(void **state)
{
	static const char *const rows[] = { "",		  "contoso",  "con toso.test",	"a/b.test",
					    ".test",	  "a?b.test", "contoso.test/x", "common",
					    "a\r\nb.test" };
	struct scripted s;

	(void)state;
	scripted_open(&s, NULL);
	scripted_play(&s, NULL, 0);
	for (size_t r = 0; r < COUNT(rows); r++) {
		bool found;
		str id;

		assert_int_equal(tenant_find(&s.work, str_of(rows[r]), &id, &found)->kind,
				 FAULT_INPUT);
	}
	scripted_close(&s);
}

static void access_is_what_the_tenant_answers(void **state)
{
	static const struct {
		struct scripted_row rows[4];
		size_t count;
		enum tenant_access access;
	} cases[] = {
		{ { { "POST /oauth2/v2.0/token", 400,
		      "{\"error\":\"unauthorized_client\",\"error_codes\":[700016]}" } },
		  1,
		  TENANT_NOT_CONSENTED },
		{ { { "POST /oauth2/v2.0/token", 400,
		      "{\"error\":\"invalid_grant\",\"error_codes\":[65001]}" } },
		  1,
		  TENANT_NOT_CONSENTED },
		{ { { "GET /v1.0/organization", 403, "{}" } }, 1, TENANT_PART_CONSENTED },
		{ { { "GET /v1.0/organization", 200, "{\"value\":[]}" },
		    { "GET /v1.0/subscribedSkus", 403, "{}" } },
		  2,
		  TENANT_PART_CONSENTED },
		{ { { "GET /v1.0/organization", 200, "{\"value\":[]}" },
		    { "GET /v1.0/subscribedSkus", 200, "{\"value\":[]}" },
		    { "GET /v1.0/users", 200, "{\"value\":[]}" } },
		  3,
		  TENANT_READABLE },
	};
	struct scripted s;

	(void)state;
	scripted_open(&s, NULL);
	for (size_t c = 0; c < COUNT(cases); c++) {
		enum tenant_access access = TENANT_READABLE;

		scripted_play(&s, cases[c].rows, cases[c].count);
		assert_null(tenant_access(&s.work, tenant, &access));
		assert_int_equal(access, cases[c].access);
		assert_true(scripted_done(&s));
	}
	/* Each time with a token of its own: rights are written into it. */
	assert_int_equal(s.tokens, 3);
	scripted_close(&s);
}

static void a_wrong_secret_is_no_answer_about_consent(void **state)
{
	static const struct scripted_row row = {
		"POST /oauth2/v2.0/token", 401,
		"{\"error\":\"invalid_client\",\"error_codes\":[7000215]}"
	};
	enum tenant_access access;
	struct scripted s;

	(void)state;
	scripted_open(&s, NULL);
	scripted_play(&s, &row, 1);
	assert_string_equal(tenant_access(&s.work, tenant, &access)->code, "AADSTS7000215");
	scripted_close(&s);
}

static void facts_of_a_tenant_are_read(void **state)
{
	static const struct scripted_row row = {
		"GET https://graph.test/v1.0/organization", 200,
		"{\"value\":[{\"id\":\"7d2f4c10-5a3e-4b1f-9c86-2f0b6a51d3e7\","
		"\"displayName\":\"Larkspur Joinery\",\"tenantType\":\"AAD\","
		"\"countryLetterCode\":\"US\",\"defaultUsageLocation\":null,"
		"\"verifiedDomains\":[{\"name\":\"larkspur.test\",\"isInitial\":false},"
		"{\"name\":\"larkspur.onmicrosoft.com\",\"isInitial\":true}],"
		"\"technicalNotificationMails\":[\"it@larkspur.test\"]}]}"
	};
	struct tenant_facts facts;
	struct scripted s;

	(void)state;
	scripted_open(&s, NULL);
	scripted_play(&s, &row, 1);
	assert_null(tenant_read(&s.work, tenant, &facts));
	assert_true(str_eq(facts.id, tenant));
	assert_true(str_eq(facts.name, S("Larkspur Joinery")));
	assert_true(str_eq(facts.type, S("AAD")));
	assert_true(str_eq(facts.country, S("US")));
	assert_true(str_is_none(facts.usage_location));
	assert_true(str_eq(facts.initial_domain, S("larkspur.onmicrosoft.com")));
	assert_true(str_eq(facts.mail, S("it@larkspur.test")));
	scripted_close(&s);
}

static void the_consent_address_carries_its_parts_escaped(void **state)
{
	struct scripted s;

	(void)state;
	scripted_open(&s, NULL);

	str url = tenant_consent_url(s.ms, s.arena, tenant, S("https://novate.test/c/x?y=1"),
				     S("a&b"));

	assert_true(str_starts(url, S("https://login.test/7d2f4c10-5a3e-4b1f-9c86-2f0b6a51d3e7/"
				      "v2.0/adminconsent?client_id=5a0f6a5e-")));
	assert_true(str_find(url, S("&redirect_uri=https%3A%2F%2Fnovate.test%2Fc%2Fx%3Fy%3D1"
				    "&state=a%26b")) > 0);
	scripted_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_domain_leads_to_its_tenant),
		cmocka_unit_test(what_is_no_domain_is_refused_before_any_call),
		cmocka_unit_test(access_is_what_the_tenant_answers),
		cmocka_unit_test(a_wrong_secret_is_no_answer_about_consent),
		cmocka_unit_test(facts_of_a_tenant_are_read),
		cmocka_unit_test(the_consent_address_carries_its_parts_escaped),
	};

	return cmocka_run_group_tests_name("tenant", tests, NULL, NULL);
}
