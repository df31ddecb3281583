/* Codes of the second factor, against the values of the RFCs. */
#include "sandbox/identity_otp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void codes_are_those_of_rfc_6238(void **state)
{
	/* Appendix B gives eight digits; the last six are the shorter code. */
	static const struct {
		int64_t seconds;
		const char *code;
	} rows[] = {
		{ 59, "287082" },	  { 1111111109, "081804" }, { 1111111111, "050471" },
		{ 1234567890, "005924" }, { 2000000000, "279037" }, { 20000000000, "353130" },
	};
	struct arena *a = arena_open();
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_true(str_eq(identity_otp_code(a, S("12345678901234567890"),
						     (instant){ SECONDS(rows[i].seconds) }),
				   str_of(rows[i].code)));
	arena_close(a);
}

static void a_code_is_taken_half_a_minute_early_and_late(void **state)
{
	static const struct {
		int64_t seconds;
		bool taken;
	} rows[] = { { -60, false }, { -30, true }, { 0, true }, { 30, true }, { 60, false } };
	struct arena *a = arena_open();
	str secret = S("12345678901234567890");
	instant at = { SECONDS(1234567890) };
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		str code = identity_otp_code(a, secret,
					     instant_after(at, SECONDS(rows[i].seconds)));
		assert_int_equal(identity_otp_matches(a, secret, code, at), rows[i].taken);
	}
	assert_false(identity_otp_matches(a, secret, S(""), at));
	assert_false(identity_otp_matches(a, secret, S("5924"), at));
	arena_close(a);
}

static void secrets_are_shown_as_authenticators_read_them(void **state)
{
	/* RFC 4648 §10, without the padding. */
	static const struct {
		const char *bytes, *text;
	} rows[] = {
		{ "", "" },
		{ "f", "MY" },
		{ "fo", "MZXQ" },
		{ "foo", "MZXW6" },
		{ "foob", "MZXW6YQ" },
		{ "fooba", "MZXW6YTB" },
		{ "foobar", "MZXW6YTBOI" },
	};
	struct arena *a = arena_open();
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_true(str_eq(identity_otp_base32(a, str_of(rows[i].bytes)),
				   str_of(rows[i].text)));
	arena_close(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(codes_are_those_of_rfc_6238),
		cmocka_unit_test(a_code_is_taken_half_a_minute_early_and_late),
		cmocka_unit_test(secrets_are_shown_as_authenticators_read_them),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
