/* Carts: what is about to be ordered for a customer (vendor facts §3.8). */
#pragma once

#include "store/store.h"

struct partner_cart_line {
	int64_t position;
	str catalog_item;
	int64_t quantity;
	str friendly_name, mpn; /* or none */
	str billing, term;
	bool other_currency, promoted, own_end, with_addons; /* what the sandbox never sells */
	str group;	    /* lines of one group become one order */
	int64_t error_code; /* 0: it can be bought */
	str error_said;
	int64_t order_code; /* the same in the words of an order; set by checking alone */
};
struct partner_cart {
	str id, partner, customer;
	str status; /* "Active", "Ordered" */
	instant created, modified, expires;
	str modified_by;
	struct partner_cart_line *lines;
	size_t line_count;
};

/* Whether each line can be bought, by the catalogue of this moment. */
MUST_USE fault *partner_cart_check(struct tx *tx, struct partner_cart *cart);
/* As partner_cart_check for lines just given: each gets its group, and meets what was told to go
 * wrong in carts. */
MUST_USE fault *partner_cart_fill(struct tx *tx, struct partner_cart *cart);
/* A cart with its lines, new or instead of what was there. */
MUST_USE fault *partner_cart_save(struct tx *tx, const struct partner_cart *cart);
/* Gone seven days after it was made, unless it was ordered. */
MUST_USE fault *partner_cart_find(struct tx *tx, str partner, str customer, str name,
				  struct partner_cart *cart, bool *found);

bool partner_cart_is_clean(const struct partner_cart *cart);
/* One order for each group, with its subscriptions pending; a group of which a line is refused
 * becomes a refusal instead.  The cart is then Ordered: what came of it is its result for good. */
MUST_USE fault *partner_cart_order(struct tx *tx, const struct partner_cart *cart,
				   int64_t provisioning);

struct partner_cart_refusal {
	str group;
	int64_t code;
	str said;
};
struct partner_cart_refusals {
	struct partner_cart_refusal *at;
	size_t len;
};
MUST_USE fault *partner_cart_refused(struct tx *tx, str cart,
				     struct partner_cart_refusals *refusals);
