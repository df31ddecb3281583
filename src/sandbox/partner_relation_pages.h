/* Partner Center: who is related to whom in two tiers, and what callers changed (vendor facts
 * §3.2, §3.11). */
#pragma once

#include "web/route.h"

extern const struct route_table partner_relation_routes;
