/* Partner Center: a partner lets an application into a customer's tenant (vendor facts §1.7). */
#pragma once

#include "web/route.h"

extern const struct route_table partner_consent_routes;
