#include "store/store.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "migrations_embedded.h"
#include "store/store_testing.h"
#include "store_trial_embedded.h"
#include "trial_sql.h"

static void add(struct store_testing *with, const char *name, int64_t count)
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

static int64_t total(struct store_testing *with)
{
	DEFER(tx_end) struct tx *tx = NULL;
	struct trial_total row = { 0 };
	bool found;

	assert_null(tx_begin(with->store, STORE_READ, with->arena, &tx));
	assert_null(trial_total(tx, &row, &found));
	assert_true(found);
	return row.total;
}

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
		add(with, names[i], 1);
	assert_null(tx_begin(with->store, STORE_READ, with->arena, &tx));
	assert_null(trial_names(tx, &rows));
	assert_int_equal(rows.len, COUNT(sorted));
	for (size_t i = 0; i < COUNT(sorted); i++)
		assert_true(str_eq(rows.at[i].name, str_of(sorted[i])));
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

	add(with, "one", 1);
	add(with, "two", 2);
	assert_null(tx_begin(with->store, STORE_WRITE, with->arena, &tx));
	assert_null(trial_move(tx, 10, false, &changed));
	assert_int_equal(changed, 2);
	assert_null(trial_move(tx, 10, true, &changed));
	assert_int_equal(changed, 0);
	assert_null(trial_names(tx, &rows));
	assert_null(trial_take(tx, (id){ .n = 12345 }, &taken, &found));
	assert_false(found);
	assert_null(tx_commit(tx));
	assert_int_equal(total(with), 23);
}

static void forget(struct store_testing *with)
{
	struct tx *tx = NULL;

	assert_null(tx_begin(with->store, STORE_WRITE, with->arena, &tx));
	assert_null(trial_add(tx, &(struct trial_add_in){ .id = tx_new_id(tx),
							  .count = 5,
							  .ended = INSTANT_NONE,
							  .name = S("gone") }));
	tx_end(&tx);
	assert_null(tx);
	assert_int_equal(total(with), 0);
}

/* What a constraint refuses is a conflict, and the transaction is lost: on both databases. */
static void refuse_by_constraint(struct store_testing *with)
{
	static const struct {
		const char *name;
		int64_t owner;
	} rows[] = { { "twin", 0 }, { "orphan", 77 } };

	add(with, "twin", 1);
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
	assert_int_equal(total(with), 1);
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

	add(with, "one", 1);
	add(with, "two", 1);
	assert_null(tx_begin(with->store, STORE_READ, with->arena, &tx));
	fault *f = trial_any(tx, &name, &found);
	assert_int_equal(f->kind, FAULT_BUG);
	f = trial_lying(tx, S("one"), &lying, &found);
	assert_int_equal(f->kind, FAULT_BUG);
}

static void refuse_writes_while_reading(struct store_testing *with)
{
	DEFER(tx_end) struct tx *tx = NULL;
	int64_t changed;

	assert_null(tx_begin(with->store, STORE_READ, with->arena, &tx));
	fault *f = trial_move(tx, 1, true, &changed);
	assert_int_equal(f->kind, FAULT_BUG);
}

static void refuse_a_writer_inside_a_writer(struct store_testing *with)
{
	DEFER(tx_end) struct tx *outer = NULL;
	struct tx *inner = NULL;

	if (store_is_postgres(with->store))
		return; /* two transactions of one thread do not meet there */
	assert_null(tx_begin(with->store, STORE_WRITE, with->arena, &outer));
	fault *f = tx_begin(with->store, STORE_WRITE, with->arena, &inner);
	assert_int_equal(f->kind, FAULT_BUG);
}

