#include "store/store.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "migrations_embedded.h"
#include "store/schema.h"
#include "store/statement.h"
#include "store/trial_testing.h"

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

	trial_put(with, "one", 0);
	assert_null(store_run(with->store, STORE_WRITE, with->arena, "twice", busy_for_a_while,
			      &twice));
	assert_int_equal(twice.times, 3);
	assert_int_equal(trial_sum(with), 1);
	fault *f = store_run(with->store, STORE_WRITE, with->arena, "always", busy_for_a_while,
			     &always);
	assert_int_equal(f->kind, FAULT_BUSY);
	assert_int_equal(always.times, 5);
	assert_int_equal(trial_sum(with), 1);
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

static void an_address_that_cannot_be_read_is_not_repeated(void **state)
{
	static const char *const addresses[] = {
		"postgresql://novate:5ecret@[::1]x/novate",
		"postgresql://novate:%zz5ecret@127.0.0.1:1/novate",
		"postgresql://novate:5ecret@127.0.0.1:1/novate?x",
	};
	struct store *store = NULL;

	(void)state;
	for (size_t i = 0; i < COUNT(addresses); i++) {
		fault *f = store_open(str_of(addresses[i]), 1, world_of_system(), &store);
		assert_non_null(f);
		assert_int_equal(f->kind, FAULT_INPUT);
		for (const fault *at = f; at; at = at->cause) {
			assert_null(strstr(at->said, "5ecret"));
			assert_true(!at->noted || !strstr(at->noted, "5ecret"));
		}
	}
}

static int64_t syncs_at(str address)
{
	static const enum value_kind number[] = { VALUE_INT64 };
	static const struct statement asked = { .name = "synchronous",
						.sqlite = "PRAGMA synchronous",
						.outs = number,
						.out_count = 1 };
	DEFER(arena_end) struct arena *arena = arena_open();
	DEFER(store_end) struct store *store = NULL;
	DEFER(tx_end) struct tx *tx = NULL;
	struct value out = { .kind = VALUE_INT64 };
	bool found;

	assert_null(store_open(address, 1, world_of_system(), &store));
	assert_null(tx_begin(store, STORE_READ, arena, &tx));
	assert_null(statement_one(tx, &asked, NULL, &out, &found));
	return out.number;
}

static void a_file_may_do_without_a_sync_at_each_commit(void **state)
{
	enum { NORMAL = 1, FULL = 2 };
	char directory[] = "/tmp/novate-store-XXXXXX";
	DEFER(arena_end) struct arena *arena = arena_open();

	(void)state;
	assert_non_null(mkdtemp(directory));
	const char *file = str_cstr(arena, str_format(arena, "%s/state.db", directory));
	assert_int_equal(syncs_at(str_format(arena, "%s?synchronous=normal", file)), NORMAL);
	assert_int_equal(syncs_at(str_of(file)), FULL);
	assert_int_equal(unlink(file), 0);
	assert_int_equal(rmdir(directory), 0);
}

/* Our words in what the database is to take as it stands are its own. */
static void only_words_of_ours_are_expanded(void **state)
{
	static const char *const kept[] = { "'@id'", "\"@id\"", "-- @id\n", "/* @id */",
					    "'@id",  "@ideal",	"x@" };
	DEFER(arena_end) struct arena *arena = arena_open();

	(void)state;
	for (size_t i = 0; i < COUNT(kept); i++)
		assert_string_equal(schema_expand(arena, str_of(kept[i]), false).at, kept[i]);
	assert_string_equal(schema_expand(arena, S("a @id/* x */@id"), false).at,
			    "a INTEGER/* x */INTEGER");
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

#define ON_EACH(X)                                                        \
	X(migrations_run_once_and_are_never_changed, migrate_again, each) \
	X(busy_is_tried_again_a_few_times, run_again_when_busy, each)

ON_EACH(TRIAL_TEST)

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
		cmocka_unit_test(only_words_of_ours_are_expanded),
		cmocka_unit_test(a_database_out_of_reach_is_told),
		cmocka_unit_test(an_address_that_cannot_be_read_is_not_repeated),
		cmocka_unit_test(a_file_may_do_without_a_sync_at_each_commit),
		cmocka_unit_test(the_migrations_of_the_program_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
