/* What to buy where the very same SKU is not on sale: the nearest one, compared service plan by
 * service plan.  Microsoft has no interface that proposes one (vendor facts §5.2), so it is a
 * proposal that a person may change, never a decision. */
#pragma once

#include "market/sku.h"

struct successor {
	struct sku sku;
	bool named; /* the catalog names it; else it is the nearest by what is inside */
	/* Compared with the SKU that it would stand in for; plumbing is not counted. */
	int64_t families_lost, plans_lost, families_gained, plans_gained;
};
struct successors {
	struct successor *at;
	size_t len;
};

/* The nearest `most` SKUs that are neither free nor retired, best first; the one that the catalog
 * names comes first.  None that loses half of the families or more; none when nothing is known of
 * what is inside. */
MUST_USE fault *successor_near(struct tx *tx, str guid, size_t most, struct successors *list);

/* What a user gains and loses, in words by family: "mail: Exchange Online (Plan 2)".  Empty where
 * nothing a user meets changes, or nothing is known. */
MUST_USE fault *successor_compare(struct tx *tx, str from, str to, str *gained, str *lost);
