/* For tests of every room: a migrated, empty store on each database.
 *
 *	static void close_twice(struct store_testing *with) { … with->store, with->arena … }
 *	static void closing_a_link_twice_changes_nothing(void **state)
 *	{
 *		store_testing_each(close_twice);
 *	}
 *
 * SQLite in memory always, and PostgreSQL in a schema of its own when NOVATE_TEST_POSTGRES names
 * a server (`make test` sees to it), so tests may run side by side. */
#pragma once

#include "store/store.h"

struct store_testing {
	struct store *store;
	struct arena *arena;	   /* lives as long as the body runs */
	struct world_seeded world; /* 2026-02-03T10:00:00Z; stands still until world.at is moved */
	const char *database;	   /* "SQLite" or "PostgreSQL" */
	str address; /* for a second store_open on the same data (PostgreSQL, or a file) */
};

typedef void store_testing_body(struct store_testing *with);

void store_testing_each(store_testing_body *body);
/* SQLite in memory alone: for what runs hundreds of times. */
void store_testing_on_sqlite(store_testing_body *body);
/* SQLite in a file alone. */
void store_testing_on_file(store_testing_body *body);
/* SQLite in a file here, so that several connections work at once. */
void store_testing_each_shared(store_testing_body *body);

/* The same with other migrations than the program's: the sandbox's, or none. */
void store_testing_each_of(const struct store_migrations *migrations, store_testing_body *body);
void store_testing_each_shared_of(const struct store_migrations *migrations,
				  store_testing_body *body);
