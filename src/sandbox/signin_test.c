/* The second factor: who needs it, what silent requests hear, and what tokens say of it. */
#include "sandbox/signin.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sandbox/identity_otp.h"
#include "sandbox/identity_testing.h"

#define ASK                                                                                   \
	"/common/oauth2/v2.0/authorize?client_id=" TESTING_PUBLIC                             \
	"&response_type=code&redirect_uri=http%3A%2F%2Flocalhost%3A5000&scope=openid+offline" \
	"_access+User.Read&state=s1"
#define REDEEM                                                                     \
	"grant_type=authorization_code&redirect_uri=http%3A%2F%2Flocalhost%3A5000" \
	"&client_id=" TESTING_PUBLIC "&code="
#define REFRESH "grant_type=refresh_token&client_id=" TESTING_PUBLIC "&refresh_token="
#define TOKEN	S("/common/oauth2/v2.0/token")

static fault *set_mfa(struct tx *tx, void *with)
{
	struct tenant_state_user user;
	bool found;
	TRY(tenant_state_user(tx, S(TESTING_USER), &user, &found));
	return tenant_state_set_mfa(tx, user.id, *(bool *)with);
}

static void needs_mfa(struct identity_testing *t, bool mfa)
{
	assert_null(store_run(t->store, STORE_WRITE, t->arena, "mfa", set_mfa, &mfa));
}

static fault *code_of_now(struct tx *tx, void *with)
{
	struct tenant_state_user user;
	str secret, *code = with;
	bool found;
	TRY(tenant_state_user(tx, S(TESTING_USER), &user, &found));
	TRY(identity_otp_secret(tx, user.id, &secret));
	*code = identity_otp_code(tx_arena(tx), secret, tx_now(tx));
	return NULL;
}

static str code_now(struct identity_testing *t)
{
	str code;
	assert_null(store_run(t->store, STORE_READ, t->arena, "code", code_of_now, &code));
	return code;
}

static str location(struct web_exchange got)
{
	return identity_testing_header(&got, "Location");
}

/* From the code page to where it leads. */
static struct web_exchange enter(struct identity_testing *t, str code)
{
	struct web_exchange page = identity_testing_get(t, S("/signin/code?go=/apps"));
	assert_true(identity_testing_says(&page, "Enter the code"));
	return identity_testing_submit(t, &page, str_format(t->arena, "code=%.*s", STR(code)));
}

/* The answer at the token endpoint after whatever consent is needed. */
static struct web_exchange tokens(struct identity_testing *t)
{
	struct web_exchange got = identity_testing_get(t, S(ASK));
	if (got.status == 200)
		got = identity_testing_submit(t, &got, S("decision=accept"));
	str code = identity_testing_value(t, location(got), "code");
	assert_true(code.len > 0);
	return identity_testing_post(t, TOKEN, str_format(t->arena, "%s%.*s", REDEEM, STR(code)));
}

static str claims_of(struct identity_testing *t, const struct web_exchange *got)
{
	str rest = identity_testing_member(t, got, "access_token"), part, claims;
	assert_true(str_next(&rest, '.', &part) && str_next(&rest, '.', &part));
	assert_true(str_from_base64url(t->arena, part, &claims));
	return claims;
}

static void a_password_alone_opens_nothing_where_a_second_factor_is_needed(void **state)
{
	struct identity_testing *t = *state;
	needs_mfa(t, true);
	identity_testing_sign_in(t, TESTING_USER);
	assert_true(str_starts(location(identity_testing_get(t, S(ASK))), S("/signin/code?")));
	static const char *const wrong[] = { "", "000000x", "12345", "abcdef" };
	for (size_t i = 0; i < COUNT(wrong); i++)
		assert_int_equal(enter(t, str_of(wrong[i])).status, 401);
	struct web_exchange got = enter(t, code_now(t));
	assert_int_equal(got.status, 303);
	assert_true(str_eq(location(got), S("/apps")));
	assert_int_equal(identity_testing_get(t, S(ASK)).status, 200);
}

static void tokens_tell_how_the_person_signed_in(void **state)
{
	struct identity_testing *t = *state;
	identity_testing_sign_in(t, TESTING_USER);
	struct web_exchange got = tokens(t);
	assert_true(str_find(claims_of(t, &got), S("\"amr\":[\"pwd\"]")) >= 0);
	needs_mfa(t, true);
	(void)enter(t, code_now(t));
	got = tokens(t);
	assert_true(str_find(claims_of(t, &got), S("\"amr\":[\"pwd\",\"mfa\"]")) >= 0);
	str refresh = identity_testing_member(t, &got, "refresh_token");
	got = identity_testing_post(t, TOKEN,
				    str_format(t->arena, "%s%.*s", REFRESH, STR(refresh)));
	assert_int_equal(got.status, 200);
	assert_true(str_find(claims_of(t, &got), S("\"amr\":[\"pwd\",\"mfa\"]")) >= 0);
}

