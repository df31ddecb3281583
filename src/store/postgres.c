/* PostgreSQL behind the seam.  Values go in as binary (no escapes, no NUL at the end) and come
 * out as text, which is the same for an int and a bigint. */
#include <endian.h>
#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "store/driver.h"
#include "store/prepared.h"

struct postgres {
	struct connection base;
	PGconn *link;
	struct prepared_set prepared;
	int names;
};

struct cursor {
	struct postgres *on;
	const struct statement *s;
	PGresult *result;
	int row;
};

static struct postgres *postgres_of(struct connection *c)
{
	return (struct postgres *)c;
}

static void result_end(PGresult **result)
{
	PQclear(*result);
}

/* By SQLSTATE, a whole one or its class. */
static enum fault_kind kind_of(const char *state, bool *broken)
{
	static const struct {
		const char *state;
		enum fault_kind kind;
		bool broken;
	} rows[] = {
		{ "40001", FAULT_BUSY, false },	 /* serialization failure */
		{ "40P01", FAULT_BUSY, false },	 /* deadlock */
		{ "55P03", FAULT_BUSY, false },	 /* lock timeout */
		{ "57014", FAULT_BUSY, false },	 /* statement timeout */
		{ "25P03", FAULT_BUSY, true },	 /* idle in transaction for too long */
		{ "0A000", FAULT_BUSY, true },	 /* a cached plan from before a migration */
		{ "57P", FAULT_BUSY, true },	 /* shut down, crashed, starting */
		{ "08", FAULT_BUSY, true },	 /* connection */
		{ "53300", FAULT_BUSY, true },	 /* too many connections */
		{ "53", FAULT_REMOTE, false },	 /* disk, memory */
		{ "58", FAULT_REMOTE, true },	 /* input and output */
		{ "23", FAULT_CONFLICT, false }, /* constraints */
		{ "22021", FAULT_INPUT, false }, /* not a character of this encoding */
		{ "22003", FAULT_INPUT, false }, /* a number out of range */
		{ "54", FAULT_INPUT, false },	 /* too long */
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		if (strncmp(state, rows[i].state, strlen(rows[i].state)) == 0) {
			*broken = rows[i].broken;
			return rows[i].kind;
		}
	return FAULT_BUG;
}

static const char *said_for(enum fault_kind kind)
{
	switch (kind) {
	case FAULT_BUSY: return "The database is busy. Please try again in a moment.";
	case FAULT_CONFLICT: return "This does not fit what is already kept.";
	case FAULT_INPUT:
		return "This is too long, too large, or has characters that cannot be kept.";
	case FAULT_REMOTE: return "The database cannot do its work. Please tell the operator.";
	case FAULT_BUG:
	case FAULT_DENIED:
	case FAULT_MISSING:
	case FAULT_FENCED: break;
	}
	return "The database refused a statement.";
}

static fault *postgres_fault(struct postgres *on, const PGresult *result, const char *during)
{
	const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
	const char *why = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
	bool lost = PQstatus(on->link) == CONNECTION_BAD;
	enum fault_kind kind = lost ? FAULT_BUSY : FAULT_BUG;

	if (!lost && state)
		kind = kind_of(state, &lost);
	on->base.broken |= lost;
	return fault_note(fault_new(kind, "%s", said_for(kind)), "%s: %s (PostgreSQL %s)", during,
			  why ? why : PQerrorMessage(on->link), state ? state : "without a state");
}

static fault *run(struct postgres *on, const char *text)
{
	DEFER(result_end) PGresult *result = PQexec(on->link, text);
	ExecStatusType status = PQresultStatus(result);

	if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK)
		return NULL;
	return postgres_fault(on, result, text);
}

static void notice(void *of, const PGresult *result)
{
	(void)of;
	LOG(LOG_DEBUG, "store", "notice",
	    { "said", str_of(PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY)) });
}

/* Serializable transactions watch what they read: a small table read whole is watched whole, so
 * the planner is told that indexes are cheap (they are in memory). */
static const char session_settings[] =
	"SET statement_timeout = '30s'; SET lock_timeout = '10s';"
	"SET idle_in_transaction_session_timeout = '60s'; SET random_page_cost = 1.1;"
	"SET bytea_output = 'hex'; SET synchronous_commit = on";

