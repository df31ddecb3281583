#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "microsoft/asking.h"
#include "microsoft/scripted.h"
#include "microsoft/sealing.h"
#include "microsoft/signin.h"
#include "microsoft/token.h"
#include "store/store_testing.h"

static const str first = { "7d2f4c10-5a3e-4b1f-9c86-2f0b6a51d3e7", 36 };
static const str second = { "11111111-5a3e-4b1f-9c86-2f0b6a51d3e7", 36 };

static void a_token_is_kept_until_shortly_before_its_end(void **state)
{
	struct scripted s;
	str access;

	(void)state;
	scripted_open(&s, NULL);
	assert_null(token_take(&s.work, TOKEN_GRAPH, first, &access));
	assert_true(str_eq(access, S("token-1")));
	assert_null(token_take(&s.work, TOKEN_GRAPH, first, &access));
	assert_true(str_eq(access, S("token-1")));
	assert_null(token_take(&s.work, TOKEN_GRAPH, second, &access));
	assert_true(str_eq(access, S("token-2")));
	assert_null(token_take(&s.work, TOKEN_PARTNER_APP, STR_NONE, &access));
	assert_true(str_eq(access, S("token-3")));
	s.world.at = instant_after(s.world.at, SECONDS(3599 - 120));
	assert_null(token_take(&s.work, TOKEN_GRAPH, first, &access));
	assert_true(str_eq(access, S("token-4")));
	token_drop(s.ms, TOKEN_GRAPH, first);
	assert_null(token_take(&s.work, TOKEN_GRAPH, first, &access));
	assert_true(str_eq(access, S("token-5")));
	scripted_close(&s);
}

static void more_tenants_than_there_is_room_for_still_get_tokens(void **state)
{
	struct scripted s;
	str access;

	(void)state;
	scripted_open(&s, NULL);
	for (int i = 0; i < TOKENS_KEPT * 2; i++) {
		str tenant = str_format(s.arena, "%08x-5a3e-4b1f-9c86-2f0b6a51d3e7", i);

		s.world.at = instant_after(s.world.at, 1);
		assert_null(token_take(&s.work, TOKEN_GRAPH, tenant, &access));
		assert_null(token_take(&s.work, TOKEN_GRAPH, tenant, &access));
		assert_int_equal(s.tokens, i + 1);
	}
	scripted_close(&s);
}

static void the_token_request_is_a_form(void **state)
{
	static const struct scripted_row row = {
		"POST https://login.test/7d2f4c10-5a3e-4b1f-9c86-2f0b6a51d3e7/oauth2/v2.0/token",
		200, "{\"access_token\":\"abc\",\"expires_in\":\"3599\"}"
	};
	struct scripted s;
	str access;

	(void)state;
	scripted_open(&s, NULL);
	scripted_play(&s, &row, 1);
	assert_null(token_take(&s.work, TOKEN_GRAPH, first, &access));
	assert_true(str_eq(access, S("abc")));
	assert_true(
		str_eq(s.asked[0].body, S("grant_type=client_credentials"
					  "&client_id=5a0f6a5e-3c1b-4b0e-9a43-8f6f0f6d1b77"
					  "&client_secret=very%20secret"
					  "&scope=https%3A%2F%2Fgraph.microsoft.com%2F.default")));
	scripted_close(&s);
}

static void an_answer_without_a_token_is_a_fault(void **state)
{
	static const struct scripted_row rows[] = {
		{ "POST /oauth2/v2.0/token", 200, "{\"expires_in\":3599}" },
		{ "POST /oauth2/v2.0/token", 200, "<html>" },
		{ "POST /oauth2/v2.0/token", 0, NULL },
		{ "POST /oauth2/v2.0/token", 500, "" },
	};
	struct scripted s;
	str access = S("untouched");

	(void)state;
	scripted_open(&s, NULL);
	scripted_play(&s, rows, COUNT(rows));
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(token_take(&s.work, TOKEN_GRAPH, first, &access)->kind,
				 FAULT_REMOTE);
	scripted_close(&s);
}

static void a_sign_in_without_a_code_is_not_begun(void **state)
{
	static const struct scripted_row rows[] = {
		{ "POST /oauth2/v2.0/devicecode", 200, "{\"device_code\":\"dc\",\"interval\":0}" },
		{ "POST /oauth2/v2.0/devicecode", 200,
		  "{\"device_code\":\"dc\",\"user_code\":\"U\",\"interval\":0,\"expires_in\":-1,"
		  "\"verification_uri\":\"https://login.test/device\"}" },
	};
	struct signin_code code;
	struct scripted s;

	(void)state;
	scripted_open(&s, NULL);
	scripted_play(&s, rows, COUNT(rows));
	assert_int_equal(signin_begin(&s.work, &code)->kind, FAULT_REMOTE);
	assert_null(signin_begin(&s.work, &code));
	assert_true(code.interval == 5 && code.expires == 900);
	scripted_close(&s);
}

