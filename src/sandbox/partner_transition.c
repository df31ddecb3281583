#include "sandbox/partner_transition.h"

#include "partner_subscription_sql.h"
#include "partner_transition_sql.h"
#include "sandbox/catalogue.h"
#include "sandbox/directory_subscription.h"
#include "sandbox/license_hold.h"
#include "sandbox/partner_seat.h"
#include "sandbox/partner_subscription_life.h"
#include "sandbox/partner_trouble.h"
#include "sandbox/sandbox_clock.h"
#include "sandbox/sandbox_guid.h"
#include "sandbox/tenant_state.h"

static struct partner_transition transition_of(const struct partner_transition_rows *row)
{
	return (struct partner_transition){
		.id = row->id,
		.subscription = row->subscription,
		.from_item = row->from_item,
		.to_item = row->to_item,
		.to_subscription = row->to_subscription,
		.quantity = row->quantity,
		.moves_licenses = row->moves,
		.billing = row->billing,
		.term = row->term,
		.asked = row->asked,
		.due = row->due,
		.done = row->done,
		.converted = row->converted,
		.failed = row->failed,
	};
}

fault *partner_transition_all(struct tx *tx, str subscription, struct partner_transitions *all)
{
	struct partner_transition_rows_list rows;

	TRY(partner_transition_rows(tx, subscription, &rows));
	all->at = NEW_ARRAY(tx_arena(tx), struct partner_transition, rows.len);
	all->len = rows.len;
	for (size_t i = 0; i < rows.len; i++)
		all->at[i] = transition_of(&rows.at[i]);
	return NULL;
}

static fault *item_refuses(struct tx *tx, const struct partner_subscription *from,
			   const struct partner_transition *wanted, instant now,
			   enum partner_transition_refusal *refusal)
{
	struct catalogue all = catalogue_read(tx_arena(tx));

	TRY(partner_trouble_withdrawn(tx, &all));
	const struct catalogue_item *old = catalogue_of(&all, from->catalog_item);
	const struct catalogue_item *to = catalogue_find(tx_arena(tx), &all, wanted->to_item, now);
	if (!to || to->withdrawn || !catalogue_has_term(to, wanted->term, wanted->billing))
		*refusal = TRANSITION_BAD_ITEM;
	else if (!old || !catalogue_upgrades(old, to))
		*refusal = TRANSITION_NOT_UPWARD;
	else if (wanted->quantity < 1 || wanted->quantity > from->quantity ||
		 wanted->quantity > to->most)
		*refusal = TRANSITION_BAD_QUANTITY;
	return NULL;
}

/* The other subscription must run and be of the product that is wanted. */
static fault *target_refuses(struct tx *tx, const struct partner_subscription *from,
			     const struct partner_transition *wanted,
			     enum partner_transition_refusal *refusal)
{
	struct catalogue all = catalogue_read(tx_arena(tx));
	struct partner_subscription to;
	bool found;

	if (str_is_none(wanted->to_subscription))
		return NULL;
	TRY(partner_subscription_find(tx, from->partner, from->customer, wanted->to_subscription,
				      &to, &found));
	if (!found || !str_eq(to.status, S("active")) ||
	    catalogue_of(&all, to.catalog_item) != catalogue_of(&all, wanted->to_item))
		*refusal = TRANSITION_NO_TARGET;
	return NULL;
}

static fault *refuse(struct tx *tx, const struct partner_subscription *from,
		     const struct partner_transition *wanted, instant now,
		     enum partner_transition_refusal *refusal)
{
	bool busy;

	*refusal = TRANSITION_FINE;
	TRY(partner_subscription_change_under_way(tx, from->id, &busy));
	if (busy || str_eq(from->status, S("pending")))
		*refusal = TRANSITION_BUSY;
	else if (!str_eq(from->status, S("active")))
		*refusal = TRANSITION_GONE;
	else
		TRY(item_refuses(tx, from, wanted, now, refusal));
	return *refusal == TRANSITION_FINE ? target_refuses(tx, from, wanted, refusal) : NULL;
}

