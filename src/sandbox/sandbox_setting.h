/* What the sandbox remembers about itself: its addresses, its partner, its delays. */
#pragma once

#include "store/store.h"

struct sandbox_setting {
	str base_url;		/* "https://localhost:8443": sign-in, Graph and the admin center */
	str partner_center_url; /* "https://localhost:8444" */
	str ca_file;
	str partner_tenant, partner_mpn;
	int64_t provisioning; /* microseconds from checkout to Running */
	bool cancel_locks;    /* a direct cancel makes LockedOut instead of Suspended */
};
MUST_USE fault *sandbox_setting_read(struct tx *tx, struct sandbox_setting *setting);

MUST_USE fault *sandbox_setting_put(struct tx *tx, str name, str value);
/* STR_NONE when it was never put. */
MUST_USE fault *sandbox_setting_get(struct tx *tx, str name, str *value);
