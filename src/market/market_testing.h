/* For this room's tests: each runs in a write transaction on every database. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/base.h"
#include "store/store.h"
#include "store/store_testing.h"

struct market_testing {
	struct store_testing *with;
	struct tx *tx;
};

struct market_test {
	const char *name;
	void (*run)(struct market_testing *t);
};

static inline void must(fault *f)
{
	if (f)
		fail_msg("%s (%s:%d)", f->said, f->file, f->line);
}

#define assert_str(got, want) assert_string_equal(str_cstr(t->with->arena, (got)), (want))

/* Commits, and goes on later. */
static inline void market_testing_later(struct market_testing *t, int64_t micros)
{
	must(tx_commit(t->tx));
	tx_end(&t->tx);
	t->with->world.at = instant_after(t->with->world.at, micros);
	must(tx_begin(t->with->store, STORE_WRITE, t->with->arena, &t->tx));
}

/* A file of the folder with reference data, which lies beside the repository or above it;
 * STR_NONE where it is missing. */
static inline str market_testing_shared(struct market_testing *t, const char *name)
{
	static const char *const places[] = { "..", "../..", "../../..", "../../../.." };

	for (size_t i = 0; i < COUNT(places); i++) {
		str path = str_format(t->with->arena, "%s/shared/%s", places[i], name);
		FILE *file = fopen(path.at, "re");
		struct text text = text_open(t->with->arena);
		char piece[65536];
		size_t len;

		if (!file)
			continue;
		while ((len = fread(piece, 1, sizeof piece, file)) > 0)
			text_add(&text, (str){ .at = piece, .len = len });
		(void)fclose(file);
		return text_str(&text);
	}
	return STR_NONE;
}

static const struct market_test *market_testing_now;

static inline void market_testing_body(struct store_testing *with)
{
	struct market_testing t = { .with = with };

	must(tx_begin(with->store, STORE_WRITE, with->arena, &t.tx));
	market_testing_now->run(&t);
	tx_end(&t.tx);
}

static inline void market_testing_one(void **state)
{
	market_testing_now = *state;
	store_testing_each(market_testing_body);
}

static inline int market_testing_run(const struct market_test *tests, size_t count)
{
	struct CMUnitTest each[32] = { 0 };

	assert(count <= COUNT(each));
	for (size_t i = 0; i < count; i++)
		each[i] = (struct CMUnitTest){ .name = tests[i].name,
					       .test_func = market_testing_one,
					       .initial_state = (void *)(uintptr_t)&tests[i] };
	return _cmocka_run_group_tests("market", each, count, NULL, NULL);
}

#define MARKET_TEST(function)                      \
	{                                          \
		.name = #function, .run = function \
	}
