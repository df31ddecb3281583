/* Reading vendors' JSON leniently: a byte-order mark, keys in any case, numbers as text and text
 * as numbers, dates without a zone (§3.1, §8.4).  What is missing or null is "none". */
#pragma once

#include <jansson.h>

#include "base/base.h"
#include "base/instant.h"

/* `who` names the other side in the fault.  The caller ends it with DEFER(reading_end). */
MUST_USE fault *reading_open(str body, const char *who, json_t **made);
void reading_end(json_t **json);

/* The member with this key, or NULL; keys match exactly, else without regard to case. */
json_t *reading_member(const json_t *of, const char *key);
/* The array below this key, or NULL. */
json_t *reading_list(const json_t *of, const char *key);

str reading_text(struct arena *keep, const json_t *of, const char *key);
str reading_guid(struct arena *keep, const json_t *of, const char *key); /* in lower case */
int64_t reading_number(const json_t *of, const char *key, int64_t otherwise);
bool reading_flag(const json_t *of, const char *key, bool otherwise);
instant reading_instant(const json_t *of, const char *key);

/* The text of a JSON value we send. */
str reading_written(struct arena *keep, const json_t *json);
