/* Who changes from what to what, as a file: what is foreseen before anything is bought, what was
 * done afterwards, and enough to put everybody back by hand. */
#pragma once

#include "convert/user_move.h"

struct user_move_list {
	struct plan plan;
	struct user_moves moves; /* by the users' names */
	bool foreseen;		 /* from the record of the tenant: nobody was asked to move yet */
};

/* Empty when there is no plan, or it moves nobody. */
MUST_USE fault *user_move_list_load(struct tx *tx, const struct conversion *c,
				    struct user_move_list *list);

/* The part number of a SKU that the plan speaks of. */
str user_move_list_part(const struct user_move_list *list, str sku);

/* {"conversion": …, "foreseen": …, "moves": [{"user": …, "from": {…}, "to": {…}, …}]} */
MUST_USE fault *user_move_list_json(struct arena *keep, const struct conversion *c,
				    const struct user_move_list *list, str *json);
/* One line a user and SKU, under a heading. */
str user_move_list_csv(struct arena *keep, const struct user_move_list *list);
