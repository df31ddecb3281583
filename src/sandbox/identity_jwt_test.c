#include "sandbox/identity_jwt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sandbox/identity_json.h"

struct made {
	struct arena *keep;
	struct identity_key *key;
	str token;
};

static int make(void **state)
{
	static struct made made;
	made.keep = arena_open();
	DEFER(identity_json_end) json_t *claims = json_pack("{s:s}", "aud", "somebody");
	if (identity_key_make(&made.key) ||
	    identity_jwt_make(made.key, made.keep, claims, &made.token))
		return -1;
	*state = &made;
	return 0;
}

static int unmake(void **state)
{
	struct made *made = *state;
	identity_key_end(&made->key);
	arena_close(made->keep);
	return 0;
}

static enum identity_jwt_state opened(struct made *made, const struct identity_key *key, str token)
{
	json_t *claims = NULL;
	enum identity_jwt_state answer = IDENTITY_JWT_MALFORMED;
	assert_null(identity_jwt_open(key, made->keep, token, &claims, &answer));
	assert_true((claims != NULL) == (answer == IDENTITY_JWT_GOOD));
	json_decref(claims);
	return answer;
}

static void a_token_opens_with_the_key_that_signed_it(void **state)
{
	struct made *made = *state;
	assert_int_equal(opened(made, made->key, made->token), IDENTITY_JWT_GOOD);
}

static void a_key_read_back_from_the_state_file_is_the_same_key(void **state)
{
	struct made *made = *state;
	str pem;
	DEFER(identity_key_end) struct identity_key *again = NULL;
	assert_null(identity_key_pem(made->key, made->keep, &pem));
	assert_null(identity_key_from(pem, &again));
	assert_int_equal(opened(made, again, made->token), IDENTITY_JWT_GOOD);
}

static void another_key_does_not_open_it(void **state)
{
	struct made *made = *state;
	DEFER(identity_key_end) struct identity_key *other = NULL;
	assert_null(identity_key_make(&other));
	assert_int_equal(opened(made, other, made->token), IDENTITY_JWT_FORGED);
}

/* The same claims under a header of one's own choice, with the true signature or none. */
static str with_header(struct made *made, str header, bool signature)
{
	str rest = made->token, first, claims, signed_by;
	assert_true(str_next(&rest, '.', &first) && str_next(&rest, '.', &claims) &&
		    str_next(&rest, '.', &signed_by));
	header = str_base64url(made->keep, header);
	return str_format(made->keep, "%.*s.%.*s.%.*s", STR(header), STR(claims),
			  signature ? (int)signed_by.len : 0, signed_by.at);
}

static void a_header_that_asks_for_no_signature_is_forged(void **state)
{
	struct made *made = *state;
	assert_int_equal(opened(made, made->key, with_header(made, S("{\"alg\":\"none\"}"), false)),
			 IDENTITY_JWT_FORGED);
	assert_int_equal(opened(made, made->key, with_header(made, S("{\"alg\":\"HS256\"}"), true)),
			 IDENTITY_JWT_FORGED);
}

static void changed_content_is_forged(void **state)
{
	struct made *made = *state;
	str rest = made->token, header, claims, signature;
	assert_true(str_next(&rest, '.', &header) && str_next(&rest, '.', &claims) &&
		    str_next(&rest, '.', &signature));
	str other = str_base64url(made->keep, S("{\"aud\":\"somebody else\"}"));
	str token = str_format(made->keep, "%.*s.%.*s.%.*s", STR(header), STR(other),
			       STR(signature));
	assert_int_equal(opened(made, made->key, token), IDENTITY_JWT_FORGED);
}

static void what_is_not_three_parts_of_json_is_malformed(void **state)
{
	struct made *made = *state;
	static const str rows[] = {
		S(""),	     S("abc"),	   S("a.b"), S("a.b.c.d"),
		S("!!.b.c"), S("e30.e30"), S(".."),  S("bm90anNvbg.e30.c2ln"),
	};
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(opened(made, made->key, rows[i]), IDENTITY_JWT_MALFORMED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_token_opens_with_the_key_that_signed_it),
		cmocka_unit_test(a_key_read_back_from_the_state_file_is_the_same_key),
		cmocka_unit_test(another_key_does_not_open_it),
		cmocka_unit_test(a_header_that_asks_for_no_signature_is_forged),
		cmocka_unit_test(changed_content_is_forged),
		cmocka_unit_test(what_is_not_three_parts_of_json_is_malformed),
	};
	return cmocka_run_group_tests(tests, make, unmake);
}
