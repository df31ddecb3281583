/* Version 1 of the platform: resources in place of scopes, answers in strings. */
#include "sandbox/identity_issue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sandbox/identity_testing.h"

#define PC     "https%3A%2F%2Fapi.partnercenter.microsoft.com"
#define CLIENT "client_id=" TESTING_APP "&client_secret=a+secret%2Bwith%2Fodd%3Dsigns"
#define ASK                                                                          \
	"/common/oauth2/authorize?client_id=" TESTING_APP                            \
	"&redirect_uri=http%3A%2F%2Flocalhost%3A5000&state=s1&response_type=code%20" \
	"id_token&scope=openid%20profile&nonce=1&response_mode=fragment"
#define HOME S("/" TESTING_PARTNER "/oauth2/token")

static str location(struct web_exchange got)
{
	return identity_testing_header(&got, "Location");
}

static str answer_to(struct identity_testing *t, str target)
{
	struct web_exchange got = identity_testing_get(t, target);
	if (got.status == 200)
		got = identity_testing_submit(t, &got, S("decision=accept"));
	return location(got);
}

static str claims_of(struct identity_testing *t, str token)
{
	str rest = token, part, claims;
	assert_true(str_next(&rest, '.', &part) && str_next(&rest, '.', &part));
	assert_true(str_from_base64url(t->arena, part, &claims));
	return claims;
}

static void says(struct identity_testing *t, str token, const char *text)
{
	str claims = claims_of(t, token);
	if (str_find(claims, str_of(text)) < 0)
		fail_msg("no %s in %.*s", text, STR(claims));
}

static void an_application_names_a_resource_and_is_answered_in_strings(void **state)
{
	struct identity_testing *t = *state;
	static const struct {
		str resource;
		const char *audience;
	} rows[] = {
		{ S("https%3A%2F%2Fgraph.microsoft.com"), "https://graph.microsoft.com" },
		{ S(PC), "https://api.partnercenter.microsoft.com" },
		{ S("https%3A%2F%2Fmanagement.azure.com%2F"), "https://management.azure.com" },
		{ S("fa3d9a0c-3fb0-42cc-9193-47c7ecd2edbd"),
		  "https://api.partnercenter.microsoft.com" },
		{ S("https%3A%2F%2Fgraph.windows.net"), "https://graph.windows.net" },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct web_exchange got = identity_testing_post(
			t, HOME,
			str_format(t->arena, "grant_type=client_credentials&%s&resource=%.*s",
				   CLIENT, STR(rows[i].resource)));
		assert_int_equal(got.status, 200);
		assert_true(identity_testing_says(&got, "\"expires_in\":\"3599\""));
		assert_true(identity_testing_says(&got, "\"expires_on\":\"1770113662\""));
		assert_true(identity_testing_says(&got, "\"not_before\":\"1770110062\""));
		str token = identity_testing_member(t, &got, "access_token");
		says(t, token,
		     str_cstr(t->arena, str_format(t->arena, "\"aud\":\"%s\"", rows[i].audience)));
		says(t, token, "\"iss\":\"" TESTING_URL "/" TESTING_PARTNER "/\"");
		says(t, token, "\"ver\":\"1.0\"");
	}
}

static void what_names_no_resource_is_refused(void **state)
{
	struct identity_testing *t = *state;
	static const struct {
		const char *more, *number;
	} rows[] = {
		{ "", "900144" },
		{ "&resource=https%3A%2F%2Felsewhere.example", "500011" },
		{ "&resource=User.Read+https%3A%2F%2Fgraph.microsoft.com", "500011" },
		{ "&scope=User.Read", "1002012" },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct web_exchange got = identity_testing_post(
			t, HOME,
			str_format(t->arena, "grant_type=client_credentials&%s%s", CLIENT,
				   rows[i].more));
		assert_int_equal(got.status, 400);
		assert_true(identity_testing_says(&got, rows[i].number));
	}
}

