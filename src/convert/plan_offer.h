/* What is on sale for each SKU of a tenant: the very same one, else what stands in for it. */
#pragma once

#include "convert/plan.h"
#include "convert/step.h"

/* One offer for each of before->skus, asked of our catalog and of Microsoft's, honouring what the
 * partner chose.  Microsoft is asked only about what could be bought. */
MUST_USE fault *plan_offers_find(struct run *run, const struct snapshot *before,
				 struct plan_offer *offers);