static void postgres_close(struct connection *c)
{
	struct postgres *on = postgres_of(c);

	prepared_close(&on->prepared, free);
	PQfinish(on->link);
	free(on);
}

/* What the library says about an address it cannot read quotes it, password and all. */
static fault *address_check(str address)
{
	char *url = strndup(address.at, address.len);
	char *why = NULL;
	PQconninfoOption *read = url ? PQconninfoParse(url, &why) : NULL;
	bool fine = read != NULL;

	PQconninfoFree(read);
	PQfreemem(why);
	free(url);
	return fine ? NULL
		    : fault_new(FAULT_INPUT,
				"The setting `database` is not a PostgreSQL address. Write it as "
				"postgresql://user:password@host:5432/name, and percent-encode "
				"what else stands in the password.");
}

static PGconn *link_open(str address)
{
	char *url = strndup(address.at, address.len);
	const char *const names[] = { "dbname", "fallback_application_name", "connect_timeout",
				      "client_encoding", NULL };
	const char *const values[] = { url, "novate", "10", "UTF8", NULL };
	PGconn *link = url ? PQconnectdbParams(names, values, 1) : NULL;

	free(url);
	return link;
}

static fault *postgres_open(str address, struct connection **made)
{
	TRY(address_check(address));
	struct postgres *on = calloc(1, sizeof(*on));

	if (!on)
		abort();
	on->base.driver = &postgres_driver;
	on->link = link_open(address);
	fault *f = NULL;
	if (PQstatus(on->link) != CONNECTION_OK) {
		/* The address holds a password: it stays out of what is said. */
		f = fault_note(fault_new(FAULT_REMOTE, "The PostgreSQL database cannot be reached. "
						       "Is it running, and is `database` right?"),
			       "%s", PQerrorMessage(on->link));
	} else {
		PQsetNoticeReceiver(on->link, notice, NULL);
		f = run(on, session_settings);
	}
	if (f)
		postgres_close(&on->base);
	else
		*made = &on->base;
	return f;
}

static fault *postgres_begin(struct connection *c, enum begin how)
{
	static const char *const words[] = {
		[BEGIN_READ] = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
		[BEGIN_WRITE] = "BEGIN ISOLATION LEVEL SERIALIZABLE",
		[BEGIN_QUEUE] = "BEGIN ISOLATION LEVEL READ COMMITTED",
		/* Read committed: what is read after the lock was waited for must be fresh. */
		[BEGIN_SCHEMA] = "BEGIN ISOLATION LEVEL READ COMMITTED;"
				 "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0;"
				 "SELECT pg_advisory_xact_lock(7065, hashtext(current_schema()))",
	};

	return run(postgres_of(c), words[how]);
}

static fault *postgres_commit(struct connection *c)
{
	struct postgres *on = postgres_of(c);
	fault *f = run(on, "COMMIT");

	/* The answer was lost, not necessarily the change: doing it again might do it twice. */
	if (f && PQstatus(on->link) == CONNECTION_BAD) {
		f->kind = FAULT_REMOTE;
		f->said =
			"The database went away while it saved. Please look whether the change is "
			"there before you repeat it.";
	}
	return f;
}

static void postgres_rollback(struct connection *c)
{
	struct postgres *on = postgres_of(c);

	if (PQtransactionStatus(on->link) != PQTRANS_IDLE && run(on, "ROLLBACK") != NULL)
		on->base.broken = true;
}

static fault *prepare(struct postgres *on, const struct statement *s, const char **name)
{
	struct prepared *known = prepared_find(&on->prepared, s);
	char fresh[24];

	if (!known->made) {
		snprintf(fresh, sizeof(fresh), "s%d", on->names);
		DEFER(result_end)
		PGresult *result = PQprepare(on->link, fresh, s->postgres, 0, NULL);
		if (PQresultStatus(result) != PGRES_COMMAND_OK)
			return postgres_fault(on, result, s->name);
		known->made = strdup(fresh);
		if (!known->made)
			abort();
		on->names++;
	}
	*name = known->made;
	return NULL;
}

enum { INPUTS_MOST = 64 }; /* sqlgen's limit too */

