#include "sandbox/license_member.h"

#include "license_group_sql.h"
#include "sandbox/license_mailbox.h"
#include "sandbox/license_rule.h"
#include "sandbox/sandbox_clock.h"
#include "sandbox/tenant_state.h"

fault *license_member_begin(struct tx *tx, str tenant, str group, const struct license_holds *gives,
			    struct license_member_work *work)
{
	struct tenant_state state;
	bool found;

	*work = (struct license_member_work){ .tenant = tenant, .group = group, .gives = gives };
	TRY(tenant_state_find(tx, tenant, &state, &found));
	work->place = found ? state.country : STR_NONE;
	TRY(sandbox_clock_now(tx, &work->now));
	return license_pool_all(tx, tenant, &work->pools);
}

fault *license_member_done(struct tx *tx, const struct license_member_work *work)
{
	if (!work->changed)
		return NULL;
	return license_pool_note(tx, S("group licenses processed"), work->tenant, STR_NONE);
}

static bool of_group(const struct license_member_work *work, const struct license_hold *hold)
{
	return str_eq(hold->group, work->group);
}

/* What the user would hold: with all that the group gives, or only without what it gives no
 * longer. */
static struct license_holds after_of(struct arena *keep, const struct license_member_work *work,
				     const struct license_holds *holds, bool given)
{
	size_t most = holds->len + work->gives->len + 1;
	struct license_holds made = { NEW_ARRAY(keep, struct license_hold, most), 0 };

	for (size_t i = 0; i < holds->len; i++)
		if (!of_group(work, &holds->at[i]) ||
		    (!given && license_hold_find(work->gives, holds->at[i].sku)))
			made.at[made.len++] = holds->at[i];
	for (size_t i = 0; i < work->gives->len && given; i++)
		made.at[made.len++] = work->gives->at[i];
	return made;
}

static const struct license_hold *by_group(const struct license_member_work *work,
					   const struct license_holds *holds, str sku)
{
	for (size_t i = 0; i < holds->len; i++)
		if (of_group(work, &holds->at[i]) && str_eq(holds->at[i].sku, sku))
			return &holds->at[i];
	return NULL;
}

static void recount(struct license_member_work *work, str sku, int64_t by)
{
	for (size_t i = 0; i < work->pools.len; i++)
		if (str_eq(work->pools.at[i].sku, sku))
			work->pools.at[i].consumed += by;
}

/* What stands against giving one SKU whatever else the user holds; NULL: nothing. */
static const char *sku_error(const struct license_member_work *work,
			     const struct license_holds *holds, str place, str sku)
{
	const struct license_pool *pool = license_pool_of(&work->pools, sku);

	if (!license_rule_is_location(place) || license_rule_is_prohibited(place))
		return "ProhibitedInUsageLocationViolation";
	if (license_hold_has(holds, sku))
		return NULL;
	return pool && license_pool_spare(pool) > 0 ? NULL : "CountViolation";
}

static fault *put(struct tx *tx, struct license_member_work *work, str user,
		  const struct license_hold *give, const char *state, const char *error)
{
	struct license_hold hold = *give;

	hold.user = user;
	hold.group = work->group;
	hold.state = str_of(state);
	hold.error = str_of(error);
	hold.updated = work->now;
	work->changed = true;
	return license_hold_put(tx, work->tenant, &hold);
}

/* None of the set is given; what the user has by the group already stays. */
static fault *refuse(struct tx *tx, struct license_member_work *work,
		     const struct tenant_state_user *user, const struct license_holds *holds,
		     str place, const char *together)
{
	for (size_t i = 0; i < work->gives->len; i++) {
		const struct license_hold *give = &work->gives->at[i];
		const struct license_hold *has = by_group(work, holds, give->sku);
		const char *own = sku_error(work, holds, place, give->sku);
		if (has && license_hold_counts(has))
			continue;
		TRY(put(tx, work, user->id, give, "Error",
			own	   ? own
			: together ? together
				   : "Other"));
	}
	return NULL;
}

