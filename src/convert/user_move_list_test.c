/* The list of users as a file: what a spreadsheet opens, and what the products are called in it. */
#include "convert/user_move_list.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct plan_line lines[] = {
	{ .line = 0, .buys = true },
	{ .line = 1, .buys = true },
};

static struct user_move_list list_of(struct user_move *moves, size_t count)
{
	lines[0].sku = S("sku-old");
	lines[0].part_number = S("OLD_PREMIUM");
	lines[0].target = S("sku-new");
	lines[0].target_part = S("NEW_PREMIUM");
	lines[1].sku = lines[1].target = S("sku-mail");
	lines[1].part_number = lines[1].target_part = S("MAIL");
	return (struct user_move_list){ .moves = { moves, count },
					.plan = { .at = lines, .len = COUNT(lines) },
					.foreseen = true };
}

static void a_product_is_called_by_its_part_number_whether_it_ends_or_comes(void **state)
{
	static const struct {
		const char *sku, *part;
	} rows[] = { { "sku-old", "OLD_PREMIUM" },
		     { "sku-new", "NEW_PREMIUM" },
		     { "sku-mail", "MAIL" } };
	struct user_move_list list = list_of(NULL, 0);

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_true(str_eq(user_move_list_part(&list, str_of(rows[i].sku)),
				   str_of(rows[i].part)));
}

/* A tenant names its users and groups as it likes. */
static void no_name_is_a_formula_or_ends_its_cell(void **state)
{
	static const struct {
		const char *name, *cell;
	} rows[] = {
		{ "ada@bakery.example", "\"ada@bakery.example\"," },
		{ "=1+1@bakery.example", "\"'=1+1@bakery.example\"," },
		{ "+49@bakery.example", "\"'+49@bakery.example\"," },
		{ "-ada@bakery.example", "\"'-ada@bakery.example\"," },
		{ "@bakery.example", "\"'@bakery.example\"," },
		{ "the \"boss\"@bakery.example", "\"the \"\"boss\"\"@bakery.example\"," },
		{ "=\"x\"", "\"'=\"\"x\"\"\"," },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		DEFER(arena_end) struct arena *keep = arena_open();
		struct user_move move = { .person = S("u1"),
					  .person_name = str_of(rows[i].name),
					  .sku = S("sku-old"),
					  .target = S("sku-new"),
					  .state = USER_MOVE_PLANNED };
		struct user_move_list list = list_of(&move, 1);
		str csv = user_move_list_csv(keep, &list), head;

		assert_true(str_next(&csv, '\n', &head));
		assert_true(str_starts(csv, str_of(rows[i].cell)));
		assert_true(str_find(csv, S("\"OLD_PREMIUM\",\"sku-new\",\"NEW_PREMIUM\"")) > 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_product_is_called_by_its_part_number_whether_it_ends_or_comes),
		cmocka_unit_test(no_name_is_a_formula_or_ends_its_cell),
	};

	return cmocka_run_group_tests_name("user_move_list", tests, NULL, NULL);
}
