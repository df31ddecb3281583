/* Partner Center: a customer's licenses and who holds them; the same pools as Graph's (vendor
 * facts §3.6). */
#pragma once

#include "web/route.h"

extern const struct route_table partner_license_routes;
