/* Graph: what the tenant holds, by SKU and by subscription (vendor facts §2.2, §2.3). */
#pragma once

#include "web/route.h"

extern const struct route_table graph_sku_routes;
