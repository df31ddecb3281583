/* Graph's limits on identity calls (vendor facts §2.8): buckets of resource units and of writes,
 * for each application in each tenant, each application anywhere and each tenant, that fill evenly.
 * Off unless `serve --throttle` asks. */
#pragma once

#include "store/store.h"

struct graph_call;

/* What a call costs by its path and query; `path` begins behind "/v1.0". */
int64_t graph_throttle_cost(bool reads, str path, str select, str top, str expand);

/* Takes what the call costs, or answers 429.  *answered is false when it may go on. */
MUST_USE fault *graph_throttle(const struct graph_call *call, bool *answered);
