/* Graph for partners: their customers' contracts, and what they may administrate there (vendor
 * facts §2.9). */
#pragma once

#include "web/route.h"

extern const struct route_table graph_contract_routes, graph_delegation_routes;
