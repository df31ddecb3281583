#include "sandbox/directory_subscription.h"

#include "directory_subscription_sql.h"
#include "sandbox/catalogue.h"
#include "sandbox/license_plan.h"
#include "sandbox/license_pool.h"
#include "sandbox/sandbox_clock.h"
#include "sandbox/sandbox_setting.h"

#define DISABLED_STAGE DAYS(90)
#define EXPIRED_STAGE  DAYS(30)
#define CANCEL_WINDOW  DAYS(7)
#define TERM_MONTHS    12
#define MOST_UNITS     10000

/* A term that began before the subscription was bought is its first. */
static instant term_start(const struct directory_subscription_rows *row)
{
	instant start;

	if (instant_is_none(row->term_ends))
		return INSTANT_NONE;
	start = sandbox_clock_months(row->term_ends, -TERM_MONTHS);
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

static bool runs(const struct directory_subscription *which)
{
	return str_eq(which->status, S("Enabled")) || str_eq(which->status, S("Warning"));
}

static bool is_disabled(const struct directory_subscription *which)
{
	return str_eq(which->status, S("Suspended")) || str_eq(which->status, S("LockedOut"));
}

instant directory_subscription_cancel_until(const struct directory_subscription *which)
{
	if (!which->modern || which->trial || instant_is_none(which->term_started))
		return INSTANT_NONE;
	return instant_after(which->term_started, CANCEL_WINDOW);
}

/* True when a modern account's seven days are over. */
static bool is_bound(const struct directory_subscription *which, instant now)
{
	instant until = directory_subscription_cancel_until(which);

	return !instant_is_none(until) && instant_before(until, now);
}

str directory_subscription_uncancellable(struct arena *keep,
					 const struct directory_subscription *which, instant now)
{
	if (!str_is_none(which->owner_tenant))
		return S("A partner sold this subscription. Only the partner can end it.");
	if (!runs(which))
		return S("This subscription is not running.");
	if (!is_bound(which, now))
		return STR_NONE;
	str until = day_for_people(keep, instant_day(directory_subscription_cancel_until(which)));
	return str_format(keep,
			  "It could be cancelled for seven days from its start or renewal, until "
			  "%.*s. Turn recurring billing off and it ends with its term.",
			  STR(until));
}

static fault *check_direct(const struct directory_subscription *which)
{
	if (!str_is_none(which->owner_tenant))
		return fault_new(
			FAULT_CONFLICT,
			"A partner sold this subscription. Only the partner can change it.");
	return NULL;
}

/* Disabled from `at` on. */
static fault *disable(struct tx *tx, const struct directory_subscription *which, instant at,
		      str reason, str note)
{
	struct sandbox_setting setting;

	TRY(sandbox_setting_read(tx, &setting));
	TRY(directory_subscription_mark_cancelled(tx, which->id, at, reason, note));
	return directory_subscription_turn(
		tx, which, setting.cancel_locks ? S("LockedOut") : S("Suspended"),
		instant_after(at, DISABLED_STAGE), S("direct subscription cancelled"));
}

fault *directory_subscription_cancel_as_of(struct tx *tx,
					   const struct directory_subscription *which, instant at,
					   str reason, str note)
{
	str said = directory_subscription_uncancellable(tx_arena(tx), which, at);

	if (!str_is_none(said))
		return fault_new(FAULT_CONFLICT, "%.*s", STR(said));
	return disable(tx, which, at, reason, note);
}

fault *directory_subscription_cancel(struct tx *tx, const struct directory_subscription *which,
				     str reason, str note)
{
	instant now;

	TRY(sandbox_clock_now(tx, &now));
	return directory_subscription_cancel_as_of(tx, which, now, reason, note);
}

fault *directory_subscription_cancel_at_end(struct tx *tx,
					    const struct directory_subscription *which, str reason,
					    str note)
{
	TRY(check_direct(which));
	if (which->modern)
		return fault_new(FAULT_CONFLICT,
				 "This billing account has no cancellation before the renewal. "
				 "Turn recurring billing off instead.");
	if (!str_eq(which->status, S("Enabled")))
		return fault_new(FAULT_CONFLICT, "This subscription is not running.");
	TRY(directory_subscription_mark_recurring(tx, which->id, false));
	return directory_subscription_mark_cancel_at_end(tx, which->id, true, reason, note);
}

fault *directory_subscription_reactivate(struct tx *tx, const struct directory_subscription *which)
{
	instant now, ends = which->term_ends;

	TRY(check_direct(which));
	if (!is_disabled(which))
		return fault_new(FAULT_CONFLICT, "This subscription is not disabled.");
	TRY(sandbox_clock_now(tx, &now));
	TRY(directory_subscription_mark_cancelled(tx, which->id, INSTANT_NONE, STR_NONE, STR_NONE));
	if (instant_is_none(ends) || !instant_before(now, ends)) {
		ends = sandbox_clock_months(now, TERM_MONTHS);
		TRY(directory_subscription_mark_recurring(tx, which->id, !which->trial));
	}
	return directory_subscription_turn(tx, which, S("Enabled"), ends,
					   S("direct subscription reactivated"));
}

fault *directory_subscription_recur(struct tx *tx, const struct directory_subscription *which,
				    bool on)
{
	TRY(check_direct(which));
	if (!str_eq(which->status, S("Enabled")))
		return fault_new(FAULT_CONFLICT, "This subscription is not running.");
	if (which->trial)
		return fault_new(FAULT_CONFLICT, "A trial is not renewed.");
	if (on && which->cancel_at_end)
		TRY(directory_subscription_mark_cancel_at_end(tx, which->id, false, STR_NONE,
							      STR_NONE));
	TRY(directory_subscription_mark_recurring(tx, which->id, on));
	return license_pool_note(
		tx, on ? S("recurring billing turned on") : S("recurring billing turned off"),
		which->tenant, which->sku);
}

fault *directory_subscription_units_allowed(const struct directory_subscription *which, instant at,
					    int64_t units)
{
	TRY(check_direct(which));
	if (!str_eq(which->status, S("Enabled")))
		return fault_new(FAULT_CONFLICT, "This subscription is not running.");
	if (units < 1 || units > MOST_UNITS)
		return fault_new(FAULT_INPUT, "The number of licenses is 1 to %d.", MOST_UNITS);
	if (units < which->units && is_bound(which, at))
		return fault_new(FAULT_CONFLICT,
				 "Fewer licenses are possible within seven days of the start or "
				 "renewal alone.");
	return NULL;
}

fault *directory_subscription_change_units(struct tx *tx,
					   const struct directory_subscription *which, instant at,
					   int64_t units)
{
	TRY(directory_subscription_units_allowed(which, at, units));
	return directory_subscription_resize(tx, which, units);
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
		return disable(tx, which, at, due->cancel_reason, due->cancel_note);
	if (due->recurring)
		return directory_subscription_turn(tx, which, S("Enabled"),
						   sandbox_clock_months(at, TERM_MONTHS),
						   S("renewed"));
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
			instant_after(due->next_lifecycle, DISABLED_STAGE), S("disabled"));
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
