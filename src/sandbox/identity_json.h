/* JSON of the identity endpoints: jansson's objects, our strings. */
#pragma once

#include <jansson.h>

#include "base/base.h"

void identity_json_end(json_t **json); /* for DEFER */

/* A string value; none and empty give "". */
json_t *identity_json_str(str s);
/* The words of a space-separated list. */
json_t *identity_json_words(str words);
str identity_json_text(struct arena *keep, const json_t *json);
/* The object in one base64url part of a token; NULL when there is none. */
json_t *identity_json_part(struct arena *keep, str part);
/* A member's text, copied; empty when absent or of another type. */
str identity_json_get(struct arena *keep, const json_t *json, const char *key);
