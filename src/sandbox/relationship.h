/* Which partners may sell to which customer: accepted by a person in the admin center. */
#pragma once

#include "store/store.h"

/* Accepting twice changes nothing.  FAULT_CONFLICT for a tenant that cannot take a reseller:
 * the partner itself, or another type than "AAD". */
MUST_USE fault *relationship_accept(struct tx *tx, str partner, str customer, str by_user);
MUST_USE fault *relationship_exists(struct tx *tx, str partner, str customer, bool *exists);
/* The customer takes the reseller's right back: what it sold goes on.  *was: there was one. */
MUST_USE fault *relationship_remove(struct tx *tx, str partner, str customer, bool *was);
/* The customer agreement, signed on the same page. */
MUST_USE fault *relationship_sign_agreement(struct tx *tx, str customer);

struct relationship {
	str partner, partner_name, customer;
	instant since;
};
struct relationships {
	struct relationship *at;
	size_t len;
};
MUST_USE fault *relationship_of_customer(struct tx *tx, str customer, struct relationships *all);
