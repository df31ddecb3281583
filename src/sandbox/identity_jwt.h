/* Signed tokens: RFC 7519 in the compact form, RS256 only. */
#pragma once

#include <jansson.h>

#include "sandbox/identity_key.h"

/* The most a token may have when it comes back. */
#define IDENTITY_JWT_MOST 16384

MUST_USE fault *identity_jwt_make(const struct identity_key *key, struct arena *keep,
				  const json_t *claims, str *token);

/* Why a token is not accepted. */
enum identity_jwt_state {
	IDENTITY_JWT_GOOD,
	IDENTITY_JWT_MALFORMED,
	IDENTITY_JWT_FORGED, /* another key, another algorithm, changed content */
};

/* The key a token names in its header, unproved; empty when it names none. */
str identity_jwt_kid(struct arena *keep, str token);

/* The claims of a token this key signed; the caller releases them (identity_json_end).
 * `*claims` is set only when the answer is GOOD.  The claims' meaning is not looked at. */
MUST_USE fault *identity_jwt_open(const struct identity_key *key, struct arena *keep, str token,
				  json_t **claims, enum identity_jwt_state *state);
