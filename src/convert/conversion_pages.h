/* Routes under /partner/conversions and /api/v1/conversions. */
#pragma once

#include "web/route.h"

extern const struct route_table conversion_pages_routes;
