/* What callers of Partner Center send: names of members are read in any case (vendor facts §3.1).
 */
#pragma once

#include <jansson.h>

#include "base/base.h"

const json_t *partner_json_member(const json_t *object, const char *name);
/* STR_NONE when it is absent, no text, or longer than PARTNER_JSON_MOST: nothing here is. */
#define PARTNER_JSON_MOST 2000
str partner_json_text(struct arena *arena, const json_t *object, const char *name);
/* Untouched when it is absent or no whole number. */
bool partner_json_count(const json_t *object, const char *name, int64_t *count);
