/* The inside of a transaction, for this room. */
#pragma once

#include "store/pool.h"

struct store {
	struct pool pool;
	const struct world *world;
};

/* Lives in its own arena; `on` is NULL once the connection was given back. */
struct tx {
	struct store *store;
	struct connection *on;
	struct arena *keep;
	instant now;
	enum begin how;
	bool failed; /* a statement failed: nothing of it can be kept (as PostgreSQL has it) */
	int rows_open;
};

MUST_USE fault *tx_open(struct store *store, enum begin how, struct arena *keep, struct tx **made);
