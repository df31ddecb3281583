#include "store/tx.h"

#include <libpq-fe.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "store/trial_testing.h"

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
	assert_int_equal(trial_sum(with), 0);
}

/* What a constraint refuses is a conflict, and the transaction is lost: on both databases. */

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

/* Half of them through a second store with fewer connections than threads: as from another
 * process, and waiting for each other. */
static void write_from_many_threads(struct store_testing *with)
{
	DEFER(store_end) struct store *other = NULL;
	struct turn turns[THREADS];
	pthread_t threads[THREADS];
	struct trial_by_name row;
	bool found;

	trial_put(with, "shared", THREADS * TURNS);
	struct tx *tx = NULL;
	assert_null(tx_begin(with->store, STORE_READ, with->arena, &tx));
	assert_null(trial_by_name(tx, S("shared"), &row, &found));
	tx_end(&tx);
	assert_null(store_open(with->address, 2, &with->world.world, &other));
	for (int i = 0; i < THREADS; i++) {
		turns[i] = (struct turn){ .store = i % 2 ? other : with->store, .row = row.id };
		assert_int_equal(pthread_create(&threads[i], NULL, take_turns, &turns[i]), 0);
	}
	for (int i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		assert_int_equal(turns[i].done, TURNS);
	}
	assert_int_equal(trial_sum(with), 0);
}

static void see_one_moment(struct store_testing *with)
{
	DEFER(tx_end) struct tx *tx = NULL;
	struct trial_total row;
	bool found;

	trial_put(with, "one", 1);
	assert_null(tx_begin(with->store, STORE_READ, with->arena, &tx));
	assert_null(trial_total(tx, &row, &found));
	trial_put(with, "two", 10);
	assert_null(trial_total(tx, &row, &found));
	assert_int_equal(row.total, 1);
	tx_end(&tx);
	assert_int_equal(trial_sum(with), 11);
}

