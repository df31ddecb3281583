/* A batch as the API shows it. */
#pragma once

#include "convert/batch.h"

/* With its lines, each with what became of it. */
MUST_USE fault *batch_json_one(struct arena *keep, const struct batch *batch,
			       const struct batch_lines *lines, str *json);
MUST_USE fault *batch_json_list(struct arena *keep, const struct batch_list *list, str *json);

/* The report as CSV, a line for each line that was handed in. */
str batch_json_csv(struct arena *keep, const struct batch_lines *lines);
