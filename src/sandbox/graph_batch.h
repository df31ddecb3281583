/* Graph: up to twenty calls in one (vendor facts §2.7, client facts §3). */
#pragma once

#include "web/route.h"

extern const struct route_table graph_batch_routes;
