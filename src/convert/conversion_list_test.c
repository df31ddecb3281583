#include "convert/conversion_list.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "conversion_sql.h"
#include "convert/conversion_row.h"
#include "convert/standing.h"
#include "store/store_testing.h"

/* Two partners and an operator; Ada has three conversions more than a page, Bob one. */
struct cast {
	struct asker ada, bob, operator_;
	id first; /* Ada's */
};
enum { ADAS = CONVERSION_LIST_PAGE + 3 };

static fault *cast_open(struct tx *tx, void *what)
{
	struct cast *cast = what;
	struct account ada, bob, op;
	struct conversion made;

	TRY(account_open(tx, S("ada@example.test"), S("Ada"), ROLE_PARTNER, STR_NONE, &ada));
	TRY(account_open(tx, S("bob@example.test"), S("Bob"), ROLE_PARTNER, STR_NONE, &bob));
	TRY(account_open(tx, S("op@example.test"), S("Olga"), ROLE_OPERATOR, STR_NONE, &op));
	cast->ada = (struct asker){ ada.id, ROLE_PARTNER, S("test") };
	cast->bob = (struct asker){ bob.id, ROLE_PARTNER, S("test") };
	cast->operator_ = (struct asker){ op.id, ROLE_OPERATOR, S("test") };
	for (int i = 0; i < ADAS; i++) {
		str domain = str_format(tx_arena(tx), "tenant-%02d.example", i);

		TRY(conversion_start(tx, &cast->ada, domain, STR_NONE, &made));
		if (i == 0)
			cast->first = made.id;
	}
	return conversion_start(tx, &cast->bob, S("bakery.example"), STR_NONE, &made);
}

static fault *wait_for_the_partner(struct tx *tx, id conversion)
{
	int64_t changed;

	return conversion_set_waiting(tx,
				      &(struct conversion_set_waiting_in){
					      .id = conversion,
					      .waits_for = conversion_row_waits(WAITS_PARTNER),
					      .at = tx_now(tx),
					      .why = S("Nothing is bought before it is approved."),
					      .next_thing = S("Approve the plan.") },
				      &changed);
}

/* Runs `body` on a store with the cast in it, and keeps what it did. */
static void play(struct store_testing *with, store_body *body)
{
	struct cast cast;

	assert_null(store_run(with->store, STORE_WRITE, with->arena, "cast", cast_open, &cast));
	assert_null(store_run(with->store, STORE_WRITE, with->arena, "test", body, &cast));
}

static fault *pages(struct tx *tx, void *what)
{
	struct cast *cast = what;
	struct conversion_filter filter = { .waits = STR_NONE };
	struct conversion_lines one, two;

	TRY(conversion_list_page(tx, &cast->ada, &filter, &one));
	assert_int_equal(one.len, CONVERSION_LIST_PAGE);
	filter.after = one.next;
	TRY(conversion_list_page(tx, &cast->ada, &filter, &two));
	assert_int_equal(two.len, 3);
	assert_true(str_is_none(two.next));
	for (size_t i = 0; i < one.len; i++)
		for (size_t j = 0; j < two.len; j++)
			assert_false(id_eq(one.at[i].c.id, two.at[j].c.id));
	assert_string_equal(two.at[2].c.domain.at, "tenant-00.example");
	return NULL;
}

static void pages_body(struct store_testing *with)
{
	play(with, pages);
}

static void every_conversion_is_on_one_page(void **state)
{
	(void)state;
	store_testing_each(pages_body);
}

static fault *rights(struct tx *tx, void *what)
{
	struct cast *cast = what;
	struct conversion_filter filter = { .text = S("  BAKERY ") };
	struct conversion_lines list;
	struct standing standing;

	TRY(conversion_list_page(tx, &cast->ada, &filter, &list));
	assert_int_equal(list.len, 0);
	TRY(conversion_list_page(tx, &cast->bob, &filter, &list));
	assert_int_equal(list.len, 1);
	TRY(conversion_list_page(tx, &cast->operator_, &filter, &list));
	assert_int_equal(list.len, 1);
	assert_true(str_eq(list.at[0].partner_name, S("Bob")));
	TRY(standing_of(tx, &cast->ada, STR_NONE, &standing));
	assert_int_equal(standing_all(&standing), ADAS);
	TRY(standing_of(tx, &cast->operator_, STR_NONE, &standing));
	assert_int_equal(standing_all(&standing), ADAS + 1);
	TRY(standing_of(tx, &cast->operator_, S("bakery"), &standing));
	assert_int_equal(standing_all(&standing), 1);
	return NULL;
}

static void rights_body(struct store_testing *with)
{
	play(with, rights);
}

static void a_partner_finds_its_own_and_an_operator_all(void **state)
{
	(void)state;
	store_testing_each(rights_body);
}