fault *partner_transition_begin(struct tx *tx, const struct partner_subscription *from,
				struct partner_transition *wanted, int64_t takes,
				enum partner_transition_refusal *refusal)
{
	TRY(sandbox_clock_now(tx, &wanted->asked));
	wanted->id = sandbox_guid(tx_world(tx), tx_arena(tx));
	wanted->subscription = from->id;
	wanted->from_item = from->catalog_item;
	wanted->billing = str_lower(tx_arena(tx),
				    str_is_none(wanted->billing) ? from->billing : wanted->billing);
	wanted->term = str_is_none(wanted->term) ? from->term : wanted->term;
	wanted->due = instant_after(wanted->asked, takes);
	wanted->done = INSTANT_NONE;
	TRY(refuse(tx, from, wanted, wanted->asked, refusal));
	if (*refusal != TRANSITION_FINE)
		return NULL;
	return partner_transition_add(tx, &(struct partner_transition_add_in){
						  .id = wanted->id,
						  .subscription = wanted->subscription,
						  .from_item = wanted->from_item,
						  .to_item = wanted->to_item,
						  .to_subscription = wanted->to_subscription,
						  .quantity = wanted->quantity,
						  .moves = wanted->moves_licenses,
						  .billing = wanted->billing,
						  .term = wanted->term,
						  .asked = wanted->asked,
						  .due = wanted->due,
					  });
}

/* Users of the old SKU, at most as many as seats moved, get the new one instead. */
static fault *licenses_move(struct tx *tx, const struct partner_subscription *from, str to_sku,
			    int64_t most, str *failed)
{
	const struct license_hold add = { .sku = to_sku, .disabled_plans = S("[]") };
	str old = partner_subscription_given_sku(from);
	const struct license_hold_change change = { &add, 1, &old, 1 };
	struct partner_transition_holders_list holders;

	TRY(partner_transition_holders(tx, from->customer, old, &holders));
	for (size_t i = 0; i < holders.len && (int64_t)i < most; i++) {
		struct tenant_state_user user;
		str refused;
		bool found;

		TRY(tenant_state_user(tx, holders.at[i].user, &user, &found));
		if (!found)
			continue;
		TRY(license_hold_assign(tx, &user, &change, &refused));
		if (!str_is_none(refused))
			*failed = refused;
	}
	return NULL;
}

static fault *resize(struct tx *tx, struct partner_subscription *one, int64_t quantity)
{
	const struct directory_subscription which = {
		.id = one->directory,
		.tenant = one->customer,
		.sku = partner_subscription_given_sku(one),
	};

	one->quantity = quantity;
	one->units_off = 0;
	if (!str_is_none(one->directory))
		TRY(directory_subscription_resize(tx, &which, quantity));
	return partner_subscription_life_keep(tx, one);
}

/* The seats leave what they were; what has none left is gone. */
static fault *seats_leave(struct tx *tx, struct partner_subscription *from, int64_t quantity)
{
	if (from->quantity > quantity)
		return resize(tx, from, from->quantity - quantity);
	from->status = S("deleted");
	TRY(partner_subscription_life_follow(tx, from, S("Deleted"), INSTANT_NONE,
					     S("partner subscription became another product")));
	return partner_subscription_life_keep(tx, from);
}

/* A subscription of its own for what is moved out of a larger one. */
static fault *split_off(struct tx *tx, const struct partner_subscription *from,
			const struct partner_transition *t, const struct catalogue_item *item,
			struct partner_subscription *made)
{
	const struct partner_order order = {
		.id = str_part(t->id, 0, 8),
		.cart = t->id,
		.partner = from->partner,
		.customer = from->customer,
		.billing = t->billing,
		.created = t->due,
	};

