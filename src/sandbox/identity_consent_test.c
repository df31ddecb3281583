/* Admin consent, and what the tokens that follow from it let through. */
#include "sandbox/identity.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sandbox/identity_testing.h"
#include "sandbox/identity_token.h"

#define ASK                                                                    \
	"/larkspur.example/v2.0/adminconsent?client_id=" TESTING_APP           \
	"&redirect_uri=https%3A%2F%2Fnovate.example%2Fback%3Fx%3D1&state=st+1" \
	"&scope=https%3A%2F%2Fgraph.microsoft.com%2F.default"
#define BACK S("https://novate.example/back?x=1&")
#define CREDENTIALS                                                           \
	S("grant_type=client_credentials&client_id=" TESTING_APP              \
	  "&client_secret=a+secret%2Bwith%2Fodd%3Dsigns&scope=https%3A%2F%2F" \
	  "graph.microsoft.com%2F.default")

static struct web_exchange token(struct identity_testing *t)
{
	return identity_testing_post(t, S("/larkspur.example/oauth2/v2.0/token"), CREDENTIALS);
}

static str location(struct web_exchange got)
{
	return identity_testing_header(&got, "Location");
}

static void an_administrator_reads_what_is_asked_and_accepts(void **state)
{
	struct identity_testing *t = *state;
	struct web_exchange got = identity_testing_get(t, S(ASK));
	assert_true(str_starts(location(got), S("/signin?go=")));
	identity_testing_sign_in(t, TESTING_ADMIN);
	got = identity_testing_get(t, S(ASK));
	assert_int_equal(got.status, 200);
	assert_true(identity_testing_says(&got, "Larkspur Joinery"));
	assert_true(identity_testing_says(&got, "Pinefell Cloud"));
	assert_true(identity_testing_says(&got, "which licenses the organization has"));
	assert_true(identity_testing_says(&got, "profile of every user"));
	assert_int_equal(token(t).status, 400);
	got = identity_testing_submit(t, &got, S("decision=accept"));
	assert_int_equal(got.status, 303);
	assert_true(str_starts(location(got), BACK));
	assert_true(str_eq(identity_testing_value(t, location(got), "admin_consent"), S("True")));
	assert_true(
		str_eq(identity_testing_value(t, location(got), "tenant"), S(TESTING_CUSTOMER)));
	assert_true(str_eq(identity_testing_value(t, location(got), "state"), S("st%201")));
	assert_int_equal(token(t).status, 200);
}

static void what_was_not_asked_is_neither_shown_nor_granted(void **state)
{
	struct identity_testing *t = *state;
	identity_testing_sign_in(t, TESTING_ADMIN);
	struct web_exchange got = identity_testing_get(t, S(ASK));
	assert_false(identity_testing_says(&got, "user_impersonation"));
	(void)identity_testing_submit(t, &got, S("decision=accept"));
	got = identity_testing_get(t, S("/admin/settings/applications"));
	assert_true(identity_testing_says(&got, "User.Read.All"));
	assert_false(identity_testing_says(&got, "user_impersonation"));
	/* The older address without a scope asks for all of the registration. */
	got = identity_testing_get(t, S("/larkspur.example/adminconsent?client_id=" TESTING_APP
					"&redirect_uri=http%3A%2F%2Flocalhost"));
	assert_true(identity_testing_says(&got, "user_impersonation"));
	(void)identity_testing_submit(t, &got, S("decision=accept"));
	got = identity_testing_get(t, S("/admin/settings/applications"));
	assert_true(identity_testing_says(&got, "user_impersonation"));
}

static void an_administrator_declines(void **state)
{
	struct identity_testing *t = *state;
	identity_testing_sign_in(t, TESTING_ADMIN);
	struct web_exchange got = identity_testing_get(t, S(ASK));
	got = identity_testing_submit(t, &got, S("decision=cancel"));
	assert_true(
		str_eq(identity_testing_value(t, location(got), "error"), S("permission_denied")));
	assert_int_equal(token(t).status, 400);
}

static void only_a_global_administrator_of_that_tenant_decides(void **state)
{
	struct identity_testing *t = *state;
	static const char *const others[] = { TESTING_USER, TESTING_BILLING, TESTING_SELLER };
	for (size_t i = 0; i < COUNT(others); i++) {
		identity_testing_sign_in(t, others[i]);
		struct web_exchange got = identity_testing_get(t, S(ASK));
		assert_int_equal(got.status, 403);
		assert_true(identity_testing_says(&got, "Global Administrator"));
	}
	assert_int_equal(token(t).status, 400);
}

static void without_a_form_token_nothing_is_granted(void **state)
{
	struct identity_testing *t = *state;
	identity_testing_sign_in(t, TESTING_ADMIN);
	struct web_exchange got = identity_testing_post(t, S(ASK), S("decision=accept"));
	assert_int_equal(got.status, 403);
	assert_int_equal(token(t).status, 400);
}

static void a_bad_request_is_shown_here(void **state)
{
	struct identity_testing *t = *state;
	static const struct {
		str target;
		const char *number;
	} rows[] = {
		{ S("/larkspur.example/v2.0/adminconsent?redirect_uri=http%3A%2F%2Flocalhost"),
		  "AADSTS700016" },
		{ S("/larkspur.example/adminconsent?client_id=" TESTING_APP
		    "&redirect_uri=https%3A%2F%2Fevil.example"),
		  "AADSTS50011" },
		{ S("/nobody.example/adminconsent?client_id=" TESTING_APP
		    "&redirect_uri=http%3A%2F%2Flocalhost"),
		  "AADSTS90002" },
		{ S("/common/v2.0/adminconsent?client_id=" TESTING_APP
		    "&redirect_uri=http%3A%2F%2Flocalhost"),
		  "AADSTS90002" },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct web_exchange got = identity_testing_get(t, rows[i].target);
		assert_int_equal(got.status, 400);
		assert_true(identity_testing_says(&got, rows[i].number));
	}
}

static void consent_can_be_taken_back(void **state)
{
	struct identity_testing *t = *state;
	identity_testing_consent(t);
	assert_int_equal(token(t).status, 200);
	identity_testing_sign_in(t, TESTING_ADMIN);
	struct web_exchange got = identity_testing_get(t, S("/admin/settings/applications"));
	assert_true(identity_testing_says(&got, "LicenseAssignment.Read.All"));
	got = identity_testing_submit(t, &got, S(""));
	assert_int_equal(got.status, 303);
	assert_int_equal(token(t).status, 400);
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, identity_testing_open, identity_testing_close)
	const struct CMUnitTest tests[] = {
		T(an_administrator_reads_what_is_asked_and_accepts),
		T(what_was_not_asked_is_neither_shown_nor_granted),
		T(an_administrator_declines),
		T(only_a_global_administrator_of_that_tenant_decides),
		T(without_a_form_token_nothing_is_granted),
		T(a_bad_request_is_shown_here),
		T(consent_can_be_taken_back),
	};
#undef T
	return cmocka_run_group_tests(tests, NULL, NULL);
}
