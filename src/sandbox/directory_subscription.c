#include "sandbox/directory_subscription.h"

#include "directory_subscription_sql.h"
#include "sandbox/catalogue.h"
#include "sandbox/license_plan.h"
#include "sandbox/license_pool.h"
#include "sandbox/sandbox_clock.h"

#define EXPIRED_STAGE DAYS(30)

/* A term that began before the subscription was bought is its first. */
static instant term_start(const struct directory_subscription_rows *row)
{
	instant start;

	if (instant_is_none(row->term_ends))
		return INSTANT_NONE;
	start = sandbox_clock_months(row->term_ends, -DIRECTORY_SUBSCRIPTION_MONTHS);
	return instant_before(start, row->created) ? row->created : start;
}

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
		.term_started = term_start(row),
		.term_ends = row->term_ends,
		.owner = row->owner,
		.owner_tenant = row->owner_tenant,
		.owner_type = row->owner_type,
		.cancelled = row->cancelled,
		.cancel_at_end = row->cancel_at_end,
		.cancel_reason = row->cancel_reason,
		.cancel_note = row->cancel_note,
		.modern = row->modern,
	};
}

static struct directory_subscriptions list_of(struct arena *keep,
					      const struct directory_subscription_rows_list *rows)
{
	struct directory_subscriptions made = {
		.at = NEW_ARRAY(keep, struct directory_subscription, rows->len + 1),
		.len = rows->len,
	};

	for (size_t i = 0; i < rows->len; i++)
		made.at[i] = subscription_of(keep, &rows->at[i]);
	return made;
}

fault *directory_subscription_all(struct tx *tx, str tenant,
				  struct directory_subscriptions *subscriptions)
{
	struct directory_subscription_rows_list rows;

	TRY(directory_subscription_rows(tx, tenant, &rows));
	*subscriptions = list_of(tx_arena(tx), &rows);
	return NULL;
}

fault *directory_subscription_ever(struct tx *tx, str tenant,
				   struct directory_subscriptions *subscriptions)
{
	struct directory_subscription_rows_list rows;

	TRY(directory_subscription_rows_ever(tx, tenant, &rows));
	*subscriptions = list_of(tx_arena(tx), &rows);
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

static fault *end_term(struct tx *tx, const struct directory_subscription *which,
		       const struct directory_subscription_overdue *due)
{
	instant at = due->next_lifecycle;

	if (due->cancel_at_end)
		return directory_subscription_disable(tx, which, at, due->cancel_reason,
						      due->cancel_note);
	if (due->recurring)
		return directory_subscription_turn(
			tx, which, S("Enabled"),
			sandbox_clock_months(at, DIRECTORY_SUBSCRIPTION_MONTHS), S("renewed"));
	return directory_subscription_turn(tx, which, S("Warning"),
					   instant_after(at, EXPIRED_STAGE), S("expired"));
}

/* One stage further; a whole life may pass in one look when the clock was moved far. */
static fault *pass_one(struct tx *tx, const struct directory_subscription_overdue *due)
{
	const struct directory_subscription which = {
		.id = due->id,
		.tenant = due->tenant,
		.sku = due->sku,
	};

	if (str_eq(due->status, S("Enabled")))
		return end_term(tx, &which, due);
	if (str_eq(due->status, S("Warning")))
		return directory_subscription_turn(
			tx, &which, S("Suspended"),
			instant_after(due->next_lifecycle, DIRECTORY_SUBSCRIPTION_DISABLED),
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