/* Words as they are typed; none of them is a pattern. */
static fault *words(struct tx *tx, void *what)
{
	static const struct {
		const char *text;
		size_t found;
	} rows[] = {
		{ "tenant-00", 1 }, { "TENANT-0", 10 }, { "%", 0 },
		{ "tenant_00", 0 }, { "\\", 0 },	{ "' OR 1=1 --", 0 },
	};
	struct cast *cast = what;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct conversion_filter filter = { .text = str_of(rows[i].text) };
		struct conversion_lines list;

		TRY(conversion_list_page(tx, &cast->ada, &filter, &list));
		assert_int_equal(list.len, rows[i].found);
	}
	return NULL;
}

static void words_body(struct store_testing *with)
{
	play(with, words);
}

static void typed_words_are_no_pattern(void **state)
{
	(void)state;
	store_testing_each(words_body);
}

static fault *filters(struct tx *tx, void *what)
{
	static const struct {
		struct conversion_filter filter;
		size_t found;
	} rows[] = {
		{ { .state = { "running", 7 } }, CONVERSION_LIST_PAGE },
		{ { .state = { "done", 4 } }, 0 },
		{ { .step = { "record", 6 } }, CONVERSION_LIST_PAGE },
		{ { .step = { "plan", 4 } }, 0 },
		{ { .waits = { "partner", 7 } }, 1 },
		{ { .waits = { "operator", 8 } }, 0 },
		{ { .waits = { "date", 4 } }, 0 },
	};
	struct cast *cast = what;
	struct conversion_lines list;

	TRY(wait_for_the_partner(tx, cast->first));
	for (size_t i = 0; i < COUNT(rows); i++) {
		TRY(conversion_list_page(tx, &cast->ada, &rows[i].filter, &list));
		assert_int_equal(list.len, rows[i].found);
	}
	return NULL;
}

static void filters_body(struct store_testing *with)
{
	play(with, filters);
}

static void each_filter_narrows_the_list(void **state)
{
	(void)state;
	store_testing_each(filters_body);
}

static fault *refusals(struct tx *tx, void *what)
{
	static const char a_lot[CONVERSION_LIST_TEXT_MOST + 2] = "x";
	static const struct conversion_filter rows[] = {
		{ .text = { a_lot, CONVERSION_LIST_TEXT_MOST + 1 } },
		{ .state = { "gone", 4 } },
		{ .step = { "dance", 5 } },
		{ .waits = { "godot", 5 } },
		{ .after = { "cnv_0", 5 } },
		{ .after = { "1-", 2 } },
		{ .waits = { "", 0 } },
	};
	struct cast *cast = what;
	struct conversion_lines list;

	for (size_t i = 0; i < COUNT(rows); i++) {
		fault *f = conversion_list_page(tx, &cast->ada, &rows[i], &list);

		assert_non_null(f);
		assert_int_equal(f->kind, FAULT_INPUT);
	}
	return NULL;
}

static void refusals_body(struct store_testing *with)
{
	play(with, refusals);
}

static void words_that_are_no_filter_are_refused(void **state)
{
	(void)state;
	store_testing_each(refusals_body);
}

static fault *counts(struct tx *tx, void *what)
{
	struct cast *cast = what;
	struct standing s;
	int64_t before, after;

	TRY(standing_version(tx, &cast->ada, &before));
	TRY(wait_for_the_partner(tx, cast->first));
	TRY(standing_version(tx, &cast->ada, &after));
	assert_true(after > before);
	TRY(standing_of(tx, &cast->ada, STR_NONE, &s));
	assert_int_equal(standing_waiting_for(&s, WAITS_PARTNER), 1);
	assert_int_equal(standing_at_step(&s, STEP_RECORD), ADAS);
	assert_int_equal(s.of_state[CONVERSION_WAITING], 1);
	assert_int_equal(s.of_state[CONVERSION_RUNNING], ADAS - 1);
	assert_false(instant_is_none(standing_oldest(&s, STEP_RECORD)));
	assert_true(instant_is_none(standing_oldest(&s, STEP_PLAN)));
	return NULL;
}

static void counts_body(struct store_testing *with)
{
	play(with, counts);
}

static void the_counts_are_those_of_the_list(void **state)
{
	(void)state;
	store_testing_each(counts_body);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_conversion_is_on_one_page),
		cmocka_unit_test(a_partner_finds_its_own_and_an_operator_all),
		cmocka_unit_test(typed_words_are_no_pattern),
		cmocka_unit_test(each_filter_narrows_the_list),
		cmocka_unit_test(words_that_are_no_filter_are_refused),
		cmocka_unit_test(the_counts_are_those_of_the_list),
	};

	return cmocka_run_group_tests_name("conversion_list", tests, NULL, NULL);
}
