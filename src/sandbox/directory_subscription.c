#include "sandbox/directory_subscription.h"

#include "directory_subscription_sql.h"
#include "sandbox/catalogue.h"
#include "sandbox/license_plan.h"
#include "sandbox/license_pool.h"
#include "sandbox/sandbox_clock.h"
#include "sandbox/sandbox_setting.h"

#define DISABLED_STAGE DAYS(90)
#define EXPIRED_STAGE  DAYS(30)

static struct directory_subscription subscription_of(struct arena *keep,
						     const struct directory_subscription_rows *row)
{
	return (struct directory_subscription){
		.id = row->id,
		.tenant = row->tenant,
		.sku = row->sku,
		.part_number = row->part_number,
		.title = catalogue_title(keep, row->sku, row->part_number),
		.commerce_id = row->commerce_id,
		.status = row->status,
		.units = row->units,
		.trial = row->trial,
		.recurring = row->recurring,
		.created = row->created,
		.next_lifecycle = row->next_lifecycle,
		.owner = row->owner,
		.owner_tenant = row->owner_tenant,
		.owner_type = row->owner_type,
		.cancelled = row->cancelled,
		.cancel_reason = row->cancel_reason,
		.cancel_note = row->cancel_note,
	};
}

fault *directory_subscription_all(struct tx *tx, str tenant,
				  struct directory_subscriptions *subscriptions)
{
	struct directory_subscription_rows_list rows;

	TRY(directory_subscription_rows(tx, tenant, &rows));
	subscriptions->at = NEW_ARRAY(tx_arena(tx), struct directory_subscription, rows.len);
	subscriptions->len = rows.len;
	for (size_t i = 0; i < rows.len; i++)
		subscriptions->at[i] = subscription_of(tx_arena(tx), &rows.at[i]);
	return NULL;
}

fault *directory_subscription_find(struct tx *tx, str tenant, str name,
				   struct directory_subscription *found_one, bool *found)
{
	struct directory_subscriptions all;

	TRY(directory_subscription_all(tx, tenant, &all));
	*found = false;
	for (size_t i = 0; i < all.len && !*found; i++) {
		if (!str_eq_nocase(all.at[i].id, name) &&
		    !str_eq_nocase(all.at[i].commerce_id, name))
			continue;
		*found_one = all.at[i];
		*found = true;
	}
	return NULL;
}

fault *directory_subscription_turn(struct tx *tx, const struct directory_subscription *which,
				   str status, instant next_lifecycle, str what)
{
	TRY(directory_subscription_set_status(tx, which->id, status, next_lifecycle));
	return license_pool_note(tx, what, which->tenant, which->sku);
}

fault *directory_subscription_cancel(struct tx *tx, const struct directory_subscription *which,
				     str reason, str note)
{
	struct sandbox_setting setting;
	instant now;

	if (!str_is_none(which->owner_tenant))
		return fault_new(
			FAULT_CONFLICT,
			"A partner sold this subscription: only the partner can cancel it.");
	if (!str_eq(which->status, S("Enabled")) && !str_eq(which->status, S("Warning")))
		return fault_new(FAULT_CONFLICT, "This subscription is not running.");
	TRY(sandbox_clock_now(tx, &now));
	TRY(sandbox_setting_read(tx, &setting));
	TRY(directory_subscription_mark_cancelled(tx, which->id, now, reason, note));
	return directory_subscription_turn(
		tx, which, setting.cancel_locks ? S("LockedOut") : S("Suspended"),
		instant_after(now, DISABLED_STAGE), S("direct subscription cancelled"));
}

fault *directory_subscription_reactivate(struct tx *tx, const struct directory_subscription *which)
{
	instant now;

	if (!str_eq(which->status, S("Suspended")) && !str_eq(which->status, S("LockedOut")))
		return fault_new(FAULT_CONFLICT, "This subscription is not disabled.");
	TRY(sandbox_clock_now(tx, &now));
	TRY(directory_subscription_mark_cancelled(tx, which->id, INSTANT_NONE, STR_NONE, STR_NONE));
	return directory_subscription_turn(tx, which, S("Enabled"), instant_after(now, DAYS(365)),
					   S("direct subscription reactivated"));
}

fault *directory_subscription_recur(struct tx *tx, const struct directory_subscription *which,
				    bool on)
{
	if (!str_is_none(which->owner_tenant))
		return fault_new(
			FAULT_CONFLICT,
			"A partner sold this subscription: only the partner can change it.");
	return directory_subscription_mark_recurring(tx, which->id, on);
}

fault *directory_subscription_open(struct tx *tx, const struct directory_subscription *sold)
{
	struct directory_subscription_next_position next;
	bool found;

	TRY(directory_subscription_next_position(tx, sold->tenant, &next, &found));
	TRY(directory_subscription_sku_add(
		tx, &(struct directory_subscription_sku_add_in){
			    .tenant = sold->tenant,
			    .sku = sold->sku,
			    .position = 1000 + next.position,
			    .part_number = sold->part_number,
			    .applies_to = S("User"),
			    .service_plans = license_plan_list(tx_arena(tx), sold->sku),
		    }));
	TRY(directory_subscription_add(tx, &(struct directory_subscription_add_in){
						   .id = sold->id,
						   .tenant = sold->tenant,
						   .sku = sold->sku,
						   .position = next.position,
						   .commerce_id = sold->commerce_id,
						   .status = S("Enabled"),
						   .units = sold->units,
						   .trial = sold->trial,
						   .created = sold->created,
						   .next_lifecycle = sold->next_lifecycle,
						   .owner = sold->owner,
						   .owner_tenant = sold->owner_tenant,
						   .owner_type = S("User"),
					   }));
	return license_pool_note(tx, S("partner subscription active"), sold->tenant, sold->sku);
}

fault *directory_subscription_resize(struct tx *tx, const struct directory_subscription *which,
				     int64_t units)
{
	TRY(directory_subscription_set_units(tx, which->id, units));
	return license_pool_note(tx, S("units changed"), which->tenant, which->sku);
}

/* One stage further; a whole life may pass in one look when the clock was moved far. */
static fault *pass_one(struct tx *tx, const struct directory_subscription_overdue *due)
{
	const struct directory_subscription which = {
		.id = due->id,
		.tenant = due->tenant,
		.sku = due->sku,
	};
	instant at = due->next_lifecycle;

	if (str_eq(due->status, S("Enabled")) && due->recurring)
		return directory_subscription_turn(tx, &which, S("Enabled"),
						   instant_after(at, DAYS(365)), S("renewed"));
	if (str_eq(due->status, S("Enabled")))
		return directory_subscription_turn(tx, &which, S("Warning"),
						   instant_after(at, EXPIRED_STAGE), S("expired"));
	if (str_eq(due->status, S("Warning")))
		return directory_subscription_turn(tx, &which, S("Suspended"),
						   instant_after(at, DISABLED_STAGE),
						   S("disabled"));
	return directory_subscription_turn(tx, &which, S("Deleted"), INSTANT_NONE, S("deleted"));
}

fault *directory_subscription_pass(struct tx *tx)
{
	struct directory_subscription_overdue_list due;
	instant now;

	TRY(sandbox_clock_now(tx, &now));
	for (int stage = 0; stage < 16; stage++) {
		TRY(directory_subscription_overdue(tx, now, &due));
		if (due.len == 0)
			return NULL;
		for (size_t i = 0; i < due.len; i++)
			TRY(pass_one(tx, &due.at[i]));
	}
	return NULL;
}
