/* What a person or a test must know to use the sandbox: addresses, CA, sign-ins, applications. */
#pragma once

#include <jansson.h>

#include "store/store.h"

/* The object that `novate-sandbox info --json` prints; to be ended by the caller. */
MUST_USE fault *sandbox_info_json(struct tx *tx, json_t **made);
/* The same for people. */
MUST_USE fault *sandbox_info_text(struct tx *tx, str *text);
