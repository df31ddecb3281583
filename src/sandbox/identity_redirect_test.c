#include "sandbox/identity_redirect.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void an_answer_goes_to_registered_addresses_only(void **state)
{
	(void)state;
	static const struct {
		str registered, address;
		bool want;
	} rows[] = {
		{ S("http://localhost"), S("http://localhost"), true },
		{ S("http://localhost"), S("http://localhost:51234"), true },
		{ S("http://localhost"), S("http://localhost:51234/"), true },
		{ S("http://localhost/auth"), S("http://localhost:3000/auth"), true },
		{ S("http://localhost"), S("http://localhost:3000/auth"), false },
		{ S("http://127.0.0.1/a"), S("http://127.0.0.1:3000/a"), true },
		{ S("http://localhost/a"), S("http://127.0.0.1:3000/a"), false },
		{ S("http://localhost"), S("http://localhost.evil.example"), false },
		{ S("http://localhost"), S("http://localhost:80@evil.example"), false },
		{ S("http://localhost"), S("http://localhost:"), false },
		{ S("http://localhost"), S("https://localhost:51234"), false },
		{ S("https://localhost"), S("https://localhost:444"), false },
		{ S("https://a.example/x\nhttps://b.example/y"), S("https://b.example/y"), true },
		{ S("https://a.example/x"), S("https://a.example/x/"), false },
		{ S("https://a.example"), S("https://a.example/"), true },
		{ S("https://a.example/x"), S("https://a.example/X"), false },
		{ S("https://a.example/x"), S("https://a.example/x#part"), false },
		{ S("https://a.example/x"), S(""), false },
		{ S(""), S("https://a.example/x"), false },
		{ S(""), S(""), false },
	};
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(
			identity_redirect_is_registered(rows[i].registered, rows[i].address),
			rows[i].want);
}

static void answers_are_escaped_and_empty_ones_left_out(void **state)
{
	(void)state;
	DEFER(arena_end) struct arena *keep = arena_open();
	const struct identity_answer answers[] = {
		{ "code", S("a&b") },
		{ "session_state", S("") },
		{ "state", S("1 2") },
	};
	static const struct {
		str address;
		enum identity_response_mode mode;
		str want;
	} rows[] = {
		{ S("http://localhost:1"), IDENTITY_QUERY,
		  S("http://localhost:1?code=a%26b&state=1%202") },
		{ S("https://a.example/?x=1"), IDENTITY_QUERY,
		  S("https://a.example/?x=1&code=a%26b&state=1%202") },
		{ S("https://a.example/?x=1"), IDENTITY_FRAGMENT,
		  S("https://a.example/?x=1#code=a%26b&state=1%202") },
	};
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_true(str_eq(identity_redirect_address(keep, rows[i].address, rows[i].mode,
							     answers, COUNT(answers)),
				   rows[i].want));
}

static void an_unknown_response_mode_is_refused(void **state)
{
	(void)state;
	enum identity_response_mode mode;
	static const enum identity_response_mode all[] = { IDENTITY_QUERY, IDENTITY_FRAGMENT,
							   IDENTITY_FORM_POST };
	for (size_t i = 0; i < COUNT(all); i++) {
		assert_true(identity_response_mode_from(str_of(identity_response_mode_word(all[i])),
							&mode));
		assert_int_equal(mode, all[i]);
	}
	assert_true(identity_response_mode_from(S(""), &mode));
	assert_int_equal(mode, IDENTITY_QUERY);
	assert_false(identity_response_mode_from(S("web_message"), &mode));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_goes_to_registered_addresses_only),
		cmocka_unit_test(answers_are_escaped_and_empty_ones_left_out),
		cmocka_unit_test(an_unknown_response_mode_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
