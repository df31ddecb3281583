/* The data directory: one SQLite file and the certificates. */
#pragma once

#include "sandbox/sandbox_ca.h"
#include "store/store.h"

struct sandbox_home {
	struct arena *arena;
	struct store *store;
	str directory; /* absolute */
	struct sandbox_ca ca;
};

/* `make`: a directory that is missing is made; else FAULT_MISSING says how to start one. */
MUST_USE fault *sandbox_home_open(struct arena *arena, const char *path, bool make,
				  struct sandbox_home *home);
void sandbox_home_end(struct sandbox_home *home); /* for DEFER */
