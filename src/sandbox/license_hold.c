#include "sandbox/license_hold.h"

#include "license_hold_sql.h"
#include "sandbox/license_mailbox.h"
#include "sandbox/license_pool.h"
#include "sandbox/license_rule.h"
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

const struct license_hold *license_hold_find(const struct license_holds *holds, str sku)
{
	for (size_t i = 0; i < holds->len; i++)
		if (str_eq(holds->at[i].sku, sku))
			return &holds->at[i];
	return NULL;
}

bool license_hold_has(const struct license_holds *holds, str sku)
{
	for (size_t i = 0; i < holds->len; i++)
		if (str_eq(holds->at[i].sku, sku) && license_hold_counts(&holds->at[i]))
			return true;
	return false;
}

static bool holds_directly(const struct license_holds *holds, str sku)
{
	for (size_t i = 0; i < holds->len; i++)
		if (str_eq(holds->at[i].sku, sku) && str_is_none(holds->at[i].group))
			return true;
	return false;
}

bool license_hold_counts(const struct license_hold *hold)
{
	return !str_eq(hold->state, S("Error"));
}

/* A change being weighed: what the user holds, and would. */
struct weighing {
	struct arena *keep;
	const struct tenant_state_user *user;
	struct license_pools *pools; /* counted where somebody is to be added */
	const struct license_holds *holds;
	const struct license_hold_change *change;
};

static bool removes(const struct license_hold_change *change, str sku)
{
	for (size_t i = 0; i < change->remove_count; i++)
		if (str_eq(change->removes[i], sku))
			return true;
	return false;
}

/* The sentences are met in the field (vendor facts §2.6); clients match them loosely. */
str license_hold_unfit(struct arena *keep, const struct license_pools *pools,
		       const struct license_hold_change *change, const struct license_hold *add)
{
	const struct license_pool *pool = license_pool_of(pools, add->sku);

	if (!pool)
		return str_format(keep, "License %.*s is not valid: the tenant does not have it.",
				  STR(add->sku));
	if (!str_eq_nocase(pool->applies_to, S("User")))
		return str_format(keep, "License %.*s cannot be assigned to a user.",
				  STR(add->sku));
	if (removes(change, add->sku))
		return str_format(keep, "License %.*s is both added and removed.", STR(add->sku));
	str foreign = license_rule_foreign_plan(keep, pool->service_plans, add->disabled_plans);
	if (!str_is_none(foreign))
		return str_format(keep, "Service plan %.*s does not belong to license %.*s.",
				  STR(foreign), STR(add->sku));
	return STR_NONE;
}

static fault *add_refused(struct tx *tx, const struct weighing *w, const struct license_hold *add,
			  str *refused)
{
	str place = w->user->usage_location;
	struct license_pool *pool = NULL;
	bool found = false;

	*refused = license_hold_unfit(w->keep, w->pools, w->change, add);
	if (!str_is_none(*refused))
		return NULL;
	if (str_is_none(place) || !license_rule_is_location(place) ||
	    license_rule_is_prohibited(place))
		*refused = S("License assignment cannot be done for user with invalid usage "
			     "location.");
	if (!str_is_none(*refused) || license_hold_has(w->holds, add->sku))
		return NULL;
	for (size_t i = 0; i < w->pools->len && !pool; i++)
		if (str_eq(w->pools->at[i].sku, add->sku))
			pool = &w->pools->at[i];
	if (pool)
		TRY(license_pool_one(tx, w->user->tenant, add->sku, pool, &found));
	if (!found || license_pool_spare(pool) <= 0)
		*refused = str_format(
			w->keep, "Subscription with SKU %.*s does not have any available licenses.",
			STR(add->sku));
	return NULL;
}

static str remove_refused(const struct weighing *w, str sku)
{
	if (holds_directly(w->holds, sku))
		return STR_NONE;
	return license_hold_has(w->holds, sku)
		       ? S("User license is inherited from a group membership and it cannot be "
			   "removed directly from the user.")
		       : S("User does not have a corresponding license.");
}

static struct license_holds after_of(const struct weighing *w)
{
	struct license_holds after = {
		NEW_ARRAY(w->keep, struct license_hold, w->holds->len + w->change->add_count + 1), 0
	};

