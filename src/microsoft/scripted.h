/* For tests: a vendor that answers from a script, and remembers what it was asked. */
#pragma once

#include "microsoft/microsoft.h"

/* One expected call and its answer. */
struct scripted_row {
	const char *call; /* "GET /v1.0/organization": method, space, a part of the address */
	int status;	  /* 0: the answer is lost */
	const char *answer;
	const char *header, *value; /* one header of the answer, or NULL */
};

struct scripted_asked {
	str method, url, body, bearer;
	str request; /* MS-RequestId or client-request-id */
	str if_match, continuation;
};

enum { SCRIPTED_MOST = 64 };
struct scripted {
	struct arena *arena;
	struct world_seeded world;
	const struct scripted_row *rows;
	size_t row_count, at;
	/* Token requests that the script does not name are granted: "token-1", "token-2", … */
	int tokens;
	struct scripted_asked asked[SCRIPTED_MOST]; /* without those */
	size_t asked_count;
	struct microsoft *ms;
	struct microsoft_work work;
};

/* `store` may be NULL where no sign-in is needed. */
void scripted_open(struct scripted *s, struct store *store);
void scripted_close(struct scripted *s);
/* A new script; what was asked before is forgotten. */
void scripted_play(struct scripted *s, const struct scripted_row *rows, size_t count);
/* Whether every row was asked for. */
bool scripted_done(const struct scripted *s);
