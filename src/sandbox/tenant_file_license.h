/* The licenses of a tenant file: its SKUs, its subscriptions, and who holds what. */
#pragma once

#include <jansson.h>

#include "store/store.h"

struct tenant_file_place;

/* `subscribedSkus` and `directory/subscriptions`.  A SKU with counts but no subscription gets
 * one that carries them; a subscription of an unlisted SKU lists it. */
MUST_USE fault *tenant_file_pools(struct tx *tx, str file, const json_t *root, str tenant);

/* A user's `licenseAssignmentStates`, or, without them, `assignedLicenses` as direct ones. */
MUST_USE fault *tenant_file_holds(struct tx *tx, const struct tenant_file_place *user, str tenant,
				  str user_id);