static void silent_requests_are_told_to_ask_the_person(void **state)
{
	struct identity_testing *t = *state;
	identity_testing_sign_in(t, TESTING_USER);
	struct web_exchange got = tokens(t);
	str refresh = identity_testing_member(t, &got, "refresh_token");
	needs_mfa(t, true);
	got = identity_testing_post(t, TOKEN,
				    str_format(t->arena, "%s%.*s", REFRESH, STR(refresh)));
	assert_int_equal(got.status, 400);
	assert_true(str_eq(identity_testing_member(t, &got, "error"), S("interaction_required")));
	assert_true(identity_testing_says(&got, "50076"));
	assert_true(str_starts(identity_testing_member(t, &got, "claims"),
			       S("{\"access_token\":{\"capolids\":")));
	got = identity_testing_get(t, S(ASK "&prompt=none"));
	assert_true(str_eq(identity_testing_value(t, location(got), "error"),
			   S("interaction_required")));
	needs_mfa(t, false);
	got = identity_testing_post(t, TOKEN,
				    str_format(t->arena, "%s%.*s", REFRESH, STR(refresh)));
	assert_int_equal(got.status, 200);
}

static void the_code_page_is_for_who_gave_a_password(void **state)
{
	struct identity_testing *t = *state;
	assert_true(str_starts(location(identity_testing_get(t, S("/signin/code?go=/apps"))),
			       S("/signin?")));
	identity_testing_sign_in(t, TESTING_USER);
	assert_true(str_starts(location(identity_testing_get(t, S("/signin/code?go=/apps"))),
			       S("/signin?")));
	/* Who asks for a fresh sign-in gives the password again. */
	needs_mfa(t, true);
	assert_true(str_starts(location(identity_testing_get(t, S(ASK "&prompt=login"))),
			       S("/signin?")));
}

static fault *set_access(struct tx *tx, void *with)
{
	struct tenant_state_user user;
	bool found;
	TRY(tenant_state_user(tx, S(TESTING_USER), &user, &found));
	return identity_access_set(tx, user.id, *(enum identity_access *)with);
}

static void rules(struct identity_testing *t, enum identity_access rule)
{
	assert_null(store_run(t->store, STORE_WRITE, t->arena, "access", set_access, &rule));
}

static void conditional_access_has_numbers_for_silent_requests(void **state)
{
	static const struct {
		enum identity_access rule;
		const char *error, *number, *silent;
	} rows[] = {
		{ IDENTITY_ACCESS_ENROLL, "interaction_required", "50079", "interaction_required" },
		{ IDENTITY_ACCESS_BLOCK, "interaction_required", "53003", "interaction_required" },
	};
	struct identity_testing *t = *state;
	identity_testing_sign_in(t, TESTING_USER);
	struct web_exchange got = tokens(t);
	str token = identity_testing_member(t, &got, "refresh_token");
	str form = str_format(t->arena, "%s%.*s", REFRESH, STR(token));
	for (size_t i = 0; i < COUNT(rows); i++) {
		rules(t, rows[i].rule);
		got = identity_testing_post(t, TOKEN, form);
		assert_int_equal(got.status, 400);
		assert_true(
			str_eq(identity_testing_member(t, &got, "error"), str_of(rows[i].error)));
		assert_true(identity_testing_says(&got, rows[i].number));
		assert_true(identity_testing_member(t, &got, "suberror").len > 0);
		got = identity_testing_get(t, S(ASK "&prompt=none"));
		assert_true(str_eq(identity_testing_value(t, location(got), "error"),
				   str_of(rows[i].silent)));
	}
	got = identity_testing_get(t, S(ASK));
	assert_true(identity_testing_says(&got, "AADSTS53003"));
	rules(t, IDENTITY_ACCESS_ALLOW);
	assert_int_equal(identity_testing_post(t, TOKEN, form).status, 200);
}

static void who_has_to_enroll_sets_a_second_factor_up(void **state)
{
	struct identity_testing *t = *state;
	rules(t, IDENTITY_ACCESS_ENROLL);
	identity_testing_sign_in(t, TESTING_USER);
	struct web_exchange got = identity_testing_get(t, S("/signin/code?go=/apps"));
	assert_true(identity_testing_says(&got, "Set your authenticator up with"));
	assert_int_equal(enter(t, S("000000")).status, 401);
	assert_int_equal(enter(t, code_now(t)).status, 303);
	got = tokens(t);
	assert_true(str_find(claims_of(t, &got), S("\"amr\":[\"pwd\",\"mfa\"]")) >= 0);
	/* From now on it is asked for, and no longer shown. */
	identity_testing_forget(t);
	identity_testing_sign_in(t, TESTING_USER);
	got = identity_testing_get(t, S("/signin/code?go=/apps"));
	assert_true(identity_testing_says(&got, "Enter the code"));
	assert_false(identity_testing_says(&got, "Set your authenticator up with"));
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, identity_testing_open, identity_testing_close)
	const struct CMUnitTest tests[] = {
		T(a_password_alone_opens_nothing_where_a_second_factor_is_needed),
		T(tokens_tell_how_the_person_signed_in),
		T(silent_requests_are_told_to_ask_the_person),
		T(conditional_access_has_numbers_for_silent_requests),
		T(who_has_to_enroll_sets_a_second_factor_up),
		T(the_code_page_is_for_who_gave_a_password),
	};
#undef T
	return cmocka_run_group_tests(tests, NULL, NULL);
}
