/* What a customer may do with a direct subscription, and what the pages must refuse. */
#include "sandbox/directory_subscription.h"

#include "directory_subscription_sql.h"
#include "sandbox/billing_setting.h"
#include "sandbox/license_pool.h"
#include "sandbox/sandbox_clock.h"
#include "sandbox/sandbox_setting.h"

#define CANCEL_WINDOW DAYS(7)
#define MOST_UNITS    10000

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

/* An older account with many licenses assigned is sent to support, where the sandbox is told so
 * (vendor facts §5.3). */
static fault *crowded(struct tx *tx, const struct directory_subscription *which, str *said)
{
	struct billing_setting setting;
	struct license_pool pool;
	bool found;

	*said = STR_NONE;
	TRY(billing_setting_read(tx, &setting));
	if (which->modern || setting.cancel_most == 0)
		return NULL;
	TRY(license_pool_one(tx, which->tenant, which->sku, &pool, &found));
	if (found && pool.consumed > setting.cancel_most)
		*said = str_format(tx_arena(tx),
				   "%lld licenses of it are assigned. With more than %lld, only "
				   "Microsoft's support can cancel it.",
				   (long long)pool.consumed, (long long)setting.cancel_most);
	return NULL;
}

fault *directory_subscription_uncancellable(struct tx *tx,
					    const struct directory_subscription *which, instant now,
					    str *said)
{
	struct arena *keep = tx_arena(tx);

	*said = STR_NONE;
	if (!str_is_none(which->owner_tenant)) {
		*said = S("A partner sold this subscription. Only the partner can end it.");
	} else if (!runs(which)) {
		*said = S("This subscription is not running.");
	} else if (is_bound(which, now)) {
		instant until = directory_subscription_cancel_until(which);
		*said = str_format(keep,
				   "It could be cancelled for seven days from its start or "
				   "renewal, until %.*s. Turn recurring billing off and it ends "
				   "with its term.",
				   STR(day_for_people(keep, instant_day(until))));
	}
	return str_is_none(*said) ? crowded(tx, which, said) : NULL;
}

static fault *check_direct(const struct directory_subscription *which)
{
	if (!str_is_none(which->owner_tenant))
		return fault_new(
			FAULT_CONFLICT,
			"A partner sold this subscription. Only the partner can change it.");
	return NULL;
}

fault *directory_subscription_disable(struct tx *tx, const struct directory_subscription *which,
				      instant at, str reason, str note)
{
	struct sandbox_setting setting;

	TRY(sandbox_setting_read(tx, &setting));
	TRY(directory_subscription_mark_cancelled(tx, which->id, at, reason, note));
	return directory_subscription_turn(tx, which,
					   setting.cancel_locks ? S("LockedOut") : S("Suspended"),
					   instant_after(at, DIRECTORY_SUBSCRIPTION_DISABLED),
					   S("direct subscription cancelled"));
}

fault *directory_subscription_cancel_as_of(struct tx *tx,
					   const struct directory_subscription *which, instant at,
					   str reason, str note)
{
	str said;

	TRY(directory_subscription_uncancellable(tx, which, at, &said));
	if (!str_is_none(said))
		return fault_new(FAULT_CONFLICT, "%.*s", STR(said));
	return directory_subscription_disable(tx, which, at, reason, note);
}

fault *directory_subscription_cancel(struct tx *tx, const struct directory_subscription *which,
				     str reason, str note)
{
	instant now;

	TRY(sandbox_clock_now(tx, &now));
	return directory_subscription_cancel_as_of(tx, which, now, reason, note);
}

fault *directory_subscription_support_cancel(struct tx *tx,
					     const struct directory_subscription *which, str reason,
					     str note)
{
	instant now;

	TRY(check_direct(which));
	if (!runs(which))
		return fault_new(FAULT_CONFLICT, "This subscription is not running.");
	TRY(sandbox_clock_now(tx, &now));
	return directory_subscription_disable(tx, which, now, reason, note);
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
		ends = sandbox_clock_months(now, DIRECTORY_SUBSCRIPTION_MONTHS);
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
