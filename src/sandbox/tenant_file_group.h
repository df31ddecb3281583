/* The groups of a tenant file: what they give, who is in them, who answers for them. */
#pragma once

#include <jansson.h>

#include "store/store.h"

/* `groups` with their `assignedLicenses`; before users. */
MUST_USE fault *tenant_file_groups(struct tx *tx, str file, const json_t *root, str tenant);

/* Their `members` and `owners`, and whoever has a license by one; after users.  An id that is no
 * user's is left out: a group has devices and groups in it, too. */
MUST_USE fault *tenant_file_group_people(struct tx *tx, str file, const json_t *root, str tenant);
