/* Graph: a user's licenses, and changing them (vendor facts §2.5, §2.6). */
#pragma once

#include <jansson.h>

#include "web/route.h"

struct license_hold_change;

extern const struct route_table graph_license_routes;

/* The body of assignLicense, of a user or a group: both lists are required, and may be empty. NULL,
 * or what is wrong with it. */
const char *graph_license_read(struct arena *arena, const json_t *body,
			       struct license_hold_change *change);
