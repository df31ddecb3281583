#include "sandbox/identity_pkce.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* The pair of RFC 7636, appendix B. */
#define VERIFIER  "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
#define CHALLENGE "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"

static void a_verifier_proves_only_its_own_challenge(void **state)
{
	(void)state;
	static const struct {
		enum identity_pkce kind;
		str challenge, verifier;
		bool want;
	} rows[] = {
		{ IDENTITY_PKCE_S256, S(CHALLENGE), S(VERIFIER), true },
		{ IDENTITY_PKCE_S256, S(CHALLENGE), S(CHALLENGE), false },
		{ IDENTITY_PKCE_S256, S(VERIFIER), S(VERIFIER), false },
		{ IDENTITY_PKCE_S256, S(CHALLENGE), S(""), false },
		{ IDENTITY_PKCE_PLAIN, S(VERIFIER), S(VERIFIER), true },
		{ IDENTITY_PKCE_PLAIN, S(VERIFIER), S(CHALLENGE), false },
		{ IDENTITY_PKCE_PLAIN, S("short"), S("short"), false },
		{ IDENTITY_PKCE_NONE, S(""), S(""), true },
		{ IDENTITY_PKCE_NONE, S(""), S(VERIFIER), false },
	};
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(
			identity_pkce_matches(rows[i].kind, rows[i].challenge, rows[i].verifier),
			rows[i].want);
}

static void a_challenge_without_a_method_is_plain(void **state)
{
	(void)state;
	static const struct {
		str challenge, method;
		bool want;
		enum identity_pkce kind;
	} rows[] = {
		{ S(""), S(""), true, IDENTITY_PKCE_NONE },
		{ S(CHALLENGE), S("S256"), true, IDENTITY_PKCE_S256 },
		{ S(CHALLENGE), S("plain"), true, IDENTITY_PKCE_PLAIN },
		{ S(CHALLENGE), S(""), true, IDENTITY_PKCE_PLAIN },
		{ S(CHALLENGE), S("s256"), false, IDENTITY_PKCE_NONE },
		{ S(CHALLENGE "xx"), S("S256"), false, IDENTITY_PKCE_NONE },
		{ S("tooshort"), S("plain"), false, IDENTITY_PKCE_NONE },
		{ S(""), S("S256"), false, IDENTITY_PKCE_NONE },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		enum identity_pkce kind = IDENTITY_PKCE_NONE;
		assert_int_equal(identity_pkce_from(rows[i].challenge, rows[i].method, &kind),
				 rows[i].want);
		if (rows[i].want)
			assert_int_equal(kind, rows[i].kind);
	}
}

static void every_method_has_a_word_that_leads_back(void **state)
{
	(void)state;
	static const enum identity_pkce all[] = { IDENTITY_PKCE_NONE, IDENTITY_PKCE_PLAIN,
						  IDENTITY_PKCE_S256 };
	for (size_t i = 0; i < COUNT(all); i++)
		assert_int_equal(identity_pkce_of_word(str_of(identity_pkce_word(all[i]))), all[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_verifier_proves_only_its_own_challenge),
		cmocka_unit_test(a_challenge_without_a_method_is_plain),
		cmocka_unit_test(every_method_has_a_word_that_leads_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
