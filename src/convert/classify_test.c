#include "convert/classify.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define TENANT S("7d2f4c10-5a3e-4b1f-9c86-2f0b6a51d3e7")
#define US     S("c41b9e52-0d77-4a63-8f1e-91a4d6b0e2c8")
#define OTHER  "9f1c2a77-55d0-4c5e-b0b1-0e6a3c1f8d21"
#define OURS   "C41B9E52-0D77-4A63-8F1E-91A4D6B0E2C8"
#define OWN    "7d2f4c10-5a3e-4b1f-9c86-2f0b6a51d3e7"

static void the_signals_give_a_verdict_or_clash(void **state)
{
	static const struct {
		const char *owner;
		enum classify_signal we_sold_it, our_reseller, resold;
		enum snapshot_owner is;
		bool clash;
	} rows[] = {
		{ NULL, SIGNAL_UNKNOWN, SIGNAL_UNKNOWN, SIGNAL_UNKNOWN, OWNER_DIRECT, false },
		{ "", SIGNAL_NO, SIGNAL_NO, SIGNAL_NO, OWNER_DIRECT, false },
		{ OWN, SIGNAL_NO, SIGNAL_YES, SIGNAL_UNKNOWN, OWNER_DIRECT, false },
		{ NULL, SIGNAL_YES, SIGNAL_YES, SIGNAL_UNKNOWN, OWNER_OURS, false },
		{ OTHER, SIGNAL_YES, SIGNAL_YES, SIGNAL_UNKNOWN, OWNER_OURS, false },
		{ NULL, SIGNAL_NO, SIGNAL_NO, SIGNAL_YES, OWNER_OTHER_PARTNER, true },
		{ OURS, SIGNAL_UNKNOWN, SIGNAL_UNKNOWN, SIGNAL_UNKNOWN, OWNER_OURS, false },
		{ OURS, SIGNAL_NO, SIGNAL_YES, SIGNAL_YES, OWNER_OURS, false },
		{ OURS, SIGNAL_UNKNOWN, SIGNAL_NO, SIGNAL_UNKNOWN, OWNER_OTHER_PARTNER, true },
		{ OURS, SIGNAL_NO, SIGNAL_YES, SIGNAL_NO, OWNER_DIRECT, true },
		{ OTHER, SIGNAL_NO, SIGNAL_YES, SIGNAL_YES, OWNER_OTHER_PARTNER, false },
		{ OTHER, SIGNAL_NO, SIGNAL_YES, SIGNAL_UNKNOWN, OWNER_OTHER_PARTNER, false },
		{ OTHER, SIGNAL_NO, SIGNAL_YES, SIGNAL_NO, OWNER_OTHER_PARTNER, true },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct classify_verdict v = classify(
			*state,
			&(struct classify_signals){
				.owner_tenant = rows[i].owner ? str_of(rows[i].owner) : STR_NONE,
				.tenant = TENANT,
				.partner_tenant = US,
				.we_sold_it = rows[i].we_sold_it,
				.our_reseller = rows[i].our_reseller,
				.resold = rows[i].resold });

		if (v.owner != rows[i].is || v.clash != rows[i].clash)
			fail_msg("row %zu: owner %d, clash %d: %s", i, v.owner, v.clash,
				 str_cstr(*state, v.reason));
		assert_false(str_is_empty(v.reason));
	}
}

static int open_arena(void **state)
{
	*state = arena_open();
	return 0;
}

static int close_arena(void **state)
{
	arena_close(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_signals_give_a_verdict_or_clash, open_arena,
						close_arena),
	};

	return cmocka_run_group_tests_name("classify", tests, NULL, NULL);
}
