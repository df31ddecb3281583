/* Which service plans a SKU brings, by the public list "Product names and service plan identifiers
 * for licensing" (license_plans.csv: first a name for each plan, then the names of each SKU). */
#pragma once

#include "base/base.h"

/* As `servicePlans` of subscribedSkus, a JSON array; empty for a SKU the list does not have. */
str license_plan_list(struct arena *keep, str sku);
