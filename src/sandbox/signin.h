/* Who is signed in at the sandbox's pages: one sign-in for the identity platform and the admin
 * center, kept in a cookie. */
#pragma once

#include "sandbox/identity_access.h"
#include "sandbox/tenant_state.h"
#include "web/route.h"

struct html;
struct reply;

struct signin {
	struct tenant_state_user user;
	bool mfa;  /* a second factor was shown */
	bool half; /* the password was right, and a second factor is still to come */
	enum identity_access access;
};
/* *found is false for who is only half signed in; `who->half` tells. */
MUST_USE fault *signin_find(struct request *rq, struct signin *who, bool *found);

/* Sends the visitor to what is left of the sign-in, and from there to `back` (one of our own
 * paths). */
MUST_USE fault *signin_go(struct request *rq, struct reply *to, str back, str hint);
/* The same from the start, whoever is signed in. */
MUST_USE fault *signin_again(struct request *rq, struct reply *to, str back, str hint);

/* Forgets the sign-in, on both sides. */
MUST_USE fault *signin_end(struct request *rq, struct reply *to);

/* Ends every sign-in of a person. */
MUST_USE fault *signin_forget(struct tx *tx, str user);

/* A path of this server and nothing else: where a sign-in may lead. */
bool signin_is_own_path(str path);

/* Answers a page that may post forms which end at an application's address. */
MUST_USE fault *signin_reply(struct reply *to, int status, const struct html *page);

extern const struct route_table signin_routes;
