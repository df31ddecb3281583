/* Which application is at the token endpoint, and whether it proved it (vendor facts §1.2). */
#pragma once

#include "sandbox/identity.h"

struct identity_client {
	struct identity_application application;
	bool proved; /* by its secret or its certificate */
};

/* By client_secret in the body, by HTTP Basic, or by client_assertion.  A public client needs no
 * proof, but one it sends must be right. */
MUST_USE fault *identity_client_read(struct request *rq, const struct identity_place *place,
				     struct identity_client *client,
				     struct identity_refusal *refusal);
