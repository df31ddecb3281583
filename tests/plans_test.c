/* Both databases explain every statement of every room; a full scan of a table needs a reason
 * in the .sql file (`-- scan why`). */
#include <ctype.h>
#include <libpq-fe.h>
#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>

#include <cmocka.h>

#include "plans_lists.h"
#include "sandbox_migrations.h"
#include "store/statement.h"
#include "store/store_testing.h"

#define X(name, schema) extern const struct statement_list name##_statements;
STATEMENT_FILES(X)
#undef X

enum schema { novate, sandbox };

static const struct {
	enum schema schema;
	const struct statement_list *list;
} lists[] = {
#define X(name, schema) { schema, &name##_statements },
	STATEMENT_FILES(X)
#undef X
};

static int refused;

static void refuse(const char *database, const struct statement *s, const char *why)
{
	refused++;
	print_error("%s on %s: %s\n", s->name, database, why);
}

/* A table, not a constant, a subquery, a common table expression or json_each. */
static bool is_table_scan(const struct statement *s, const char *detail)
{
	char as_expression[100];
	size_t len;

	if (strncmp(detail, "SCAN ", 5) != 0 || detail[5] == '(' ||
	    strcmp(detail, "SCAN CONSTANT ROW") == 0 || strstr(detail, "VIRTUAL TABLE"))
		return false;
	len = strcspn(detail + 5, " ");
	snprintf(as_expression, sizeof(as_expression), "%.*s AS (", (int)len, detail + 5);
	return !strstr(s->sqlite, as_expression);
}

/* The first few in the order of an index: the walk stops at LIMIT. */
static bool stops_early(const struct statement *s)
{
	return strstr(s->sqlite, "LIMIT") && strstr(s->sqlite, "ORDER BY") &&
	       !strstr(s->sqlite, "WHERE") && !strstr(s->sqlite, "GROUP BY");
}

static void explain_on_sqlite(sqlite3 *db, struct arena *arena, const struct statement *s)
{
	const char *text = str_format(arena, "EXPLAIN QUERY PLAN %s", s->sqlite).at;
	sqlite3_stmt *plan = NULL;

	if (sqlite3_prepare_v2(db, text, -1, &plan, NULL) != SQLITE_OK)
		refuse("SQLite", s, sqlite3_errmsg(db));
	while (plan && sqlite3_step(plan) == SQLITE_ROW) {
		const char *detail = (const char *)sqlite3_column_text(plan, 3);
		bool sorts = strstr(detail, "TEMP B-TREE FOR ORDER BY") != NULL;
		if (!s->scans && (stops_early(s) ? sorts : is_table_scan(s, detail)))
			refuse("SQLite", s, detail);
	}
	sqlite3_finalize(plan);
}

static PGresult *ask(PGconn *link, const struct statement *s, const char *text)
{
	PGresult *result = PQexec(link, text);
	ExecStatusType status = PQresultStatus(result);

	if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
		refuse("PostgreSQL", s, PQerrorMessage(link));
	return result;
}

/* The plan for any values, not for the ones at hand: hence EXECUTE, with NULLs that count for
 * nothing under force_generic_plan. */
static const char *execution(struct arena *arena, const struct statement *s)
{
	struct text text = text_open(arena);

	text_add(&text, S("EXPLAIN EXECUTE asked"));
	for (int i = 0; i < s->in_count; i++)
		text_add(&text, i ? S(", NULL") : S("(NULL"));
	if (s->in_count)
		text_add(&text, S(")"));
	return text_str(&text).at;
}

/* An index on few rows by design, such as the living conversions; on empty tables PostgreSQL
 * takes it as gladly as the right one.  SQLite, which counts no rows, is the judge of those. */
static bool is_partial_index(PGconn *link, const char *scan)
{
	static const char question[] =
		"SELECT 1 FROM pg_index WHERE indpred IS NOT NULL AND indexrelid = to_regclass($1)";
	char name[64] = "";
	const char *const values[] = { name };

	(void)sscanf(strstr(scan, "using ") + strlen("using "), "%63s", name);
	PGresult *found = PQexecParams(link, question, 1, NULL, values, NULL, NULL, 0);
	bool partial = PQntuples(found) == 1;
	PQclear(found);
	return partial;
}

/* Without sequential scans PostgreSQL walks a whole index instead: one without a condition. */
static bool is_whole_table(PGconn *link, const PGresult *plan, int i)
{
	const char *line = PQgetvalue(plan, i, 0);
	const char *next = i + 1 < PQntuples(plan) ? PQgetvalue(plan, i + 1, 0) : "";

	if (strstr(line, "Seq Scan on"))
		return true;
	return (strstr(line, "Index Scan using") || strstr(line, "Index Only Scan using")) &&
	       !strstr(next, "Index Cond:") && !is_partial_index(link, line);
}

static void explain_on_postgres(PGconn *link, struct arena *arena, const struct statement *s)
{
	if (strncmp(s->postgres, "CREATE ", 7) == 0)
		return; /* has no plan */
	PQclear(ask(link, s, str_format(arena, "PREPARE asked AS %s", s->postgres).at));
	PGresult *plan = ask(link, s, execution(arena, s));
	for (int i = 0; i < PQntuples(plan); i++)
		if (is_whole_table(link, plan, i) && !s->scans && !stops_early(s))
			refuse("PostgreSQL", s, PQgetvalue(plan, i, 0));
	PQclear(plan);
	PQclear(PQexec(link, "DEALLOCATE ALL"));
}

static const char settings[] = "SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan";

static void explain_all(struct store_testing *with, enum schema schema)
{
	const char *address = str_cstr(with->arena, with->address);
	bool postgres = store_is_postgres(with->store);
	PGconn *link = postgres ? PQconnectdb(address) : NULL;
	sqlite3 *db = NULL;

	refused = 0;
	if (postgres)
		PQclear(PQexec(link, settings));
	else
		assert_int_equal(sqlite3_open(address, &db), SQLITE_OK);
	for (size_t i = 0; i < COUNT(lists); i++)
		for (size_t j = 0; lists[i].schema == schema && j < lists[i].list->count; j++)
			if (postgres)
				explain_on_postgres(link, with->arena, lists[i].list->at[j]);
			else
				explain_on_sqlite(db, with->arena, lists[i].list->at[j]);
	sqlite3_close(db);
	PQfinish(link);
	assert_int_equal(refused, 0);
}

static void explain_novate(struct store_testing *with)
{
	explain_all(with, novate);
}

static void explain_sandbox(struct store_testing *with)
{
	if (!store_is_postgres(with->store)) /* its state is always one SQLite file */
		explain_all(with, sandbox);
}

static void every_statement_of_the_program_finds_its_rows(void **state)
{
	(void)state;
	store_testing_each_shared(explain_novate);
}

static void every_statement_of_the_sandbox_finds_its_rows(void **state)
{
	(void)state;
	store_testing_each_shared_of(&sandbox_migrations, explain_sandbox);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_statement_of_the_program_finds_its_rows),
		cmocka_unit_test(every_statement_of_the_sandbox_finds_its_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