/* The partner's own sample: hybrid without a resource, which is named when the code is redeemed. */
static void a_partners_sign_in_of_version_one_gives_a_partner_center_token(void **state)
{
	struct identity_testing *t = *state;
	identity_testing_sign_in(t, TESTING_SELLER);
	(void)answer_to(t, S(ASK "&resource=" PC));
	str to = answer_to(t, S(ASK));
	str id_token = identity_testing_value(t, to, "id_token");
	says(t, id_token, "\"iss\":\"" TESTING_URL "/" TESTING_PARTNER "/\"");
	says(t, id_token, "\"upn\":\"" TESTING_SELLER "\"");
	says(t, id_token, "\"unique_name\":\"" TESTING_SELLER "\"");
	str code = identity_testing_value(t, to, "code");
	struct web_exchange got = identity_testing_post(
		t, HOME,
		str_format(t->arena,
			   "grant_type=authorization_code&%s&resource=%s&code=%.*s&redirect_uri="
			   "http%%3A%%2F%%2Flocalhost%%3A5000",
			   CLIENT, PC, STR(code)));
	assert_int_equal(got.status, 200);
	assert_true(str_eq(identity_testing_member(t, &got, "resource"),
			   S("https://api.partnercenter.microsoft.com")));
	assert_true(str_eq(identity_testing_member(t, &got, "scope"), S("user_impersonation")));
	says(t, identity_testing_member(t, &got, "access_token"), "\"scp\":\"user_impersonation\"");
	str refresh = identity_testing_member(t, &got, "refresh_token");
	assert_true(refresh.len > 0);
	got = identity_testing_post(
		t, HOME,
		str_format(t->arena,
			   "grant_type=refresh_token&%s&resource=https%%3A%%2F%%2F"
			   "graph.microsoft.com&refresh_token=%.*s",
			   CLIENT, STR(refresh)));
	assert_int_equal(got.status, 200);
	assert_true(str_eq(identity_testing_member(t, &got, "scope"), S("User.Read")));
}

static void an_administrator_consents_for_everybody_at_the_sign_in(void **state)
{
	struct identity_testing *t = *state;
	str ask = S(ASK "&resource=https%3A%2F%2Fgraph.microsoft.com&prompt=admin_consent");
	identity_testing_sign_in(t, TESTING_USER);
	struct web_exchange got = identity_testing_get(t, ask);
	assert_int_equal(got.status, 403);
	assert_true(identity_testing_says(&got, "AADSTS90094"));
	identity_testing_forget(t);
	identity_testing_sign_in(t, TESTING_ADMIN);
	assert_true(identity_testing_value(t, answer_to(t, ask), "code").len > 0);
	identity_testing_forget(t);
	identity_testing_sign_in(t, TESTING_USER);
	got = identity_testing_get(t, S(ASK "&resource=https%3A%2F%2Fgraph.microsoft.com"));
	assert_int_equal(got.status, 303); /* nothing is left to consent to */
}

static void devices_are_served_too(void **state)
{
	struct identity_testing *t = *state;
	struct web_exchange got = identity_testing_post(
		t, S("/common/oauth2/devicecode"),
		S("client_id=" TESTING_PUBLIC "&resource=https%3A%2F%2Fgraph.microsoft.com"));
	assert_int_equal(got.status, 200);
	assert_true(identity_testing_member(t, &got, "user_code").len == 9);
	got = identity_testing_post(
		t, S("/common/oauth2/devicecode"),
		S("client_id=" TESTING_PUBLIC "&resource=https%3A%2F%2Felsewhere.example"));
	assert_true(identity_testing_says(&got, "500011"));
}

static void signing_out_works_at_the_older_address(void **state)
{
	struct identity_testing *t = *state;
	identity_testing_sign_in(t, TESTING_USER);
	struct web_exchange got = identity_testing_get(t, S("/common/oauth2/logout"));
	assert_int_equal(got.status, 200);
	assert_true(str_starts(location(identity_testing_get(t, S(ASK))), S("/signin?")));
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, identity_testing_open, identity_testing_close)
	const struct CMUnitTest tests[] = {
		T(an_application_names_a_resource_and_is_answered_in_strings),
		T(what_names_no_resource_is_refused),
		T(a_partners_sign_in_of_version_one_gives_a_partner_center_token),
		T(an_administrator_consents_for_everybody_at_the_sign_in),
		T(devices_are_served_too),
		T(signing_out_works_at_the_older_address),
	};
#undef T
	return cmocka_run_group_tests(tests, NULL, NULL);
}
