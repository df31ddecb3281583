/* What every sandbox has from its first start: the partner, its user, and the applications. */
#pragma once

#include "store/store.h"

/* Does it once; the second time nothing happens. */
MUST_USE fault *sandbox_seed(struct tx *tx);
/* The tenants that the program brings along, unless they are there. */
MUST_USE fault *sandbox_seed_tenants(struct tx *tx);
/* A tenant from a text; one that is there already is left alone. */
MUST_USE fault *sandbox_seed_tenant(struct tx *tx, str file, str text);
