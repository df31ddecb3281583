/* How an administrator of a customer's tenant lets us act on its billing account (§1.1, §1.2, §4):
 * they sign in at Microsoft, which sends a code; the refresh token is kept sealed, and forgotten
 * with billing_access_forget. */
#pragma once

#include "microsoft/connection.h"

struct tx;

/* Where the administrator signs in and agrees.  The page that sends them there adds what is fresh
 * each time, by billing_access_go. */
str billing_access_url(const struct microsoft *ms, struct arena *keep, str tenant, str redirect);
/* `url` with the state and the challenge of this verifier (PKCE, S256): no secret is needed. */
str billing_access_go(struct arena *keep, str url, str state, str verifier);

enum billing_access_end {
	BILLING_ACCESS_GIVEN,
	BILLING_ACCESS_TOO_LATE,     /* the code lives about ten minutes, and works once */
	BILLING_ACCESS_OTHER_TENANT, /* signed in, but into another organization */
	BILLING_ACCESS_NOT_FOR_GOOD  /* Microsoft gave no lasting permission */
};
struct billing_access_code {
	str tenant, code, verifier, redirect;
};
/* What the code is worth.  Only a permission of this very tenant is kept. */
MUST_USE fault *billing_access_redeem(struct microsoft_work *w,
				      const struct billing_access_code *with,
				      enum billing_access_end *end);

MUST_USE fault *billing_access_known(struct tx *tx, str tenant, bool *known);
/* `ms` is NULL in a program that holds no tokens. */
MUST_USE fault *billing_access_forget(struct microsoft *ms, struct tx *tx, str tenant);

/* For token.c.  FAULT_DENIED with this code when there is no permission, or not any more. */
#define BILLING_ACCESS_ENDED "billing-access-ended"
MUST_USE fault *billing_access_token(struct microsoft_work *w, str tenant, str *access);
