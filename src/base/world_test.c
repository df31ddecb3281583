#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/id.h"
#include "base/world.h"

static void the_same_seed_gives_the_same_world(void **state)
{
	struct world_seeded a, b, c;
	uint64_t from_a[4], from_b[4], from_c[4];

	(void)state;
	world_seeded_open(&a, 1, (instant){ 7 });
	world_seeded_open(&b, 1, (instant){ 7 });
	world_seeded_open(&c, 2, (instant){ 7 });
	world_random(&a.world, from_a, sizeof(from_a));
	world_random(&b.world, from_b, sizeof(from_b));
	world_random(&c.world, from_c, sizeof(from_c));
	assert_memory_equal(from_a, from_b, sizeof(from_a));
	assert_memory_not_equal(from_a, from_c, sizeof(from_a));
	assert_int_equal(world_now(&a.world).micros, 7);
	a.at = instant_after(a.at, SECONDS(1));
	assert_int_equal(world_now(&a.world).micros, 1000007);
}

static void the_generator_is_the_published_one(void **state)
{
	struct world_seeded w;
	uint64_t first;

	(void)state;
	world_seeded_open(&w, 0, (instant){ 0 });
	/* xoshiro256** from the state 1, 2, 3, 4 begins with 11520, 0, 1509978240. */
	for (uint64_t i = 0; i < 4; i++)
		w.state[i] = i + 1;
	world_random(&w.world, &first, sizeof(first));
	assert_int_equal(first, 11520);
	world_random(&w.world, &first, sizeof(first));
	assert_int_equal(first, 0);
	world_random(&w.world, &first, sizeof(first));
	assert_int_equal(first, 1509978240);
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
