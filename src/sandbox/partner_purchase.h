/* Whether anything may be bought for a customer, before it is looked at what (vendor facts §3.10,
 * §3.11, §5.6). */
#pragma once

#include "sandbox/partner_answer.h"

/* The customer's agreement, and whether the account is blocked.  *go_on is false when an answer has
 * been given. */
MUST_USE fault *partner_purchase_check(const struct partner_call *call,
				       const struct tenant_state *customer, bool *go_on);
/* The partner on record: known here, and attested.  `mpn` none: there is none. */
MUST_USE fault *partner_purchase_check_record(const struct partner_call *call, str mpn,
					      bool attested, bool *go_on);