/* Binary forms: a big-endian word, one byte, or the text itself. */
struct inputs {
	uint64_t words[INPUTS_MOST];
	const char *at[INPUTS_MOST];
	int lengths[INPUTS_MOST], formats[INPUTS_MOST];
};

static void input_set(struct inputs *to, int i, const struct value *in)
{
	to->formats[i] = 1;
	to->at[i] = NULL;
	if (value_is_none(in))
		return;
	if (in->kind == VALUE_STR || in->kind == VALUE_BYTES) {
		to->at[i] = in->text.at;
		to->lengths[i] = (int)in->text.len;
	} else if (in->kind == VALUE_BOOL) {
		to->words[i] = in->number ? htobe64((uint64_t)1 << 56) : 0;
		to->at[i] = (const char *)&to->words[i];
		to->lengths[i] = 1;
	} else {
		to->words[i] = htobe64((uint64_t)in->number);
		to->at[i] = (const char *)&to->words[i];
		to->lengths[i] = 8;
	}
}

static fault *postgres_query(struct connection *c, const struct statement *s,
			     const struct value *ins, struct cursor **made)
{
	struct postgres *on = postgres_of(c);
	struct inputs inputs;
	const char *name = NULL;

	TRY(prepare(on, s, &name));
	for (int i = 0; i < s->in_count; i++)
		input_set(&inputs, i, &ins[i]);
	PGresult *result = PQexecPrepared(on->link, name, s->in_count, inputs.at, inputs.lengths,
					  inputs.formats, 0);
	ExecStatusType status = PQresultStatus(result);
	if ((status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) ||
	    PQnfields(result) != s->out_count) {
		fault *f = postgres_fault(on, result, s->name);
		PQclear(result);
		return f;
	}
	struct cursor *cursor = calloc(1, sizeof(*cursor));
	if (!cursor)
		abort();
	*cursor = (struct cursor){ .on = on, .s = s, .result = result, .row = -1 };
	*made = cursor;
	return NULL;
}

static fault *postgres_next(struct cursor *cursor, bool *more)
{
	*more = ++cursor->row < PQntuples(cursor->result);
	return NULL;
}

static void postgres_column(struct cursor *cursor, int i, struct arena *keep, struct value *out,
			    bool *kind_fits)
{
	str text = { .at = PQgetvalue(cursor->result, cursor->row, i),
		     .len = (size_t)PQgetlength(cursor->result, cursor->row, i) };

	if (PQgetisnull(cursor->result, cursor->row, i)) {
		*kind_fits = value_is_none(out);
		return;
	}
	switch (out->kind) {
	case VALUE_STR: out->text = str_copy(keep, text); break;
	case VALUE_BYTES:
		*kind_fits = str_starts(text, S("\\x")) &&
			     str_from_hex(keep, str_part(text, 2, text.len), &out->text);
		break;
	case VALUE_BOOL:
		out->number = str_eq(text, S("t"));
		*kind_fits = out->number || str_eq(text, S("f"));
		break;
	case VALUE_ID:
	case VALUE_INT64:
	case VALUE_INSTANT: *kind_fits = str_to_int64(text, &out->number); break;
	}
}

static int64_t postgres_changed(struct cursor *cursor)
{
	int64_t changed = 0;

	(void)str_to_int64(str_of(PQcmdTuples(cursor->result)), &changed);
	return changed;
}

static void postgres_done(struct cursor *cursor)
{
	PQclear(cursor->result);
	free(cursor);
}

static fault *postgres_script(struct connection *c, const char *text)
{
	struct postgres *on = postgres_of(c);
	DEFER(result_end) PGresult *result = PQexec(on->link, text);
	ExecStatusType status = PQresultStatus(result);

	if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY)
		return NULL;
	return postgres_fault(on, result, "migration");
}

const struct driver postgres_driver = {
	.postgres = true,
	.open = postgres_open,
	.close = postgres_close,
	.begin = postgres_begin,
	.commit = postgres_commit,
	.rollback = postgres_rollback,
	.query = postgres_query,
	.next = postgres_next,
	.column = postgres_column,
	.changed = postgres_changed,
	.done = postgres_done,
	.script = postgres_script,
};
