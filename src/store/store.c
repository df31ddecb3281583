#include "store/store.h"

#include <sodium.h>
#include <stdlib.h>

#include "base/log.h"
#include "migration_sql.h"
#include "store/schema.h"
#include "store/tx.h"

static bool is_postgres(str address)
{
	return str_starts(address, S("postgresql://")) || str_starts(address, S("postgres://"));
}

fault *store_open_by(const struct driver *driver, str address, int most, const struct world *world,
		     struct store **made)
{
	struct store *store = calloc(1, sizeof(*store));
	struct connection *first = NULL;

	if (!store)
		abort();
	if (str_eq(address, S(":memory:")))
		most = 1; /* every connection would see a database of its own */
	pool_open(&store->pool, driver, address, most);
	store->world = world;
	fault *f = pool_take(&store->pool, false, &first);
	if (f) {
		store_close(store);
		return f;
	}
	pool_give(&store->pool, first);
	*made = store;
	return NULL;
}

fault *store_open(str address, int most, const struct world *world, struct store **made)
{
	return store_open_by(is_postgres(address) ? &postgres_driver : &sqlite_driver, address,
			     most, world, made);
}

void store_close(struct store *store)
{
	if (!store)
		return;
	pool_close(&store->pool);
	free(store);
}

void store_end(struct store **store)
{
	store_close(*store);
	*store = NULL;
}

bool store_is_postgres(const struct store *store)
{
	return store->pool.driver->postgres;
}

static str checksum(struct arena *keep, str text)
{
	unsigned char hash[crypto_hash_sha256_BYTES];

	crypto_hash_sha256(hash, (const unsigned char *)text.at, text.len);
	return str_hex(keep, (str){ .at = (const char *)hash, .len = sizeof(hash) });
}

/* Whether what ran is what the program would have run, in the same order. */
static enum store_state compare(struct arena *keep, const struct migration_all_list *ran,
				const struct store_migrations *known, str *odd)
{
	for (size_t i = 0; i < ran->len; i++) {
		*odd = ran->at[i].name;
		if (i >= known->count)
			return STORE_AHEAD;
		if (ran->at[i].number != known->at[i].number ||
		    !str_eq(ran->at[i].checksum, checksum(keep, known->at[i].text)))
			return STORE_CHANGED;
	}
	if (ran->len == known->count)
		return STORE_READY;
	return ran->len ? STORE_BEHIND : STORE_EMPTY;
}

static fault *refuse(enum store_state state, str odd)
{
	if (state == STORE_AHEAD)
		return fault_new(FAULT_CONFLICT,
				 "The database is newer than this program: it has "
				 "%.*s. Please install the newer program.",
				 STR(odd));
	if (state == STORE_CHANGED)
		return fault_new(FAULT_CONFLICT,
				 "The migration %.*s has changed since it ran. "
				 "Please install the program that ran it, or its "
				 "successor.",
				 STR(odd));
	return NULL;
}

/* One transaction: applies the first migration that has not run. */
static fault *migrate_one(struct store *store, struct arena *keep,
			  const struct store_migrations *known, bool *more)
{
	DEFER(tx_end) struct tx *tx = NULL;
	struct migration_all_list ran;
	str odd = STR_NONE;

	TRY(tx_open(store, BEGIN_SCHEMA, keep, &tx));
	TRY(migration_table_make(tx));
	TRY(migration_all(tx, &ran));
	TRY(refuse(compare(keep, &ran, known, &odd), odd));
	*more = ran.len < known->count;
	if (!*more)
		return tx_commit(tx);

	const struct store_migration *next = &known->at[ran.len];
	str text = schema_expand(keep, next->text, store_is_postgres(store));
	fault *f = tx->on->driver->script(tx->on, str_cstr(keep, text));
	if (f)
		return fault_because(f, "The migration %.*s could not be applied.",
				     STR(next->name));
	TRY(migration_keep(tx, next->number, next->name, checksum(keep, next->text), tx_now(tx)));
	LOG(LOG_INFO, "store", "migration applied", { "name", next->name });
	return tx_commit(tx);
}

fault *store_migrate(struct store *store, const struct store_migrations *migrations, int *applied)
{
	DEFER(arena_end) struct arena *arena = arena_open();
	int count = 0;

	for (bool more = true; more; count += more) {
		arena_reset(arena);
		TRY(migrate_one(store, arena, migrations, &more));
	}
	*applied = count;
	return NULL;
}

fault *store_check(struct store *store, const struct store_migrations *migrations,
		   enum store_state *state)
{
	DEFER(arena_end) struct arena *arena = arena_open();
	DEFER(tx_end) struct tx *tx = NULL;
	struct migration_table_there table = { 0 };
	struct migration_all_list ran = { 0 };
	bool found;
	str odd;

	TRY(tx_begin(store, STORE_READ, arena, &tx));
	TRY(migration_table_there(tx, &table, &found));
	if (table.there)
		TRY(migration_all(tx, &ran));
	*state = table.there ? compare(arena, &ran, migrations, &odd) : STORE_EMPTY;
	return NULL;
}

static fault *run_once(struct store *store, enum store_mode mode, struct arena *keep,
		       store_body *body, void *with)
{
	DEFER(tx_end) struct tx *tx = NULL;

	TRY(tx_begin(store, mode, keep, &tx));
	TRY(body(tx, with));
	return tx_commit(tx);
}

/* A few milliseconds, different for each thread, longer each time. */
static void step_back(const struct world *world, int times)
{
	uint16_t dice;

	world_random(world, &dice, sizeof(dice));
	world_nap(world, (int64_t)(1000 + dice % 8000) << times);
}

fault *store_run(struct store *store, enum store_mode mode, struct arena *keep, const char *name,
		 store_body *body, void *with)
{
	enum { TIMES = 5 };

	for (int times = 1;; times++) {
		fault *f = run_once(store, mode, keep, body, with);

		if (!f || f->kind != FAULT_BUSY || times == TIMES)
			return f;
		log_fault(LOG_INFO, "store", name, f);
		step_back(store->world, times);
	}
}
