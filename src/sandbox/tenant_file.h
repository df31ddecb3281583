/* A tenant from a file in the shape of Graph's own answers: one object whose members are the
 * answers of `organization`, `domains`, `subscribedSkus`, `directory/subscriptions`, `groups` and
 * `users`, and `billing.agreementType` and `.partnerOfRecord`.  A group may have
 * `assignedLicenses`, `members` and `owners` (objects with an id, or ids); whoever has a license by
 * it is a member anyway.  Members of objects that it does not know are ignored. */
#pragma once

#include "store/store.h"

#define TENANT_FILE_MOST ((size_t)64 << 20)

/* FAULT_INPUT says file, member and what is wrong; FAULT_CONFLICT when the tenant, one of its
 * domains or users is there already.  After a fault the transaction must be dropped. */
MUST_USE fault *tenant_file_load(struct tx *tx, str file, str text, bool partner, str *tenant);

/* The tenant id a file speaks of, without loading it. */
MUST_USE fault *tenant_file_id(struct arena *keep, str file, str text, str *tenant);
