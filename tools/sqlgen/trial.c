/* Every statement is tried on the migrated schema, in a SQLite in memory. */
#include "sqlgen.h"

#include <ctype.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "store/schema_words.h"

/* "-- postgres:" begins what only PostgreSQL is to read; the lines below keep their numbers. */
static bool is_ours(const char *from, bool so_far)
{
	if (strncmp(from, "-- postgres:", 12) == 0)
		return false;
	return so_far || strncmp(from, "-- both:", 8) == 0 || strncmp(from, "-- sqlite:", 10) == 0;
}

static void put(FILE *out, const char *from, size_t len, bool ours)
{
	if (ours)
		fwrite(from, 1, len, out);
	for (size_t i = 0; !ours && i < len; i++)
		if (from[i] == '\n')
			fputc('\n', out);
}

/* The schema as sqlgen sees it: columns keep our names for their types. */
static char *schema_expand(const char *text)
{
	static const char *const words[][2] = {
#define X(word, sqlite, postgres, ours) { word, ours },
		SCHEMA_WORDS(X)
#undef X
	};
	char *made = NULL;
	size_t len, made_len;
	FILE *out = must(open_memstream(&made, &made_len));
	const char *from;
	bool ours = true;

	while (piece_next(&text, &from, &len) != PIECE_END) {
		size_t i = 0;
		ours = is_ours(from, ours);
		while (i < sizeof(words) / sizeof(words[0]) &&
		       (strlen(words[i][0]) != len || strncmp(words[i][0], from, len) != 0))
			i++;
		if (i < sizeof(words) / sizeof(words[0]))
			put(out, words[i][1], strlen(words[i][1]), ours);
		else
			put(out, from, len, ours);
	}
	fclose(out);
	char *kept = keep(made, made_len);
	free(made);
	return kept;
}

/* The line, counted from `line`, on which SQLite found the mistake. */
static int line_at(const char *text, const char *at, int line)
{
	for (; text < at; text++)
		line += *text == '\n';
	return line;
}

static int line_of_mistake(sqlite3 *db, const char *whole, const char *text, int line)
{
	int offset = sqlite3_error_offset(db);
	const char *at = text + (offset > 0 ? offset : 0);

	return line_at(whole, at + strspn(at, " \t\n"), line);
}

static void migrate(sqlite3 *db, const char *path)
{
	const char *whole = schema_expand(read_whole(path)), *at = whole, *next;

	for (; *at; at = next) {
		sqlite3_stmt *s = NULL;
		int rc = sqlite3_prepare_v2(db, at, -1, &s, &next);

		if (rc == SQLITE_OK && s && sqlite3_step(s) > SQLITE_OK)
			rc = sqlite3_errcode(db) == SQLITE_DONE ? SQLITE_OK : sqlite3_errcode(db);
		if (rc != SQLITE_OK && rc != SQLITE_ROW)
			complain(path, line_of_mistake(db, whole, at, 1), "%s", sqlite3_errmsg(db));
		sqlite3_finalize(s);
		if (rc != SQLITE_OK && rc != SQLITE_ROW)
			return;
	}
}

static void parameters_check(const struct sql_file *file, struct sql *s, enum database database)
{
	const char *text = s->body[database].text, *at = text, *from;
	size_t len;
	enum piece piece;

	while ((piece = piece_next(&at, &from, &len)) != PIECE_END) {
		int i = 0;
		if (piece != PIECE_PARAMETER)
			continue;
		while (i < s->ins.count && (strlen(s->ins.at[i].name) != len - 1 ||
					    strncmp(s->ins.at[i].name, from + 1, len - 1) != 0))
			i++;
		if (i < s->ins.count)
			s->ins.at[i].used = true;
		else
			complain(file->path, line_at(text, from, s->body[database].line),
				 "%s uses %.*s, which its `-- in` does not name", s->name, (int)len,
				 from);
	}
}

static void unused_check(const struct sql_file *file, const struct sql *s)
{
	for (int i = 0; i < s->ins.count; i++)
		if (!s->ins.at[i].used)
			complain(file->path, s->ins.at[i].line, "%s does not use $%s", s->name,
				 s->ins.at[i].name);
}

/* What the schema knows of a column; expressions have neither a type nor an origin. */
static void output_check(const struct sql_file *file, const struct sql *s, const struct item *out,
			 sqlite3 *db, sqlite3_stmt *made, int i)
{
	const char *declared = sqlite3_column_decltype(made, i);
	const char *column = sqlite3_column_origin_name(made, i);
	int not_null = 0, key = 0;

	if (!declared || !column)
		return;
	if (strcmp(declared, type_words[out->type].column) != 0)
		complain(file->path, out->line, "%s: `%s %s`, but the column %s is %s", s->name,
			 out->name, type_words[out->type].word, column, declared);
	sqlite3_table_column_metadata(db, "main", sqlite3_column_table_name(made, i), column, NULL,
				      NULL, &not_null, &key, NULL);
	if (!not_null && !key && !out->maybe)
		complain(file->path, out->line, "%s: the column %s may be NULL: write `%s?`%s",
			 s->name, column, type_words[out->type].word,
			 out->type == TYPE_INT64 || out->type == TYPE_BOOL
				 ? " is not possible for it, so use coalesce(…)"
				 : "");
}

static void outputs_check(const struct sql_file *file, const struct sql *s, sqlite3 *db,
			  sqlite3_stmt *made)
{
	const struct sql *row = row_of(file, s);
	int given = sqlite3_column_count(made);

	if (!row || (row->as && s->as)) {
		complain(file->path, s->line, "%s: there is no row of `%s` to share", s->name,
			 s->as);
		return;
	}
	if (given != row->outs.count) {
		complain(file->path, row->outs.count ? row->outs.at[0].line : s->line,
			 "%s gives %d columns, its `-- out` names %d", s->name, given,
			 row->outs.count);
		return;
	}
	for (int i = 0; i < given; i++)
		output_check(file, s, &row->outs.at[i], db, made, i);
}

static void try_one(const struct sql_file *file, struct sql *s, sqlite3 *db)
{
	const struct body *body = &s->body[SQLITE];
	const char *text = body_for(s, SQLITE);
	sqlite3_stmt *made = NULL;

	for (enum database i = SQLITE; i < DATABASE_COUNT; i++)
		parameters_check(file, s, i);
	unused_check(file, s);
	if (sqlite3_prepare_v2(db, text, -1, &made, NULL) != SQLITE_OK || !made) {
		complain(file->path, line_of_mistake(db, text, text, body->line), "%s: %s", s->name,
			 made ? "nothing to do" : sqlite3_errmsg(db));
	} else {
		s->writes = !sqlite3_stmt_readonly(made);
		outputs_check(file, s, db, made);
		/* A table that a statement makes is there for the statements below it. */
		if (strncmp(text + strspn(text, " \t\n"), "CREATE ", 7) == 0 &&
		    sqlite3_step(made) != SQLITE_DONE)
			complain(file->path, body->line, "%s: %s", s->name, sqlite3_errmsg(db));
	}
	sqlite3_finalize(made);
}

void trial_run(struct sql_file *file, char **migrations, int count)
{
	sqlite3 *db = NULL;

	if (sqlite3_open(":memory:", &db) != SQLITE_OK) {
		complain(file->path, 1, "no SQLite to check against");
		return;
	}
	/* "name" is a column or a mistake, never a string. */
	sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	for (int i = 0; i < count; i++)
		migrate(db, migrations[i]);
	for (struct sql *s = file->first; s; s = s->next)
		try_one(file, s, db);
	sqlite3_close(db);
}
