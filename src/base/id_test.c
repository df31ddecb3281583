#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/id.h"
#include "base/world.h"

static const instant start = { .micros = INT64_C(1790000000000000) };

static void text_and_back_is_the_same_id(void **state)
{
	DEFER(arena_end) struct arena *arena = arena_open();
	struct world_seeded w;

	(void)state;
	world_seeded_open(&w, 11, start);
	for (int i = 0; i < 2000; i++) {
		id made, back = ID_NONE;

		world_random(&w.world, &made.n, sizeof(made.n));
		made.n &= INT64_MAX;
		if (made.n == 0)
			continue;

		str text = id_text(arena, "cnv", made);

		assert_int_equal(text.len, 17);
		assert_true(id_from_text("cnv", text, &back));
		assert_true(id_eq(made, back));
		assert_false(id_from_text("ord", text, &back));
	}
}

static void ids_sort_by_time(void **state)
{
	DEFER(arena_end) struct arena *arena = arena_open();
	struct world_seeded w;
	id last = ID_NONE;
	str last_text = S("");

	(void)state;
	world_seeded_open(&w, 12, start);
	for (int i = 0; i < 1000; i++) {
		id made = id_make(&w.world);
		str text = id_text(arena, "ord", made);

		assert_true(made.n > last.n);
		assert_true(str_compare(text, last_text) > 0);
		assert_int_equal(id_time(made).micros, w.at.micros);
		last = made;
		last_text = text;
		w.at = instant_after(w.at, 1000);
	}
}

static void ids_of_one_millisecond_are_different_and_sort(void **state)
{
	struct world_seeded w;
	id last = ID_NONE;

	(void)state;
	world_seeded_open(&w, 13, instant_after(start, HOURS(1)));
	for (int i = 0; i < 100000; i++) {
		id made = id_make(&w.world);
		assert_true(made.n > last.n);
		last = made;
	}
}

static void what_is_no_id_is_refused(void **state)
{
	static const char *const rows[] = {
		"",
		"cnv_",
		"cnv",
		"cnv_0000000000000",
		"cnv_1h2xcejqtf2n",
		"cnv_01h2xcejqtf2n1",
		"cnv-01h2xcejqtf2n",
		"cnv_01H2XCEJQTF2N",
		"cnv_01h2xcejqtf2u",
		"cnv_zzzzzzzzzzzzz",
		"cn_01h2xcejqtf2n",
	};
	id read = { .n = 5 };

	(void)state;
	for (size_t r = 0; r < COUNT(rows); r++)
		assert_false(id_from_text("cnv", str_of(rows[r]), &read));
	assert_int_equal(read.n, 5);
	assert_true(id_from_text("cnv", S("cnv_01h2xcejqtf2n"), &read));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_and_back_is_the_same_id),
		cmocka_unit_test(ids_sort_by_time),
		cmocka_unit_test(ids_of_one_millisecond_are_different_and_sort),
		cmocka_unit_test(what_is_no_id_is_refused),
	};

	return cmocka_run_group_tests_name("id", tests, NULL, NULL);
}
