/* What is found out about a tenant before anything is bought, each finding with its cause and its
 * mend, so that a purchase is not refused, or regretted, for a reason that was there to be seen. */
#pragma once

#include "convert/billing_facts.h"
#include "convert/finding.h"
#include "convert/plan.h"

enum preflight_signed { AGREEMENT_UNKNOWN, AGREEMENT_MISSING, AGREEMENT_SIGNED };

struct preflight_facts {
	const struct snapshot *before;
	const struct plan *plan;
	const struct billing_facts *billing;
	const struct overlap_terms *overlap;
	enum conversion_account account;
	str tenant_country, our_country;
	bool is_ours; /* the tenant has accepted us already */
	enum preflight_signed agreement;
	const fault *partner_access;	  /* what Partner Center says to our sign-in, or NULL */
	const struct preflight_sku *skus; /* one for each of before->skus */
};

/* What our catalog knows of a SKU. */
struct preflight_sku {
	bool known, retired, free;
	str note; /* a name trap, or none */
};

struct findings preflight(struct arena *keep, const struct preflight_facts *facts);
