/* The authorization endpoint: pages, answers by every mode, and where refusals go. */
#include "sandbox/identity.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sandbox/identity_testing.h"

#define AT   "/common/oauth2/v2.0/authorize?"
#define APP  "client_id=" TESTING_APP
#define BACK "&redirect_uri=http%3A%2F%2Flocalhost%3A5000"
#define REST "&response_type=code&scope=openid+User.Read&state=a%26b"
#define FINE AT APP BACK REST

static str location(struct web_exchange got)
{
	return identity_testing_header(&got, "Location");
}

static void a_refusal_is_shown_here_until_the_redirect_is_known_to_be_good(void **state)
{
	struct identity_testing *t = *state;
	static const struct {
		str target;
		const char *number;
	} rows[] = {
		{ S(AT "redirect_uri=http%3A%2F%2Flocalhost" REST), "AADSTS900144" },
		{ S(AT "client_id=00000000-0000-0000-0000-000000000009" BACK REST),
		  "AADSTS700016" },
		{ S(AT APP "&redirect_uri=https%3A%2F%2Fevil.example" REST), "AADSTS50011" },
		{ S(AT APP "&redirect_uri=http%3A%2F%2Flocalhost.evil.example" REST),
		  "AADSTS50011" },
		{ S("/nobody.example/oauth2/v2.0/authorize?" APP BACK REST), "AADSTS90002" },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct web_exchange got = identity_testing_get(t, rows[i].target);
		assert_int_equal(got.status, 400);
		assert_true(location(got).len == 0);
		assert_true(identity_testing_says(&got, rows[i].number));
	}
}

static void later_refusals_go_to_the_application_with_its_state(void **state)
{
	struct identity_testing *t = *state;
	static const struct {
		str target;
		const char *error;
	} rows[] = {
		{ S(AT APP BACK "&response_type=token&scope=openid&state=a%26b"),
		  "unsupported_response_type" },
		{ S(AT APP BACK "&scope=openid&state=a%26b"), "invalid_request" },
		{ S(AT APP BACK "&response_type=code&state=a%26b"), "invalid_request" },
		{ S(FINE "&response_mode=web_message"), "invalid_request" },
		{ S(FINE "&prompt=never"), "invalid_request" },
		{ S(FINE "&code_challenge=short"), "invalid_request" },
		{ S(FINE "&prompt=none"), "login_required" },
		{ S(AT APP BACK "&response_type=code&scope=User%3CRead&state=a%26b"),
		  "invalid_scope" },
		{ S(AT APP BACK
		    "&response_type=code&scope=https%3A%2F%2Fx.example%2Fa&state=a%26b"),
		  "invalid_resource" },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct web_exchange got = identity_testing_get(t, rows[i].target);
		str to = location(got);
		if (got.status != 303 || !str_starts(to, S("http://localhost:5000?")))
			fail_msg("row %zu: %d %.*s", i, got.status, STR(to));
		assert_true(str_eq(identity_testing_value(t, to, "error"), str_of(rows[i].error)));
		assert_true(str_eq(identity_testing_value(t, to, "state"), S("a%26b")));
		assert_true(identity_testing_value(t, to, "error_description").len > 0);
	}
}

static void a_stranger_signs_in_consents_and_goes_back_with_a_code(void **state)
{
	struct identity_testing *t = *state;
	str password;
	struct web_exchange got = identity_testing_get(t, S(FINE "&login_hint=" TESTING_USER));
	assert_int_equal(got.status, 303);
	assert_true(str_starts(location(got), S("/signin?go=%2Fcommon")));
	got = identity_testing_get(t, location(got));
	assert_true(identity_testing_says(&got, "value=\"" TESTING_USER "\""));
	got = identity_testing_submit(t, &got, S("username=" TESTING_USER "&password=wrong"));
	assert_int_equal(got.status, 401);
	assert_true(identity_testing_says(&got, "password is wrong"));
	identity_testing_password(t, S(TESTING_USER), &password);
	got = identity_testing_submit(
		t, &got,
		str_format(t->arena, "username=" TESTING_USER "&password=%.*s", STR(password)));
	assert_int_equal(got.status, 303);
	assert_true(str_starts(location(got), S(AT APP)));
	got = identity_testing_get(t, location(got));
	assert_int_equal(got.status, 200);
	assert_true(identity_testing_says(&got, "Novate"));
	assert_true(identity_testing_says(&got, "Pinefell Cloud"));
	assert_true(identity_testing_says(&got, "read your profile"));
	got = identity_testing_submit(t, &got, S("decision=accept"));
	assert_int_equal(got.status, 303);
	assert_true(str_starts(location(got), S("http://localhost:5000?code=0.")));
	assert_true(str_eq(identity_testing_value(t, location(got), "state"), S("a%26b")));
	/* Consent stays: the next time there is nothing to ask. */
	got = identity_testing_get(t, S(FINE "&prompt=none"));
	assert_true(str_starts(location(got), S("http://localhost:5000?code=0.")));
	got = identity_testing_get(t, S(FINE "&prompt=consent"));
	assert_int_equal(got.status, 200);
}

static void who_declines_sends_the_application_away(void **state)
{
	struct identity_testing *t = *state;
	identity_testing_sign_in(t, TESTING_USER);
	struct web_exchange got = identity_testing_get(t, S(FINE "&prompt=none"));
	assert_true(
		str_eq(identity_testing_value(t, location(got), "error"), S("consent_required")));
	got = identity_testing_get(t, S(FINE));
	got = identity_testing_submit(t, &got, S("decision=cancel"));
	assert_true(str_eq(identity_testing_value(t, location(got), "error"), S("access_denied")));
	assert_true(str_eq(identity_testing_value(t, location(got), "state"), S("a%26b")));
}

