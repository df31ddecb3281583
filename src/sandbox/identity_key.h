/* The key the sandbox signs its tokens with: RSA, 2048 bits, kept in the state file so that
 * tokens outlive a restart. */
#pragma once

#include "base/base.h"
#include "base/instant.h"

struct identity_key;

MUST_USE fault *identity_key_make(struct identity_key **made);
/* PEM, as the state file keeps it. */
MUST_USE fault *identity_key_from(str pem, struct identity_key **made);
MUST_USE fault *identity_key_pem(const struct identity_key *key, struct arena *keep, str *pem);
void identity_key_end(struct identity_key **key); /* for DEFER */

/* The key's name, modulus and exponent as a JWKS shows them (base64url).  The name is the
 * thumbprint of RFC 7638, so the same key always has the same name. */
struct identity_key_public {
	str kid, n, e;
};
MUST_USE fault *identity_key_publish(const struct identity_key *key, struct arena *keep,
				     struct identity_key_public *shown);

/* A self-signed certificate over the public half, as PEM; `name` is its common name.  The same
 * input gives the same certificate. */
MUST_USE fault *identity_key_certificate(const struct identity_key *key, struct arena *keep,
					 const char *name, instant from, int64_t life, str *pem);

/* RS256: PKCS#1 v1.5 over SHA-256, RFC 7518 §3.3. */
MUST_USE fault *identity_key_sign(const struct identity_key *key, struct arena *keep, str text,
				  str *signature);
bool identity_key_verifies(const struct identity_key *key, str text, str signature);
