/* Hybrid answers, and who is asked what before them. */
#include "sandbox/identity_front.h"

#include <openssl/sha.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sandbox/identity_testing.h"

#define AT    "/common/oauth2/v2.0/authorize?client_id=" TESTING_APP
#define BACK  "&redirect_uri=http%3A%2F%2Flocalhost%3A5000&state=s1"
#define SCOPE "&scope=openid+profile+User.Read"
#define ASK   AT BACK SCOPE "&nonce=n-1"
#define BOTH  "&response_type=code+id_token"

static str location(struct web_exchange got)
{
	return identity_testing_header(&got, "Location");
}

/* The answer to a request, after whatever consent it asks. */
static struct web_exchange asked(struct identity_testing *t, str target)
{
	struct web_exchange got = identity_testing_get(t, target);
	if (got.status == 200 && identity_testing_says(&got, "name=\"decision\""))
		got = identity_testing_submit(t, &got, S("decision=accept"));
	return got;
}

static str claims_of(struct identity_testing *t, str token)
{
	str rest = token, part, claims;
	assert_true(str_next(&rest, '.', &part) && str_next(&rest, '.', &part));
	assert_true(str_from_base64url(t->arena, part, &claims));
	return claims;
}

static bool claims_say(struct identity_testing *t, str token, const char *text)
{
	return str_find(claims_of(t, token), str_of(text)) >= 0;
}

static str half_hash(struct identity_testing *t, const char *claim, str of)
{
	unsigned char hash[SHA256_DIGEST_LENGTH];
	SHA256((const unsigned char *)of.at, of.len, hash);
	str coded = str_base64url(t->arena, (str){ .at = (const char *)hash, .len = 16 });
	return str_format(t->arena, "\"%s\":\"%.*s\"", claim, STR(coded));
}

static void what_comes_back_is_what_was_asked_for(void **state)
{
	struct identity_testing *t = *state;
	static const struct {
		str target;
		char separator;
		bool code, id_token;
	} rows[] = {
		{ S(ASK "&response_type=code"), '?', true, false },
		{ S(ASK "&response_type=code&response_mode=fragment"), '#', true, false },
		{ S(ASK BOTH), '#', true, true },
		{ S(ASK "&response_type=id_token+code"), '#', true, true },
		{ S(ASK "&response_type=id_token"), '#', false, true },
	};
	identity_testing_sign_in(t, TESTING_USER);
	for (size_t i = 0; i < COUNT(rows); i++) {
		str to = location(asked(t, rows[i].target)), before = S("http://localhost:5000");
		assert_true(str_starts(to, before));
		assert_int_equal(to.at[before.len], rows[i].separator);
		assert_int_equal(identity_testing_value(t, to, "code").len > 0, rows[i].code);
		assert_int_equal(identity_testing_value(t, to, "id_token").len > 0,
				 rows[i].id_token);
		assert_true(str_eq(identity_testing_value(t, to, "state"), S("s1")));
	}
	struct web_exchange got = asked(t, S(ASK BOTH "&response_mode=form_post"));
	assert_int_equal(got.status, 200);
	assert_true(identity_testing_says(&got, "name=\"id_token\""));
	assert_true(identity_testing_says(&got, "name=\"code\""));
}

static void an_id_token_is_bound_to_the_code_and_the_next_to_the_access_token(void **state)
{
	struct identity_testing *t = *state;
	identity_testing_sign_in(t, TESTING_USER);
	str to = location(asked(t, S(ASK BOTH)));
	str code = identity_testing_value(t, to, "code");
	str token = identity_testing_value(t, to, "id_token");
	assert_true(claims_say(t, token, "\"nonce\":\"n-1\""));
	assert_true(claims_say(t, token, "\"aud\":\"" TESTING_APP "\""));
	assert_true(claims_say(t, token, "\"iss\":\"" TESTING_URL "/" TESTING_CUSTOMER "/v2.0\""));
	assert_true(str_find(claims_of(t, token), half_hash(t, "c_hash", code)) >= 0);
	assert_false(claims_say(t, token, "at_hash"));
	struct web_exchange got = identity_testing_post(
		t, S("/common/oauth2/v2.0/token"),
		str_format(
			t->arena,
			"grant_type=authorization_code&redirect_uri=http%%3A%%2F%%2Flocalhost%%3A"
			"5000&client_id=%s&client_secret=a+secret%%2Bwith%%2Fodd%%3Dsigns&code=%.*"
			"s",
			TESTING_APP, STR(code)));
	assert_int_equal(got.status, 200);
	token = identity_testing_member(t, &got, "id_token");
	str access = identity_testing_member(t, &got, "access_token");
	assert_true(str_find(claims_of(t, token), half_hash(t, "at_hash", access)) >= 0);
	assert_false(claims_say(t, token, "c_hash"));
}

