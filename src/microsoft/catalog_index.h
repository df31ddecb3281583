/* Which catalogue items carry which SKU id.  Partner Center cannot be asked the other way round,
 * so the catalogue is read product by product and the answer kept for an hour; availabilities
 * are never kept (§3.7). */
#pragma once

#include "base/base.h"
#include "base/instant.h"

struct microsoft_work;

struct catalog_entry {
	str sku; /* provisioningId, in lower case */
	str product, product_sku, title;
	int64_t least, most;
};
struct catalog_entries {
	struct catalog_entry *at;
	size_t len;
};
struct catalog_index;

/* The entries that carry the SKU, copied into the work's arena; trials are left out. */
MUST_USE fault *catalog_index_find(struct microsoft_work *w, str sku,
				   struct catalog_entries *entries);
void catalog_index_close(struct catalog_index *index);
