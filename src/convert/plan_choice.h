/* What the partner chooses about a plan before approving it: what stands in for a SKU, its term,
 * how the tenant pays Microsoft.  A choice makes the plan anew, with another hash. */
#pragma once

#include "convert/conversion.h"

struct plan_choice {
	str sku;
	str target; /* a SKU, the same one, or empty: leave it as it is */
	str term, billing;
};
struct plan_choices {
	struct plan_choice *at;
	size_t len;
};

/* `target` as in plan_choice, `term` one of plan_choice_terms.
 *
 * FAULT_CONFLICT when the plan is not waiting for approval (any more), FAULT_INPUT for what is no
 * SKU of the plan, of our catalog, or no term that is sold. */
MUST_USE fault *plan_choice_take(struct tx *tx, const struct asker *by, id conversion, str sku,
				 str target, str term);

/* The partner says how the tenant pays; ACCOUNT_UNKNOWN takes it back.  What Microsoft itself has
 * told wins. */
MUST_USE fault *plan_choice_account(struct tx *tx, const struct asker *by, id conversion,
				    enum conversion_account account);

MUST_USE fault *plan_choice_load(struct tx *tx, id conversion, struct plan_choices *choices);
/* NULL where nothing was chosen. */
const struct plan_choice *plan_choice_of(const struct plan_choices *choices, str sku);

/* "P1Y monthly" and the like, NULL-ended: what can be chosen. */
extern const char *const plan_choice_terms[];
/* Splits one of them. */
bool plan_choice_term(str chosen, str *term, str *billing);
