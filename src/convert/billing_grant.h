/* The permission to read the tenant's billing account, and if that is chosen, to cancel there.
 *
 * The administrator may give it at their own page and need not: everything can be done by hand.
 * `serve` sends them to Microsoft and keeps the code they bring back; `work`, which alone knows our
 * secret, redeems it.  It is forgotten when the conversion has ended. */
#pragma once

#include "convert/step.h"

struct billing_grant {
	bool offered; /* there is somewhere to give it */
	bool given, may_cancel;
	bool redeeming; /* given at Microsoft, `work` has not looked yet */
	instant given_at;
	str said; /* what came of the last try, in words; may be empty */
};
MUST_USE fault *billing_grant_get(struct tx *tx, id conversion, struct billing_grant *grant);

/* For `work`, once the tenant is known. */
MUST_USE fault *billing_grant_offer(struct run *run);
/* Where the administrator is sent: with a state that comes back once, within the hour.
 * FAULT_MISSING where nothing is offered, FAULT_CONFLICT once the conversion has ended. */
MUST_USE fault *billing_grant_go(struct tx *tx, str door, bool may_cancel, str *address);
/* The browser is back with a code, or with Microsoft's word for why not.  FAULT_MISSING for a state
 * that is not asked for. */
MUST_USE fault *billing_grant_come_back(struct tx *tx, str state, str code, str error,
					struct conversion *c);
/* The administrator takes it back. */
MUST_USE fault *billing_grant_withdraw(struct tx *tx, str door);

/* For the engine: redeems a code that is waiting, before the step is taken.  A sign-in that is busy
 * keeps nobody up. */
MUST_USE fault *billing_grant_redeem(struct run *run);
/* For the engine, in the step's transaction, when the conversion has ended. */
MUST_USE fault *billing_grant_forget(struct run *run);
/* Microsoft no longer takes it. */
MUST_USE fault *billing_grant_lost(struct run *run, str said);
