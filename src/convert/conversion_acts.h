/* What a person does with a conversion: each act once for the page and once for the API. */
#pragma once

#include "web/route.h"

extern const struct route_table conversion_acts_routes;
