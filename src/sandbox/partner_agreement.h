/* The customer agreement as a partner attests it for the customer's contact, beside the one that
 * the customer signs alone (relationship.h); either lets the partner sell (vendor facts §3.10). */
#pragma once

#include "store/store.h"

struct tenant_state;

struct partner_agreement_kind {
	const char *name, *template_id, *link;
	int rank;
};
extern const struct partner_agreement_kind partner_agreement_kinds[];
extern const size_t partner_agreement_kind_count;
/* NULL when there is none; in any case. */
const struct partner_agreement_kind *partner_agreement_kind_named(str name);

struct partner_agreement {
	str kind, template_id;
	str first_name, last_name, email, phone; /* phone: or none */
	instant agreed;
	str user; /* of the partner, who attested */
};
struct partner_agreements {
	struct partner_agreement *at;
	size_t len;
};
/* *taken is false when the same contact has agreed to this kind already. */
MUST_USE fault *partner_agreement_attest(struct tx *tx, str partner, str customer,
					 const struct partner_agreement *agreement, bool *taken);
MUST_USE fault *partner_agreement_all(struct tx *tx, str customer, str kind,
				      struct partner_agreements *all);

/* Whether anything may be bought for the customer. */
MUST_USE fault *partner_agreement_confirmed(struct tx *tx, const struct tenant_state *customer,
					    bool *confirmed);
