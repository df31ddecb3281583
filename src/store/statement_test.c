#include "store/statement.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "store/trial_testing.h"

static void keep_every_kind(struct store_testing *with)
{
	DEFER(tx_end) struct tx *tx = NULL;
	struct trial_by_name row = { 0 };
	bool found;

	assert_null(tx_begin(with->store, STORE_WRITE, with->arena, &tx));
	struct trial_add_in in = { .id = tx_new_id(tx),
				   .owner = ID_NONE,
				   .count = INT64_MIN + 1,
				   .done = true,
				   .at = { .micros = -1 },
				   .ended = INSTANT_NONE,
				   .name = S("Zoë's \"quoted\" \\ name; -- $x"),
				   .note = S(""),
				   .body = { .at = "\0\x01\xff'", .len = 4 } };
	assert_null(trial_add(tx, &in));
	assert_null(trial_by_name(tx, in.name, &row, &found));
	assert_true(found);
	assert_true(id_eq(row.id, in.id) && id_is_none(row.owner) && row.done);
	assert_int_equal(row.count, in.count);
	assert_int_equal(row.at.micros, -1);
	assert_true(instant_is_none(row.ended));
	assert_true(str_eq(row.name, in.name));
	assert_true(!str_is_none(row.note) && str_is_empty(row.note));
	assert_true(str_eq(row.body, in.body));
	assert_null(trial_by_name(tx, S("nobody"), &row, &found));
	assert_false(found);
}

static void tell_empty_from_none(struct store_testing *with)
{
	DEFER(tx_end) struct tx *tx = NULL;
	struct trial_by_name row = { 0 };
	bool found;

	assert_null(tx_begin(with->store, STORE_WRITE, with->arena, &tx));
	struct trial_add_in in = {
		.id = tx_new_id(tx), .ended = INSTANT_NONE, .name = S("empty"), .body = S("")
	};
	assert_null(trial_add(tx, &in));
	assert_null(trial_by_name(tx, in.name, &row, &found));
	assert_true(found && str_is_none(row.note));
	assert_true(!str_is_none(row.body) && str_is_empty(row.body));
}

static void order_by_bytes(struct store_testing *with)
{
	static const char *const names[] = { "a", "B", "é", "_", "a b", "aB" };
	static const char *const sorted[] = { "B", "_", "a", "a b", "aB", "é" };
	struct trial_names_list rows = { 0 };
	DEFER(tx_end) struct tx *tx = NULL;

	for (size_t i = 0; i < COUNT(names); i++)
		trial_put(with, names[i], 1);
	assert_null(tx_begin(with->store, STORE_READ, with->arena, &tx));
	assert_null(trial_names(tx, &rows));
	assert_int_equal(rows.len, COUNT(sorted));
	for (size_t i = 0; i < COUNT(sorted); i++)
		assert_true(str_eq(rows.at[i].name, str_of(sorted[i])));
}

static void like_with_case(struct store_testing *with)
{
	struct trial_names_list rows = { 0 };
	DEFER(tx_end) struct tx *tx = NULL;

	trial_put(with, "Spring", 1);
	trial_put(with, "spring sale", 1);
	assert_null(tx_begin(with->store, STORE_READ, with->arena, &tx));
	assert_null(trial_like(tx, S("spring%"), &rows));
	assert_int_equal(rows.len, 1);
	assert_true(str_eq(rows.at[0].name, S("spring sale")));
}

static void refuse_overflow(struct store_testing *with)
{
	DEFER(tx_end) struct tx *tx = NULL;
	int64_t changed;

	trial_put(with, "large", INT64_MAX);
	assert_null(tx_begin(with->store, STORE_WRITE, with->arena, &tx));
	fault *f = trial_move(tx, 1, false, &changed);
	assert_non_null(f);
	assert_int_equal(f->kind, FAULT_INPUT);
}

static void read_many(struct store_testing *with)
{
	enum { MANY = 100 };
	struct trial_names_list rows = { 0 };
	DEFER(tx_end) struct tx *tx = NULL;

	assert_null(tx_begin(with->store, STORE_WRITE, with->arena, &tx));
	for (int i = 0; i < MANY; i++)
		assert_null(trial_add(
			tx, &(struct trial_add_in){ .id = tx_new_id(tx),
						    .ended = INSTANT_NONE,
						    .name = str_format(with->arena, "%03d", i) }));
	assert_null(trial_owned(tx, ID_NONE, &rows));
	assert_int_equal(rows.len, MANY);
	for (int i = 0; i < MANY; i++)
		assert_true(str_eq(rows.at[i].name, str_format(with->arena, "%03d", i)));
}

static void count_changes(struct store_testing *with)
{
	DEFER(tx_end) struct tx *tx = NULL;
	struct trial_names_list rows = { 0 };
	struct trial_take taken = { 0 };
	int64_t changed = -1;
	bool found;

	trial_put(with, "one", 1);
	trial_put(with, "two", 2);
	assert_null(tx_begin(with->store, STORE_WRITE, with->arena, &tx));
	assert_null(trial_move(tx, 10, false, &changed));
	assert_int_equal(changed, 2);
	assert_null(trial_move(tx, 10, true, &changed));
	assert_int_equal(changed, 0);
	assert_null(trial_names(tx, &rows));
	assert_null(trial_take(tx, (id){ .n = 12345 }, &taken, &found));
	assert_false(found);
	assert_null(tx_commit(tx));
	assert_int_equal(trial_sum(with), 23);
}

