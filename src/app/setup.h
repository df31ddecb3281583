/* A set-up: the data directory, the settings and the database that the commands work on. */
#pragma once

#include "app/settings.h"
#include "base/base.h"
#include "base/world.h"
#include "store/store.h"

struct setup {
	struct arena *arena;
	const struct world *world;
	const char *version;	   /* of this program */
	const char *data, *config; /* "./var", "./var/novate.conf" */
	struct settings settings;
	struct store *store;
};

/* Names the places and makes the data directory (0700) when it is missing. */
MUST_USE fault *setup_open(struct setup *setup, struct arena *arena, const char *data,
			   const char *config);

/* For a command that can do without: makes nothing, and leaves setup->store NULL where there is no
 * database, or one of another age. */
MUST_USE fault *setup_look(struct setup *setup, struct arena *arena, const char *data,
			   const char *config);

/* A file may be missing when nobody asked for it by name. */
MUST_USE fault *setup_settings(struct setup *setup, bool with_secrets);

/* The database's address: the setting, or novate.db in the data directory. */
str setup_database(const struct setup *setup);

/* Opens the database.  An empty one is migrated and gets the shipped catalog; one that is behind
 * or ahead is FAULT_CONFLICT with what to do. */
MUST_USE fault *setup_store(struct setup *setup, int connections);

/* Opens the database whatever its state; for `migrate` and `doctor`. */
MUST_USE fault *setup_store_any(struct setup *setup, int connections);

/* Brings the schema up to date and fills an empty catalog. */
MUST_USE fault *setup_prepare(struct setup *setup, int *applied, int64_t *skus);

/* 32 random bytes in a file of the data directory (0600), made the first time: "key" seals the
 * vendors' secrets and is for `work`; "web-key" signs what browsers bring back, for `serve`. */
MUST_USE fault *setup_key(struct setup *setup, const char *name, str *key);

/* A whole file, at most `most` bytes; STR_NONE in *text when there is none. */
MUST_USE fault *setup_file(struct setup *setup, const char *path, size_t most, str *text);

/* A whole file of ours, over whatever stood there. */
MUST_USE fault *setup_file_write(const char *path, str bytes);

str setup_path(const struct setup *setup, const char *name); /* inside the data directory */
void setup_close(struct setup *setup);
