/* The identity platform's endpoints: everything below /{tenant}/ that the official clients ask
 * (client facts §2, vendor facts §1). */
#pragma once

#include "sandbox/identity_application.h"
#include "sandbox/identity_error.h"
#include "sandbox/tenant_state.h"
#include "web/web.h"

extern const struct route_table identity_discovery_routes;
extern const struct route_table identity_authorize_routes;
extern const struct route_table identity_consent_routes;
extern const struct route_table identity_device_routes;
extern const struct route_table identity_grant_routes;
extern const struct route_table identity_logout_routes;

/* What the sandbox may be called where that name is mapped to it. */
#define IDENTITY_REAL_HOST "https://login.microsoftonline.com"

/* The tenant in the path: one of ours by id or domain, or "common" and "organizations".
 * "consumers" is a tenant in which nobody has an account. */
struct identity_place {
	str given;  /* as it stands in the path */
	bool known; /* `tenant` is set, or `any` */
	bool any;   /* whoever signs in */
	struct tenant_state tenant;
	str base_url;
};
MUST_USE fault *identity_place_of(struct request *rq, struct identity_place *place);
/* Whether an application may be used there at all: IDENTITY_FINE, or why not.  Consent is another
 * question. */
enum identity_error identity_place_admits(const struct identity_place *place,
					  const struct identity_application *application);
/* How the place is named in addresses: the tenant's id, "common" or "organizations". */
str identity_place_name(struct arena *keep, const struct identity_place *place);

/* A page with one thing to say. */
struct identity_message_view;
MUST_USE fault *identity_message(struct request *rq, struct reply *to, int status,
				 const struct identity_message_view *view);
/* For web_settings.fault_page: faults in the sandbox's own look. */
MUST_USE fault *identity_fault_page(struct request *rq, struct reply *to, const fault *f);
/* The page for a refusal that must not be sent to an application. */
MUST_USE fault *identity_refuse_page(struct request *rq, struct reply *to,
				     const struct identity_refusal *refusal);
