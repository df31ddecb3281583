/* A customer's tenant as Graph and Partner Center tell of it. */
#pragma once

#include "microsoft/microsoft.h"

/* The tenant id behind a domain, without any rights (openid-configuration of the domain).
 * *found is false for a domain Microsoft does not know (AADSTS90002). */
MUST_USE fault *tenant_find(struct microsoft_work *w, str domain, str *tenant, bool *found);

/* Where the administrator consents to our reading (admin consent, v2.0). */
str tenant_consent_url(const struct microsoft *ms, struct arena *keep, str tenant, str redirect,
		       str state);

/* Whether our application may read the tenant.  Asked with a real token, because the answer of
 * the consent page proves nothing. */
enum tenant_access { TENANT_READABLE, TENANT_NOT_CONSENTED, TENANT_PART_CONSENTED };
MUST_USE fault *tenant_access(struct microsoft_work *w, str tenant, enum tenant_access *access);

struct tenant_facts {
	str id, name, type; /* type "AAD"; "AAD B2C" cannot be converted */
	str country;	    /* ISO 3166 */
	str usage_location;
	str initial_domain; /* the *.onmicrosoft.com one */
	str mail;	    /* technical notification address, or none */
};
MUST_USE fault *tenant_read(struct microsoft_work *w, str tenant, struct tenant_facts *facts);
