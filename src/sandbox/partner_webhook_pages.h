/* Partner Center: where a partner is told events (vendor facts §3.13). */
#pragma once

#include "web/route.h"

extern const struct route_table partner_webhook_routes;
