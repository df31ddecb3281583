/* The connections of a store: opened as needed, at most so many, lent to one thread at a time. */
#pragma once

#include "store/driver.h"

struct pool {
	const struct driver *driver;
	char *address;
	int most;

	pthread_mutex_t lock;
	pthread_cond_t given_back;
	struct connection *idle, *lent;
	int opened;
	bool writing; /* somebody has the right to write (driver->one_writer) */
};

void pool_open(struct pool *pool, const struct driver *driver, str address, int most);
void pool_close(struct pool *pool);

/* FAULT_BUSY when none comes free in time; FAULT_BUG when this thread would wait for itself. */
MUST_USE fault *pool_take(struct pool *pool, bool to_write, struct connection **made);
/* Replaces a connection that broke while nobody used it. */
MUST_USE fault *pool_renew(struct pool *pool, struct connection **c);
void pool_give(struct pool *pool, struct connection *c);
