/* What one connection has prepared, found by the statement's address. */
#pragma once

#include "store/statement.h"

struct prepared {
	const struct statement *of;
	void *made; /* the driver's */
	bool open;  /* a cursor is on it */
};

struct prepared_set {
	struct prepared *at;
	size_t room, count;
};

/* The entry of `of`, new (made == NULL) when it was not there.  Valid until the next call. */
struct prepared *prepared_find(struct prepared_set *set, const struct statement *of);
void prepared_close(struct prepared_set *set, void (*close)(void *made));
