/* Which application is at the token endpoint, and whether it proved it (vendor facts §1.2). */
#pragma once

#include "sandbox/identity.h"

struct identity_client {
	struct identity_application application;
	bool proved; /* it sent its secret */
};

/* By client_secret in the body or by HTTP Basic.  A public client needs no secret, but one it
 * sends must be right. */
MUST_USE fault *identity_client_read(struct request *rq, struct identity_client *client,
				     struct identity_refusal *refusal);
