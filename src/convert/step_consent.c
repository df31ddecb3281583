/* Manual 13–15: the tenant's administrator accepts us as reseller.  Accepting is a page of
 * Microsoft's; no call can do it, and the link names only us, so whose tenant accepted is seen by
 * asking for the tenant (vendor facts §3.4, 3.5). */
#include "conversion_sql.h"
#include "convert/turn.h"
#include "microsoft/reseller.h"

fault *step_consent(struct run *run, struct outcome *out)
{
	bool ours;
	str url = run->c.invitation_url;

	TRY(reseller_of(&run->ms, run->c.tenant, &ours));
	if (ours)
		return step_next(out, S("The tenant has accepted us as its reseller."));
	if (str_is_none(url)) {
		TRY(reseller_invitation(&run->ms, &url));
		TRY(run_begin(run));
		TRY(conversion_set_invitation(run->tx, run->c.id, url));
	}
	return step_wait(out, WAITS_ADMINISTRATOR,
			 S("The tenant's administrator has not yet accepted our invitation."),
			 turn_words(TURN_ACCEPT_US));
}
