/* What the tenant must show, counted by SKU, by subscription and user by user.
 *
 * Every difference is a sentence a partner understands; none means that it holds. */
#pragma once

#include "convert/plan.h"

struct verify_differences {
	str *at;
	size_t len;
};

/* The tenant still is what the plan was approved on. */
struct verify_differences verify_unchanged(struct arena *keep, const struct plan *plan,
					   const struct snapshot *before,
					   const struct snapshot *now);

/* Both sets are there: for every bought line usable units are before + ordered, the direct
 * subscriptions are untouched, ours are active, and no user holds less. */
struct verify_differences verify_both(struct arena *keep, const struct plan *plan,
				      const struct snapshot *before, const struct snapshot *now);

/* The new set carries everybody, however much of the old one is cancelled by now: usable units are
 * what they were without the old ones, plus what is left of those, plus ours. */
struct verify_differences verify_moving(struct arena *keep, const struct plan *plan,
					const struct snapshot *before, const struct snapshot *now);

/* Only the new set is there: usable units are what they were, carried by ours alone, and no user
 * holds less. */
struct verify_differences verify_only_new(struct arena *keep, const struct plan *plan,
					  const struct snapshot *before,
					  const struct snapshot *now);

/* How many units of the plan's direct subscriptions are still usable: from all of them ("nothing
 * cancelled yet") down to none. */
int64_t verify_old_units(const struct plan *plan, const struct snapshot *before,
			 const struct snapshot *now);

/* How many units of the plan's SKUs are sold by us on top of what was before: none once an order is
 * undone, whatever the tenant itself did meanwhile. */
int64_t verify_new_units(const struct plan *plan, const struct snapshot *before,
			 const struct snapshot *now);

/* Whether any direct subscription of the plan has been cancelled: undoing would then take
 * licenses away. */
bool verify_old_touched(const struct plan *plan, const struct snapshot *before,
			const struct snapshot *now);

/* The differences as one text. */
str verify_text(struct arena *keep, const struct verify_differences *differences);
