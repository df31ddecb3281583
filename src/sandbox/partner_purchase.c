#include "sandbox/partner_purchase.h"

#include "sandbox/partner_agreement.h"
#include "sandbox/partner_trouble.h"

enum {
	NO_AGREEMENT = 13605,
	UNKNOWN_RECORD = 800015,
	NOT_ATTESTED = 900206,
};

fault *partner_purchase_check(const struct partner_call *call, const struct tenant_state *customer,
			      bool *go_on)
{
	struct partner_trouble block;
	bool blocked;

	TRY(partner_agreement_confirmed(call->tx, customer, go_on));
	if (!*go_on)
		return partner_refuse_code(call, NO_AGREEMENT);
	TRY(partner_trouble_blocked(call->tx, customer->id, &block, &blocked));
	*go_on = !blocked;
	return blocked ? partner_refuse_code(call, block.number) : NULL;
}

fault *partner_purchase_check_record(const struct partner_call *call, str mpn, bool attested,
				     bool *go_on)
{
	*go_on = str_is_none(mpn) || (str_eq(mpn, call->setting.partner_mpn) && attested);
	if (*go_on)
		return NULL;
	return partner_refuse_code(call, attested ? UNKNOWN_RECORD : NOT_ATTESTED);
}
