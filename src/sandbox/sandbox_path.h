/* Files of the data directory, and tenant files a person names. */
#pragma once

#include "base/base.h"

/* "directory/name" */
const char *sandbox_path_join(struct arena *keep, str directory, const char *name);
/* The directory, made when it is missing (for its owner alone); *absolute is its full path. */
MUST_USE fault *sandbox_path_directory(struct arena *keep, const char *path, bool make,
				       str *absolute);
/* *found is false when there is no such file; FAULT_INPUT when it has more than `most` bytes. */
MUST_USE fault *sandbox_path_read(struct arena *keep, const char *path, size_t most, str *text,
				  bool *found);
/* Whole or not at all: written beside it and renamed. */
MUST_USE fault *sandbox_path_write(const char *path, str text, unsigned mode);

/* Holds the directory for one server until *lock is closed; FAULT_CONFLICT when another has it. */
MUST_USE fault *sandbox_path_hold(struct arena *keep, str directory, int *lock);
/* Whether a server has it just now. */
bool sandbox_path_held(struct arena *keep, str directory);
void sandbox_path_release(int *lock); /* for DEFER */

/* The *.json files of a directory, sorted; or the file itself. */
struct sandbox_path_list {
	const char **at;
	size_t len;
};
MUST_USE fault *sandbox_path_tenants(struct arena *keep, const char *path,
				     struct sandbox_path_list *files);