/* The whole life of a sign-in: device code, polling, first token, newest refresh token kept. */
static const struct scripted_row life[] = {
	{ "POST https://login.test/c41b9e52-0d77-4a63-8f1e-91a4d6b0e2c8/oauth2/v2.0/devicecode",
	  200,
	  "{\"device_code\":\"dc\",\"user_code\":\"F7KQ2MZP\",\"verification_uri\":"
	  "\"https://login.test/device\",\"expires_in\":900,\"interval\":5,\"message\":\"Go.\"}" },
	{ "POST /oauth2/v2.0/token", 400, "{\"error\":\"authorization_pending\"}" },
	{ "POST /oauth2/v2.0/token", 200,
	  "{\"access_token\":\"user-1\",\"refresh_token\":\"refresh-1\",\"expires_in\":3599}" },
	{ "POST /oauth2/v2.0/token", 200,
	  "{\"access_token\":\"user-2\",\"refresh_token\":\"refresh-2\",\"expires_in\":3599}" },
	{ "POST /oauth2/v2.0/token", 200, "{\"access_token\":\"user-3\",\"expires_in\":3599}" },
	{ "POST /oauth2/v2.0/token", 400,
	  "{\"error\":\"invalid_grant\",\"error_codes\":[700082]}" },
};

static void signed_in(struct scripted *s)
{
	struct signin_code code;
	enum signin_state how;
	bool known;

	assert_null(signin_known(&s->work, &known));
	assert_false(known);
	assert_null(signin_begin(&s->work, &code));
	assert_true(str_eq(code.user_code, S("F7KQ2MZP")));
	assert_int_equal(code.interval, 5);
	assert_null(signin_poll(&s->work, code.device_code, &how));
	assert_int_equal(how, SIGNIN_WAITING);
	assert_null(signin_poll(&s->work, code.device_code, &how));
	assert_int_equal(how, SIGNIN_DONE);
	assert_null(signin_known(&s->work, &known));
	assert_true(known);
}

static void user_token_after_an_hour(struct scripted *s, const char *wanted)
{
	str access;

	s->world.at = instant_after(s->world.at, HOURS(1));
	assert_null(token_take(&s->work, TOKEN_PARTNER_USER, STR_NONE, &access));
	assert_true(str_eq(access, str_of(wanted)));
}

static void life_of_a_sign_in(struct store_testing *with)
{
	struct scripted s;
	str access;
	bool known;

	scripted_open(&s, with->store);
	scripted_play(&s, life, COUNT(life));
	assert_int_equal(token_take(&s.work, TOKEN_PARTNER_USER, STR_NONE, &access)->kind,
			 FAULT_DENIED);
	signed_in(&s);
	assert_null(token_take(&s.work, TOKEN_PARTNER_USER, STR_NONE, &access));
	assert_true(str_eq(access, S("user-1")));
	user_token_after_an_hour(&s, "user-2");
	assert_true(str_find(s.asked[3].body, S("refresh_token=refresh-1&")) > 0);
	user_token_after_an_hour(&s, "user-3");
	assert_true(str_find(s.asked[4].body, S("refresh_token=refresh-2&")) > 0);
	s.world.at = instant_after(s.world.at, HOURS(1));
	assert_string_equal(token_take(&s.work, TOKEN_PARTNER_USER, STR_NONE, &access)->code,
			    "AADSTS700082");
	s.world.at = instant_after(s.world.at, DAYS(91));
	assert_null(signin_known(&s.work, &known));
	assert_false(known);
	scripted_close(&s);
}

static void a_sign_in_lives_by_its_newest_refresh_token(void **state)
{
	(void)state;
	store_testing_each(life_of_a_sign_in);
}

static void a_refused_device_code_ends_the_wait(void **state)
{
	static const struct {
		const char *error;
		enum signin_state state;
	} rows[] = {
		{ "authorization_pending", SIGNIN_WAITING },  { "slow_down", SIGNIN_WAITING },
		{ "authorization_declined", SIGNIN_REFUSED }, { "expired_token", SIGNIN_REFUSED },
		{ "bad_verification_code", SIGNIN_REFUSED },
	};
	struct scripted s;

	(void)state;
	scripted_open(&s, NULL);
	for (size_t r = 0; r < COUNT(rows); r++) {
		struct scripted_row row = {
			"POST /oauth2/v2.0/token", 400,
			str_format(s.arena, "{\"error\":\"%s\"}", rows[r].error).at
		};
		enum signin_state how = SIGNIN_DONE;

		scripted_play(&s, &row, 1);
		assert_null(signin_poll(&s.work, S("dc"), &how));
		assert_int_equal(how, rows[r].state);
	}
	scripted_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sign_in_without_a_code_is_not_begun),
		cmocka_unit_test(a_token_is_kept_until_shortly_before_its_end),
		cmocka_unit_test(more_tenants_than_there_is_room_for_still_get_tokens),
		cmocka_unit_test(the_token_request_is_a_form),
		cmocka_unit_test(an_answer_without_a_token_is_a_fault),
		cmocka_unit_test(a_sign_in_lives_by_its_newest_refresh_token),
		cmocka_unit_test(a_refused_device_code_ends_the_wait),
	};

	return cmocka_run_group_tests_name("token", tests, NULL, NULL);
}
