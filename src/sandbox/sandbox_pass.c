#include "sandbox/sandbox_pass.h"

#include "sandbox/directory_subscription.h"
#include "sandbox/partner_subscription.h"

fault *sandbox_pass(struct tx *tx)
{
	TRY(partner_subscription_pass(tx));
	return directory_subscription_pass(tx);
}