	for (size_t i = 0; i < w->holds->len; i++) {
		const struct license_hold *hold = &w->holds->at[i];
		bool replaced = removes(w->change, hold->sku);
		for (size_t a = 0; a < w->change->add_count && !replaced; a++)
			replaced = str_eq(w->change->adds[a].sku, hold->sku);
		if (!replaced || !str_is_none(hold->group))
			after.at[after.len++] = *hold;
	}
	for (size_t a = 0; a < w->change->add_count; a++) {
		after.at[after.len] = w->change->adds[a];
		after.at[after.len++].state = S("Active");
	}
	return after;
}

static fault *change_refused(struct tx *tx, const struct weighing *w, str *refused)
{
	str taken;

	*refused = STR_NONE;
	for (size_t i = 0; i < w->change->remove_count && str_is_none(*refused); i++)
		*refused = remove_refused(w, w->change->removes[i]);
	for (size_t i = 0; i < w->change->add_count && str_is_none(*refused); i++)
		TRY(add_refused(tx, w, &w->change->adds[i], refused));
	if (!str_is_none(*refused))
		return NULL;
	struct license_holds after = after_of(w);
	*refused = license_rule_change(w->keep, w->pools, w->holds, &after).said;
	if (!str_is_none(*refused) || !license_rule_brings_mailbox(w->pools, w->holds, &after))
		return NULL;
	TRY(license_mailbox_taken(tx, w->user, &taken));
	if (!str_is_none(taken))
		*refused = str_format(w->keep, "Proxy address is already being used: %.*s.",
				      STR(taken));
	return NULL;
}

static fault *change_do(struct tx *tx, const struct tenant_state_user *user,
			const struct license_hold_change *change)
{
	instant now;

	TRY(sandbox_clock_now(tx, &now));
	for (size_t i = 0; i < change->add_count; i++) {
		struct license_hold add = change->adds[i];
		add.user = user->id;
		add.group = STR_NONE;
		add.state = S("Active");
		add.updated = now;
		TRY(license_hold_put(tx, user->tenant, &add));
	}
	for (size_t i = 0; i < change->remove_count; i++)
		TRY(license_hold_remove(tx, user->id, change->removes[i]));
	return NULL;
}

static fault *add_note(struct tx *tx, const struct weighing *w, str sku)
{
	const struct license_pool *counted = license_pool_of(w->pools, sku);

	if (license_hold_has(w->holds, sku) || !counted)
		return NULL; /* its plans have changed, its pool has not */
	struct license_pool now = *counted;
	now.consumed++;
	return license_pool_note_as(tx, S("license assigned"), w->user->tenant, &now, STR_NONE);
}

static fault *remove_note(struct tx *tx, const struct weighing *w, str sku,
			  const struct license_holds *after)
{
	if (license_hold_has(after, sku)) /* a group still gives it */
		return license_pool_note(tx, S("direct license removed"), w->user->tenant, sku);
	if (w->change->add_count > 0 && !license_rule_lessens(w->pools, w->holds, after))
		return license_pool_note(tx, S("license exchanged"), w->user->tenant, sku);
	return license_pool_note_loss(tx, S("license removed"), w->user->tenant, sku, w->user->id);
}

/* Once all of it is done: nobody is ever seen between two licenses of one call. */
static fault *change_note(struct tx *tx, const struct weighing *w)
{
	struct license_holds after;

	TRY(license_hold_of_user(tx, w->user->id, &after));
	for (size_t i = 0; i < w->change->add_count; i++)
		TRY(add_note(tx, w, w->change->adds[i].sku));
	for (size_t i = 0; i < w->change->remove_count; i++)
		TRY(remove_note(tx, w, w->change->removes[i], &after));
	return NULL;
}

fault *license_hold_assign(struct tx *tx, const struct tenant_state_user *user,
			   const struct license_hold_change *change, str *refused)
{
	struct license_pools pools;
	struct license_holds holds;

	TRY(license_pool_kinds(tx, user->tenant, &pools));
	TRY(license_hold_of_user(tx, user->id, &holds));
	const struct weighing w = { tx_arena(tx), user, &pools, &holds, change };
	TRY(change_refused(tx, &w, refused));
	if (!str_is_none(*refused))
		return NULL;
	TRY(change_do(tx, user, change));
	return change_note(tx, &w);
}