static void the_answer_travels_by_fragment_and_by_form(void **state)
{
	struct identity_testing *t = *state;
	identity_testing_sign_in(t, TESTING_USER);
	struct web_exchange got = identity_testing_get(t, S(FINE));
	(void)identity_testing_submit(t, &got, S("decision=accept"));
	got = identity_testing_get(t, S(FINE "&response_mode=fragment"));
	assert_true(str_starts(location(got), S("http://localhost:5000#code=0.")));
	got = identity_testing_get(t, S(FINE "&response_mode=form_post"));
	assert_int_equal(got.status, 200);
	assert_true(
		identity_testing_says(&got, "method=\"post\" action=\"http://localhost:5000\""));
	assert_true(identity_testing_says(&got, "name=\"code\" value=\"0."));
	assert_true(identity_testing_says(&got, "name=\"state\" value=\"a&amp;b\""));
	assert_true(identity_testing_says(&got, "sandbox-post.js"));
	str policy = identity_testing_header(&got, "Content-Security-Policy");
	assert_true(policy.len > 0 && str_find(policy, S("form-action")) < 0);
}

static void permissions_over_everybody_need_an_administrator(void **state)
{
	struct identity_testing *t = *state;
	str ask = S(AT APP BACK "&response_type=code&scope=User.Read.All&state=s");
	identity_testing_sign_in(t, TESTING_USER);
	struct web_exchange got = identity_testing_get(t, ask);
	assert_int_equal(got.status, 403);
	assert_true(identity_testing_says(&got, "AADSTS90094"));
	identity_testing_sign_in(t, TESTING_ADMIN);
	got = identity_testing_get(t, ask);
	assert_int_equal(got.status, 200);
	assert_true(identity_testing_says(&got, "profile of every user"));
}

static void an_account_of_another_tenant_is_not_let_through(void **state)
{
	struct identity_testing *t = *state;
	identity_testing_sign_in(t, TESTING_SELLER);
	struct web_exchange got = identity_testing_get(
		t, S("/larkspur.example/oauth2/v2.0/authorize?" APP BACK REST));
	assert_int_equal(got.status, 403);
	assert_true(identity_testing_says(&got, "AADSTS50020"));
}

static void signing_in_afresh_is_asked_once(void **state)
{
	struct identity_testing *t = *state;
	identity_testing_sign_in(t, TESTING_USER);
	struct web_exchange got = identity_testing_get(t, S(FINE "&prompt=login"));
	assert_true(str_starts(location(got), S("/signin?go=")));
	assert_true(str_find(location(got), S("prompt")) < 0);
}

static void a_sign_in_leads_to_our_own_pages_only(void **state)
{
	struct identity_testing *t = *state;
	str password;
	static const str rows[] = { S("https%3A%2F%2Fevil.example"), S("%2F%2Fevil.example"),
				    S("%2F%5Cevil.example"), S("evil"),
				    S("%2F%09%2Fevil.example") };
	identity_testing_password(t, S(TESTING_USER), &password);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct web_exchange got = identity_testing_get(
			t, str_format(t->arena, "/signin?go=%.*s", STR(rows[i])));
		got = identity_testing_submit(t, &got,
					      str_format(t->arena,
							 "username=" TESTING_USER "&password=%.*s",
							 STR(password)));
		assert_int_equal(got.status, 303);
		assert_true(str_eq(location(got), S("/apps")));
	}
}

static void a_blocked_account_cannot_sign_in(void **state)
{
	struct identity_testing *t = *state;
	str password;
	identity_testing_password(t, S(TESTING_BLOCKED), &password);
	struct web_exchange got = identity_testing_get(t, S("/signin"));
	got = identity_testing_submit(
		t, &got,
		str_format(t->arena, "username=" TESTING_BLOCKED "&password=%.*s", STR(password)));
	assert_int_equal(got.status, 403);
	assert_true(identity_testing_says(&got, "blocked"));
}

static void signing_out_goes_back_to_registered_addresses_only(void **state)
{
	struct identity_testing *t = *state;
	identity_testing_sign_in(t, TESTING_USER);
	struct web_exchange got = identity_testing_get(
		t,
		S("/common/oauth2/v2.0/logout?post_logout_redirect_uri=https%3A%2F%2Fevil.example"
		  "&" APP));
	assert_int_equal(got.status, 200);
	assert_true(identity_testing_says(&got, "signed out"));
	got = identity_testing_get(t, S(FINE "&prompt=none"));
	assert_true(str_eq(identity_testing_value(t, location(got), "error"), S("login_required")));
	got = identity_testing_get(
		t, S("/common/oauth2/v2.0/logout?post_logout_redirect_uri=http%3A%2F%2Flocalhost%3A"
		     "9&" APP));
	assert_true(str_eq(location(got), S("http://localhost:9")));
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, identity_testing_open, identity_testing_close)
	const struct CMUnitTest tests[] = {
		T(a_refusal_is_shown_here_until_the_redirect_is_known_to_be_good),
		T(later_refusals_go_to_the_application_with_its_state),
		T(a_stranger_signs_in_consents_and_goes_back_with_a_code),
		T(who_declines_sends_the_application_away),
		T(the_answer_travels_by_fragment_and_by_form),
		T(permissions_over_everybody_need_an_administrator),
		T(an_account_of_another_tenant_is_not_let_through),
		T(signing_in_afresh_is_asked_once),
		T(a_sign_in_leads_to_our_own_pages_only),
		T(a_blocked_account_cannot_sign_in),
		T(signing_out_goes_back_to_registered_addresses_only),
	};
#undef T
	return cmocka_run_group_tests(tests, NULL, NULL);
}
