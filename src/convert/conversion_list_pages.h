/* The list of conversions and the board, as pages and as JSON. */
#pragma once

#include "convert/conversion_list.h"
#include "web/route.h"

extern const struct route_table conversion_list_pages_routes;

struct request;

/* Who asks, from the request. */
struct asker conversion_list_pages_asker(const struct request *rq);
/* The filter that the address carries. */
struct conversion_filter conversion_list_pages_filter(const struct request *rq);