static void scopes_of_openid_decide_what_an_id_token_tells(void **state)
{
	struct identity_testing *t = *state;
	static const struct {
		str scope;
		bool name, email;
	} rows[] = {
		{ S("openid+User.Read"), false, false },
		{ S("openid+profile+User.Read"), true, false },
		{ S("openid+email+User.Read"), false, true },
		{ S("openid+profile+email+User.Read"), true, true },
	};
	identity_testing_sign_in(t, TESTING_USER);
	for (size_t i = 0; i < COUNT(rows); i++) {
		str target = str_format(t->arena, "%s&nonce=n-1&response_type=id_token&scope=%.*s",
					AT BACK, STR(rows[i].scope));
		str token = identity_testing_value(t, location(asked(t, target)), "id_token");
		assert_true(claims_say(t, token, "\"oid\":"));
		assert_true(claims_say(t, token, "\"tid\":"));
		assert_int_equal(claims_say(t, token, "\"name\":"), rows[i].name);
		assert_int_equal(claims_say(t, token, "\"preferred_username\":"), rows[i].name);
		assert_int_equal(claims_say(t, token, "\"email\":"), rows[i].email);
	}
}

static void what_cannot_be_is_refused_where_the_answer_would_go(void **state)
{
	struct identity_testing *t = *state;
	static const struct {
		str target;
		const char *error;
		char separator;
	} rows[] = {
		{ S(AT BACK SCOPE BOTH), "invalid_request", '#' }, /* no nonce */
		{ S(ASK BOTH "&response_mode=query"), "invalid_request", '#' },
		{ S(AT BACK "&scope=User.Read&nonce=n-1" BOTH), "invalid_scope", '#' },
		{ S(ASK "&response_type=id_token+token"), "unsupported_response_type", '#' },
		{ S(ASK "&response_type=token"), "unsupported_response_type", '?' },
		{ S(ASK BOTH "&prompt=none"), "login_required", '#' },
		{ S(ASK BOTH "&prompt=admin_consent"), "invalid_request", '#' },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		str to = location(identity_testing_get(t, rows[i].target));
		str before = S("http://localhost:5000");
		if (!str_starts(to, before) || to.at[before.len] != rows[i].separator ||
		    !str_eq(identity_testing_value(t, to, "error"), str_of(rows[i].error)))
			fail_msg("row %zu: %.*s", i, STR(to));
	}
}

static void the_account_is_picked_where_that_is_asked(void **state)
{
	struct identity_testing *t = *state;
	/* Nobody is signed in: the sign-in page is where one chooses. */
	str to = location(identity_testing_get(t, S(ASK "&response_type=code"
							"&prompt=select_account")));
	assert_true(str_starts(to, S("/signin?")));
	identity_testing_sign_in(t, TESTING_USER);
	(void)asked(t, S(ASK "&response_type=code"));
	struct web_exchange got = identity_testing_get(t, S(ASK "&response_type=code"
								"&prompt=select_account"));
	assert_int_equal(got.status, 200);
	assert_true(identity_testing_says(&got, "Pick an account"));
	assert_true(identity_testing_says(&got, TESTING_USER));
	assert_true(identity_testing_says(&got, "href=\"/signin?go="));
	assert_false(identity_testing_says(&got, "prompt="));
}

