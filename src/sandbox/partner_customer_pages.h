/* Partner Center: invitation, customers, domains (vendor facts §3.3 to §3.5). */
#pragma once

#include "web/route.h"

extern const struct route_table partner_customer_routes;