static void refuse_by_constraint(struct store_testing *with)
{
	static const struct {
		const char *name;
		int64_t owner;
	} rows[] = { { "twin", 0 }, { "orphan", 77 } };

	trial_put(with, "twin", 1);
	for (size_t i = 0; i < COUNT(rows); i++) {
		DEFER(tx_end) struct tx *tx = NULL;
		assert_null(tx_begin(with->store, STORE_WRITE, with->arena, &tx));
		fault *f = trial_add(tx, &(struct trial_add_in){ .id = tx_new_id(tx),
								 .owner = { .n = rows[i].owner },
								 .ended = INSTANT_NONE,
								 .name = str_of(rows[i].name) });
		assert_non_null(f);
		assert_int_equal(f->kind, FAULT_CONFLICT);
		assert_non_null(strstr(f->noted, "trial_add"));
		int64_t changed;
		f = trial_move(tx, 1, true, &changed);
		assert_int_equal(f->kind, FAULT_BUG);
		f = tx_commit(tx);
		assert_int_equal(f->kind, FAULT_BUG);
	}
	assert_int_equal(trial_sum(with), 1);
}

static void refuse_bad_values(struct store_testing *with)
{
	static const struct {
		str name;
		enum fault_kind kind;
	} rows[] = {
		{ { .at = "a\0b", .len = 3 }, FAULT_INPUT },
		{ { .at = "\xff\xfe", .len = 2 }, FAULT_INPUT },
		{ { .at = NULL, .len = 0 }, FAULT_BUG },
	};
	DEFER(tx_end) struct tx *tx = NULL;
	struct trial_by_name row;
	bool found;

	assert_null(tx_begin(with->store, STORE_READ, with->arena, &tx));
	for (size_t i = 0; i < COUNT(rows); i++) {
		fault *f = trial_by_name(tx, rows[i].name, &row, &found);
		assert_non_null(f);
		assert_int_equal(f->kind, rows[i].kind);
	}
}

static void refuse_answers_nobody_promised(struct store_testing *with)
{
	DEFER(tx_end) struct tx *tx = NULL;
	struct trial_names name;
	struct trial_lying lying;
	bool found;

	trial_put(with, "one", 1);
	trial_put(with, "two", 1);
	assert_null(tx_begin(with->store, STORE_READ, with->arena, &tx));
	fault *f = trial_any(tx, &name, &found);
	assert_int_equal(f->kind, FAULT_BUG);
	f = trial_lying(tx, S("one"), &lying, &found);
	assert_int_equal(f->kind, FAULT_BUG);
}

static const enum value_kind number[] = { VALUE_INT64 };

static void refuse_what_no_generator_makes(struct store_testing *with)
{
	static const struct statement echo = { .name = "echo",
					       .sqlite = "SELECT ?1 UNION ALL SELECT 2",
					       .postgres = "SELECT $1::bigint UNION ALL SELECT 2",
					       .ins = number,
					       .in_count = 1,
					       .outs = number,
					       .out_count = 1 };
	static const struct statement nonsense = { .name = "nonsense",
						   .sqlite = "SELECT of nothing",
						   .postgres = "SELECT of nothing" };
	DEFER(tx_end) struct tx *tx = NULL;
	DEFER(statement_end) struct rows *rows = NULL, *again = NULL;
	const struct value text = { .kind = VALUE_STR, .text = S("1") }, five = value_int64(5);
	struct value out;
	bool more;

	assert_null(tx_begin(with->store, STORE_READ, with->arena, &tx));
	fault *f = statement_open(tx, &echo, &text, &rows);
	assert_int_equal(f->kind, FAULT_BUG);
	assert_null(statement_open(tx, &echo, &five, &rows));
	assert_null(statement_next(rows, &out, &more));
	assert_true(more && out.number == 5);
	if (!store_is_postgres(with->store)) {
		f = statement_open(tx, &echo, &five, &again);
		assert_int_equal(f->kind, FAULT_BUG); /* they would be the same rows */
	}
	statement_end(&rows);
	tx_end(&tx);
	assert_null(tx_begin(with->store, STORE_READ, with->arena, &tx));
	f = statement_run(tx, &nonsense, NULL, NULL);
	assert_int_equal(f->kind, FAULT_BUG);
}

/* A database without room is its operator's to mend, and no reason to try again at once. */
static void tell_of_a_full_disk(struct store_testing *with)
{
	static const struct statement full = {
		.name = "full",
		.postgres = "DO 'BEGIN RAISE disk_full; END'",
	};
	DEFER(tx_end) struct tx *tx = NULL;

	if (!store_is_postgres(with->store))
		return;
	assert_null(tx_begin(with->store, STORE_WRITE, with->arena, &tx));
	fault *f = statement_run(tx, &full, NULL, NULL);
	assert_int_equal(f->kind, FAULT_REMOTE);
}

#define ON_EACH(X)                                                                         \
	X(values_of_every_kind_come_back_as_they_were, keep_every_kind, each)              \
	X(empty_is_not_none, tell_empty_from_none, each)                                   \
	X(text_is_ordered_by_bytes, order_by_bytes, each)                                  \
	X(a_long_list_is_read_whole, read_many, each)                                      \
	X(changes_are_counted, count_changes, each)                                        \
	X(a_constraint_is_a_conflict_and_ends_the_transaction, refuse_by_constraint, each) \
	X(like_tells_capitals_from_small_letters, like_with_case, each)                    \
	X(a_number_that_overflows_is_refused, refuse_overflow, each)                       \
	X(bad_values_are_refused, refuse_bad_values, each)                                 \
	X(an_answer_nobody_promised_is_refused, refuse_answers_nobody_promised, each)      \
	X(what_no_generator_makes_is_refused, refuse_what_no_generator_makes, each)        \
	X(a_full_disk_is_told, tell_of_a_full_disk, each)

ON_EACH(TRIAL_TEST)

int main(void)
{
	const struct CMUnitTest tests[] = {
#define X(name, body, how) cmocka_unit_test(name),
		ON_EACH(X)
#undef X
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
