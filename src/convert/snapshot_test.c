#include "convert/snapshot.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { MOST = 6 };

/* "ada:E3 bob:BP/sales": who holds what, and through which group. */
static struct license_holds holds_of(struct arena *keep, const char *words)
{
	struct license_holds holds = { .at = NEW_ARRAY(keep, struct license_hold, MOST) };
	str rest = str_of(words), one;

	while (str_next(&rest, ' ', &one)) {
		struct license_hold *hold = &holds.at[holds.len++];

		*hold = (struct license_hold){ .group = STR_NONE };
		assert_true(str_next(&one, ':', &hold->user) && str_next(&one, '/', &hold->sku));
		hold->group = one;
	}
	return holds;
}

/* How a license reaches its user may change; that it does may not, and it is lost once. */
static void a_license_is_missing_once_however_often_it_was_held(void **state)
{
	static const struct {
		const char *before, *now, *missing;
	} rows[] = {
		{ "ada:E3", "ada:E3", "" },
		{ "ada:E3", "ada:E3/sales", "" },
		{ "ada:E3 ada:E3/sales", "ada:E3/sales", "" },
		{ "ada:E3 ada:E3/sales", "bob:E3", "ada:E3" },
		{ "ada:E3/port ada:E3/sales", "ada:BP", "ada:E3" },
		{ "ada:BP ada:E3 ada:E3/sales bob:E3", "bob:BP", "ada:BP ada:E3 bob:E3" },
		{ "bob:E3", "ada:E3 bob:E3 cay:E3", "" },
	};
	DEFER(arena_end) struct arena *a = arena_open();

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct snapshot before = { .holds = holds_of(a, rows[i].before) };
		struct snapshot now = { .holds = holds_of(a, rows[i].now) };
		struct license_holds missing = snapshot_missing(a, &before, &now);
		struct text words = text_open(a);

		for (size_t m = 0; m < missing.len; m++)
			text_format(&words, "%s%.*s:%.*s", m ? " " : "", STR(missing.at[m].user),
				    STR(missing.at[m].sku));
		if (!str_eq(text_str(&words), str_of(rows[i].missing)))
			fail_msg("row %zu: %.*s", i, STR(text_str(&words)));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_license_is_missing_once_however_often_it_was_held),
	};

	return cmocka_run_group_tests_name("snapshot", tests, NULL, NULL);
}
