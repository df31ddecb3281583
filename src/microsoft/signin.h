/* How the distributor's own account lets `work` act (the secure application model, §1.7): once, a
 * person signs in by device code; the refresh token is kept sealed; each redemption keeps the
 * newest. */
#pragma once

#include "microsoft/microsoft.h"

struct signin_code {
	str device_code, user_code, address, said;
	int64_t interval, expires; /* seconds */
};
MUST_USE fault *signin_begin(struct microsoft_work *w, struct signin_code *code);

enum signin_state { SIGNIN_WAITING, SIGNIN_DONE, SIGNIN_REFUSED };
MUST_USE fault *signin_poll(struct microsoft_work *w, str device_code, enum signin_state *state);

/* Whether a usable sign-in is kept. */
MUST_USE fault *signin_known(struct microsoft_work *w, bool *known);
