/* Partner Center: products, their SKUs and availabilities (vendor facts §3.7). */
#pragma once

#include "web/route.h"

extern const struct route_table partner_catalogue_routes;
