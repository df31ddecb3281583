/* New ids in the vendor's form. */
#pragma once

#include "base/base.h"

struct world;

/* A random GUID (RFC 9562 version 4) in lower case. */
str sandbox_guid(const struct world *world, struct arena *keep);
