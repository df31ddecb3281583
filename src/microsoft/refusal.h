/* What a refusal means: the vendor's code, turned into a fault whose sentence tells the person at
 * the page what happened and the one thing to do. */
#pragma once

#include "base/base.h"
#include "base/instant.h"
#include "remote/remote.h"

/* `answer` is not 2xx.  The fault's code is the vendor's own: "20002", "Request_BadRequest",
 * "AADSTS700016"; of a sign-in without a number its `error` word. */
MUST_USE fault *refusal_of_graph(struct arena *keep, const struct remote_answer *answer,
				 instant now);
MUST_USE fault *refusal_of_partner_center(struct arena *keep, const struct remote_answer *answer,
					  instant now);
MUST_USE fault *refusal_of_billing(struct arena *keep, const struct remote_answer *answer,
				   instant now);
MUST_USE fault *refusal_of_signin(struct arena *keep, const struct remote_answer *answer,
				  instant now);

/* Whether the fault carries this vendor code. */
bool refusal_is(const fault *f, const char *code);
