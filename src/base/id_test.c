#include <setjmp.h>

#include "base/id.h"
#include "base/world.h"

#include <cmocka.h>

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
		made.n = (made.n & INT64_MAX) | 1; /* none is not an id */

		str text = id_text(arena, "cnv", made);

		assert_int_equal(text.len, 17);
		assert_true(id_from_text("cnv", text, &back));
		assert_true(id_eq(made, back));
		assert_false(id_from_text("ord", text, &back));
	}
}

static void ids_sort_by_time_and_within_a_millisecond(void **state)
{
	DEFER(arena_end) struct arena *arena = arena_open();
	struct world_seeded w;
	id last = ID_NONE;
	str last_text = S("");

	(void)state;
	world_seeded_open(&w, 12, start);
	for (int i = 0; i < 100000; i++) {
		id made = id_make(&w.world);
		str text = id_text(arena, "ord", made);

		assert_true(made.n > last.n);
		assert_true(str_compare(text, last_text) > 0);
		last = made;
		last_text = text;
		if (i > 50000)
			w.at = instant_after(w.at, 1000);
	}
}

static void what_is_no_id_is_refused(void **state)
{
	str rows = S(
		"|cnv_|cnv|cnv_0000000000000|cnv_1h2xcejqtf2n|cnv_01h2xcejqtf2n1|cnv_01h2xcejqtf2u|"
		"cnv-01h2xcejqtf2n|cnv_01H2XCEJQTF2N|cnv_zzzzzzzzzzzzz|cn_01h2xcejqtf2n");
	str row;
	id read = { .n = 5 };

	(void)state;
	while (str_next(&rows, '|', &row))
		assert_false(id_from_text("cnv", row, &read));
	assert_int_equal(read.n, 5);
	assert_true(id_from_text("cnv", S("cnv_01h2xcejqtf2n"), &read));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_and_back_is_the_same_id),
		cmocka_unit_test(ids_sort_by_time_and_within_a_millisecond),
		cmocka_unit_test(what_is_no_id_is_refused),
	};

	return cmocka_run_group_tests_name("id", tests, NULL, NULL);
}
