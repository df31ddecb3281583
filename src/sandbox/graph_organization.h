/* Graph: the organization and its domains (vendor facts §2.4, §2.9). */
#pragma once

#include "web/route.h"

extern const struct route_table graph_organization_routes;
