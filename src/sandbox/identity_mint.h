/* Access tokens and id tokens: what they say (vendor facts §1.5, client facts §2). */
#pragma once

#include "sandbox/identity_application.h"
#include "sandbox/identity_key.h"
#include "sandbox/tenant_state.h"

/* Everything a token says something about. */
struct identity_mint {
	const struct identity_key *key;
	str base_url;
	const struct tenant_state *tenant;
	const struct identity_application *application;
	enum identity_resource resource;
	str api;			      /* of IDENTITY_API: its audience */
	str permissions;		      /* roles of an application, scopes of a person */
	const struct tenant_state_user *user; /* NULL: the application itself */
	int64_t lasts;			      /* microseconds */
	bool mfa;
	bool profile, email; /* what an id token says of a person beside who it is */
	bool v1;	     /* issuer and claims of version 1 */
	str nonce;	     /* or none: then the id token has none */
	str code, access;    /* what an id token travels with, or none */
};

/* "…/{tenant}/v2.0"; in version 1 "…/{tenant}/", which is how sts.windows.net names itself. */
str identity_mint_issuer(struct arena *keep, str base_url, str tenant, bool v1);
MUST_USE fault *identity_mint_access(struct tx *tx, const struct identity_mint *mint, str *token);
MUST_USE fault *identity_mint_id(struct tx *tx, const struct identity_mint *mint, str *token);
/* base64url of {"uid":…,"utid":…}. */
str identity_mint_client_info(struct arena *keep, const struct tenant_state_user *user);
