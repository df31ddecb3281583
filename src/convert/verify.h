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

/* Both sets are there: for every bought line usable units of what is bought are before + ordered,
 * the direct subscriptions are untouched, ours are active, and no user holds less. */
struct verify_differences verify_both(struct arena *keep, const struct plan *plan,
				      const struct snapshot *before, const struct snapshot *now);

/* As verify_both, however much of the old set is cancelled by now: usable units are what they were
 * without the old ones, plus what is left of those, plus ours.  Users may still hold the license
 * that they are to be moved from. */
struct verify_differences verify_ready(struct arena *keep, const struct plan *plan,
				       const struct snapshot *before, const struct snapshot *now);

/* Nobody is left on what a line moves away from, beyond the units of it that stay. */
struct verify_differences verify_moved(struct arena *keep, const struct plan *plan,
				       const struct snapshot *before, const struct snapshot *now);

/* The new set carries everybody: verify_ready, and nobody is left on what a line moves away from,
 * beyond the units of it that stay. */
struct verify_differences verify_moving(struct arena *keep, const struct plan *plan,
					const struct snapshot *before, const struct snapshot *now);

/* Only the new set is there: usable units are what they were, carried by ours alone, nobody is left
 * on what was replaced, and no user holds less. */
struct verify_differences verify_only_new(struct arena *keep, const struct plan *plan,
					  const struct snapshot *before,
					  const struct snapshot *now);

/* The first promise, where the plan moves users: every hold of `before` is still there in `now`, or
 * the plan's target for its SKU is, directly or through a group.  The missing ones are listed. */
struct license_holds verify_missing(struct arena *keep, const struct plan *plan,
				    const struct snapshot *before, const struct snapshot *now);

/* Who holds this SKU, one hold a user. */
struct license_holds verify_holders(struct arena *keep, const struct snapshot *in, str sku);

/* Usable units of a bought line's own SKU once its direct subscription is gone: none where users
 * are moved away from it, unless somebody else sells the tenant some. */
int64_t verify_stays(const struct plan *plan, const struct snapshot *before,
		     const struct plan_line *line);

/* How many units of the plan's direct subscriptions are still usable: from all of them ("nothing
 * cancelled yet") down to none. */
int64_t verify_old_units(const struct plan *plan, const struct snapshot *before,
			 const struct snapshot *now);

/* How many units of the plan's targets are sold by us on top of what was before: none once an order
 * is undone, whatever the tenant itself did meanwhile. */
int64_t verify_new_units(const struct plan *plan, const struct snapshot *before,
			 const struct snapshot *now);

/* Whether any direct subscription of the plan has been cancelled: undoing would then take
 * licenses away. */
bool verify_old_touched(const struct plan *plan, const struct snapshot *before,
			const struct snapshot *now);

/* The differences as one text. */
str verify_text(struct arena *keep, const struct verify_differences *differences);
