#include "sandbox/admin_licensing.h"

#include <jansson.h>
#include <stdlib.h>

#include "sandbox/identity_json.h"
#include "sandbox/license_group.h"

/* True when the JSON array of ids has this one. */
static bool lists(const json_t *ids, str wanted)
{
	for (size_t i = 0; i < json_array_size(ids); i++)
		if (str_eq_nocase(str_of(json_string_value(json_array_get(ids, i))), wanted))
			return true;
	return false;
}

static json_t *parsed(str text)
{
	json_t *json = json_loadb(text.at ? text.at : "", text.len, 0, NULL);

	return json ? json : json_array();
}

/* The plans that are for users, each on unless `disabled` (a JSON array) has it. */
static struct admin_plans plans_of(struct arena *keep, str service_plans, str disabled)
{
	DEFER(identity_json_end) json_t *all = parsed(service_plans);
	DEFER(identity_json_end) json_t *off = parsed(disabled);
	struct admin_plans plans = { .at = NEW_ARRAY(keep, struct admin_plan,
						     json_array_size(all) + 1) };

	for (size_t i = 0; i < json_array_size(all); i++) {
		const json_t *one = json_array_get(all, i);
		str named = identity_json_get(keep, one, "servicePlanId");
		if (str_is_empty(named) ||
		    str_eq_nocase(identity_json_get(keep, one, "appliesTo"), S("Company")))
			continue;
		plans.at[plans.len++] = (struct admin_plan){
			.id = str_lower(keep, named),
			.name = identity_json_get(keep, one, "servicePlanName"),
			.on = !lists(off, named),
		};
	}
	return plans;
}

/* "through the group Sales" */
static fault *group_said(struct tx *tx, str tenant, str group, str *said)
{
	struct license_group found_one;
	bool found;

	TRY(license_group_find(tx, tenant, group, &found_one, &found));
	*said = found ? str_format(tx_arena(tx), "through the group %.*s",
				   STR(found_one.display_name))
		      : S("through a group");
	return NULL;
}

static fault *license_of(struct tx *tx, const struct tenant_state_user *user,
			 const struct license_pool *pool, const struct license_holds *holds,
			 struct admin_user_license *made)
{
	int64_t spare = license_pool_spare(pool);
	str disabled = S("[]");

	*made = (struct admin_user_license){ .name = pool->title,
					     .sku = pool->sku,
					     .action = S(""),
					     .available = spare > 0 ? spare : 0,
					     .inherited = S(""),
					     .troubled = S("") };
	for (size_t i = 0; i < holds->len; i++) {
		const struct license_hold *hold = &holds->at[i];
		if (!str_eq(hold->sku, pool->sku))
			continue;
		if (!license_hold_counts(hold)) {
			made->troubled = str_is_none(hold->error) ? S("an error") : hold->error;
		} else if (str_is_none(hold->group)) {
			made->direct = true;
			disabled = hold->disabled_plans;
		} else {
			TRY(group_said(tx, user->tenant, hold->group, &made->inherited));
		}
	}
	made->plans = plans_of(tx_arena(tx), pool->service_plans, disabled);
	return NULL;
}

fault *admin_licensing_of_user(struct tx *tx, const struct tenant_state_user *user,
			       struct admin_user_licenses *licenses)
{
	struct license_holds holds;
	struct license_pools pools;

	TRY(license_pool_all(tx, user->tenant, &pools));
	TRY(license_hold_of_user(tx, user->id, &holds));
	*licenses = (struct admin_user_licenses){
		.at = NEW_ARRAY(tx_arena(tx), struct admin_user_license, pools.len + 1)
	};
	for (size_t i = 0; i < pools.len; i++)
		if (str_eq_nocase(pools.at[i].applies_to, S("User")))
			TRY(license_of(tx, user, &pools.at[i], &holds,
				       &licenses->at[licenses->len++]));
	return NULL;
}

/* As JSON, for the hold. */
static str disabled_of(const struct request *rq, struct arena *keep,
		       const struct admin_plans *plans)
{
	DEFER(identity_json_end) json_t *off = json_array();

	for (size_t i = 0; i < plans->len; i++) {
		str named = plans->at[i].id;
		char name[64];
		(void)snprintf(name, sizeof(name), "plan-%.*s", STR(named));
		if (!str_eq(request_form(rq, name), S("on")))
			json_array_append_new(off, json_stringn(named.at, named.len));
	}
	return identity_json_text(keep, off);
}

fault *admin_licensing_read(struct request *rq, str tenant, str sku, struct license_hold *hold)
{
	struct arena *keep = request_arena(rq);
	struct license_pools pools;

	TRY(license_pool_all(request_tx(rq), tenant, &pools));
	for (size_t i = 0; i < pools.len; i++) {
		if (!str_eq_nocase(pools.at[i].sku, sku))
			continue;
		struct admin_plans plans = plans_of(keep, pools.at[i].service_plans, S("[]"));
		*hold = (struct license_hold){
			.sku = pools.at[i].sku,
			.disabled_plans = disabled_of(rq, keep, &plans),
		};
		return NULL;
	}
	return fault_new(FAULT_MISSING, "Your organization has no such product.");
}
