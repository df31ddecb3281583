#include "sandbox/sandbox_pass.h"

#include "sandbox/billing_account.h"
#include "sandbox/delegation.h"
#include "sandbox/directory_subscription.h"
#include "sandbox/license_group.h"
#include "sandbox/partner_subscription.h"
#include "sandbox/partner_transition.h"
#include "sandbox/sandbox_clock.h"
#include "sandbox_pass_sql.h"
#include "web/web.h"

fault *sandbox_pass_due(struct tx *tx, bool *due)
{
	struct sandbox_pass_waiting row;
	instant now;
	bool found;

	TRY(sandbox_clock_now(tx, &now));
	TRY(sandbox_pass_waiting(tx, now, &row, &found));
	*due = found && row.due;
	return NULL;
}

fault *sandbox_pass(struct tx *tx)
{
	TRY(partner_subscription_pass(tx));
	TRY(partner_transition_pass(tx));
	/* Asked before a term ended, done although the clock has jumped over its end. */
	TRY(billing_account_pass(tx));
	TRY(license_group_pass(tx));
	TRY(delegation_pass(tx));
	return directory_subscription_pass(tx);
}

fault *sandbox_pass_first(struct request *rq)
{
	bool due;

	TRY(sandbox_pass_due(request_tx(rq), &due));
	if (!due)
		return NULL;
	TRY(request_must_write(rq));
	return sandbox_pass(request_tx(rq));
}
