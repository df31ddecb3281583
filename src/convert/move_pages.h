/* Routes: what each user gets, as a page, JSON and CSV. */
#pragma once

#include "web/route.h"

extern const struct route_table move_pages_routes;
