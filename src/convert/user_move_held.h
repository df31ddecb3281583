/* What a look shows of one user, and which service plans that gives; for user_move's files only. */
#pragma once

#include "convert/user_move.h"

struct user_move_held {
	const struct license_hold *at;
	size_t len;
};
struct user_move_held user_move_held_by(const struct snapshot *now, str user);

/* NULL when there is none. */
const struct license_hold *user_move_held_directly(struct user_move_held held, str sku);
bool user_move_held_any(struct user_move_held held, str sku);
/* The same hold: of the SKU, through this group, or directly when it is empty. */
bool user_move_held_through(struct user_move_held held, str sku, str through);

/* The plan's line that moves users away from this SKU, or NULL. */
const struct plan_line *user_move_held_line(const struct plan *plan, str sku);

/* Service plans of the target that are off for this user: switched off somewhere, given by none of
 * the user's holds of it, or `with_old` of what becomes it, and in the target, because an id that
 * is not fails the whole call (vendor facts §2.6). */
str user_move_held_off(struct arena *keep, const struct user_move_look *look,
		       struct user_move_held held, str target, bool with_old);

/* Service plans that are off in this hold and still in its SKU: products lose plans, and an id of
 * before fails the whole call just so. */
str user_move_held_own(struct arena *keep, const struct user_move_look *look,
		       const struct license_hold *hold);
