/* A user's or group's licenses as the administrator's pages show and change them. */
#pragma once

#include "sandbox/admin_pages.h"
#include "sandbox/license_hold.h"
#include "sandbox/license_pool.h"
#include "sandbox/tenant_state.h"
#include "web/web.h"

struct admin_user_licenses;

/* Every SKU of the tenant that users can hold: whether this one does, by which way, its apps.
 * `action` is left to the caller. */
MUST_USE fault *admin_licensing_of_user(struct tx *tx, const struct tenant_state_user *user,
					struct admin_user_licenses *licenses);

/* What a form asks for of one SKU: the plans without a tick are disabled.  FAULT_MISSING when the
 * tenant has no such SKU. */
MUST_USE fault *admin_licensing_read(struct request *rq, str tenant, str sku,
				     struct license_hold *hold);
