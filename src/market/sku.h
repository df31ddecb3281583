/* A SKU: what Microsoft sells, known by the GUID that Graph and Partner Center use.
 *
 * A name is never a key: one name belongs to several GUIDs, one GUID has had several names, and
 * what was "Business Premium" is today's "Business Standard" (reference §6.3). */
#pragma once

#include "base/base.h"
#include "store/store.h"

struct sku {
	str guid;	 /* lower case */
	str part_number; /* "O365_BUSINESS_PREMIUM" */
	str name;	 /* as it is sold today */
	str other_names; /* what it was called before, one a line; may be empty */
	str note;	 /* a name trap the buyer should know of, or none */
	bool free;	 /* costs nothing or spreads by itself: never part of a plan (§5.6) */
	bool retired;	 /* no longer sold on its own */
	str successor;	 /* what is sold in its place, or none where nobody has said so */
};
struct skus {
	struct sku *at;
	size_t len;
};

/* By GUID, any case, with white space around it. */
MUST_USE fault *sku_find(struct tx *tx, str guid, struct sku *sku, bool *found);

/* All with this part number, any case: usually one, but not always (`MCOPSTN5` has two). */
MUST_USE fault *sku_by_part_number(struct tx *tx, str part_number, struct skus *skus);

/* The whole catalog by part number. */
MUST_USE fault *sku_list(struct tx *tx, struct skus *skus);

struct sku_plan {
	str guid, name, friendly_name; /* "EXCHANGE_S_STANDARD", "Exchange Online (Plan 1)" */
};
struct sku_plans {
	struct sku_plan *at;
	size_t len;
};
/* The service plans inside a SKU, by name; empty when the published list was not imported. */
MUST_USE fault *sku_plans(struct tx *tx, str guid, struct sku_plans *plans);
