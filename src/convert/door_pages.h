/* Routes under /c: what the tenant's administrator sees without an account. */
#pragma once

#include "web/route.h"

extern const struct route_table door_pages_routes;