static void migrate_again(struct store_testing *with)
{
	struct store_migration rows[2] = { store_trial_embedded.at[0], store_trial_embedded.at[0] };
	struct store_migrations known = { .at = rows, .count = 1 };
	enum store_state state;
	int applied;

	assert_null(store_check(with->store, &known, &state));
	assert_int_equal(state, STORE_READY);
	assert_null(store_migrate(with->store, &known, &applied));
	assert_int_equal(applied, 0);

	rows[1] = (struct store_migration){
		.number = 2,
		.name = S("0002-oops.sql"),
		.text = S("CREATE TABLE oops (id @id PRIMARY KEY) @strict;"
			  "CREATE TABLE oops (;")
	};
	known.count = 2;
	assert_null(store_check(with->store, &known, &state));
	assert_int_equal(state, STORE_BEHIND);
	fault *f = store_migrate(with->store, &known, &applied);
	assert_non_null(f);
	assert_non_null(strstr(f->said, "0002-oops.sql"));

	/* All or nothing: the first half of it is not there. */
	rows[1].text = S("CREATE TABLE oops (id @id PRIMARY KEY) @strict;");
	assert_null(store_migrate(with->store, &known, &applied));
	assert_int_equal(applied, 1);

	known.count = 1;
	assert_null(store_check(with->store, &known, &state));
	assert_int_equal(state, STORE_AHEAD);
	f = store_migrate(with->store, &known, &applied);
	assert_int_equal(f->kind, FAULT_CONFLICT);

	known.count = 2;
	rows[0].text = S("CREATE TABLE other (id @id PRIMARY KEY);");
	assert_null(store_check(with->store, &known, &state));
	assert_int_equal(state, STORE_CHANGED);
	f = store_migrate(with->store, &known, &applied);
	assert_int_equal(f->kind, FAULT_CONFLICT);
}

static void start_empty(struct store_testing *with)
{
	enum store_state state;

	assert_null(store_check(with->store, &store_trial_embedded, &state));
	assert_int_equal(state, STORE_EMPTY);
}

struct retry {
	struct store_testing *with;
	int times, busy;
};

static fault *busy_for_a_while(struct tx *tx, void *of)
{
	struct retry *retry = of;
	int64_t changed;

	retry->times++;
	TRY(trial_move(tx, 1, false, &changed));
	return retry->times <= retry->busy ? fault_new(FAULT_BUSY, "Not yet.") : NULL;
}

static void run_again_when_busy(struct store_testing *with)
{
	struct retry twice = { .with = with, .busy = 2 }, always = { .with = with, .busy = 100 };

	add(with, "one", 0);
	assert_null(store_run(with->store, STORE_WRITE, with->arena, "twice", busy_for_a_while,
			      &twice));
	assert_int_equal(twice.times, 3);
	assert_int_equal(total(with), 1);
	fault *f = store_run(with->store, STORE_WRITE, with->arena, "always", busy_for_a_while,
			     &always);
	assert_int_equal(f->kind, FAULT_BUSY);
	assert_int_equal(always.times, 5);
	assert_int_equal(total(with), 1);
}

enum { THREADS = 6, TURNS = 20 };

struct turn {
	struct store *store;
	id row;
	int done;
};

/* Reads, thinks, writes back: a lost update would show in the sum. */
static fault *take_one(struct tx *tx, void *of)
{
	struct turn *turn = of;
	struct trial_total before;
	struct trial_take row;
	bool found;

	TRY(trial_total(tx, &before, &found));
	TRY(trial_take(tx, turn->row, &row, &found));
	return row.count == before.total - 1 ? NULL : fault_new(FAULT_BUG, "A lost update.");
}

static void *take_turns(void *of)
{
	struct turn *turn = of;

	for (int i = 0; i < TURNS; i++) {
		struct arena *arena = arena_open();
		fault *f = store_run(turn->store, STORE_WRITE, arena, "take", take_one, turn);
		while (f && f->kind == FAULT_BUSY)
			f = store_run(turn->store, STORE_WRITE, arena, "take", take_one, turn);
		turn->done += f == NULL;
		arena_close(arena);
	}
	return NULL;
}

static void write_from_many_threads(struct store_testing *with)
{
	struct turn turns[THREADS];
	pthread_t threads[THREADS];
	struct trial_by_name row;
	bool found;

	add(with, "shared", THREADS * TURNS);
	struct tx *tx = NULL;
	assert_null(tx_begin(with->store, STORE_READ, with->arena, &tx));
	assert_null(trial_by_name(tx, S("shared"), &row, &found));
	tx_end(&tx);
	for (int i = 0; i < THREADS; i++) {
		turns[i] = (struct turn){ .store = with->store, .row = row.id };
		assert_int_equal(pthread_create(&threads[i], NULL, take_turns, &turns[i]), 0);
	}
	for (int i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		assert_int_equal(turns[i].done, TURNS);
	}
	assert_int_equal(total(with), 0);
}

/* Two processes may start at once on an empty database: one of them migrates. */
static void *migrate_it(void *of)
{
	struct store_testing *with = of;
	struct store *store = NULL;
	static __thread int applied;

	applied = -1;
	if (store_open(with->address, 1, &with->world.world, &store) ||
	    store_migrate(store, &store_trial_embedded, &applied))
		applied = -1;
	store_close(store);
	return (void *)(intptr_t)applied;
}

