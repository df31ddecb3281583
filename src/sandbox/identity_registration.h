/* Registering applications, as a tenant's developer does in the vendor's portal. */
#pragma once

#include "sandbox/identity_application.h"

/* `made->redirects` holds one address a line; the client id is a GUID in lower case. */
MUST_USE fault *identity_registration_add(struct tx *tx, const struct identity_application *made);
/* `values` are separated by spaces: "User.Read.All LicenseAssignment.Read.All". */
MUST_USE fault *identity_registration_permit(struct tx *tx, str client_id,
					     enum identity_resource resource,
					     enum identity_permission_kind kind, str values);

/* One more address; `single_page`: of an application that runs in the browser, which must use PKCE
 * and whose refresh tokens end after a day (vendor facts §1.1, §1.2).  FAULT_INPUT for what is no
 * address. */
MUST_USE fault *identity_registration_redirect(struct tx *tx, str client_id, str uri,
					       bool single_page);
/* A new secret in place of the old one, for two years, as the vendor's portal gives it. */
MUST_USE fault *identity_registration_renew(struct tx *tx, str client_id, str *secret);
/* From now on the secret is refused as expired. */
MUST_USE fault *identity_registration_expire(struct tx *tx, str client_id);
/* Whether other tenants may let the application in; what they granted stays. */
MUST_USE fault *identity_registration_open(struct tx *tx, str client_id, bool multi_tenant);

struct identity_applications {
	struct identity_application *at;
	size_t len;
};
MUST_USE fault *identity_registration_all(struct tx *tx, struct identity_applications *all);
