/* The second factor: six digits that change every half minute (RFC 6238 with SHA-1), as any
 * authenticator application shows them. */
#pragma once

#include "sandbox/tenant_state.h"

#define IDENTITY_OTP_STEP SECONDS(30)

/* What a person's authenticator is set up with: 20 bytes, the same for ever in one state file. */
MUST_USE fault *identity_otp_secret(struct tx *tx, str user, str *secret);
/* The same as people type it into an authenticator (RFC 4648 §6, no padding). */
str identity_otp_base32(struct arena *keep, str secret);

str identity_otp_code(struct arena *keep, str secret, instant at);
/* True for the code of this half minute and of the ones beside it. */
bool identity_otp_matches(struct arena *keep, str secret, str code, instant at);
