/* Time passes: what became due since the last look happens now.  Every handler that shows or
 * changes subscriptions asks this first. */
#pragma once

#include "store/store.h"

struct request;

/* Whether anything is due; a subject that does something in sandbox_pass says so there too. */
MUST_USE fault *sandbox_pass_due(struct tx *tx, bool *due);
MUST_USE fault *sandbox_pass(struct tx *tx);
/* For handlers: passes only when something is due, and then in a transaction that writes
 * (request_must_write), so that reading stays reading. */
MUST_USE fault *sandbox_pass_first(struct request *rq);