static fault *give(struct tx *tx, struct license_member_work *work,
		   const struct tenant_state_user *user, const struct license_holds *holds)
{
	for (size_t i = 0; i < work->gives->len; i++) {
		const struct license_hold *one = &work->gives->at[i];
		const struct license_hold *has = by_group(work, holds, one->sku);
		if (has && str_eq(has->state, S("Active")) &&
		    str_eq(has->disabled_plans, one->disabled_plans))
			continue;
		if (!license_hold_has(holds, one->sku))
			recount(work, one->sku, 1);
		TRY(put(tx, work, user->id, one, "Active", NULL));
	}
	return NULL;
}

static fault *take_back_one(struct tx *tx, struct license_member_work *work, str user,
			    const struct license_hold *gone, const struct license_holds *had,
			    bool exchanged)
{
	struct license_holds left;

	TRY(license_group_take_back(tx, user, gone->sku, work->group));
	work->changed = true;
	TRY(license_hold_of_user(tx, user, &left));
	if (!license_hold_counts(gone) || license_hold_has(&left, gone->sku))
		return NULL;
	recount(work, gone->sku, -1);
	if (exchanged && !license_rule_lessens(&work->pools, had, &left))
		return NULL;
	const struct license_pool *pool = license_pool_of(&work->pools, gone->sku);
	str what = S("group license removed");
	return pool ? license_pool_note_as(tx, what, work->tenant, pool, user)
		    : license_pool_note_loss(tx, what, work->tenant, gone->sku, user);
}

/* What the group no longer gives goes, unless another license depends on it. */
static fault *take_back(struct tx *tx, struct license_member_work *work, str user,
			const struct license_holds *holds, const char *error, bool exchanged)
{
	for (size_t i = 0; i < holds->len; i++) {
		const struct license_hold *hold = &holds->at[i];
		if (!of_group(work, hold) || license_hold_find(work->gives, hold->sku))
			continue;
		if (error)
			TRY(put(tx, work, user, hold, "ActiveWithError", error));
		else
			TRY(take_back_one(tx, work, user, hold, holds, exchanged));
	}
	return NULL;
}

/* What stands against the whole of it, though each of its SKUs could be given. */
static fault *whole_error(struct tx *tx, const struct license_member_work *work,
			  const struct tenant_state_user *user, const struct license_holds *holds,
			  const char **error)
{
	struct license_holds after = after_of(tx_arena(tx), work, holds, true);
	str taken;

	*error = license_rule_change(tx_arena(tx), &work->pools, holds, &after).error;
	if (*error || !license_rule_brings_mailbox(&work->pools, holds, &after))
		return NULL;
	TRY(license_mailbox_taken(tx, user, &taken));
	if (!str_is_none(taken))
		*error = "UniquenessViolation";
	return NULL;
}

fault *license_member_process(struct tx *tx, struct license_member_work *work, str user_id)
{
	struct tenant_state_user user;
	struct license_holds holds;
	bool found, clean = true;
	const char *error;

	TRY(tenant_state_user(tx, user_id, &user, &found));
	if (!found)
		return NULL;
	TRY(license_hold_of_user(tx, user.id, &holds));
	str place = str_is_none(user.usage_location) ? work->place : user.usage_location;
	for (size_t i = 0; i < work->gives->len && clean; i++)
		clean = !sku_error(work, &holds, place, work->gives->at[i].sku);
	TRY(whole_error(tx, work, &user, &holds, &error));
	if (clean && !error) {
		TRY(give(tx, work, &user, &holds));
		return take_back(tx, work, user.id, &holds, NULL, work->gives->len > 0);
	}
	struct arena *keep = tx_arena(tx);
	struct license_holds without = after_of(keep, work, &holds, false);
	const char *kept = license_rule_change(keep, &work->pools, &holds, &without).error;
	TRY(take_back(tx, work, user.id, &holds, kept, false));
	return refuse(tx, work, &user, &holds, place, error);
}
