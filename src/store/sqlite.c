/* SQLite behind the seam.  What each setting is for stands in docs/decisions/0003. */
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "store/driver.h"
#include "store/prepared.h"

struct sqlite {
	struct connection base;
	sqlite3 *db;
	struct prepared_set prepared;
	bool committing;
};

struct cursor {
	struct sqlite *on;
	const struct statement *s;
	sqlite3_stmt *made;
};

static struct sqlite *sqlite_of(struct connection *c)
{
	return (struct sqlite *)c;
}

static fault *database_fault(struct sqlite *on, int rc)
{
	/* An integer that overflowed has become a fraction, which the column refuses. */
	if (rc == SQLITE_CONSTRAINT_DATATYPE)
		return fault_new(FAULT_INPUT, "This number is too large to be kept.");
	switch (rc & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return fault_new(FAULT_BUSY, "The database is busy. Please try again in a moment.");
	case SQLITE_CONSTRAINT:
		return fault_new(FAULT_CONFLICT, "This does not fit what is already kept.");
	case SQLITE_FULL:
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN:
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_READONLY:
		on->base.broken = true;
		return fault_new(FAULT_REMOTE, "The database cannot do its work. Please tell the "
					       "operator.");
	default: return fault_new(FAULT_BUG, "The database refused a statement.");
	}
}

static fault *sqlite_fault(struct sqlite *on, int rc, const char *during)
{
	return fault_note(database_fault(on, rc), "%s: %s (SQLite %d)", during,
			  on->db ? sqlite3_errmsg(on->db) : sqlite3_errstr(rc), rc);
}

static fault *run(struct sqlite *on, const char *text)
{
	int rc = sqlite3_exec(on->db, text, NULL, NULL, NULL);

	return rc == SQLITE_OK ? NULL : sqlite_fault(on, rc, text);
}

/* Another process writes.  Short naps: SQLite's own grow to a tenth of a second, in which a
 * dozen transactions could have had their turn. */
static int busy(void *of, int times)
{
	static const struct timespec nap = { .tv_nsec = 1000000 };
	enum { NAPS_MOST = 8000 };

	(void)of;
	if (times > NAPS_MOST)
		return 0;
	nanosleep(&nap, NULL);
	return 1;
}

/* Whoever commits past tx_commit has skipped its checks. */
static int on_commit(void *of)
{
	const struct sqlite *on = of;

	if (!on->committing) {
		LOG(LOG_ERROR, "store", "a commit that is not tx_commit's", { "at", S("sqlite") });
		abort();
	}
	return 0;
}

/* Only its owner may read what the database holds; the journals inherit this. */
static void make_private(const char *path)
{
	int file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (file >= 0)
		close(file);
}

/* Changing the journal mode needs the file alone, and asks no busy handler. */
static fault *use_wal(struct sqlite *on)
{
	for (int times = 0;; times++) {
		fault *f = run(on, "PRAGMA journal_mode = WAL");

		if (!f || f->kind != FAULT_BUSY || !busy(NULL, times))
			return f;
	}
}

static fault *configure(struct sqlite *on, bool relaxed)
{
	static const struct {
		int what, value;
	} switches[] = {
		{ SQLITE_DBCONFIG_ENABLE_FKEY, 1 },    { SQLITE_DBCONFIG_DEFENSIVE, 1 },
		{ SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 }, { SQLITE_DBCONFIG_DQS_DDL, 0 },
		{ SQLITE_DBCONFIG_DQS_DML, 0 },
	};

	sqlite3_extended_result_codes(on->db, 1);
	sqlite3_busy_handler(on->db, busy, NULL);
	for (size_t i = 0; i < COUNT(switches); i++)
		sqlite3_db_config(on->db, switches[i].what, switches[i].value, NULL);
	TRY(use_wal(on));
	TRY(run(on, relaxed ? "PRAGMA synchronous = NORMAL" : "PRAGMA synchronous = FULL"));
	TRY(run(on, "PRAGMA temp_store = MEMORY"));
	TRY(run(on, "PRAGMA case_sensitive_like = ON")); /* as in PostgreSQL */
	sqlite3_commit_hook(on->db, on_commit, on);
	return NULL;
}

static void finalize(void *made)
{
	sqlite3_finalize(made);
}

static void sqlite_close(struct connection *c)
{
	struct sqlite *on = sqlite_of(c);

	prepared_close(&on->prepared, finalize);
	sqlite3_commit_hook(on->db, NULL, NULL);
	sqlite3_close_v2(on->db);
	free(on);
}

static fault *sqlite_open(str address, struct connection **made)
{
	const str suffix = S("?synchronous=normal");
	struct sqlite *on = calloc(1, sizeof(*on));
	bool relaxed = str_ends(address, suffix);
	char *path = strndup(address.at, address.len - (relaxed ? suffix.len : 0));

	if (!on || !path)
		abort();
	on->base.driver = &sqlite_driver;
	if (!str_eq(address, S(":memory:")))
		make_private(path);
	/* A connection is used by one thread at a time, so it needs no lock of its own. */
	int rc = sqlite3_open_v2(path, &on->db,
				 SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
				 NULL);
	fault *f = rc == SQLITE_OK ? configure(on, relaxed) : sqlite_fault(on, rc, "open");
	if (f)
		f = fault_because(f, "The database %s cannot be opened.", path);
	free(path);
	if (f)
		sqlite_close(&on->base);
	else
		*made = &on->base;
	return f;
}

