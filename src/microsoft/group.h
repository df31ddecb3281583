/* Groups of a tenant, as far as people have to be told which one is meant. */
#pragma once

#include "microsoft/microsoft.h"

/* The name of a group; none when the tenant does not let us read groups, or it is gone. */
MUST_USE fault *group_name(struct microsoft_work *w, str tenant, str group, str *name);
