/* A mailbox needs addresses nobody else has (vendor facts §2.6, "UniquenessViolation"). */
#pragma once

#include "store/store.h"

struct tenant_state_user;

/* The first of the user's proxyAddresses that another user of the tenant has as well, or STR_NONE.
 */
MUST_USE fault *license_mailbox_taken(struct tx *tx, const struct tenant_state_user *user,
				      str *address);
