#include "sandbox/sandbox_act_seats.h"

#include "sandbox/directory_subscription.h"
#include "sandbox/license_group.h"
#include "sandbox/license_hold.h"
#include "sandbox/license_pool.h"
#include "sandbox/license_rule.h"
#include "sandbox/sandbox_clock.h"
#include "sandbox/sandbox_pass.h"
#include "sandbox/tenant_leave.h"

/* What to take and what to give back name a SKU by its id or its part number. */
static fault *pool_named(struct tx *tx, str tenant, str name, struct license_pool *pool)
{
	struct license_pools all;

	TRY(license_pool_all(tx, tenant, &all));
	for (size_t i = 0; i < all.len; i++)
		if (str_eq_nocase(all.at[i].sku, name) ||
		    str_eq_nocase(all.at[i].part_number, name)) {
			*pool = all.at[i];
			return NULL;
		}
	return fault_new(FAULT_INPUT, "The tenant has no SKU \"%.*s\".", STR(name));
}

/* What a customer pays Microsoft for: no trial, and nothing that is given away by the ten
 * thousand. */
static bool is_paid(const struct directory_subscription *s)
{
	return str_is_none(s->owner_tenant) && !s->trial && s->units < 10000;
}

/* One deed to each subscription of a tenant that it is meant for, and how many that were. */
struct deed {
	fault *(*run)(struct tx *tx, const struct directory_subscription *one);
	bool (*meant)(const struct directory_subscription *one);
	const char *said;
	str sku; /* an id or a part number; empty: of any SKU */
};

static bool is_of(const struct directory_subscription *one, str sku)
{
	return str_is_empty(sku) || str_eq_nocase(one->sku, sku) ||
	       str_eq_nocase(one->part_number, sku);
}

static fault *to_each(struct tx *tx, str on, const struct deed *deed, str *said)
{
	struct directory_subscriptions all;
	struct tenant_state tenant;
	int count = 0;

	TRY(sandbox_act_tenant(tx, on, &tenant));
	TRY(sandbox_pass(tx));
	TRY(directory_subscription_all(tx, tenant.id, &all));
	for (size_t i = 0; i < all.len; i++) {
		if (!is_paid(&all.at[i]) || !deed->meant(&all.at[i]) ||
		    !is_of(&all.at[i], deed->sku))
			continue;
		TRY(deed->run(tx, &all.at[i]));
		count++;
	}
	*said = str_format(tx_arena(tx), "%.*s has %s %d direct subscription%s.", STR(tenant.name),
			   deed->said, count, count == 1 ? "" : "s");
	return NULL;
}

static bool is_running(const struct directory_subscription *one)
{
	return str_eq(one->status, S("Enabled"));
}

static bool is_disabled(const struct directory_subscription *one)
{
	return str_eq(one->status, S("Suspended")) || str_eq(one->status, S("LockedOut"));
}

static fault *cancel_one(struct tx *tx, const struct directory_subscription *one)
{
	return directory_subscription_cancel(tx, one, S("Moving to different Office 365 offering"),
					     S(""));
}

static fault *support_cancel_one(struct tx *tx, const struct directory_subscription *one)
{
	return directory_subscription_support_cancel(tx, one, S("Moving to another provider"),
						     S("Cancelled by support"));
}

static fault *renewal_on(struct tx *tx, const struct directory_subscription *one)
{
	return directory_subscription_recur(tx, one, true);
}

static fault *renewal_off(struct tx *tx, const struct directory_subscription *one)
{
	return directory_subscription_recur(tx, one, false);
}

fault *sandbox_act_cancel(struct tx *tx, const str *words, str *said)
{
	return to_each(tx, words[1],
		       &(struct deed){ cancel_one, is_running, "cancelled", words[2] }, said);
}

fault *sandbox_act_support_cancel(struct tx *tx, const str *words, str *said)
{
	return to_each(
		tx, words[1],
		&(struct deed){ support_cancel_one, is_running, "had support cancel", words[2] },
		said);
}

fault *sandbox_act_reactivate(struct tx *tx, const str *words, str *said)
{
	return to_each(
		tx, words[1],
		&(struct deed){ directory_subscription_reactivate, is_disabled, "reactivated" },
		said);
}

fault *sandbox_act_renewal(struct tx *tx, const str *words, str *said)
{
	if (str_eq(words[2], S("on")))
		return to_each(
			tx, words[1],
			&(struct deed){ renewal_on, is_running, "turned recurring billing on for" },
			said);
	if (str_eq(words[2], S("off")))
		return to_each(tx, words[1],
			       &(struct deed){ renewal_off, is_running,
					       "turned recurring billing off for" },
			       said);
	return fault_code(fault_new(FAULT_INPUT, "Renewal is on or off."), S("usage"));
}

/* "+5", "5", "-2"; not 0. */
static bool by_read(str word, int64_t *by)
{
	const str minus = S(SANDBOX_ACT_MINUS);
	bool less = str_starts(word, minus) || str_starts(word, S("-"));
	size_t sign = str_starts(word, minus)		 ? minus.len
		      : less || str_starts(word, S("+")) ? 1
							 : 0;

	if (!str_to_int64(str_part(word, sign, word.len), by) || *by < 1 || *by > 100000)
		return false;
	*by = less ? -*by : *by;
	return true;
}

