/* Graph: groups, who is in them, and the licenses they give (vendor facts §2.6). */
#pragma once

#include "web/route.h"

extern const struct route_table graph_group_routes;
