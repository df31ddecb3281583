#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "people/password.h"

static void long_enough_and_not_guessable_is_all_that_is_asked(void **state)
{
	static const struct {
		const char *password;
		bool good;
	} rows[] = {
		{ "", false },
		{ "eleven char", false },
		{ "twelve chars", true },
		{ "correct horse battery staple", true },
		{ "žluťoučký kůň", true }, /* thirteen letters, not bytes */
		{ "žluťoučký", false },
		{ "aaaaaaaaaaaaaaaa", false },
		{ "abababababababab", false },
		{ "password1234", false },
		{ "Password12345678901", false },
		{ "Password for nine grey herons", true },
		{ "qwerty1234567890", false },
		{ "ada@example.test1", false },
		{ "AdaLovelaceAda", false },
		{ "ada lovelace writes engines", true },
		{ "novatenovatenovate", false },
		{ "\xff\xfe not text at all", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		fault *f = password_check(str_of(rows[i].password), S("ada@example.test"),
					  S("Ada Lovelace"));
		if (rows[i].good != !f)
			fail_msg("%s: %s", rows[i].password, f ? f->said : "taken");
	}
}

static void no_password_is_so_long_that_hashing_it_hurts(void **state)
{
	DEFER(arena_end) struct arena *arena = arena_open();
	struct text text = text_open(arena);

	(void)state;
	for (int i = 0; i < PASSWORD_MOST; i++)
		text_add_char(&text, (char)('a' + i % 26));
	assert_null(password_check(text_str(&text), S("a@b.c"), S("A")));
	text_add_char(&text, 'x');
	assert_int_equal(password_check(text_str(&text), S("a@b.c"), S("A"))->kind, FAULT_INPUT);
}

static bool is_right(str hash, str password)
{
	bool right;

	assert_null(password_right(hash, password, &right));
	return right;
}

static void only_the_same_password_is_right(void **state)
{
	DEFER(arena_end) struct arena *arena = arena_open();
	str one, two, password = S("seven small green boats");

	(void)state;
	assert_null(password_make(arena, password, S("ada@example.test"), S("Ada"), &one));
	assert_null(password_make(arena, password, S("ada@example.test"), S("Ada"), &two));
	assert_true(str_starts(one, S("$argon2id$")));
	assert_false(str_eq(one, two)); /* a salt of its own */
	assert_true(is_right(one, password));
	assert_false(is_right(one, S("seven small green boat")));
	assert_false(is_right(STR_NONE, password));
	assert_false(is_right(S("not a hash"), password));
	assert_false(is_right(one, STR_NONE));
}

static void *try_one(void *busy)
{
	bool right;
	fault *f = password_right(STR_NONE, S("whatever"), &right);

	*(bool *)busy = f && f->kind == FAULT_BUSY;
	return NULL;
}

static void a_flood_of_tries_does_not_hold_every_thread(void **state)
{
	pthread_t threads[20];
	bool busy[COUNT(threads)];
	int turned_away = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(threads); i++)
		assert_int_equal(pthread_create(&threads[i], NULL, try_one, &busy[i]), 0);
	for (size_t i = 0; i < COUNT(threads); i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		turned_away += busy[i];
	}
	assert_in_range(turned_away, 1, COUNT(threads) - 6);
	assert_false(is_right(STR_NONE, S("whatever"))); /* and afterwards all is well */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(long_enough_and_not_guessable_is_all_that_is_asked),
		cmocka_unit_test(no_password_is_so_long_that_hashing_it_hurts),
		cmocka_unit_test(only_the_same_password_is_right),
		cmocka_unit_test(a_flood_of_tries_does_not_hold_every_thread),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
