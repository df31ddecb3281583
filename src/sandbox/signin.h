/* Who is signed in at the sandbox's pages: one sign-in for the identity platform and the admin
 * center, kept in a cookie. */
#pragma once

#include "sandbox/tenant_state.h"
#include "web/route.h"

struct html;
struct reply;

struct signin {
	struct tenant_state_user user;
	bool mfa;
};
MUST_USE fault *signin_find(struct request *rq, struct signin *who, bool *found);

/* Sends the visitor to the sign-in page, and from there to `back` (one of our own paths). */
MUST_USE fault *signin_go(struct request *rq, struct reply *to, str back, str hint);

/* Forgets the sign-in, on both sides. */
MUST_USE fault *signin_end(struct request *rq, struct reply *to);

/* Ends every sign-in of a person. */
MUST_USE fault *signin_forget(struct tx *tx, str user);

/* A path of this server and nothing else: where a sign-in may lead. */
bool signin_is_own_path(str path);

/* Answers a page that may post forms which end at an application's address. */
MUST_USE fault *signin_reply(struct reply *to, int status, const struct html *page);

extern const struct route_table signin_routes;
