/* The job that takes a conversion's steps. */
#pragma once

#include "convert/step.h"

/* Job kind "convert.step": takes the conversion's next step.  `context` of the job kind is a
 * struct convert_context. */
fault *convert_step_job(const struct job_run *job);
