/* For tests of Partner Center: the partner asks, on the bakery's account. */
#pragma once

#include "sandbox/sandbox_testing.h"

#define TESTING_PREMIUM "cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46" /* SPB */

/* "/v1/customers/BAKERY" and the tail. */
str partner_testing_path(struct sandbox_testing *t, const char *tail);
/* App-only, and as the partner's user.  `body` NULL: none. */
struct sandbox_testing_answer partner_testing_ask(struct sandbox_testing *t, enum method method,
						  str target, const char *body);
struct sandbox_testing_answer partner_testing_ask_user(struct sandbox_testing *t,
						       enum method method, str target,
						       const char *body);
/* JSON as it is sent. */
const char *partner_testing_text(struct sandbox_testing *t, const json_t *json);

/* This week's catalogItemId of "product:sku". */
str partner_testing_item(struct sandbox_testing *t, const char *item);

struct partner_testing_line {
	const char *item; /* "product:sku", for a year */
	int quantity;
	const char *billing;
};
/* The path of the new cart's checkout. */
str partner_testing_cart(struct sandbox_testing *t, const struct partner_testing_line *lines,
			 size_t count);
/* What the bakery may use of a SKU; 0 when it has none of it. */
int64_t partner_testing_units(struct sandbox_testing *t, const char *sku);
