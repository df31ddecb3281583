/* How a partner's subscription goes from state to state, its directory subscription with it. */
#pragma once

#include "sandbox/partner_subscription.h"

/* Keeps what is in `one`: status, quantity, renewal, name and dates. */
MUST_USE fault *partner_subscription_life_keep(struct tx *tx,
					       const struct partner_subscription *one);
/* The units follow: "Enabled", "Suspended", … until `next`. */
MUST_USE fault *partner_subscription_life_follow(struct tx *tx,
						 const struct partner_subscription *one, str status,
						 instant next, str what);
