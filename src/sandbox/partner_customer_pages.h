/* Partner Center: invitation, customers, domains, licenses of a customer (vendor facts §3.3 to
 * §3.6). */
#pragma once

#include "web/route.h"

extern const struct route_table partner_customer_routes;
