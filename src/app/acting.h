/* As whom a terminal acts: whoever may read the data directory is trusted as an operator is. */
#pragma once

#include "convert/conversion.h"

/* The account with this address, or with NULL the first operator there is. */
MUST_USE fault *acting_as(struct tx *tx, const char *email, struct asker *by);
