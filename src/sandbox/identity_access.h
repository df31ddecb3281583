/* Conditional access: a tenant's rule over one person's sign-in, beside the second factor (vendor
 * facts §1.2: the numbers 50079 and 53003). */
#pragma once

#include "store/store.h"

enum identity_access {
	IDENTITY_ACCESS_ALLOW,
	IDENTITY_ACCESS_ENROLL, /* a second factor has to be set up at the next sign-in */
	IDENTITY_ACCESS_BLOCK,	/* no sign-in, whatever is shown */
};

/* "allow", "enroll" or "block"; false for another word. */
bool identity_access_from(str word, enum identity_access *rule);

MUST_USE fault *identity_access_of(struct tx *tx, str user, enum identity_access *rule);
MUST_USE fault *identity_access_set(struct tx *tx, str user, enum identity_access rule);
