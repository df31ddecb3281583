/* What generated statements are made of; nobody writes calls to these by hand. */
#pragma once

#include "store/store.h"

enum value_kind { VALUE_ID, VALUE_INT64, VALUE_BOOL, VALUE_INSTANT, VALUE_STR, VALUE_BYTES };

/* A statement as tools/sqlgen left it: the text for each database (parameters are ?1… for SQLite,
 * $1… for PostgreSQL, numbered in the order of `ins`), and the kinds that go in and come out.
 * It is never freed: a connection remembers by its address what it has prepared. */
struct statement {
	const char *name; /* "link_by_code" */
	const char *sqlite, *postgres;
	const enum value_kind *ins;
	const enum value_kind *outs;
	int in_count, out_count;
	uint64_t nulls_in, nulls_out; /* bit i: the value i may be NULL */
	bool writes;
	const char *scans; /* why a full scan is fine here, or NULL */
};

/* All of one .sql file, for the test that asks for every plan. */
struct statement_list {
	const char *file;
	const struct statement *const *at;
	size_t count;
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
void statement_end(struct rows **rows);
/* The only row; FAULT_BUG when there are more. */
MUST_USE fault *statement_one(struct tx *tx, const struct statement *s, const struct value *ins,
			      struct value *outs, bool *found);
/* An array of `len` things of `size` bytes, with room for one more. */
void *statement_room(struct tx *tx, void *at, size_t len, size_t size);

static inline struct value value_id(id of)
{
	return (struct value){ .kind = VALUE_ID, .number = of.n };
}
static inline struct value value_int64(int64_t number)
{
	return (struct value){ .kind = VALUE_INT64, .number = number };
}
static inline struct value value_bool(bool yes)
{
	return (struct value){ .kind = VALUE_BOOL, .number = yes };
}
static inline struct value value_instant(instant at)
{
	return (struct value){ .kind = VALUE_INSTANT, .number = at.micros };
}
static inline struct value value_str(str text)
{
	return (struct value){ .kind = VALUE_STR, .text = text };
}
static inline struct value value_bytes(str bytes)
{
	return (struct value){ .kind = VALUE_BYTES, .text = bytes };
}

static inline id value_as_id(const struct value *v)
{
	return (id){ .n = v->number };
}
static inline int64_t value_as_int64(const struct value *v)
{
	return v->number;
}
static inline bool value_as_bool(const struct value *v)
{
	return v->number != 0;
}
static inline instant value_as_instant(const struct value *v)
{
	return (instant){ .micros = v->number };
}
static inline str value_as_str(const struct value *v)
{
	return v->text;
}
static inline str value_as_bytes(const struct value *v)
{
	return v->text;
}
