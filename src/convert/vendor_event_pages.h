/* The address at which Microsoft tells us of changes. */
#pragma once

#include "web/route.h"

extern const struct route_table vendor_event_pages_routes;
