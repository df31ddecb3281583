/* What a person's token is worth beside its permissions: the person's own roles, in the tenant or,
 * of a partner's people, by a delegated admin relationship (vendor facts §2.3, §2.6, §2.9). */
#pragma once

#include "store/store.h"

struct graph_call;

/* *may is true of applications; of people reading what every member of the tenant may read; else by
 * role. */
MUST_USE fault *graph_role(const struct graph_call *call, bool *may);
