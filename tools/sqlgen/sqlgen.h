/* What the parts of sqlgen share: a .sql file as read, and how mistakes are told.
 *
 * It runs while building, so it stands alone: nothing of src/base.  Memory is kept until the
 * end; the inputs are our own sources. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/*  our word   value_kind       in C       PostgreSQL  column       */
#define TYPES(X)                                                               \
	X(ID, "id", "VALUE_ID", "id", "bigint", "ID")                          \
	X(INT64, "int64", "VALUE_INT64", "int64_t", "bigint", "INT64")         \
	X(BOOL, "bool", "VALUE_BOOL", "bool", "boolean", "BOOL")               \
	X(INSTANT, "instant", "VALUE_INSTANT", "instant", "bigint", "INSTANT") \
	X(STR, "str", "VALUE_STR", "str", "text", "TEXT")                      \
	X(BYTES, "bytes", "VALUE_BYTES", "str", "bytea", "BLOB")

enum type {
#define X(name, ...) TYPE_##name,
	TYPES(X)
#undef X
		TYPE_COUNT
};

struct type_words {
	const char *word, *kind, *c, *postgres, *column;
};
extern const struct type_words type_words[TYPE_COUNT];

enum answer { ANSWER_ONE, ANSWER_MANY, ANSWER_NONE, ANSWER_CHANGED, ANSWER_COUNT };
enum database { SQLITE, POSTGRES, DATABASE_COUNT };

/* A value that goes in or comes out. */
struct item {
	const char *name;
	enum type type;
	bool maybe; /* may be NULL */
	bool used;
	int line;
};

/* Both lists fit the bits of one word (struct statement's nulls_in and nulls_out). */
enum { ITEMS_MOST = 64 };
struct items {
	struct item at[ITEMS_MOST];
	int count;
};

struct body {
	const char *text; /* as written, without the semicolon */
	int line;
};

struct sql {
	const char *name;
	int line;
	enum answer answer;
	const char *note; /* the prose above it, or "" */
	const char *scan; /* why a full scan is fine, or NULL */
	const char *as;	  /* whose row struct it shares, or NULL */
	struct items ins, outs;
	struct body body[DATABASE_COUNT];
	bool writes;
	struct sql *next;
};

struct sql_file {
	const char *path;
	const char *stem; /* "link" of "src/affiliate/link.sql" */
	struct sql *first;
};

/* read.c */
void read_sql_file(const char *path, struct sql_file *made);
/* The statement whose row struct this one uses: itself, or the one it names with `as`. */
const struct sql *row_of(const struct sql_file *file, const struct sql *s);

/* lex.c: text as SQL sees it. */
enum piece { PIECE_END, PIECE_PLAIN, PIECE_COMMENT, PIECE_PARAMETER, PIECE_WORD };
enum piece piece_next(const char **at, const char **from, size_t *len);
/* The text for a database: parameters numbered, comments gone, every line break kept, so that
 * a line of the result is the same line of the source. */
char *body_for(const struct sql *s, enum database database);

/* trial.c */
void trial_run(struct sql_file *file, char **migrations, int count);

/* emit.c */
void emit_header(const struct sql_file *file, FILE *out);
void emit_source(const struct sql_file *file, const char *header, FILE *out);

/* sqlgen.c */
void complain(const char *path, int line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
char *keep(const char *from, size_t len);
/* Its argument; NULL, the sign of no memory, ends the program. */
void *must(void *memory);
char *read_whole(const char *path);
