#include "sandbox/license_group.h"

#include "license_group_sql.h"
#include "sandbox/license_hold.h"
#include "sandbox/license_member.h"
#include "sandbox/license_pool.h"
#include "sandbox/license_rule.h"
#include "sandbox/sandbox_clock.h"
#include "sandbox/tenant_state.h"

#define DELAY	SECONDS(2)
#define AT_ONCE 500

static struct license_group group_of(const struct license_group_rows *row)
{
	return (struct license_group){
		.id = row->id,
		.tenant = row->tenant,
		.display_name = row->display_name,
		.source = row->source,
		.state = row->after < 0	   ? S("ProcessingComplete")
			 : row->after == 0 ? S("QueuedForProcessing")
					   : S("ProcessingInProgress"),
		.errors = row->errors,
		.position = row->position,
	};
}

fault *license_group_all(struct tx *tx, str tenant, int64_t after, int64_t most,
			 struct license_groups *groups)
{
	struct license_group_rows_list rows;

	TRY(license_group_rows(tx, tenant, after, most, &rows));
	groups->at = NEW_ARRAY(tx_arena(tx), struct license_group, rows.len);
	groups->len = rows.len;
	for (size_t i = 0; i < rows.len; i++)
		groups->at[i] = group_of(&rows.at[i]);
	return NULL;
}

fault *license_group_find(struct tx *tx, str tenant, str name, struct license_group *group,
			  bool *found)
{
	struct license_group_rows row;

	TRY(license_group_by_id(tx, str_lower(tx_arena(tx), name), &row, found));
	*found = *found && str_eq(row.tenant, tenant);
	if (*found)
		*group = group_of(&row);
	return NULL;
}

fault *license_group_gives(struct tx *tx, str group, struct license_holds *gives)
{
	struct license_group_sku_rows_list rows;

	TRY(license_group_sku_rows(tx, group, &rows));
	gives->at = NEW_ARRAY(tx_arena(tx), struct license_hold, rows.len);
	gives->len = rows.len;
	for (size_t i = 0; i < rows.len; i++)
		gives->at[i] = (struct license_hold){
			.sku = rows.at[i].sku,
			.group = group,
			.disabled_plans = rows.at[i].disabled_plans,
			.state = S("Active"),
		};
	return NULL;
}

static str change_refused(struct arena *keep, const struct license_pools *pools,
			  const struct license_holds *gives,
			  const struct license_hold_change *change)
{
	for (size_t i = 0; i < change->remove_count; i++)
		if (!license_hold_find(gives, change->removes[i]))
			return S("Group does not have a corresponding license.");
	for (size_t i = 0; i < change->add_count; i++) {
		str refused = license_hold_unfit(keep, pools, change, &change->adds[i]);
		if (!str_is_none(refused))
			return refused;
	}
	return STR_NONE;
}

fault *license_group_assign(struct tx *tx, const struct license_group *group,
			    const struct license_hold_change *change, str *refused)
{
	struct license_holds gives;
	struct license_pools pools;
	instant now;

	TRY(license_pool_kinds(tx, group->tenant, &pools));
	TRY(license_group_gives(tx, group->id, &gives));
	*refused = change_refused(tx_arena(tx), &pools, &gives, change);
	if (!str_is_none(*refused))
		return NULL;
	for (size_t i = 0; i < change->add_count; i++)
		TRY(license_group_put_sku(tx, group->id, change->adds[i].sku,
					  change->adds[i].disabled_plans));
	for (size_t i = 0; i < change->remove_count; i++)
		TRY(license_group_drop_sku(tx, group->id, change->removes[i]));
	TRY(sandbox_clock_now(tx, &now));
	return license_group_queue(tx, group->id, instant_after(now, DELAY));
}

fault *license_group_reprocess(struct tx *tx, const struct tenant_state_user *user)
{
	struct license_group_of_user_list rows;
	struct license_member_work work;

	TRY(license_group_of_user(tx, user->id, &rows));
	for (size_t i = 0; i < rows.len; i++) {
		struct license_holds gives;
		TRY(license_group_gives(tx, rows.at[i].group, &gives));
		TRY(license_member_begin(tx, user->tenant, rows.at[i].group, &gives, &work));
		TRY(license_member_process(tx, &work, user->id));
		TRY(license_member_done(tx, &work));
	}
	return NULL;
}

static fault *pass_one(struct tx *tx, const struct license_group_due *due)
{
	struct license_group_members_after_list members;
	struct license_group_rows group;
	struct license_member_work work;
	struct license_holds gives;
	bool found;

	TRY(license_group_by_id(tx, due->group, &group, &found));
	TRY(license_group_gives(tx, due->group, &gives));
	TRY(license_member_begin(tx, group.tenant, due->group, &gives, &work));
	TRY(license_group_members_after(tx, due->group, due->after, AT_ONCE, &members));
	for (size_t i = 0; i < members.len; i++)
		TRY(license_member_process(tx, &work, members.at[i].user));
	TRY(license_member_done(tx, &work));
	if (members.len < AT_ONCE)
		return license_group_through(tx, due->group);
	return license_group_go_on(tx, due->group, members.at[members.len - 1].position);
}

fault *license_group_pass(struct tx *tx)
{
	struct license_group_due_list due;
	instant now;

	TRY(sandbox_clock_now(tx, &now));
	TRY(license_group_due(tx, now, &due));
	for (size_t i = 0; i < due.len; i++)
		TRY(pass_one(tx, &due.at[i]));
	return NULL;
}