/* Seats of the SKU's first direct subscription that runs. */
fault *sandbox_act_resize(struct tx *tx, const str *words, str *said)
{
	struct directory_subscriptions all;
	struct license_pool pool;
	struct tenant_state tenant;
	int64_t by, units;
	instant now;

	if (!by_read(words[3], &by))
		return fault_code(fault_new(FAULT_INPUT, "Say by how many seats: +5 or -2."),
				  S("usage"));
	TRY(sandbox_act_tenant(tx, words[1], &tenant));
	TRY(sandbox_pass(tx));
	TRY(pool_named(tx, tenant.id, words[2], &pool));
	TRY(sandbox_clock_now(tx, &now));
	TRY(directory_subscription_all(tx, tenant.id, &all));
	for (size_t i = 0; i < all.len; i++) {
		const struct directory_subscription *s = &all.at[i];
		if (!is_paid(s) || !is_running(s) || !str_eq(s->sku, pool.sku))
			continue;
		TRY(directory_subscription_change_units(tx, s, now, s->units + by));
		units = s->units + by;
		*said = str_format(tx_arena(tx), "%.*s has %lld seat%s of %.*s now.",
				   STR(tenant.name), (long long)units, units == 1 ? "" : "s",
				   STR(pool.title));
		return NULL;
	}
	return fault_new(FAULT_INPUT, "%.*s buys no %.*s from Microsoft itself.", STR(tenant.name),
			 STR(pool.title));
}

static fault *change_license(struct tx *tx, const str *words, bool take, str *said)
{
	struct license_hold add = { .disabled_plans = S("[]") };
	struct license_hold_change change = { 0 };
	struct tenant_state_user user;
	struct license_pool pool;
	bool found;
	str refused;

	TRY(tenant_state_user(tx, words[1], &user, &found));
	if (!found)
		return fault_new(FAULT_INPUT, "There is no user \"%.*s\".", STR(words[1]));
	TRY(sandbox_pass(tx));
	TRY(pool_named(tx, user.tenant, words[2], &pool));
	add.sku = pool.sku;
	if (take)
		change = (struct license_hold_change){ .removes = &pool.sku, .remove_count = 1 };
	else
		change = (struct license_hold_change){ .adds = &add, .add_count = 1 };
	TRY(license_hold_assign(tx, &user, &change, &refused));
	if (!str_is_none(refused))
		return fault_new(FAULT_CONFLICT, "%.*s", STR(refused));
	*said = str_format(tx_arena(tx), "%.*s %s has %.*s.", STR(user.principal_name),
			   take ? "no longer" : "now", STR(pool.title));
	return NULL;
}

fault *sandbox_act_assign(struct tx *tx, const str *words, str *said)
{
	return change_license(tx, words, false, said);
}

fault *sandbox_act_unassign(struct tx *tx, const str *words, str *said)
{
	return change_license(tx, words, true, said);
}

static fault *change_group(struct tx *tx, const str *words, bool take, str *said)
{
	struct license_hold add = { .disabled_plans = S("[]") };
	struct license_hold_change change = { 0 };
	struct tenant_state tenant;
	struct license_group group;
	struct license_pool pool;
	bool found;
	str refused;

	TRY(sandbox_act_tenant(tx, words[1], &tenant));
	TRY(license_group_find(tx, tenant.id, words[2], &group, &found));
	if (!found)
		return fault_new(FAULT_INPUT, "There is no group \"%.*s\".", STR(words[2]));
	TRY(sandbox_pass(tx));
	TRY(pool_named(tx, tenant.id, words[3], &pool));
	add.sku = pool.sku;
	if (take)
		change = (struct license_hold_change){ .removes = &pool.sku, .remove_count = 1 };
	else
		change = (struct license_hold_change){ .adds = &add, .add_count = 1 };
	TRY(license_group_assign(tx, &group, &change, &refused));
	if (!str_is_none(refused))
		return fault_new(FAULT_CONFLICT, "%.*s", STR(refused));
	*said = str_format(tx_arena(tx), "The group %.*s gives %.*s %s.", STR(group.display_name),
			   STR(pool.title), take ? "no longer" : "from now on");
	return NULL;
}

fault *sandbox_act_group_assign(struct tx *tx, const str *words, str *said)
{
	return change_group(tx, words, false, said);
}

fault *sandbox_act_group_unassign(struct tx *tx, const str *words, str *said)
{
	return change_group(tx, words, true, said);
}

fault *sandbox_act_delete_user(struct tx *tx, const str *words, str *said)
{
	struct tenant_state_user user;
	bool found;

	TRY(tenant_state_user(tx, words[1], &user, &found));
	if (!found)
		return fault_new(FAULT_INPUT, "There is no user \"%.*s\".", STR(words[1]));
	TRY(tenant_leave(tx, &user));
	*said = str_format(tx_arena(tx), "%.*s is deleted.", STR(user.principal_name));
	return NULL;
}

fault *sandbox_act_locate(struct tx *tx, const str *words, str *said)
{
	struct tenant_state_user user;
	bool found;

	TRY(tenant_state_user(tx, words[1], &user, &found));
	if (!found)
		return fault_new(FAULT_INPUT, "There is no user \"%.*s\".", STR(words[1]));
	if (!license_rule_is_location(words[2]))
		return fault_new(FAULT_INPUT, "\"%.*s\" is no country: say US, DE and the like.",
				 STR(words[2]));
	TRY(tenant_state_locate(tx, user.id, words[2]));
	*said = str_format(tx_arena(tx), "%.*s uses it in %.*s.", STR(user.principal_name),
			   STR(words[2]));
	return NULL;
}
