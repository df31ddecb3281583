/* Whether a request carries an access token that was signed here, is in date and is meant for this
 * audience; and whose it is.  Graph and Partner Center ask it first; the identity platform's
 * owner writes it (identity_bearer.c). */
#pragma once

#include "base/base.h"

struct request;

enum bearer_state {
	BEARER_GOOD,
	BEARER_MISSING,	       /* no Authorization header, or not Bearer */
	BEARER_INVALID,	       /* not ours, bad signature, expired */
	BEARER_WRONG_AUDIENCE, /* a good token of another service */
};

struct bearer {
	str tenant;	  /* tid: the tenant it is for, lower case */
	str client_id;	  /* appid */
	bool application; /* app-only: `permissions` are roles; else App+User and scopes */
	str user, upn;	  /* oid and upn of App+User; STR_NONE of app-only */
	str home_tenant;  /* the user's (or the application's) own tenant */
	str permissions;  /* separated by single spaces */
	bool mfa;
};

/* `audience`: "https://graph.microsoft.com" or "https://api.partnercenter.microsoft.com". */
MUST_USE fault *identity_bearer(struct request *rq, str audience, struct bearer *caller,
				enum bearer_state *state);

/* Exact word in `permissions`. */
bool identity_bearer_may(const struct bearer *caller, str permission);
