/* Who an access token speaks of, and the endpoint that says so (OpenID Connect Core §5.3). */
#pragma once

#include <jansson.h>

#include "sandbox/identity_bearer.h"
#include "web/web.h"

/* The claims of the request's token, released by the caller; set only when the state is GOOD. */
MUST_USE fault *identity_userinfo_claims(struct request *rq, str audience, json_t **claims,
					 enum bearer_state *state);

/* The same of a token that came otherwise: never MISSING. */
MUST_USE fault *identity_userinfo_read(struct request *rq, str token, str audience, json_t **claims,
				       enum bearer_state *state);

extern const struct route_table identity_userinfo_routes;
