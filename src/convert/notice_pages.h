/* Routes under /partner/conversions/:id/letters: every letter of a conversion as it would be sent.
 */
#pragma once

#include "web/route.h"

extern const struct route_table notice_pages_routes;
