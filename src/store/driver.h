/* The seam between the store and its databases: what differs between them, and nothing else.
 * Only this room includes it, and the simulator, whose driver fails when it is told to. */
#pragma once

#include <pthread.h>

#include "store/statement.h"

struct driver;
struct cursor;

/* What every connection has; a driver's own begins with it. */
struct connection {
	const struct driver *driver;
	bool broken;	  /* closed instead of kept when it is given back */
	bool writing;	  /* it holds the store's right to write (SQLite) */
	pthread_t holder; /* who has it now */
	struct connection *next;
};

/* BEGIN_QUEUE takes no part in serialisation (store.h, STORE_QUEUE).
 * BEGIN_SCHEMA is for migrations: one process at a time, each step sees what the last one did. */
enum begin { BEGIN_READ, BEGIN_WRITE, BEGIN_QUEUE, BEGIN_SCHEMA };

/* Faults of a driver: FAULT_BUSY when the same again may work, FAULT_CONFLICT when a constraint
 * refused, FAULT_REMOTE when the database itself is in trouble, FAULT_BUG for the rest. */
struct driver {
	bool postgres;
	bool one_writer; /* writers wait for each other here, in turn, before they ask it */

	fault *(*open)(str address, struct connection **made);
	void (*close)(struct connection *c);

	fault *(*begin)(struct connection *c, enum begin how);
	fault *(*commit)(struct connection *c);
	void (*rollback)(struct connection *c);

	/* Runs it; with a cursor that stands before the first row. */
	fault *(*query)(struct connection *c, const struct statement *s, const struct value *ins,
			struct cursor **made);
	fault *(*next)(struct cursor *cursor, bool *more);
	/* *kind_fits is false when the column holds something else than `out->kind`. */
	void (*column)(struct cursor *cursor, int i, struct arena *keep, struct value *out,
		       bool *kind_fits);
	int64_t (*changed)(struct cursor *cursor);
	void (*done)(struct cursor *cursor);

	/* Several statements at once, without parameters: a migration. */
	fault *(*script)(struct connection *c, const char *text);
};

extern const struct driver sqlite_driver, postgres_driver;

/* store_open with a driver that is handed in; it must outlive the store. */
MUST_USE fault *store_open_by(const struct driver *driver, str address, int most,
			      const struct world *world, struct store **made);

/* None travels as NULL, in both directions. */
static inline bool value_is_none(const struct value *v)
{
	switch (v->kind) {
	case VALUE_ID: return v->number == 0;
	case VALUE_INSTANT: return v->number == INT64_MIN;
	case VALUE_STR:
	case VALUE_BYTES: return v->text.at == NULL;
	case VALUE_INT64:
	case VALUE_BOOL: return false;
	}
	return false;
}

static inline void value_set_none(struct value *v)
{
	if (v->kind == VALUE_STR || v->kind == VALUE_BYTES)
		v->text = STR_NONE;
	else
		v->number = v->kind == VALUE_INSTANT ? INT64_MIN : 0;
}
