/* What is looked at between the approval and the purchase, however long that took: is the tenant
 * still the one that the plan was made for, and is the price still the approved one? */
#pragma once

#include "convert/plan.h"
#include "convert/step.h"

/* Empty when the tenant is what it was; loads the plan. */
MUST_USE fault *order_check_tenant(struct run *run, struct plan *plan, str *changed);

/* *asked: a price moved and `out` says what comes next: the question, or once it is answered, the
 * same step with the new price. */
MUST_USE fault *order_check_prices(struct run *run, const struct plan *plan, struct outcome *out,
				   bool *asked);
