#include "sandbox/license_hold.h"

#include "license_hold_sql.h"
#include "sandbox/license_pool.h"
#include "sandbox/sandbox_clock.h"
#include "sandbox/tenant_state.h"

fault *license_hold_of_user(struct tx *tx, str user, struct license_holds *holds)
{
	struct license_hold_rows_list rows;

	TRY(license_hold_rows(tx, user, &rows));
	holds->at = NEW_ARRAY(tx_arena(tx), struct license_hold, rows.len);
	holds->len = rows.len;
	for (size_t i = 0; i < rows.len; i++)
		holds->at[i] = (struct license_hold){
			.user = user,
			.sku = rows.at[i].sku,
			.group = str_is_empty(rows.at[i].group_id) ? STR_NONE : rows.at[i].group_id,
			.disabled_plans = rows.at[i].disabled_plans,
			.state = rows.at[i].state,
			.error = rows.at[i].error,
			.updated = rows.at[i].updated,
		};
	return NULL;
}

fault *license_hold_put(struct tx *tx, str tenant, const struct license_hold *hold)
{
	return license_hold_add(tx,
				&(struct license_hold_add_in){
					.user = hold->user,
					.sku = hold->sku,
					.group_id = str_is_none(hold->group) ? S("") : hold->group,
					.tenant = tenant,
					.disabled_plans = hold->disabled_plans,
					.state = hold->state,
					.error = hold->error,
					.updated = hold->updated,
				});
}

static const struct license_hold *held(const struct license_holds *holds, str sku, bool directly)
{
	for (size_t i = 0; i < holds->len; i++)
		if (str_eq(holds->at[i].sku, sku) && (!directly || str_is_none(holds->at[i].group)))
			return &holds->at[i];
	return NULL;
}

static const struct license_pool *pool_of(const struct license_pools *pools, str sku)
{
	for (size_t i = 0; i < pools->len; i++)
		if (str_eq(pools->at[i].sku, sku))
			return &pools->at[i];
	return NULL;
}

/* The sentences are met in the field (Graph §2.6); clients match them loosely. */
static str add_refused(struct arena *keep, const struct tenant_state_user *user,
		       const struct license_pools *pools, const struct license_holds *holds,
		       const struct license_hold *add)
{
	const struct license_pool *pool = pool_of(pools, add->sku);

	if (!pool)
		return str_format(keep, "License %.*s is not valid: the tenant does not have it.",
				  STR(add->sku));
	if (!str_eq_nocase(pool->applies_to, S("User")))
		return str_format(keep, "License %.*s cannot be assigned to a user.",
				  STR(add->sku));
	if (str_is_none(user->usage_location) || str_is_empty(user->usage_location))
		return S("License assignment cannot be done for user with invalid usage location.");
	if (!held(holds, add->sku, false) && license_pool_spare(pool) <= 0)
		return str_format(
			keep, "Subscription with SKU %.*s does not have any available licenses.",
			STR(add->sku));
	return STR_NONE;
}

static str change_refused(struct arena *keep, const struct tenant_state_user *user,
			  const struct license_pools *pools, const struct license_holds *holds,
			  const struct license_hold_change *change)
{
	str refused = STR_NONE;

	for (size_t i = 0; i < change->remove_count; i++)
		if (!held(holds, change->removes[i], true))
			return held(holds, change->removes[i], false)
				       ? S("User license is inherited from a group membership and "
					   "it cannot be removed directly from the user.")
				       : S("User does not have a corresponding license.");
	for (size_t i = 0; i < change->add_count && str_is_none(refused); i++)
		refused = add_refused(keep, user, pools, holds, &change->adds[i]);
	return refused;
}

fault *license_hold_assign(struct tx *tx, const struct tenant_state_user *user,
			   const struct license_hold_change *change, str *refused)
{
	struct license_pools pools;
	struct license_holds holds;
	instant now;

	TRY(sandbox_clock_now(tx, &now));
	TRY(license_pool_all(tx, user->tenant, &pools));
	TRY(license_hold_of_user(tx, user->id, &holds));
	*refused = change_refused(tx_arena(tx), user, &pools, &holds, change);
	if (!str_is_none(*refused))
		return NULL;
	for (size_t i = 0; i < change->add_count; i++) {
		struct license_hold add = change->adds[i];
		add.user = user->id;
		add.group = STR_NONE;
		add.state = S("Active");
		add.updated = now;
		TRY(license_hold_put(tx, user->tenant, &add));
		TRY(license_pool_note(tx, S("license assigned"), user->tenant, add.sku));
	}
	for (size_t i = 0; i < change->remove_count; i++) {
		TRY(license_hold_remove(tx, user->id, change->removes[i]));
		TRY(license_pool_note_loss(tx, S("license removed"), user->tenant,
					   change->removes[i], user->id));
	}
	return NULL;
}
