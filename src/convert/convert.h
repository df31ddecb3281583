/* The room's doors: the job that takes the steps, and the pages. */
#pragma once

#include "convert/step.h"
#include "web/route.h"

/* Job kind "convert.step": takes the conversion's next step.  `context` of the job kind is a
 * struct convert_context. */
fault *convert_step_job(const struct job_run *job);

extern const struct route conversion_routes[];
extern const size_t conversion_route_count;
