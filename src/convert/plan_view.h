/* What the pages show of a plan: its lines, what was found out, what the overlap costs, and what
 * may be chosen. */
#pragma once

#include "convert/conversion_view.h"

MUST_USE fault *plan_view_fill(struct tx *tx, const struct conversion *c,
			       struct conversion_shown *shown);
/* What may be chosen in each line, once the rest is there.  It compares the whole catalog, so only
 * the page that offers it asks. */
MUST_USE fault *plan_view_choices(struct tx *tx, const struct conversion *c,
				  struct conversion_shown *shown);

/* "one year, billed monthly"; the words as they are where they are none of ours. */
str plan_view_term(struct arena *keep, str term, str billing);
