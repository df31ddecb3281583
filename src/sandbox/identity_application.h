/* Applications: who they are, where answers to them may go, what they were granted.
 *
 * Nobody but the tenant it is registered in has an application without consent; one that is not
 * multi-tenant cannot be consented to elsewhere either. */
#pragma once

#include "sandbox/identity_scope.h"
#include "store/store.h"

struct identity_application {
	str client_id, name;
	str tenant, publisher;	/* where it is registered */
	str secret;		/* or none */
	instant secret_expires; /* INSTANT_NONE: never */
	bool multi_tenant;	/* other tenants may let it in */
	bool public_client;
	str redirects; /* one a line */
	str pages;     /* those of them that belong to single-page applications */
};
MUST_USE fault *identity_application_find(struct tx *tx, str client_id,
					  struct identity_application *made, bool *found);

/* True in its own tenant, and where anybody consented to anything: the first consent gives the
 * tenant a service principal for it, which may well have no permission of its own. */
MUST_USE fault *identity_application_is_known(struct tx *tx,
					      const struct identity_application *application,
					      str tenant, bool *known);

/* Whether anything was granted that this person may use it by. */
MUST_USE fault *identity_application_is_granted(struct tx *tx, str client_id, str tenant, str user,
						bool *granted);

/* How a permission is used: by the application itself, or by a person signed in to it. */
enum identity_permission_kind { IDENTITY_ROLE, IDENTITY_SCOPE };

/* What was granted for one resource, separated by spaces.  `user` none: for everybody only. */
MUST_USE fault *identity_application_granted(struct tx *tx,
					     const struct identity_application *application,
					     str tenant, enum identity_resource resource,
					     enum identity_permission_kind kind, str user,
					     str *values);

/* What the application's registration lists for one resource. */
MUST_USE fault *identity_application_wants(struct tx *tx,
					   const struct identity_application *application,
					   enum identity_resource resource,
					   enum identity_permission_kind kind, str *values);

/* Grants what the registration lists for one resource, for everybody in the tenant. */
MUST_USE fault *identity_application_consent_listed(struct tx *tx,
						    const struct identity_application *application,
						    str tenant, enum identity_resource resource);
/* The same for every resource. */
MUST_USE fault *identity_application_consent_all(struct tx *tx,
						 const struct identity_application *application,
						 str tenant);
/* Grants delegated permissions by name; `user` none: for everybody in the tenant. */
MUST_USE fault *identity_application_consent(struct tx *tx,
					     const struct identity_application *application,
					     str tenant, enum identity_resource resource,
					     str values, str user);
/* Takes back everything a tenant and its users granted; its refresh tokens die with it. */
MUST_USE fault *identity_application_forget(struct tx *tx, str client_id, str tenant);

/* What a tenant granted, an application a row. */
struct identity_grant {
	str client_id, name, publisher, values;
};
struct identity_grants {
	struct identity_grant *at;
	size_t len;
};
MUST_USE fault *identity_application_grants(struct tx *tx, str tenant,
					    struct identity_grants *grants);
