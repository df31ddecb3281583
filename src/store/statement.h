/* What generated statements are made of; nobody writes calls to these by hand. */
#pragma once

#include "store/store.h"

enum value_kind { VALUE_ID, VALUE_INT64, VALUE_BOOL, VALUE_INSTANT, VALUE_STR, VALUE_BYTES };

/* A statement as tools/sqlgen left it: the text for each database (parameters are ?1… for SQLite,
 * $1… for PostgreSQL, numbered in the order of `ins`), and the kinds that go in and come out. */
struct statement {
	const char *name; /* "link_by_code" */
	const char *sqlite, *postgres;
	const enum value_kind *ins;
	const enum value_kind *outs;
	int in_count, out_count;
	bool writes;
	const char *scans; /* why a full scan is fine here, or NULL */
};

/* One value on its way in or out.  None (id 0, INSTANT_NONE, STR_NONE) travels as NULL. */
struct value {
	enum value_kind kind;
	union {
		int64_t number; /* id, int64, bool, instant */
		str text;	/* str, bytes */
	};
};

struct rows;
MUST_USE fault *statement_run(struct tx *tx, const struct statement *s, const struct value *ins,
			      int64_t *changed);
MUST_USE fault *statement_open(struct tx *tx, const struct statement *s, const struct value *ins,
			       struct rows **rows);
/* *more is false after the last row.  Text is copied into the transaction's arena. */
MUST_USE fault *statement_next(struct rows *rows, struct value *outs, bool *more);
void rows_end(struct rows **rows);
