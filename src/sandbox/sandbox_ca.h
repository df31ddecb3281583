/* The sandbox's own certificate authority, made at the first start: callers trust its ca.pem. */
#pragma once

#include "base/base.h"

struct world;

struct sandbox_ca {
	str ca_file;	      /* its path, absolute when `directory` is */
	str certificate, key; /* of the server, PEM: localhost and 127.0.0.1 */
};
/* Reads what is in the directory; makes what is missing or about to end.  Private keys are
 * readable by their owner alone. */
MUST_USE fault *sandbox_ca_open(const struct world *world, struct arena *keep, str directory,
				struct sandbox_ca *ca);

/* A certificate of the authority's for another key, both PEM: what is signed with it is ours. */
MUST_USE fault *sandbox_ca_certify(const struct world *world, struct arena *keep, str directory,
				   str key_pem, const char *common, str *certificate);
