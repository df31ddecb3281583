/* Certificates that applications prove themselves with in place of a secret (vendor facts §1.2). */
#pragma once

#include "base/base.h"
#include "base/instant.h"
#include "store/store.h"

/* The most a PEM file may have. */
#define IDENTITY_CERTIFICATE_MOST ((size_t)64 << 10)

struct identity_certificate {
	str thumbprint;	     /* SHA-256 over the DER form, base64url: a token's x5t#S256 */
	str thumbprint_sha1; /* the same by SHA-1: x5t */
	str subject;	     /* "CN=novate" */
	str pem;
	instant not_before, not_after;
};
struct identity_certificates {
	struct identity_certificate *at;
	size_t len;
};

/* The first certificate of a PEM text; a private key beside it is not read.  FAULT_INPUT when
 * there is none, or its key is not RSA with 2048 to 8192 bits. */
MUST_USE fault *identity_certificate_read(struct arena *keep, str pem,
					  struct identity_certificate *made);

/* Adding what is there already changes nothing.  `client_id` is registered, in lower case. */
MUST_USE fault *identity_certificate_add(struct tx *tx, str client_id,
					 const struct identity_certificate *certificate);
MUST_USE fault *identity_certificate_all(struct tx *tx, str client_id,
					 struct identity_certificates *all);

/* RFC 7518 §3.3 and §3.5; PS256 with a salt as long as the hash. */
enum identity_certificate_algorithm { IDENTITY_RS256, IDENTITY_PS256 };
bool identity_certificate_verifies(const struct identity_certificate *certificate,
				   enum identity_certificate_algorithm algorithm, str text,
				   str signature);
