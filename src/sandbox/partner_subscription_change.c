#include "partner_subscription_change_sql.h"
#include "sandbox/catalogue.h"
#include "sandbox/directory_subscription.h"
#include "sandbox/partner_seat.h"
#include "sandbox/partner_setting.h"
#include "sandbox/partner_subscription_life.h"
#include "sandbox/sandbox_clock.h"

#define SMALL_SEATS 25

static bool status_fits(const struct partner_subscription *one, str wanted)
{
	return str_eq_nocase(wanted, one->status) || str_eq_nocase(wanted, S("active")) ||
	       str_eq_nocase(wanted, S("suspended"));
}

static enum partner_subscription_refusal state_refuses(
	const struct partner_subscription *one, const struct partner_subscription_change *change,
	instant now)
{
	if (str_eq(one->status, S("pending")))
		return SUBSCRIPTION_PENDING;
	if (!str_eq(one->status, S("active")) && !str_eq(one->status, S("suspended")))
		return SUBSCRIPTION_GONE;
	if (str_eq_nocase(change->status, S("deleted")))
		return instant_is_none(one->cancel_until) || instant_before(one->cancel_until, now)
			       ? SUBSCRIPTION_WINDOW_OVER
			       : SUBSCRIPTION_FINE;
	if (!status_fits(one, change->status))
		return SUBSCRIPTION_BAD_STATUS;
	return SUBSCRIPTION_FINE;
}

static int64_t most_of(struct arena *keep, const struct partner_subscription *one)
{
	struct catalogue all = catalogue_read(keep);
	const struct catalogue_item *item = catalogue_of(&all, one->catalog_item);

	return item ? item->most : one->quantity;
}

static fault *quantity_refuses(struct tx *tx, const struct partner_subscription *one,
			       int64_t quantity, instant now,
			       enum partner_subscription_refusal *refusal)
{
	struct partner_setting setting;
	struct partner_seats open;
	bool more;

	TRY(partner_setting_read(tx, &setting));
	TRY(partner_seat_open(tx, one->id, now, &open));
	more = quantity > one->quantity;
	if (quantity < 1 || (more && quantity > most_of(tx_arena(tx), one)))
		*refusal = SUBSCRIPTION_BAD_QUANTITY;
	else if (!more && one->quantity - quantity > open.total)
		*refusal = SUBSCRIPTION_NO_REDUCING;
	else if (more && setting.small_account && quantity > SMALL_SEATS)
		*refusal = SUBSCRIPTION_SMALL_ACCOUNT;
	return NULL;
}

/* Instructions for the next term need auto-renewal, and must be possible. */
static bool next_refused(struct arena *keep, const struct partner_subscription *one,
			 const struct partner_subscription_change *change)
{
	return !str_is_none(change->next_term) &&
	       (!change->auto_renew ||
		!partner_subscription_renew_fits(keep, one, change->next_term));
}

static fault *refuse(struct tx *tx, const struct partner_subscription *one,
		     const struct partner_subscription_change *change, instant now,
		     enum partner_subscription_refusal *refusal)
{
	struct partner_subscription_change_of under_way;
	bool busy;

	TRY(partner_subscription_change_of(tx, one->id, &under_way, &busy));
	*refusal = busy ? SUBSCRIPTION_PENDING : state_refuses(one, change, now);
	if (*refusal == SUBSCRIPTION_FINE && next_refused(tx_arena(tx), one, change))
		*refusal = SUBSCRIPTION_NO_NEXT_TERM;
	if (*refusal == SUBSCRIPTION_FINE && !str_eq_nocase(change->status, S("deleted")) &&
	    change->quantity != one->quantity)
		return quantity_refuses(tx, one, change->quantity, now, refusal);
	return NULL;
}

