/* Routes of one conversion under /partner/conversions and /api/v1/conversions. */
#pragma once

#include "web/form.h"
#include "web/route.h"

extern const struct route_table conversion_pages_routes;

/* The form that starts one. */
extern const struct field conversion_pages_start_fields[];
