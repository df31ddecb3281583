/* What the tests of the store share: the table trial, and two short ways into it. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "store/store_testing.h"
#include "store_trial_embedded.h"
#include "trial_sql.h"

/* A case on each database, as a test of cmocka's. */
#define TRIAL_TEST(name, body, how)                                    \
	static void name(void **state)                                 \
	{                                                              \
		(void)state;                                           \
		store_testing_##how##_of(&store_trial_embedded, body); \
	}

static inline void trial_put(struct store_testing *with, const char *name, int64_t count)
{
	DEFER(tx_end) struct tx *tx = NULL;

	assert_null(tx_begin(with->store, STORE_WRITE, with->arena, &tx));
	assert_null(trial_add(tx, &(struct trial_add_in){ .id = tx_new_id(tx),
							  .count = count,
							  .at = tx_now(tx),
							  .ended = INSTANT_NONE,
							  .name = str_of(name) }));
	assert_null(tx_commit(tx));
}

static inline int64_t trial_sum(struct store_testing *with)
{
	DEFER(tx_end) struct tx *tx = NULL;
	struct trial_total row = { 0 };
	bool found;

	assert_null(tx_begin(with->store, STORE_READ, with->arena, &tx));
	assert_null(trial_total(tx, &row, &found));
	assert_true(found);
	return row.total;
}
