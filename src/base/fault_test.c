#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/base.h"

static void every_kind_has_a_word_and_a_status(void **state)
{
	static const struct {
		enum fault_kind kind;
		const char *word;
		int status;
	} rows[] = {
#define X(name, word, status) { name, word, status },
		FAULT_KINDS(X)
#undef X
	};

	(void)state;
	for (size_t r = 0; r < COUNT(rows); r++) {
		assert_string_equal(fault_word(rows[r].kind), rows[r].word);
		assert_int_equal(fault_status(rows[r].kind), rows[r].status);
		assert_in_range(rows[r].status, 400, 599);
	}
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
}

static fault *deeper(bool fails)
{
	return fails ? fault_new(FAULT_MISSING, "There is no such thing.") : NULL;
}

static fault *passes_on(bool fails, bool *reached)
{
	TRY(deeper(fails));
	*reached = true;
	return NULL;
}

static void try_returns_the_first_fault(void **state)
{
	bool reached = false;

	(void)state;
	assert_int_equal(passes_on(true, &reached)->kind, FAULT_MISSING);
	assert_false(reached);
	assert_null(passes_on(false, &reached));
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
