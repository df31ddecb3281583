/* For this room's tests: an account without a hash to wait for, and each body on each database. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "people/account.h"
#include "store/store_testing.h"

static inline void stage_each(void **body)
{
	store_testing_each((store_testing_body *)*body);
}

static inline struct tx *stage_tx(struct store_testing *with)
{
	struct tx *tx;

	assert_null(tx_begin(with->store, STORE_WRITE, with->arena, &tx));
	return tx;
}

static inline void stage_pass(struct store_testing *with, int64_t micros)
{
	with->world.at = instant_after(with->world.at, micros);
}

static inline struct account stage_account(struct tx *tx, str email)
{
	struct account made;

	assert_null(account_open(tx, email, S("Ada Lovelace"), ROLE_PARTNER, STR_NONE, &made));
	return made;
}