/* In a child, because it ends there. */
static void commit_past_the_store(struct store_testing *with)
{
	struct tx *tx = NULL;
	int status = 0;
	pid_t child = store_is_postgres(with->store) ? -1 : fork();

	if (child < 0)
		return; /* PostgreSQL has no hook for it */
	if (child == 0) {
		close(STDERR_FILENO); /* it would tell of the abort */
		signal(SIGABRT, SIG_DFL);
		fault *f = tx_begin(with->store, STORE_WRITE, with->arena, &tx);
		if (!f)
			f = trial_add(tx, &(struct trial_add_in){ .id = tx_new_id(tx),
								  .ended = INSTANT_NONE,
								  .name = S("smuggled") });
		if (!f)
			f = tx->on->driver->script(tx->on, "COMMIT");
		_exit(f ? 2 : 0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
	assert_int_equal(trial_sum(with), 0);
}

static void cut_the_line(const char *server)
{
	static const char text[] = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
				   "WHERE application_name = 'novate lost line'";
	PGconn *link = PQconnectdb(server);
	PGresult *result = PQexec(link, text);

	assert_int_equal(PQntuples(result), 1);
	PQclear(result);
	PQfinish(link);
}

/* A server that restarts costs one try: the pool opens a new connection. */
static void lose_the_line(struct store_testing *with)
{
	struct store *store = NULL;
	struct tx *tx = NULL;
	int64_t changed;

	if (!store_is_postgres(with->store))
		return;
	const char *address = str_cstr(with->arena, with->address);
	assert_null(store_open(
		str_format(with->arena, "%s&application_name=novate%%20lost%%20line", address), 1,
		&with->world.world, &store));
	cut_the_line(address); /* while nobody uses it: nobody notices */
	assert_null(tx_begin(store, STORE_WRITE, with->arena, &tx));
	cut_the_line(address);
	fault *f = trial_move(tx, 1, false, &changed);
	assert_int_equal(f->kind, FAULT_BUSY);
	tx_end(&tx);

	assert_null(tx_begin(store, STORE_WRITE, with->arena, &tx));
	assert_null(trial_move(tx, 1, false, &changed));
	cut_the_line(address);
	f = tx_commit(tx); /* nobody knows whether it was kept */
	assert_int_equal(f->kind, FAULT_REMOTE);
	tx_end(&tx);
	store_close(store);
}

static void commit_twice(struct store_testing *with)
{
	DEFER(tx_end) struct tx *tx = NULL;
	int64_t changed;

	assert_null(tx_begin(with->store, STORE_WRITE, with->arena, &tx));
	assert_null(tx_commit(tx));
	fault *f = tx_commit(tx);
	assert_int_equal(f->kind, FAULT_BUG);
	f = trial_move(tx, 1, false, &changed);
	assert_int_equal(f->kind, FAULT_BUG);
}

static void refuse_a_second_on_one_connection(struct store_testing *with)
{
	DEFER(store_end) struct store *store = NULL;
	DEFER(tx_end) struct tx *outer = NULL;
	struct tx *inner = NULL;

	assert_null(store_open(with->address, 1, &with->world.world, &store));
	assert_null(tx_begin(store, STORE_READ, with->arena, &outer));
	fault *f = tx_begin(store, STORE_READ, with->arena, &inner);
	assert_int_equal(f->kind, FAULT_BUG);
	tx_end(&outer);
}

static const enum value_kind number[] = { VALUE_INT64 };
static const struct statement one = { .name = "one",
				      .sqlite = "SELECT 1",
				      .postgres = "SELECT 1::bigint",
				      .outs = number,
				      .out_count = 1 };

static void refuse_to_end_while_reading(struct store_testing *with)
{
	struct tx *tx = NULL;
	struct rows *rows = NULL;

	assert_null(tx_begin(with->store, STORE_WRITE, with->arena, &tx));
	assert_null(statement_open(tx, &one, NULL, &rows));
	assert_int_equal(tx_commit(tx)->kind, FAULT_BUG);
	statement_end(&rows);
	assert_null(tx_commit(tx));
	tx_end(&tx);
}

struct waiting {
	struct store *store;
	fault *f;
};

static void *wait_to_write(void *of)
{
	DEFER(arena_end) struct arena *arena = arena_open();
	DEFER(tx_end) struct tx *tx = NULL;
	struct waiting *waiting = of;

	waiting->f = tx_begin(waiting->store, STORE_WRITE, arena, &tx);
	return NULL;
}

/* One waits in this process for its turn, one for another process, each about ten seconds. */
static void wait_no_longer_than_people_do(struct store_testing *with)
{
	DEFER(store_end) struct store *small = NULL, *other = NULL;
	DEFER(tx_end) struct tx *tx = NULL;
	struct waiting waiting[2];
	pthread_t threads[2];

	assert_null(store_open(with->address, 1, &with->world.world, &small));
	assert_null(store_open(with->address, 1, &with->world.world, &other));
	assert_null(tx_begin(small, STORE_WRITE, with->arena, &tx));
	for (int i = 0; i < 2; i++) {
		waiting[i] = (struct waiting){ .store = i ? other : small };
		assert_int_equal(pthread_create(&threads[i], NULL, wait_to_write, &waiting[i]), 0);
	}
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(waiting[0].f->kind, FAULT_BUSY);
	/* PostgreSQL lets two write at once. */
	if (store_is_postgres(with->store))
		assert_null(waiting[1].f);
	else
		assert_int_equal(waiting[1].f->kind, FAULT_BUSY);
	tx_end(&tx);
	assert_null(tx_begin(small, STORE_WRITE, with->arena, &tx));
}

/* The folder of the file is away: the turn to write, taken before the file is opened, is free. */
static void a_connection_that_cannot_be_opened_gives_its_turn_back(void **state)
{
	DEFER(arena_end) struct arena *arena = arena_open();
	DEFER(store_end) struct store *store = NULL;
	DEFER(tx_end) struct tx *reads = NULL, *writes = NULL;
	char folder[] = "/tmp/novate-store-XXXXXX";

	(void)state;
	assert_non_null(mkdtemp(folder));
	const char *away = str_format(arena, "%s-away", folder).at;
	const char *file = str_format(arena, "%s/novate.db", folder).at;
	assert_null(store_open(str_of(file), 2, world_of_system(), &store));
	assert_null(tx_begin(store, STORE_READ, arena, &reads));
	assert_int_equal(rename(folder, away), 0);
	fault *f = tx_begin(store, STORE_WRITE, arena, &writes);
	assert_int_equal(f->kind, FAULT_BUSY);
	assert_int_equal(rename(away, folder), 0);
	assert_null(tx_begin(store, STORE_WRITE, arena, &writes));
	tx_end(&writes);
	tx_end(&reads);
	store_end(&store);
	assert_int_equal(unlink(file), 0);
	(void)unlink(str_format(arena, "%s-wal", file).at);
	(void)unlink(str_format(arena, "%s-shm", file).at);
	assert_int_equal(rmdir(folder), 0);
}

#define ON_EACH(X)                                                                              \
	X(what_is_not_committed_is_forgotten, forget, each)                                     \
	X(a_reader_cannot_write, refuse_writes_while_reading, each)                             \
	X(a_writer_inside_a_writer_is_refused, refuse_a_writer_inside_a_writer, each)           \
	X(no_update_is_lost_between_threads, write_from_many_threads, each_shared)              \
	X(a_reader_sees_one_moment, see_one_moment, each_shared)                                \
	X(a_commit_past_the_store_ends_the_program, commit_past_the_store, each)                \
	X(a_lost_connection_is_replaced, lose_the_line, each)                                   \
	X(a_transaction_is_committed_once, commit_twice, each)                                  \
	X(a_second_transaction_on_one_connection_is_refused, refuse_a_second_on_one_connection, \
	  each)                                                                                 \
	X(a_transaction_does_not_end_while_rows_are_read, refuse_to_end_while_reading, each)    \
	X(nobody_waits_longer_than_people_do, wait_no_longer_than_people_do, each_shared)

ON_EACH(TRIAL_TEST)

int main(void)
{
	const struct CMUnitTest tests[] = {
#define X(name, body, how) cmocka_unit_test(name),
		ON_EACH(X)
#undef X
			cmocka_unit_test(a_connection_that_cannot_be_opened_gives_its_turn_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
