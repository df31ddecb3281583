#include <setjmp.h>

#include "base/id.h"
#include "base/world.h"

#include <cmocka.h>

static void the_same_seed_gives_the_same_world(void **state)
{
	DEFER(arena_end) struct arena *arena = arena_open();
	struct world_seeded a, b, c;

	(void)state;
	world_seeded_open(&a, 1, (instant){ 7 });
	world_seeded_open(&b, 1, (instant){ 7 });
	world_seeded_open(&c, 2, (instant){ 7 });

	str token = world_token(&a.world, arena, 33);

	assert_true(str_eq(token, world_token(&b.world, arena, 33)));
	assert_false(str_eq(token, world_token(&c.world, arena, 33)));
	assert_int_equal(world_now(&a.world).micros, 7);
	a.at = instant_after(a.at, SECONDS(1));
	assert_int_equal(world_now(&a.world).micros, 1000007);
	world_nap(&a.world, 3);
	assert_int_equal(world_now(&a.world).micros, 1000010);
}

static void the_generator_is_the_published_one(void **state)
{
	struct world_seeded w;
	uint64_t two[2];

	(void)state;
	world_seeded_open(&w, 0, (instant){ 0 });
	world_random(&w.world, two, sizeof(two));
	assert_true(two[0] == UINT64_C(0xe220a8397b1dcdaf));
	assert_true(two[1] == UINT64_C(0x6e789e6aa1b965f4));
}

static void the_system_gives_time_and_tokens(void **state)
{
	DEFER(arena_end) struct arena *arena = arena_open();
	const struct world *w = world_of_system();
	str one = world_token(w, arena, 32), other = world_token(w, arena, 32);

	(void)state;
	assert_int_equal(one.len, 43);
	assert_false(str_eq(one, other));
	assert_true(instant_day(world_now(w)).year >= 2025);
	assert_true(id_make(w).n > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_seed_gives_the_same_world),
		cmocka_unit_test(the_generator_is_the_published_one),
		cmocka_unit_test(the_system_gives_time_and_tokens),
	};

	return cmocka_run_group_tests_name("world", tests, NULL, NULL);
}
