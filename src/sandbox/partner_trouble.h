/* What Partner Center was told to do wrong from now on, at the terminal or by a test: orders that
 * are refused in part, goods that are not what was ordered, offers that are withdrawn.
 *
 * Each is a row that lives until it was met as often as was said, or until it is ended. */
#pragma once

#include "store/store.h"

struct catalogue;

enum partner_trouble_kind {
	PARTNER_TROUBLE_REFUSED,	 /* the line's order group at checkout; number: the code */
	PARTNER_TROUBLE_REFUSED_IN_CART, /* the line itself; number: its errorCode */
	PARTNER_TROUBLE_QUANTITY,	 /* provisioning gives `number` units */
	PARTNER_TROUBLE_FAILED,		 /* provisioning fails: nothing is given */
	PARTNER_TROUBLE_OTHER_SKU,	 /* provisioning gives `other` */
	PARTNER_TROUBLE_LATE,		 /* provisioning takes `number` microseconds more */
	PARTNER_TROUBLE_WITHDRAWN,	 /* the offer is no longer sold */
	PARTNER_TROUBLE_BLOCKED,	 /* nothing is sold to the tenant; number: the code */
};

#define PARTNER_TROUBLE_ALWAYS (-1)

struct partner_trouble {
	enum partner_trouble_kind kind;
	str target;	/* a SKU's id or "product:sku", as partner_trouble_target gives it */
	int64_t number; /* by kind */
	str other;	/* by kind, or none */
	int64_t times;	/* at least 1, or PARTNER_TROUBLE_ALWAYS */
};

/* `name` is a SKU's id, its part number or "product:sku".  FAULT_INPUT for what is in no
 * catalogue. */
MUST_USE fault *partner_trouble_target(struct tx *tx, str name, str *target);
/* FAULT_INPUT for a count or a number that cannot be meant. */
MUST_USE fault *partner_trouble_make(struct tx *tx, const struct partner_trouble *trouble);
/* Whatever is left of the kind; nothing there is fine. */
MUST_USE fault *partner_trouble_end(struct tx *tx, enum partner_trouble_kind kind, str target);

/* All that can still be met, the oldest first; and their end. */
struct partner_troubles {
	struct partner_trouble *at;
	size_t len;
};
MUST_USE fault *partner_trouble_all(struct tx *tx, struct partner_troubles *all);
MUST_USE fault *partner_trouble_end_all(struct tx *tx);
/* "refused", "withdrawn": its word. */
str partner_trouble_word(enum partner_trouble_kind kind);

/* Meets the oldest one of the kind, which counts: `catalog_item` begins with "product:sku:". */
MUST_USE fault *partner_trouble_meet(struct tx *tx, enum partner_trouble_kind kind,
				     str catalog_item, struct partner_trouble *met, bool *found);
/* Marks what is withdrawn. */
MUST_USE fault *partner_trouble_withdrawn(struct tx *tx, struct catalogue *catalogue);

/* Whether a tenant may not be sold to (800073: under review, 800023: credit). */
MUST_USE fault *partner_trouble_blocked(struct tx *tx, str tenant, struct partner_trouble *block,
					bool *blocked);

/* Every line of a cart becomes an order of its own (else: one for each billing cycle). */
MUST_USE fault *partner_trouble_split_orders(struct tx *tx, bool on);
MUST_USE fault *partner_trouble_splits_orders(struct tx *tx, bool *on);