static fault *resize(struct tx *tx, struct partner_subscription *one, int64_t quantity, instant now)
{
	const struct directory_subscription which = {
		.id = one->directory,
		.tenant = one->customer,
		.sku = partner_subscription_given_sku(one),
	};

	if (quantity > one->quantity)
		TRY(partner_seat_add(tx, one->id, quantity - one->quantity, now));
	else
		TRY(partner_seat_return(tx, one->id, one->quantity - quantity, now));
	one->quantity = quantity;
	one->units_off = 0;
	one->settled = now;
	if (str_is_none(one->directory))
		return NULL;
	return directory_subscription_resize(tx, &which, quantity);
}

static fault *turn(struct tx *tx, struct partner_subscription *one, str status)
{
	one->status = status;
	if (str_eq(status, S("deleted")))
		return partner_subscription_life_follow(tx, one, S("Deleted"), INSTANT_NONE,
							S("partner subscription cancelled"));
	if (str_eq(status, S("suspended")))
		return partner_subscription_life_follow(tx, one, S("Suspended"), one->ends,
							S("partner subscription suspended"));
	return partner_subscription_life_follow(tx, one, S("Enabled"), one->ends,
						S("partner subscription reactivated"));
}

static fault *apply(struct tx *tx, struct partner_subscription *one,
		    const struct partner_subscription_change *change, instant now)
{
	str status = str_lower(tx_arena(tx), change->status);
	bool deletes = str_eq(status, S("deleted"));
	bool resizes = !deletes && change->quantity != one->quantity;
	bool turns = !str_eq(status, one->status);

	if (resizes)
		TRY(resize(tx, one, change->quantity, now));
	if (turns)
		TRY(turn(tx, one, status));
	one->auto_renew = change->auto_renew && !deletes;
	one->friendly_name = change->friendly_name;
	/* Any change in mid-term takes the instructions for the next one away (§3.9). */
	one->next_term = resizes || turns ? STR_NONE : change->next_term;
	return partner_subscription_life_keep(tx, one);
}

fault *partner_subscription_change(struct tx *tx, const struct partner_subscription *one,
				   const struct partner_subscription_change *change,
				   enum partner_subscription_refusal *refusal, bool *later)
{
	struct partner_subscription changed = *one;
	struct partner_setting setting;
	instant now;

	TRY(sandbox_clock_now(tx, &now));
	TRY(partner_setting_read(tx, &setting));
	TRY(refuse(tx, one, change, now, refusal));
	*later = *refusal == SUBSCRIPTION_FINE && setting.changes_take > 0;
	if (*refusal != SUBSCRIPTION_FINE)
		return NULL;
	if (!*later)
		return apply(tx, &changed, change, now);
	return partner_subscription_change_put(
		tx, &(struct partner_subscription_change_put_in){
			    .subscription = one->id,
			    .due = instant_after(now, setting.changes_take),
			    .status = change->status,
			    .quantity = change->quantity,
			    .auto_renew = change->auto_renew,
			    .friendly_name = change->friendly_name,
			    .next_term = change->next_term,
		    });
}

fault *partner_subscription_change_under_way(struct tx *tx, str subscription, bool *under_way)
{
	struct partner_subscription_change_of row;

	return partner_subscription_change_of(tx, subscription, &row, under_way);
}

fault *partner_subscription_change_pass(struct tx *tx, instant now)
{
	struct partner_subscription_change_due_list due;

	TRY(partner_subscription_change_due(tx, now, &due));
	for (size_t i = 0; i < due.len; i++) {
		const struct partner_subscription_change change = {
			.status = due.at[i].status,
			.quantity = due.at[i].quantity,
			.auto_renew = due.at[i].auto_renew,
			.friendly_name = due.at[i].friendly_name,
			.next_term = due.at[i].next_term,
		};
		struct partner_subscription one;
		bool found;

		TRY(partner_subscription_find(tx, due.at[i].partner, due.at[i].customer,
					      due.at[i].subscription, &one, &found));
		if (found)
			TRY(apply(tx, &one, &change, due.at[i].due));
		TRY(partner_subscription_change_drop(tx, due.at[i].subscription));
	}
	return NULL;
}
