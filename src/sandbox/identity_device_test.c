#include "sandbox/identity.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sandbox/identity_testing.h"
#include "sandbox/identity_token.h"

#define ASK "client_id=" TESTING_PUBLIC "&scope=openid+offline_access+User.Read"

struct codes {
	str device, typed;
};

static struct codes start(struct identity_testing *t, str tenant)
{
	struct web_exchange got = identity_testing_post(
		t, str_format(t->arena, "/%.*s/oauth2/v2.0/devicecode", STR(tenant)), S(ASK));
	assert_int_equal(got.status, 200);
	assert_true(str_eq(identity_testing_member(t, &got, "interval"), S("5")));
	assert_true(str_eq(identity_testing_member(t, &got, "expires_in"), S("900")));
	assert_true(str_eq(identity_testing_member(t, &got, "verification_uri"),
			   S(TESTING_URL "/devicelogin")));
	struct codes codes = { identity_testing_member(t, &got, "device_code"),
			       identity_testing_member(t, &got, "user_code") };
	assert_true(str_find(identity_testing_member(t, &got, "message"), codes.typed) >= 0);
	return codes;
}

static struct web_exchange poll(struct identity_testing *t, struct codes codes, const char *grant)
{
	return identity_testing_post(t, S("/common/oauth2/v2.0/token"),
				     str_format(t->arena,
						"grant_type=%s&client_id=" TESTING_PUBLIC
						"&device_code=%.*s&client_info=1",
						grant, STR(codes.device)));
}

static void answered(struct identity_testing *t, struct codes codes, const char *error)
{
	struct web_exchange got = poll(t, codes, "device_code");
	assert_int_equal(got.status, 400);
	assert_true(str_eq(identity_testing_member(t, &got, "error"), str_of(error)));
}

static struct web_exchange type(struct identity_testing *t, struct codes codes)
{
	return identity_testing_get(
		t, str_format(t->arena, "/devicelogin?otc=%.*s", STR(codes.typed)));
}

static void a_person_allows_a_device_and_it_has_its_tokens_once(void **state)
{
	struct identity_testing *t = *state;
	struct codes codes = start(t, S("common"));
	answered(t, codes, "authorization_pending");
	struct web_exchange got = type(t, codes);
	assert_true(str_starts(identity_testing_header(&got, "Location"), S("/signin?go=")));
	identity_testing_sign_in(t, TESTING_USER);
	got = type(t, codes);
	assert_true(identity_testing_says(&got, "Desk tool"));
	got = identity_testing_submit(t, &got, S("decision=accept"));
	assert_int_equal(got.status, 200);
	got = poll(t, codes, "urn:ietf:params:oauth:grant-type:device_code");
	assert_int_equal(got.status, 200);
	assert_true(identity_testing_member(t, &got, "refresh_token").len > 0);
	assert_true(identity_testing_member(t, &got, "client_info").len > 0);
	answered(t, codes, "expired_token");
}

static void a_person_declines_a_device(void **state)
{
	struct identity_testing *t = *state;
	struct codes codes = start(t, S("larkspur.example"));
	identity_testing_sign_in(t, TESTING_USER);
	struct web_exchange got = type(t, codes);
	(void)identity_testing_submit(t, &got, S("decision=cancel"));
	answered(t, codes, "authorization_declined");
}

static void a_device_code_dies_after_fifteen_minutes(void **state)
{
	struct identity_testing *t = *state;
	struct codes codes = start(t, S("common"));
	t->world.at = instant_after(t->world.at, IDENTITY_DEVICE_LASTS);
	answered(t, codes, "expired_token");
	identity_testing_sign_in(t, TESTING_USER);
	struct web_exchange got = type(t, codes);
	assert_int_equal(got.status, 400);
	assert_true(identity_testing_says(&got, "its time is over"));
}

static void an_account_of_another_tenant_cannot_allow_it(void **state)
{
	struct identity_testing *t = *state;
	struct codes codes = start(t, S("larkspur.example"));
	identity_testing_sign_in(t, TESTING_SELLER);
	struct web_exchange got = type(t, codes);
	assert_int_equal(got.status, 403);
	answered(t, codes, "authorization_pending");
}

static void a_code_is_read_however_it_is_typed(void **state)
{
	struct identity_testing *t = *state;
	struct codes codes = start(t, S("common"));
	identity_testing_sign_in(t, TESTING_USER);
	str lower = str_lower(t->arena, codes.typed);
	struct web_exchange got = identity_testing_get(
		t, str_format(t->arena, "/devicelogin?otc=+%.4s-%.*s", lower.at, (int)lower.len - 4,
			      lower.at + 4));
	assert_int_equal(got.status, 200);
	assert_true(identity_testing_says(&got, "Are you trying"));
	got = identity_testing_get(t, S("/devicelogin?otc=NOTACODE"));
	assert_int_equal(got.status, 400);
}

static void a_device_asks_with_a_known_client_and_scope(void **state)
{
	struct identity_testing *t = *state;
	static const struct {
		str target, form;
		const char *error;
	} rows[] = {
		{ S("/common/oauth2/v2.0/devicecode"), S("scope=openid"), "invalid_request" },
		{ S("/common/oauth2/v2.0/devicecode"), S("client_id=" TESTING_PUBLIC),
		  "invalid_request" },
		{ S("/common/oauth2/v2.0/devicecode"),
		  S("client_id=00000000-0000-0000-0000-000000000009&scope=openid"),
		  "unauthorized_client" },
		{ S("/common/oauth2/v2.0/devicecode"), S("client_id=" TESTING_PUBLIC "&scope=a%3C"),
		  "invalid_scope" },
		{ S("/nobody.example/oauth2/v2.0/devicecode"), S(ASK), "invalid_tenant" },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct web_exchange got = identity_testing_post(t, rows[i].target, rows[i].form);
		assert_int_equal(got.status, 400);
		assert_true(
			str_eq(identity_testing_member(t, &got, "error"), str_of(rows[i].error)));
	}
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, identity_testing_open, identity_testing_close)
	const struct CMUnitTest tests[] = {
		T(a_person_allows_a_device_and_it_has_its_tokens_once),
		T(a_person_declines_a_device),
		T(a_device_code_dies_after_fifteen_minutes),
		T(an_account_of_another_tenant_cannot_allow_it),
		T(a_code_is_read_however_it_is_typed),
		T(a_device_asks_with_a_known_client_and_scope),
	};
#undef T
	return cmocka_run_group_tests(tests, NULL, NULL);
}