static fault *prepare(struct sqlite *on, const struct statement *s, sqlite3_stmt **made)
{
	struct prepared *known = prepared_find(&on->prepared, s);

	if (!known->made) {
		sqlite3_stmt *fresh = NULL;
		int rc = sqlite3_prepare_v3(on->db, s->sqlite, -1, SQLITE_PREPARE_PERSISTENT,
					    &fresh, NULL);
		if (rc != SQLITE_OK)
			return sqlite_fault(on, rc, s->name);
		known->made = fresh;
	}
	*made = known->made;
	if (!sqlite3_stmt_busy(*made))
		return NULL;
	return fault_note(fault_new(FAULT_BUG, "A statement was run while its rows were read."),
			  "%s", s->name);
}

/* Several at each step of a job, so prepared once as every statement is. */
static const struct statement begin_read = { .name = "begin", .sqlite = "BEGIN" };
static const struct statement begin_write = { .name = "begin", .sqlite = "BEGIN IMMEDIATE" };
static const struct statement commit = { .name = "commit", .sqlite = "COMMIT" };
static const struct statement rollback = { .name = "rollback", .sqlite = "ROLLBACK" };

static fault *run_prepared(struct sqlite *on, const struct statement *s)
{
	sqlite3_stmt *made = NULL;

	TRY(prepare(on, s, &made));

	int rc = sqlite3_step(made);
	fault *f = rc == SQLITE_DONE ? NULL : sqlite_fault(on, rc, s->sqlite);

	sqlite3_reset(made);
	return f;
}

static fault *sqlite_begin(struct connection *c, enum begin how)
{
	return run_prepared(sqlite_of(c), how == BEGIN_READ ? &begin_read : &begin_write);
}

static fault *sqlite_commit(struct connection *c)
{
	struct sqlite *on = sqlite_of(c);

	on->committing = true;
	fault *f = run_prepared(on, &commit);
	on->committing = false;
	return f;
}

static void sqlite_rollback(struct connection *c)
{
	struct sqlite *on = sqlite_of(c);

	/* Some faults (a full disk) have rolled back already. */
	if (!sqlite3_get_autocommit(on->db) && run_prepared(on, &rollback) != NULL)
		on->base.broken = true;
}

static int bind(sqlite3_stmt *made, int i, const struct value *in)
{
	if (value_is_none(in))
		return sqlite3_bind_null(made, i);
	if (in->kind == VALUE_STR)
		return sqlite3_bind_text64(made, i, in->text.at, in->text.len, SQLITE_TRANSIENT,
					   SQLITE_UTF8);
	if (in->kind == VALUE_BYTES)
		return sqlite3_bind_blob64(made, i, in->text.at, in->text.len, SQLITE_TRANSIENT);
	return sqlite3_bind_int64(made, i, in->number);
}

static fault *sqlite_query(struct connection *c, const struct statement *s, const struct value *ins,
			   struct cursor **made)
{
	struct sqlite *on = sqlite_of(c);
	sqlite3_stmt *prepared = NULL;

	TRY(prepare(on, s, &prepared));
	for (int i = 0; i < s->in_count; i++) {
		int rc = bind(prepared, i + 1, &ins[i]);
		if (rc != SQLITE_OK)
			return sqlite_fault(on, rc, s->name);
	}
	struct cursor *cursor = calloc(1, sizeof(*cursor));
	if (!cursor)
		abort();
	*cursor = (struct cursor){ .on = on, .s = s, .made = prepared };
	*made = cursor;
	return NULL;
}

static fault *sqlite_next(struct cursor *cursor, bool *more)
{
	int rc = sqlite3_step(cursor->made);

	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		return sqlite_fault(cursor->on, rc, cursor->s->name);
	*more = rc == SQLITE_ROW;
	return NULL;
}

static void sqlite_column(struct cursor *cursor, int i, struct arena *keep, struct value *out,
			  bool *kind_fits)
{
	static const int types[] = {
		[VALUE_ID] = SQLITE_INTEGER,   [VALUE_INT64] = SQLITE_INTEGER,
		[VALUE_BOOL] = SQLITE_INTEGER, [VALUE_INSTANT] = SQLITE_INTEGER,
		[VALUE_STR] = SQLITE_TEXT,     [VALUE_BYTES] = SQLITE_BLOB,
	};
	int type = sqlite3_column_type(cursor->made, i);

	if (type != types[out->kind]) {
		*kind_fits = type == SQLITE_NULL && value_is_none(out);
	} else if (type == SQLITE_INTEGER) {
		out->number = sqlite3_column_int64(cursor->made, i);
	} else {
		/* An empty blob has no address. */
		const char *at = sqlite3_column_blob(cursor->made, i);
		size_t len = (size_t)sqlite3_column_bytes(cursor->made, i);
		out->text = str_copy(keep, (str){ .at = len ? at : "", .len = len });
	}
}

static int64_t sqlite_changed(struct cursor *cursor)
{
	return sqlite3_changes64(cursor->on->db);
}

static void sqlite_done(struct cursor *cursor)
{
	sqlite3_reset(cursor->made);
	sqlite3_clear_bindings(cursor->made);
	free(cursor);
}

static fault *sqlite_script(struct connection *c, const char *text)
{
	struct sqlite *on = sqlite_of(c);
	int rc = sqlite3_exec(on->db, text, NULL, NULL, NULL);

	return rc == SQLITE_OK ? NULL : sqlite_fault(on, rc, "migration");
}

const struct driver sqlite_driver = {
	.one_writer = true,
	.open = sqlite_open,
	.close = sqlite_close,
	.begin = sqlite_begin,
	.commit = sqlite_commit,
	.rollback = sqlite_rollback,
	.query = sqlite_query,
	.next = sqlite_next,
	.column = sqlite_column,
	.changed = sqlite_changed,
	.done = sqlite_done,
	.script = sqlite_script,
};
