/* How an order is known again as ours: every line carries a note made from conversion, approved
 * plan and line. */
#pragma once

#include "convert/step.h"
#include "microsoft/reseller.h"

/* "Novate cnv_01h2…/3f9a2b1c/0": the line's friendlyName at Partner Center. */
str order_note(struct arena *keep, const struct conversion *c, int64_t line);

/* The MS-RequestId of a further order of the same plan: made from the last one's and the order that
 * it brought, so that every retry asks with the same one. */
str order_request_of(struct arena *keep, str last, str order);

/* New orders can take fifteen minutes to show in lists (vendor facts §3.8); what is not there after
 * twice that was never placed. */
#define ORDER_LISTS_ARE_LATE MINUTES(30)

/* The newest of the orders that came back in part; none where no order did. */
str order_last_part(const struct conversion *c);

/* Every line with our note, the newest where it was ordered again.  Partner Center may make several
 * orders of one cart, and its list may be late (vendor facts §3.8): the orders we know are read by
 * their ids, the others from the list. */
struct order_lines {
	struct reseller_order_line *at;
	size_t len;
};
MUST_USE fault *order_lines(struct run *run, str order, struct order_lines *lines);

/* The line that carries this note; NULL when none does. */
const struct reseller_order_line *order_line_of(const struct order_lines *lines, str note);

/* Whether the subscription that the line brought has been cancelled since. */
bool order_is_cancelled(const struct order_lines *lines, const struct reseller_subscriptions *all,
			str note);

/* The order that carries our notes, looked for in the tenant's orders; not one of those that came
 * back in part. */
MUST_USE fault *order_find(struct run *run, str *order, bool *found);
