/* A client assertion: a token an application signs to prove itself (RFC 7523 §3, vendor facts
 * §1.2, client facts §2). */
#pragma once

#include "sandbox/identity.h"
#include "sandbox/identity_certificate.h"

/* The most an assertion may have: some carry their certificates along. */
#define IDENTITY_ASSERTION_MOST 32768
/* How far the clocks of two machines may be apart. */
#define IDENTITY_ASSERTION_SKEW MINUTES(5)

struct identity_assertion {
	enum identity_certificate_algorithm algorithm;
	str x5t, x5t_s256; /* which certificate; at least one is not empty */
	str issuer, subject, audience, id;
	instant not_before, expires; /* `not_before` may be missing: INSTANT_NONE */
	str text, signature;	     /* what was signed, and how */
	str whole;
};

/* False when it is no such token; nothing but its form is looked at. */
bool identity_assertion_read(struct arena *keep, str token, struct identity_assertion *made);

/* What can be said without looking anything up: whose it is and when it holds.  IDENTITY_FINE or
 * the refusal. */
enum identity_error identity_assertion_weigh(const struct identity_assertion *assertion,
					     str client_id, instant now);

/* The tenant in an audience that is a token endpoint of ours, either version; empty otherwise. */
str identity_assertion_tenant(str audience, str base_url);

/* Everything: form, time, audience (this place's token endpoint), a registered certificate that is
 * in date, and the signature.  An id stands for one assertion: the same one may come again while
 * it holds, as MSAL sends it, another under the same id may not. */
MUST_USE fault *identity_assertion_check(struct tx *tx, const struct identity_place *place,
					 str client_id, str token,
					 struct identity_refusal *refusal);
