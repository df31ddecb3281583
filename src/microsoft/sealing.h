/* Secrets at rest: libsodium's secretbox with a key that is not in the database. */
#pragma once

#include "base/base.h"
#include "base/world.h"

/* Nonce and box in one. */
str sealing_shut(struct arena *keep, const struct world *world, str key, str secret);
/* False when it was sealed with another key or was changed. */
bool sealing_open(struct arena *keep, str key, str sealed, str *secret);
