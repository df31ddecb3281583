/* Partner Center: carts and their checkout (vendor facts §3.8). */
#pragma once

#include "web/route.h"

extern const struct route_table partner_cart_routes;
