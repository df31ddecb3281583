/* The catalog that Novate brings along: assets/catalog.csv, loaded once into an empty catalog. */
#pragma once

#include "base/base.h"
#include "store/store.h"

/* Loads a file in the shape of assets/catalog.csv; *loaded is the number of SKUs. */
MUST_USE fault *catalog_load(struct tx *tx, str csv, int64_t *loaded);

/* Loads the shipped file when there is no SKU yet; *loaded is 0 when there was one.  So with what
 * is inside each SKU (assets/service_plans.csv), when nothing is known of that. */
MUST_USE fault *catalog_first_load(struct tx *tx, int64_t *loaded);
