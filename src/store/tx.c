#include "store/tx.h"

#include "base/log.h"

/* A connection may have died while it was idle: then a new one, once. */
static fault *begin(struct store *store, enum begin how, struct connection **c)
{
	fault *f = store->pool.driver->begin(*c, how);

	if (f && (*c)->broken) {
		TRY(pool_renew(&store->pool, c));
		f = store->pool.driver->begin(*c, how);
	}
	return f;
}

/* A database that is away for a moment is "busy" to whoever is in the middle of something. */
static fault *as_busy(fault *f)
{
	if (!f || f->kind != FAULT_REMOTE)
		return f;
	fault *busy = fault_because(f, "The database cannot be reached just now. "
				       "Please try again in a moment.");
	busy->kind = FAULT_BUSY;
	return busy;
}

fault *tx_open(struct store *store, enum begin how, struct arena *keep, struct tx **made)
{
	struct connection *c = NULL;
	fault *f = pool_take(&store->pool, how != BEGIN_READ, &c);

	if (f)
		return as_busy(f);
	f = begin(store, how, &c);
	if (f) {
		if (c)
			pool_give(&store->pool, c);
		return as_busy(f);
	}
	struct tx *tx = NEW(keep, struct tx);
	*tx = (struct tx){ .store = store, .on = c, .keep = keep, .how = how };
	tx->now = world_now(store->world);
	*made = tx;
	return NULL;
}

fault *tx_begin(struct store *store, enum store_mode mode, struct arena *keep, struct tx **made)
{
	static const enum begin how[] = {
		[STORE_READ] = BEGIN_READ,
		[STORE_WRITE] = BEGIN_WRITE,
		[STORE_QUEUE] = BEGIN_QUEUE,
	};

	return tx_open(store, how[mode], keep, made);
}

static void give_back(struct tx *tx)
{
	pool_give(&tx->store->pool, tx->on);
	tx->on = NULL;
}

fault *tx_commit(struct tx *tx)
{
	if (!tx->on)
		return fault_new(FAULT_BUG, "A transaction was committed twice.");
	if (tx->failed)
		return fault_new(FAULT_BUG, "A transaction was committed although one of its "
					    "statements failed.");
	if (tx->rows_open)
		return fault_new(FAULT_BUG, "A transaction was committed while rows were read.");
	fault *f = tx->on->driver->commit(tx->on);
	tx->failed = f != NULL;
	if (!f)
		give_back(tx);
	return f;
}

void tx_end(struct tx **at)
{
	struct tx *tx = *at;

	*at = NULL;
	if (!tx || !tx->on)
		return;
	if (tx->rows_open) {
		LOG(LOG_ERROR, "store", "rows still open at the end of a transaction",
		    { "rows", str_format(tx->keep, "%d", tx->rows_open) });
		tx->on->broken = true;
	}
	tx->on->driver->rollback(tx->on);
	give_back(tx);
}

instant tx_now(const struct tx *tx)
{
	return tx->now;
}

struct arena *tx_arena(const struct tx *tx)
{
	return tx->keep;
}

const struct world *tx_world(const struct tx *tx)
{
	return tx->store->world;
}

bool tx_writes(const struct tx *tx)
{
	return tx->how != BEGIN_READ;
}

id tx_new_id(const struct tx *tx)
{
	return id_make(tx->store->world);
}
