/* Manual 13–15: the tenant's administrator accepts us as reseller.  Accepting is a page of
 * Microsoft's; no call can do it, and the link names only us, so whose tenant accepted is seen by
 * asking for the tenant (vendor facts §3.4, 3.5). */
#include "conversion_sql.h"
#include "convert/turn.h"
#include "microsoft/assign.h"
#include "microsoft/reseller.h"

/* Somebody whom the plan moves, or none. */
static str first_to_move(const struct plan *plan, const struct snapshot *before)
{
	for (size_t i = 0; i < before->holds.len; i++)
		if (!str_eq(plan_target(plan, before->holds.at[i].sku), before->holds.at[i].sku))
			return before->holds.at[i].user;
	return STR_NONE;
}

/* A consent may be older than the right to change licenses: known now, nothing is bought for users
 * who could not be moved to it. */
static fault *accepted(struct run *run, struct outcome *out)
{
	struct snapshot before;
	struct plan plan;
	bool may = true;
	str user;

	TRY(step_load(run, &before, &plan));
	user = first_to_move(&plan, &before);
	if (!str_is_none(user))
		TRY(assign_may(&run->ms, run->c.tenant, user, &may));
	if (may)
		return step_next(out, S("The tenant has accepted us as its reseller."));
	return step_wait(out, WAITS_ADMINISTRATOR,
			 S("The administrator's consent does not cover changing users' licenses, "
			   "which this plan needs. Nothing is bought before it does."),
			 turn_words(TURN_ALLOW_CHANGING));
}

fault *step_consent(struct run *run, struct outcome *out)
{
	bool ours;
	str url = run->c.invitation_url;

	TRY(reseller_of(&run->ms, run->c.tenant, &ours));
	if (ours)
		return accepted(run, out);
	if (str_is_none(url)) {
		TRY(reseller_invitation(&run->ms, &url));
		TRY(run_begin(run));
		TRY(conversion_set_invitation(run->tx, run->c.id, url));
	}
	return step_wait(out, WAITS_ADMINISTRATOR,
			 S("The tenant's administrator has not yet accepted our invitation."),
			 turn_words(TURN_ACCEPT_US));
}
