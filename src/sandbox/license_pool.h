/* A tenant's licenses of one SKU: units come from subscriptions, holds take them.
 *
 * Every change goes through this file and leaves journal rows: what the pool was afterwards, and
 * who lost a license by it. */
#pragma once

#include "store/store.h"

struct license_pool {
	str sku, part_number, applies_to;
	str title; /* the marketing name when the catalogue knows it, else the part number */
	str service_plans; /* JSON array as it came */
	int64_t enabled, warning, suspended, locked_out;
	int64_t consumed; /* distinct users */
};
struct license_pools {
	struct license_pool *at;
	size_t len;
};
/* A SKU all of whose subscriptions are deleted is not listed. */
MUST_USE fault *license_pool_all(struct tx *tx, str tenant, struct license_pools *pools);

/* The same with `consumed` left at 0: nobody is counted, which in a large tenant takes its time. */
MUST_USE fault *license_pool_kinds(struct tx *tx, str tenant, struct license_pools *pools);
MUST_USE fault *license_pool_one(struct tx *tx, str tenant, str sku, struct license_pool *pool,
				 bool *found);

/* NULL when the tenant has no such SKU. */
const struct license_pool *license_pool_of(const struct license_pools *pools, str sku);

/* "Enabled", "Warning", "Suspended", "LockedOut", "Deleted": the best status present. */
str license_pool_capability(const struct license_pool *pool);
/* The admin center's columns. */
int64_t license_pool_valid(const struct license_pool *pool); /* enabled + warning */
int64_t license_pool_expired(
	const struct license_pool *pool); /* warning + suspended + locked out */

/* Usable units nobody holds; below zero when users hold more than there is. */
int64_t license_pool_spare(const struct license_pool *pool);

/* Writes the journal rows of a tenant after `what` happened to it.  `sku` STR_NONE: all. */
MUST_USE fault *license_pool_note(struct tx *tx, str what, str tenant, str sku);
/* The row of one SKU whose pool is known already; `lost_user` as below, or none. */
MUST_USE fault *license_pool_note_as(struct tx *tx, str what, str tenant,
				     const struct license_pool *pool, str lost_user);
/* The row of one user who has just lost a SKU and nothing of its kind for it. */
MUST_USE fault *license_pool_note_loss(struct tx *tx, str what, str tenant, str sku, str user);
