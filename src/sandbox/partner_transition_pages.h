/* Partner Center: what a subscription can become, and its becoming it (vendor facts §3.12). */
#pragma once

#include "web/route.h"

extern const struct route_table partner_transition_routes;
