/* The database: SQLite by default, PostgreSQL when the address says so.
 *
 * Everything above sees a store, transactions, and the functions that tools/sqlgen makes from
 * the .sql files; nobody but this room knows which database it is.
 *
 * Tests of every room get a migrated store on each database from store/store_testing.h. */
#pragma once

#include "base/base.h"
#include "base/id.h"
#include "base/instant.h"
#include "base/world.h"

struct store;
struct tx;

struct store_migration {
	int number;
	str name; /* "0002-people.sql" */
	str text;
};

struct store_migrations {
	const struct store_migration *at;
	size_t count;
};

enum store_state { STORE_READY, STORE_EMPTY, STORE_BEHIND, STORE_AHEAD, STORE_CHANGED };

/* `address` is "postgresql://…" or the path of a SQLite file (":memory:" for a private one that
 * lives as long as the store).  A path with "?synchronous=normal" behind it: what was committed
 * survives the end of the program, however it ends, but not always that of the machine; for
 * state that is nobody's truth.  Connections are opened as needed, at most `most`, and kept.
 * The strings are copied.  FAULT_REMOTE when the database cannot be reached. */
MUST_USE fault *store_open(str address, int most, const struct world *world, struct store **made);
void store_close(struct store *store);
void store_end(struct store **store);
bool store_is_postgres(const struct store *store);

/* Brings the schema to the newest migration, each in a transaction, recorded with its checksum;
 * forward only.  Two processes may try at once: one of them does it.  FAULT_CONFLICT when a
 * migration that ran has changed since, or the database is newer than the program. */
MUST_USE fault *store_migrate(struct store *store, const struct store_migrations *migrations,
			      int *applied);
MUST_USE fault *store_check(struct store *store, const struct store_migrations *migrations,
			    enum store_state *state);

/* A transaction.  Reads through a STORE_READ transaction see one moment; writes need
 * STORE_WRITE, which on SQLite takes the write lock at once.  Rows and strings read through the
 * transaction live in `keep`.  tx_commit is the only way to keep what was written; tx_end
 * (for DEFER) rolls back whatever was not committed.
 *
 * A statement that failed ends its transaction on both databases: a conflict that a rule expects
 * is asked for with ON CONFLICT DO NOTHING in a `changed` statement.  A thread has one writing
 * transaction at a time.  FAULT_BUSY: roll back and run all of it again (store_run does).
 * FAULT_REMOTE from tx_commit: the answer was lost and the change may be kept. */
/* STORE_QUEUE writes as well, on PostgreSQL without being serialised, so that workers do not fail
 * each other: for statements each of which decides alone about the rows it changes (taking work,
 * giving it back), and for an attempt that holds the row everybody else has to pass (job_begin). */
enum store_mode { STORE_READ, STORE_WRITE, STORE_QUEUE };
MUST_USE fault *tx_begin(struct store *store, enum store_mode mode, struct arena *keep,
			 struct tx **made);
MUST_USE fault *tx_commit(struct tx *tx);
void tx_end(struct tx **at);

/* Runs `body` in a transaction and commits; runs it again with a fresh one (at most five times,
 * its name in the log) when the database says busy or serialisation failure.  `body` must have
 * no effect outside the database.  On a retry `keep` is not reset. */
typedef fault *store_body(struct tx *tx, void *with);
MUST_USE fault *store_run(struct store *store, enum store_mode mode, struct arena *keep,
			  const char *name, store_body *body, void *with);

instant tx_now(const struct tx *tx); /* the same for the whole transaction */
struct arena *tx_arena(const struct tx *tx);
const struct world *tx_world(const struct tx *tx);
id tx_new_id(const struct tx *tx);
bool tx_writes(const struct tx *tx); /* it was begun to write */
