/* The device flow: an application shows a code, a person types it elsewhere (RFC 8628). */
#pragma once

#include "sandbox/identity_error.h"
#include "store/store.h"

struct identity_device {
	str client_id, tenant, scope;
	str user; /* who approved */
	bool mfa;
};

/* What the application's poll finds: IDENTITY_FINE once, after a person approved. */
MUST_USE fault *identity_device_take(struct tx *tx, str code, str client_id,
				     struct identity_device *device, enum identity_error *error);