	*made = *from;
	made->id = sandbox_guid(tx_world(tx), tx_arena(tx));
	made->order = order.id;
	made->position = 0;
	made->catalog_item = t->to_item;
	made->title = item->title;
	made->sku = item->provisioning;
	made->given_sku = made->directory = made->next_term = STR_NONE;
	made->quantity = t->quantity;
	made->units_off = 0;
	made->failed = false;
	made->billing = t->billing;
	made->term = t->term;
	made->created = made->ready = made->started = made->settled = t->due;
	made->cancel_until = instant_after(t->due, PARTNER_SUBSCRIPTION_WINDOW);
	made->status = S("active");
	TRY(partner_subscription_order(tx, &order));
	TRY(partner_subscription_sell(tx, made));
	TRY(partner_subscription_life_open(tx, made));
	TRY(partner_subscription_life_keep(tx, made));
	return partner_subscription_order_done(tx, order.id);
}

/* All of it becomes the other product and stays the same subscription. */
static fault *turn_whole(struct tx *tx, const struct partner_subscription *from,
			 const struct partner_transition *t, const struct catalogue_item *item,
			 struct partner_subscription *to)
{
	*to = *from;
	to->catalog_item = t->to_item;
	to->title = item->title;
	to->sku = item->provisioning;
	to->given_sku = STR_NONE;
	to->units_off = 0;
	to->billing = t->billing;
	to->term = t->term;
	to->settled = t->due;
	TRY(partner_subscription_life_open(tx, to));
	return partner_subscription_life_keep(tx, to);
}

static fault *seats_arrive(struct tx *tx, const struct partner_subscription *from,
			   const struct partner_transition *t, struct partner_subscription *to)
{
	struct catalogue all = catalogue_read(tx_arena(tx));
	const struct catalogue_item *item = catalogue_of(&all, t->to_item);

	if (!item)
		return fault_new(FAULT_BUG, "A transition leads to what the catalogue lacks.");
	if (str_is_none(t->to_subscription))
		return t->quantity == from->quantity ? turn_whole(tx, from, t, item, to)
						     : split_off(tx, from, t, item, to);
	TRY(partner_seat_add(tx, to->id, t->quantity, t->due));
	return resize(tx, to, to->quantity + t->quantity);
}

static fault *mark(struct tx *tx, const struct partner_transition *t, str to, bool converted,
		   str failed)
{
	return partner_transition_mark_done(tx, &(struct partner_transition_mark_done_in){
							.id = t->id,
							.to_subscription = to,
							.at = t->due,
							.converted = converted,
							.failed = failed,
						});
}

/* What comes is there before what goes: nobody is without. */
static fault *complete(struct tx *tx, struct partner_subscription *from,
		       struct partner_subscription *to, const struct partner_transition *t)
{
	str failed = STR_NONE;

	TRY(seats_arrive(tx, from, t, to));
	if (t->moves_licenses)
		TRY(licenses_move(tx, from, to->sku, t->quantity, &failed));
	if (str_eq(to->id, from->id))
		TRY(partner_subscription_life_follow(
			tx, from, S("Deleted"), INSTANT_NONE,
			S("partner subscription became another product")));
	else
		TRY(seats_leave(tx, from, t->quantity));
	return mark(tx, t, to->id, true, failed);
}

/* Both must still run when the time has come. */
static fault *complete_or_fail(struct tx *tx, const struct partner_transition_rows *row)
{
	struct partner_transition t = transition_of(row);
	struct partner_subscription from, to;
	bool from_runs, to_runs = true;

	TRY(partner_subscription_find(tx, row->partner, row->customer, t.subscription, &from,
				      &from_runs));
	from_runs = from_runs && str_eq(from.status, S("active"));
	if (!str_is_none(t.to_subscription)) {
		TRY(partner_subscription_find(tx, row->partner, row->customer, t.to_subscription,
					      &to, &to_runs));
		to_runs = to_runs && str_eq(to.status, S("active"));
	}
	if (from_runs && to_runs)
		return complete(tx, &from, &to, &t);
	return mark(tx, &t, t.to_subscription, false, S("The subscription no longer runs."));
}

fault *partner_transition_pass(struct tx *tx)
{
	struct partner_transition_rows_list due;
	instant now;

	TRY(sandbox_clock_now(tx, &now));
	TRY(partner_transition_due(tx, now, &due));
	for (size_t i = 0; i < due.len; i++)
		TRY(complete_or_fail(tx, &due.at[i]));
	return NULL;
}
