/* Members of a tenant file, each checked, each complaint with its place. */
#pragma once

#include <jansson.h>

#include "base/base.h"
#include "base/instant.h"

struct tenant_file_place {
	struct arena *keep;
	str file;
	const char *list; /* "users" */
	size_t index;
	const json_t *object;
};

void tenant_file_json_end(json_t **json); /* for DEFER */
MUST_USE fault *tenant_file_parse(str file, str text, json_t **root);

/* The array behind a member: an array itself, or the `value` of an answer.  NULL when absent. */
MUST_USE fault *tenant_file_list(str file, const json_t *root, const char *member,
				 const json_t **list);

/* "users.value[3].id is not a GUID." */
fault *tenant_file_wrong(const struct tenant_file_place *at, const char *member, const char *what);

MUST_USE fault *tenant_file_text(const struct tenant_file_place *at, const char *member, bool must,
				 str *text);
MUST_USE fault *tenant_file_guid(const struct tenant_file_place *at, const char *member, bool must,
				 str *guid);
MUST_USE fault *tenant_file_count(const struct tenant_file_place *at, const char *member,
				  int64_t *count);
MUST_USE fault *tenant_file_instant(const struct tenant_file_place *at, const char *member,
				    instant otherwise, instant *when);
bool tenant_file_truth(const struct tenant_file_place *at, const char *member, bool otherwise);
/* A member's JSON as text, or `otherwise` when it is absent. */
str tenant_file_source(const struct tenant_file_place *at, const char *member, str otherwise);
/* The whole object as text. */
str tenant_file_whole(const struct tenant_file_place *at);
