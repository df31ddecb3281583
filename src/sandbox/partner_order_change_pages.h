/* Partner Center: orders placed without a cart, and their billing cycle (vendor facts §3.8, §3.9).
 */
#pragma once

#include "web/route.h"

extern const struct route_table partner_order_change_routes;
