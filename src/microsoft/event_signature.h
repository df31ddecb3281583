/* Whether Microsoft signed an event (vendor facts §3.13): RSA with SHA-256 over the body's bytes,
 * by a certificate that stands at Microsoft's own host and that a trusted authority issued. */
#pragma once

#include "microsoft/event.h"

#define EVENT_VERDICTS(X)                         \
	X(EVENT_SIGNED, "signed")                 \
	X(EVENT_WRONG_HOST, "wrong-host")         \
	X(EVENT_NO_CERTIFICATE, "no-certificate") \
	X(EVENT_NOT_TRUSTED, "not-trusted")       \
	X(EVENT_BAD_SIGNATURE, "bad-signature")

enum event_verdict {
#define X(name, word) name,
	EVENT_VERDICTS(X)
#undef X
};
str event_signature_word(enum event_verdict verdict);

/* Asks for the certificate where it is not kept; strangers cannot make us ask often. */
enum event_verdict event_signature_check(struct microsoft_work *w, const struct event_sent *sent);

/* What is kept of certificates, for microsoft_close. */
struct event_trust;
void event_signature_forget(struct event_trust *trust);
