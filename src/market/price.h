/* What a seat costs a month: a row for each SKU, currency, term and billing, valid from a moment
 * on, so that an old plan can still be explained. */
#pragma once

#include "base/base.h"
#include "base/instant.h"
#include "base/money.h"
#include "store/store.h"

/* The term in which the marketplace sells: one year, billed monthly (procedure, step 17). */
#define PRICE_TERM    S("P1Y")
#define PRICE_BILLING S("monthly")

struct price {
	money seat_month;
	str term, billing; /* "P1Y", "monthly" */
	instant valid_from;
};

/* The price in force.  *found is false when there is none: then it is "as agreed". */
MUST_USE fault *price_find(struct tx *tx, str sku, currency in, str term, str billing,
			   struct price *price, bool *found);

/* A new price from now on.  FAULT_INPUT for an amount that is not above zero, FAULT_MISSING for
 * an unknown SKU. */
MUST_USE fault *price_set(struct tx *tx, str sku, money seat_month, str term, str billing);
