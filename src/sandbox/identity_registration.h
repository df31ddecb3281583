/* Registering applications, as a tenant's developer does in the vendor's portal. */
#pragma once

#include "sandbox/identity_application.h"

/* `made->redirects` holds one address a line; the client id is a GUID in lower case. */
MUST_USE fault *identity_registration_add(struct tx *tx, const struct identity_application *made);
/* `values` are separated by spaces: "User.Read.All LicenseAssignment.Read.All". */
MUST_USE fault *identity_registration_permit(struct tx *tx, str client_id,
					     enum identity_resource resource,
					     enum identity_permission_kind kind, str values);

struct identity_applications {
	struct identity_application *at;
	size_t len;
};
MUST_USE fault *identity_registration_all(struct tx *tx, struct identity_applications *all);
