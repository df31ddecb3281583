/* Ids sort by time and are made by us: 41 bits of milliseconds since 2024, 22 random bits
 * (within a millisecond of one thread: one more than the last).  People see them typed and
 * readable: "cnv_01h2xcejqtf2n". */
#pragma once

#include "base/base.h"
#include "base/instant.h"

struct world;

typedef struct id {
	int64_t n; /* above zero; zero is "none", which the database stores as NULL */
} id;

#define ID_NONE ((id){ .n = 0 })

static inline bool id_is_none(id a)
{
	return a.n == 0;
}
static inline bool id_eq(id a, id b)
{
	return a.n == b.n;
}

id id_make(const struct world *world);

/* `prefix` is three letters: "cnv".  Thirteen characters of Crockford's base 32, lower case. */
str id_text(struct arena *keep, const char *prefix, id of);
/* False unless the text is exactly this prefix and a well-formed id. */
bool id_from_text(const char *prefix, str text, id *of);
