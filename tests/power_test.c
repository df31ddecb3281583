/* The power goes while SQLite works: what tx_commit said is kept is kept, the rest leaves no trace.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "base/fault.h"
#include "power_disk.h"
#include "power_vfs.h"
#include "store/store.h"
#include "store_trial_embedded.h"
#include "trial_sql.h"

enum { WRITES_MOST = 400, BODY_MOST = 60000 };

/* A database that is written to, and what each transaction made of it: the sums grow, so a sum
 * names the transaction that was the last to be kept. */
struct power {
	uint64_t dice;
	str address;
	struct arena *arena;
	struct world_seeded world;
	struct store *store;
	int64_t sum[WRITES_MOST + 1];
	int said; /* transactions that tx_commit said are kept */
	int begun;
	int lost; /* of those that it said are kept */
	int rows;
};

static uint64_t roll(struct power *p, uint64_t sides)
{
	p->dice = p->dice * 6364136223846793005U + 1442695040888963407U;
	return (p->dice >> 33) % sides;
}

/* Several rows, one of them large now and then, so that a transaction is many pages. */
static fault *write_rows(struct power *p, struct tx *tx, int64_t *sum)
{
	static char body[BODY_MOST];
	uint64_t rows = 1 + roll(p, 4);

	memset(body, 'a' + (int)roll(p, 26), sizeof(body));
	for (uint64_t i = 0; i < rows; i++) {
		size_t len = roll(p, 3) ? 40 : (size_t)roll(p, BODY_MOST);
		int64_t count = 1 + (int64_t)roll(p, 1000);

		*sum += count;
		TRY(trial_add(tx,
			      &(struct trial_add_in){ .id = tx_new_id(tx),
						      .count = count,
						      .at = tx_now(tx),
						      .ended = INSTANT_NONE,
						      .name = str_format(p->arena, "%d", ++p->rows),
						      .body = { body, len } }));
	}
	return NULL;
}

static fault *write_one(struct power *p, bool keep)
{
	DEFER(tx_end) struct tx *tx = NULL;
	int64_t sum = p->sum[p->said];

	TRY(tx_begin(p->store, STORE_WRITE, p->arena, &tx));
	TRY(write_rows(p, tx, &sum));
	if (!keep)
		return NULL;
	p->sum[p->said + 1] = sum;
	p->begun = p->said + 1;
	TRY(tx_commit(tx));
	p->said++;
	return NULL;
}

static fault *open_store(struct power *p)
{
	int applied;

	TRY(store_open(p->address, 4, &p->world.world, &p->store));
	return store_migrate(p->store, &store_trial_embedded, &applied);
}

/* A clean end now and then, for SQLite then empties its log into the database. */
static fault *work(struct power *p)
{
	if (!p->store)
		TRY(open_store(p));
	while (p->said < WRITES_MOST && p->begun < WRITES_MOST) {
		TRY(write_one(p, roll(p, 8) != 0));
		if (roll(p, 60))
			continue;
		store_close(p->store);
		p->store = NULL;
		TRY(open_store(p));
	}
	return NULL;
}

static int64_t sum_now(struct power *p)
{
	DEFER(tx_end) struct tx *tx = NULL;
	struct trial_total row = { 0 };
	bool found;

	assert_null(tx_begin(p->store, STORE_READ, p->arena, &tx));
	assert_null(trial_total(tx, &row, &found));
	return row.total;
}

/* The database as SQLite itself judges it. */
static void is_sound(const char *path)
{
	sqlite3_stmt *asked = NULL;
	sqlite3 *db = NULL;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &asked, NULL),
			 SQLITE_OK);
	assert_int_equal(sqlite3_step(asked), SQLITE_ROW);
	assert_string_equal((const char *)sqlite3_column_text(asked, 0), "ok");
	sqlite3_finalize(asked);
	sqlite3_close(db);
}

/* Which transaction was the last that is there; -1: the database shows half of one. */
static int last_kept(struct power *p)
{
	int64_t sum = sum_now(p);

	for (int i = p->begun; i >= 0; i--)
		if (p->sum[i] == sum)
			return i;
	return -1;
}

static void look_after_it(struct power *p, const char *path)
{
	fault *f;

	if (p->store)
		store_close(p->store);
	p->store = NULL;
	power_disk_on();
	f = open_store(p);
	if (f)
		fail_msg("it cannot be opened any more: %s (%s)", f->said, f->noted);
	int kept = last_kept(p);
	assert_in_range(kept, 0, p->begun);
	p->lost += kept < p->said ? p->said - kept : 0;
	p->said = p->begun = kept;
	is_sound(path);
}

/* Three times in one database's life; gives how many promised transactions were not there. */
static int lose_power(const char *path, str address, uint64_t seed)
{
	DEFER(arena_end) struct arena *arena = arena_open();
	struct power p = { .dice = seed, .address = address, .arena = arena };

	power_disk_new(seed);
	world_seeded_open(&p.world, seed, (instant){ .micros = 1770112800000000 });
	for (int times = 0; times < 3; times++) {
		power_disk_cut_at(1 + (int64_t)roll(&p, times == 0 && roll(&p, 2) ? 200 : 3000));
		fault *f = work(&p);
		if (f && !power_disk_is_off())
			fail_msg("with the power on: %s (%s)", f->said, f->noted);
		power_disk_cut();
		look_after_it(&p, path);
	}
	store_close(p.store);
	return p.lost;
}

static char folder[] = "/tmp/novate-power-XXXXXX";
static char path[64], relaxed[96];

static void what_was_committed_outlives_the_power(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 150; seed++)
		if (lose_power(path, str_of(path), seed))
			fail_msg("seed %llu: what tx_commit said is kept is not there",
				 (unsigned long long)seed);
}

/* What `synchronous=normal` gives up, and only that: so this test can find it. */
static void relaxed_a_store_loses_what_it_said_and_stays_whole(void **state)
{
	int lost = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= 40; seed++)
		lost += lose_power(path, str_of(relaxed), seed) > 0;
	assert_in_range(lost, 10, 40);
}

static int make_folder(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	(void)snprintf(path, sizeof(path), "%s/novate.db", folder);
	(void)snprintf(relaxed, sizeof(relaxed), "%s?synchronous=normal", path);
	power_vfs_register();
	return 0;
}

/* The store makes its file on the true disk beforehand, for its mode. */
static int end_folder(void **state)
{
	(void)state;
	power_disk_new(0);
	(void)unlink(path);
	return rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_committed_outlives_the_power),
		cmocka_unit_test(relaxed_a_store_loses_what_it_said_and_stays_whole),
	};

	return cmocka_run_group_tests_name("power", tests, make_folder, end_folder);
}
