/* Our own values as JSON: what files of this room have in common when they write it. */
#pragma once

#include <jansson.h>

#include "base/base.h"
#include "base/instant.h"

json_t *json_say_text(str s); /* null for none */
json_t *json_say_when(struct arena *scratch, instant at);
/* Compact or indented text; FAULT_BUG when it cannot be written. */
MUST_USE fault *json_say_dump(struct arena *keep, const json_t *json, size_t flags, str *out);
/* For DEFER. */
void json_say_end(json_t **json);
