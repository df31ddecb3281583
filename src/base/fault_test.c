#include <setjmp.h>
#include <string.h>

#include "base/base.h"

#include <cmocka.h>

static void every_kind_has_a_word_and_a_status(void **state)
{
	(void)state;
#define X(name, word, status)                        \
	assert_in_range(status, 400, 599);           \
	assert_string_equal(fault_word(name), word); \
	assert_int_equal(fault_status(name), status);
	FAULT_KINDS(X)
#undef X
}

static void a_wrapped_fault_keeps_kind_code_and_wait(void **state)
{
	fault *inner = fault_new(FAULT_BUSY, "The other side asks for %d seconds.", 30);

	(void)state;
	inner->retry_after = 30;
	(void)fault_code(fault_note(inner, "status %d", 429), S("Throttled"));

	fault *outer = fault_because(inner, "The order waits.");

	assert_string_equal(outer->said, "The order waits.");
	assert_int_equal(outer->kind, FAULT_BUSY);
	assert_int_equal(outer->retry_after, 30);
	assert_string_equal(outer->code, "Throttled");
	assert_ptr_equal(outer->cause, inner);
	assert_string_equal(inner->noted, "status 429");
	assert_non_null(strstr(outer->file, "fault_test.c"));
}

static void a_long_sentence_is_cut_and_ended(void **state)
{
	char said[3000];

	(void)state;
	memset(said, 'a', sizeof(said) - 1);
	said[sizeof(said) - 1] = '\0';

	fault *f = fault_code(fault_note(fault_new(FAULT_INPUT, "%s", said), "%s", said),
			      str_of(said));

	assert_in_range(strlen(f->said), 100, sizeof(said) - 1);
	assert_in_range(strlen(f->noted), 100, sizeof(said) - 1);
	assert_in_range(strlen(f->code), 20, 100);
	for (size_t i = 0; i + 3 < sizeof(said); i += 3)
		memcpy(&said[i], "\xe2\x82\xac", 3);
	for (size_t from = 0; from < 9; from += 3) {
		f = fault_new(FAULT_INPUT, "%.*s%s", (int)from / 3, "ab", said);
		(void)fault_code(fault_note(f, "%s", f->said), str_of(said));
		assert_true(str_is_utf8(str_of(f->said)) && str_is_utf8(str_of(f->noted)));
		assert_true(str_is_utf8(str_of(f->code)));
	}
}

static fault *passes_on(fault *first, bool *reached)
{
	TRY(first);
	*reached = true;
	return NULL;
}

static void try_returns_the_first_fault(void **state)
{
	fault *missing = fault_new(FAULT_MISSING, "There is no such thing.");
	bool reached = false;

	(void)state;
	assert_ptr_equal(passes_on(missing, &reached), missing);
	assert_false(reached);
	assert_null(passes_on(NULL, &reached));
	assert_true(reached);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_has_a_word_and_a_status),
		cmocka_unit_test(a_wrapped_fault_keeps_kind_code_and_wait),
		cmocka_unit_test(a_long_sentence_is_cut_and_ended),
		cmocka_unit_test(try_returns_the_first_fault),
	};

	return cmocka_run_group_tests_name("fault", tests, NULL, NULL);
}
