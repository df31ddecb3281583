#include "convert/paper.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static str print(struct arena *keep, int rows)
{
	static const struct paper_column columns[] = { { "User", 0.7, false },
						       { "Seats", 0.3, true } };
	DEFER(paper_end) struct paper *paper = NULL;
	str pdf = STR_NONE;

	assert_null(paper_open(keep, S("A test"), S("foot"), (instant){ .micros = 0 }, &paper));
	paper_title(paper, S("Überschrift, заголовок, 標題"));
	paper_table(paper, columns, COUNT(columns));
	for (int i = 0; i < rows; i++)
		paper_row(paper, (str[]){ S("ida.moreau@bakery.example"), S("1") });
	assert_null(paper_close(paper, &pdf));
	return pdf;
}

static void a_long_table_flows_onto_more_pages(void **state)
{
	struct arena *a = arena_open();
	str few = print(a, 3), many = print(a, 500);

	(void)state;
	assert_true(str_starts(few, S("%PDF-")));
	assert_true(str_find(few, S("/Count 1")) > 0);
	assert_true(str_find(many, S("/Count 1\n")) < 0);
	assert_true(many.len > few.len);
	arena_close(a);
}

static void the_same_document_is_the_same_bytes(void **state)
{
	struct arena *a = arena_open();

	(void)state;
	assert_true(str_eq(print(a, 40), print(a, 40)));
	arena_close(a);
}

static str print_facts(struct arena *keep, str label)
{
	DEFER(paper_end) struct paper *paper = NULL;
	str pdf = STR_NONE;

	assert_null(paper_open(keep, S("A test"), S("foot"), (instant){ .micros = 0 }, &paper));
	for (int i = 0; i < 30; i++)
		paper_fact(paper, label, S("12"));
	assert_null(paper_close(paper, &pdf));
	return pdf;
}

/* Else the next one would be printed over it. */
static void a_fact_takes_the_room_of_its_longer_side(void **state)
{
	struct arena *a = arena_open();

	(void)state;
	assert_true(str_find(print_facts(a, S("Seats")), S("/Count 1\n")) > 0);
	assert_true(str_find(print_facts(a, S("Seats that were bought directly and are not needed "
					      "any more")),
			     S("/Count 1\n")) < 0);
	arena_close(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_long_table_flows_onto_more_pages),
		cmocka_unit_test(the_same_document_is_the_same_bytes),
		cmocka_unit_test(a_fact_takes_the_room_of_its_longer_side),
	};

	return cmocka_run_group_tests_name("paper", tests, NULL, NULL);
}
