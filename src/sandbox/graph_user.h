/* Graph: users, their licenses, and assigning them (vendor facts §2.5, §2.6). */
#pragma once

#include <jansson.h>

#include "web/route.h"

struct graph_call;
struct tenant_state_user;
struct license_holds;

extern const struct route_table graph_user_routes;

/* A user as Graph shows it: the stored members, the licenses as they are now, and $select. */
MUST_USE fault *graph_user_json(const struct graph_call *call, const struct tenant_state_user *user,
				const struct license_holds *holds, json_t **made);
