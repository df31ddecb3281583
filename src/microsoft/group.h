/* Groups of a tenant, as far as people have to be told which one is meant. */
#pragma once

#include "microsoft/microsoft.h"

/* Whether a group gives this SKU to its members: what it was told, however many have it yet.  True
 * where the tenant does not let us read groups; false where it is gone. */
MUST_USE fault *group_gives(struct microsoft_work *w, str tenant, str group, str sku, bool *gives);

/* The name of a group; none when the tenant does not let us read groups, or it is gone. */
MUST_USE fault *group_name(struct microsoft_work *w, str tenant, str group, str *name);
