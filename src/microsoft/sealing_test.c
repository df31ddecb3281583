#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "microsoft/sealing.h"

#include <sodium.h>
#include <string.h>

static const str key = { "0123456789abcdef0123456789abcdef", 32 };
static const str other = { "0123456789abcdef0123456789abcdeX", 32 };

static void a_sealed_secret_opens_with_its_key_only(void **state)
{
	DEFER(arena_end) struct arena *arena = arena_open();
	struct world_seeded w;

	(void)state;
	assert_true(sodium_init() >= 0);
	world_seeded_open(&w, 4, (instant){ 0 });
	for (size_t len = 0; len < 200; len++) {
		char *at = NEW_ARRAY(arena, char, len);
		str secret = { at, len }, back;

		world_random(&w.world, at, len);

		str sealed = sealing_shut(arena, &w.world, key, secret);

		assert_true(sealing_open(arena, key, sealed, &back));
		assert_true(str_eq(back, secret));
		assert_false(sealing_open(arena, other, sealed, &back));
		assert_false(sealing_open(arena, key, str_part(sealed, 0, sealed.len - 1), &back));
	}
}

static void a_changed_byte_is_noticed(void **state)
{
	DEFER(arena_end) struct arena *arena = arena_open();
	struct world_seeded w;

	(void)state;
	assert_true(sodium_init() >= 0);
	world_seeded_open(&w, 4, (instant){ 0 });

	str sealed = sealing_shut(arena, &w.world, key, S("refresh me")), back;

	assert_true(str_find(sealed, S("refresh")) < 0);
	for (size_t i = 0; i < sealed.len; i++) {
		char *at = NEW_ARRAY(arena, char, sealed.len);

		memcpy(at, sealed.at, sealed.len);
		at[i] = (char)(at[i] ^ 1);
		assert_false(sealing_open(arena, key, (str){ at, sealed.len }, &back));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sealed_secret_opens_with_its_key_only),
		cmocka_unit_test(a_changed_byte_is_noticed),
	};

	return cmocka_run_group_tests_name("seal", tests, NULL, NULL);
}
