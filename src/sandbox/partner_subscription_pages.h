/* Partner Center: subscriptions, their provisioning and their changes (vendor facts §3.9). */
#pragma once

#include "web/route.h"

extern const struct route_table partner_subscription_routes;
