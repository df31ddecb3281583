/* A user leaves a tenant: an administrator deletes the account. */
#pragma once

#include "sandbox/tenant_state.h"

/* Licenses, groups, roles and sign-ins go along.  FAULT_CONFLICT for the tenant's administrator,
 * who is needed for everything else. */
MUST_USE fault *tenant_leave(struct tx *tx, const struct tenant_state_user *user);