static void hints_say_who_is_expected(void **state)
{
	struct identity_testing *t = *state;
	static const struct {
		str target;
		bool lets_through;
	} rows[] = {
		{ S(ASK "&response_type=code&login_hint=noor%40larkspur.example"), true },
		{ S(ASK "&response_type=code&login_hint=NOOR%40larkspur.example"), true },
		{ S(ASK "&response_type=code&login_hint=bill%40larkspur.example"), false },
		{ S(ASK "&response_type=code&domain_hint=larkspur.example"), true },
		{ S(ASK "&response_type=code&domain_hint=organizations"), true },
		{ S(ASK "&response_type=code&domain_hint=pinefell.example"), false },
	};
	identity_testing_sign_in(t, TESTING_USER);
	(void)asked(t, S(ASK "&response_type=code"));
	for (size_t i = 0; i < COUNT(rows); i++) {
		str to = location(identity_testing_get(t, rows[i].target));
		bool through = identity_testing_value(t, to, "code").len > 0;
		if (through != rows[i].lets_through ||
		    (!through && (!str_starts(to, S("/signin?")) || str_find(to, S("_hint")) >= 0)))
			fail_msg("row %zu: %.*s", i, STR(to));
		str silent = str_format(t->arena, "%.*s&prompt=none", STR(rows[i].target));
		to = location(identity_testing_get(t, silent));
		assert_true(str_eq(identity_testing_value(t, to, "error"),
				   rows[i].lets_through ? S("") : S("login_required")));
	}
}

static void consent_is_asked_again_where_that_is_asked(void **state)
{
	struct identity_testing *t = *state;
	identity_testing_sign_in(t, TESTING_USER);
	(void)asked(t, S(ASK "&response_type=code"));
	struct web_exchange got = identity_testing_get(t, S(ASK "&response_type=code"));
	assert_int_equal(got.status, 303);
	got = identity_testing_get(t, S(ASK "&response_type=code&prompt=consent"));
	assert_int_equal(got.status, 200);
	assert_true(identity_testing_says(&got, "<code>User.Read</code>"));
	got = identity_testing_submit(t, &got, S("decision=cancel"));
	assert_true(str_eq(identity_testing_value(t, location(got), "error"), S("access_denied")));
}

static void an_id_token_tells_who_asks_to_sign_out(void **state)
{
	struct identity_testing *t = *state;
	identity_testing_sign_in(t, TESTING_USER);
	str token = identity_testing_value(t, location(asked(t, S(ASK "&response_type=id_token"))),
					   "id_token");
	str forged = str_part(token, 0, token.len - 2);
	const struct {
		str hint;
		const char *back;
		bool goes;
	} rows[] = {
		{ token, "http%3A%2F%2Flocalhost%3A9", true },
		{ token, "https%3A%2F%2Fevil.example", false },
		{ forged, "http%3A%2F%2Flocalhost%3A9", false },
		{ S("x"), "http%3A%2F%2Flocalhost%3A9", false },
		{ S(""), "http%3A%2F%2Flocalhost%3A9", false },
	};
	t->world.at = instant_after(t->world.at, DAYS(2)); /* it ran out, and tells all the same */
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct web_exchange got = identity_testing_get(
			t, str_format(t->arena,
				      "/common/oauth2/v2.0/logout?id_token_hint=%.*s&"
				      "post_logout_redirect_uri=%s",
				      STR(rows[i].hint), rows[i].back));
		assert_int_equal(got.status, rows[i].goes ? 303 : 200);
	}
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, identity_testing_open, identity_testing_close)
	const struct CMUnitTest tests[] = {
		T(what_comes_back_is_what_was_asked_for),
		T(an_id_token_is_bound_to_the_code_and_the_next_to_the_access_token),
		T(scopes_of_openid_decide_what_an_id_token_tells),
		T(what_cannot_be_is_refused_where_the_answer_would_go),
		T(the_account_is_picked_where_that_is_asked),
		T(hints_say_who_is_expected),
		T(consent_is_asked_again_where_that_is_asked),
		T(an_id_token_tells_who_asks_to_sign_out),
	};
#undef T
	return cmocka_run_group_tests(tests, NULL, NULL);
}
