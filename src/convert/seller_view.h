/* What the pages show of a tenant's subscriptions: who sold each, and how that is known. */
#pragma once

#include "convert/conversion_view.h"

/* Products are named as the plan's lines name them, so these are filled already. */
MUST_USE fault *seller_view_fill(struct tx *tx, const struct conversion *c,
				 struct conversion_shown *shown);
