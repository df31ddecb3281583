/* Partner Center: the agreements a customer must have confirmed (vendor facts §3.10). */
#pragma once

#include "web/route.h"

extern const struct route_table partner_agreement_routes;
