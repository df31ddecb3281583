/* The API in OpenAPI 3.1, made from the tables of routes and fields. */
#pragma once

#include "base/base.h"
#include "web/route.h"

str openapi_text(struct arena *keep, const struct route_table *tables, size_t count,
		 const char *version);
