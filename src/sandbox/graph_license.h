/* Graph: one user's licenses in detail, and assigning them (vendor facts §2.5, §2.6). */
#pragma once

#include "web/route.h"

extern const struct route_table graph_license_routes;