static void migrate_from_two_sides(struct store_testing *with)
{
	pthread_t threads[4];
	intptr_t applied = 0;

	if (str_eq(with->address, S(":memory:")))
		return;
	for (size_t i = 0; i < COUNT(threads); i++)
		assert_int_equal(pthread_create(&threads[i], NULL, migrate_it, with), 0);
	for (size_t i = 0; i < COUNT(threads); i++) {
		void *one;
		pthread_join(threads[i], &one);
		assert_true((intptr_t)one >= 0);
		applied += (intptr_t)one;
	}
	assert_int_equal(applied, 1);
}

static void see_one_moment(struct store_testing *with)
{
	DEFER(tx_end) struct tx *tx = NULL;
	struct trial_total row;
	bool found;

	add(with, "one", 1);
	assert_null(tx_begin(with->store, STORE_READ, with->arena, &tx));
	assert_null(trial_total(tx, &row, &found));
	add(with, "two", 10);
	assert_null(trial_total(tx, &row, &found));
	assert_int_equal(row.total, 1);
	tx_end(&tx);
	assert_int_equal(total(with), 11);
}

static void a_database_out_of_reach_is_told(void **state)
{
	static const char *const addresses[] = { "/nowhere/at/all/novate.db",
						 "postgresql://novate@127.0.0.1:1/novate" };
	struct store *store = NULL;

	(void)state;
	for (size_t i = 0; i < COUNT(addresses); i++) {
		fault *f = store_open(str_of(addresses[i]), 1, world_of_system(), &store);
		assert_non_null(f);
		assert_int_equal(f->kind, FAULT_REMOTE);
		assert_null(store);
	}
}

static void the_schema_is_ready(struct store_testing *with)
{
	enum store_state state;

	assert_null(store_check(with->store, &migrations_embedded, &state));
	assert_int_equal(state, STORE_READY);
}

static void the_migrations_of_the_program_run(void **state)
{
	(void)state;
	store_testing_each_shared(the_schema_is_ready);
}

static const struct store_migrations none = { .at = NULL, .count = 0 };

#define ON_EACH(X)                                                                         \
	X(values_of_every_kind_come_back_as_they_were, keep_every_kind, each)              \
	X(empty_is_not_none, tell_empty_from_none, each)                                   \
	X(text_is_ordered_by_bytes, order_by_bytes, each)                                  \
	X(a_long_list_is_read_whole, read_many, each)                                      \
	X(changes_are_counted, count_changes, each)                                        \
	X(what_is_not_committed_is_forgotten, forget, each)                                \
	X(a_constraint_is_a_conflict_and_ends_the_transaction, refuse_by_constraint, each) \
	X(bad_values_are_refused, refuse_bad_values, each)                                 \
	X(an_answer_nobody_promised_is_refused, refuse_answers_nobody_promised, each)      \
	X(a_reader_cannot_write, refuse_writes_while_reading, each)                        \
	X(a_writer_inside_a_writer_is_refused, refuse_a_writer_inside_a_writer, each)      \
	X(migrations_run_once_and_are_never_changed, migrate_again, each)                  \
	X(busy_is_tried_again_a_few_times, run_again_when_busy, each)                      \
	X(no_update_is_lost_between_threads, write_from_many_threads, each_shared)         \
	X(a_reader_sees_one_moment, see_one_moment, each_shared)

#define X(name, body, how)                                             \
	static void name(void **state)                                 \
	{                                                              \
		(void)state;                                           \
		store_testing_##how##_of(&store_trial_embedded, body); \
	}
ON_EACH(X)
#undef X

static void a_new_database_is_empty(void **state)
{
	(void)state;
	store_testing_each_of(&none, start_empty);
}

static void two_that_migrate_at_once_agree(void **state)
{
	(void)state;
	store_testing_each_shared_of(&none, migrate_from_two_sides);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define X(name, body, how) cmocka_unit_test(name),
		ON_EACH(X)
#undef X
			cmocka_unit_test(a_new_database_is_empty),
		cmocka_unit_test(two_that_migrate_at_once_agree),
		cmocka_unit_test(a_database_out_of_reach_is_told),
		cmocka_unit_test(the_migrations_of_the_program_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
