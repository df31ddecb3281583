/* Routes of one conversion under /partner/conversions and /api/v1/conversions. */
#pragma once

#include "convert/conversion.h"
#include "web/form.h"
#include "web/route.h"

extern const struct route_table conversion_pages_routes;

/* The conversion that the address names, and who asks. */
MUST_USE fault *conversion_pages_asked(struct request *rq, struct asker *by, struct conversion *c);
/* One conversion as JSON. */
MUST_USE fault *conversion_pages_answer(struct request *rq, struct reply *to, int status,
					id conversion);

/* The form that starts one. */
extern const struct field conversion_pages_start_fields[];
