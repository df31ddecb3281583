/* What the browser carries back to an application: an answer to its authorization request, or a
 * refusal (vendor facts §1.1). */
#pragma once

#include "sandbox/identity_ask.h"
#include "sandbox/signin.h"

/* A refusal goes to the redirect address only once that is known to be the application's own;
 * before that it is shown here. */
MUST_USE fault *identity_front_refuse(struct request *rq, struct reply *to,
				      const struct identity_ask *ask,
				      const struct identity_refusal *refusal);
/* The code, the id token or both, as the request wanted. */
MUST_USE fault *identity_front_send(struct request *rq, struct reply *to,
				    const struct identity_ask *ask, const struct signin *who);
