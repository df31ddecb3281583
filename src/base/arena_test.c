#include <setjmp.h>
#include <string.h>

#include "base/base.h"

#include <cmocka.h>

static void what_is_taken_is_zeroed_and_aligned(void **state)
{
	static const struct {
		size_t count, size, align;
	} rows[] = { { 1, 1, 1 },    { 3, 8, 8 },	{ 1, 16, 16 }, { 7, 3, 1 },
		     { 1, 5000, 8 }, { 1, 100000, 16 }, { 0, 8, 8 },   { 2000, 64, 32 } };
	DEFER(arena_end) struct arena *arena = arena_open();

	(void)state;
	for (int round = 0; round < 3; round++) {
		for (size_t r = 0; r < COUNT(rows); r++) {
			size_t total = rows[r].count * rows[r].size;
			char *at = arena_take(arena, rows[r].count, rows[r].size, rows[r].align);

			assert_int_equal((uintptr_t)at % rows[r].align, 0);
			for (size_t i = 0; i < total; i++)
				assert_int_equal(at[i], 0);
			memset(at, 0x5a, total);
		}
		arena_reset(arena);
	}
}

static void objects_never_overlap(void **state)
{
	DEFER(arena_end) struct arena *arena = arena_open();
	unsigned char *at[500];

	(void)state;
	for (size_t i = 0; i < COUNT(at); i++) {
		at[i] = arena_take(arena, i * 37 % 700, 1, 1);
		memset(at[i], (int)(i & 255), i * 37 % 700);
	}
	for (size_t i = 0; i < COUNT(at); i++)
		for (size_t b = 0; b < i * 37 % 700; b++)
			assert_int_equal(at[i][b], i & 255);
}

static void a_reset_forgets_and_reuses(void **state)
{
	DEFER(arena_end) struct arena *arena = arena_open();
	void *first = arena_take(arena, 1, 100, 1);

	(void)state;
	arena_reset(arena);
	assert_ptr_equal(arena_take(arena, 1, 100, 1), first);
}

static void a_list_grows_and_keeps_what_is_in_it(void **state)
{
	DEFER(arena_end) struct arena *arena = arena_open();
	int *at = NULL;

	(void)state;
	for (int len = 0; len < 1000; len++) {
		at = arena_grown(arena, at, (size_t)len, sizeof(*at));
		at[len] = len;
	}
	for (int i = 0; i < 1000; i++)
		assert_int_equal(at[i], i);
}

static void closing_nothing_is_fine(void **state)
{
	struct arena *arena = NULL;

	(void)state;
	arena_end(&arena);
	arena = arena_open();
	arena_end(&arena);
	assert_null(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_taken_is_zeroed_and_aligned),
		cmocka_unit_test(objects_never_overlap),
		cmocka_unit_test(a_reset_forgets_and_reuses),
		cmocka_unit_test(a_list_grows_and_keeps_what_is_in_it),
		cmocka_unit_test(closing_nothing_is_fine),
	};

	return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
