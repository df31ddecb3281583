/* Jobs as the API shows them to operators. */
#pragma once

#include "admin/job_desk.h"

MUST_USE fault *job_desk_json_list(struct arena *keep, const struct job_list *jobs, str *json);
/* With its failed tries, newest first. */
MUST_USE fault *job_desk_json_one(struct arena *keep, const struct job_desk_one *one, str *json);
