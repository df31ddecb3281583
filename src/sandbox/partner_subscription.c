#include "sandbox/partner_subscription.h"

#include "partner_subscription_sql.h"
#include "sandbox/catalogue.h"
#include "sandbox/directory_subscription.h"
#include "sandbox/sandbox_clock.h"
#include "sandbox/sandbox_guid.h"

#define CANCEL_WINDOW  DAYS(7)
#define EXPIRED_STAGE  DAYS(30)
#define DISABLED_STAGE DAYS(90)

static struct partner_subscription subscription_of(
	const struct partner_subscription_by_customer *row)
{
	return (struct partner_subscription){
		.id = row->id,
		.order = row->order_id,
		.partner = row->partner,
		.customer = row->customer,
		.position = row->position,
		.catalog_item = row->catalog_item,
		.title = row->title,
		.sku = row->sku,
		.friendly_name = row->friendly_name,
		.mpn = row->mpn,
		.quantity = row->quantity,
		.status = row->status,
		.trial = row->trial,
		.auto_renew = row->auto_renew,
		.billing = row->billing,
		.term = row->term,
		.created = row->created,
		.ready = row->ready,
		.started = row->started,
		.ends = row->ends,
		.cancel_until = row->cancel_until,
		.revision = row->revision,
		.directory = row->directory,
	};
}

static void all_of(struct arena *keep, const struct partner_subscription_by_customer_list *rows,
		   struct partner_subscriptions *all)
{
	all->at = NEW_ARRAY(keep, struct partner_subscription, rows->len);
	all->len = rows->len;
	for (size_t i = 0; i < rows->len; i++)
		all->at[i] = subscription_of(&rows->at[i]);
}

fault *partner_subscription_all(struct tx *tx, str partner, str customer,
				struct partner_subscriptions *all)
{
	struct partner_subscription_by_customer_list rows;

	TRY(partner_subscription_by_customer(tx, partner, customer, &rows));
	all_of(tx_arena(tx), &rows, all);
	return NULL;
}

fault *partner_subscription_of_order(struct tx *tx, str order, struct partner_subscriptions *lines)
{
	struct partner_subscription_by_customer_list rows;

	TRY(partner_subscription_by_order(tx, order, &rows));
	all_of(tx_arena(tx), &rows, lines);
	return NULL;
}

fault *partner_subscription_find(struct tx *tx, str partner, str customer, str name,
				 struct partner_subscription *one, bool *found)
{
	struct partner_subscriptions all;

	TRY(partner_subscription_all(tx, partner, customer, &all));
	*found = false;
	for (size_t i = 0; i < all.len && !*found; i++) {
		*found = str_eq_nocase(all.at[i].id, name);
		if (*found)
			*one = all.at[i];
	}
	return NULL;
}

fault *partner_subscription_any_active(struct tx *tx, str partner, str customer, bool *any)
{
	struct partner_subscriptions all;

	TRY(partner_subscription_all(tx, partner, customer, &all));
	*any = false;
	for (size_t i = 0; i < all.len; i++)
		if (str_eq(all.at[i].status, S("active")) || str_eq(all.at[i].status, S("pending")))
			*any = true;
	return NULL;
}

fault *partner_subscription_orders(struct tx *tx, str partner, str customer,
				   struct partner_orders *orders)
{
	struct partner_subscription_order_rows_list rows;

	TRY(partner_subscription_order_rows(tx, partner, customer, &rows));
	orders->at = NEW_ARRAY(tx_arena(tx), struct partner_order, rows.len);
	orders->len = rows.len;
	for (size_t i = 0; i < rows.len; i++)
		orders->at[i] = (struct partner_order){
			.id = rows.at[i].id,
			.cart = rows.at[i].cart,
			.partner = rows.at[i].partner,
			.customer = rows.at[i].customer,
			.status = rows.at[i].status,
			.billing = rows.at[i].billing,
			.created = rows.at[i].created,
		};
	return NULL;
}

fault *partner_subscription_order(struct tx *tx, const struct partner_order *order)
{
	return partner_subscription_order_add(tx, &(struct partner_subscription_order_add_in){
							  .id = order->id,
							  .cart = order->cart,
							  .partner = order->partner,
							  .customer = order->customer,
							  .billing = order->billing,
							  .created = order->created,
						  });
}

fault *partner_subscription_sell(struct tx *tx, const struct partner_subscription *line)
{
	return partner_subscription_add(
		tx, &(struct partner_subscription_add_in){
			    .id = line->id,
			    .order = line->order,
			    .position = line->position,
			    .partner = line->partner,
			    .customer = line->customer,
			    .catalog_item = line->catalog_item,
			    .title = line->title,
			    .sku = line->sku,
			    .friendly_name = line->friendly_name,
			    .mpn = line->mpn,
			    .quantity = line->quantity,
			    .trial = line->trial,
			    .billing = line->billing,
			    .term = line->term,
			    .auto_renew = !line->trial,
			    .created = line->created,
			    .ready = line->ready,
			    .cancel_until = instant_after(line->created, CANCEL_WINDOW),
		    });
}

static int8_t days_in(int32_t year, int8_t month)
{
	static const int8_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month == 2 && leap ? 29 : days[month - 1];
}

instant partner_subscription_term_end(instant start, str term)
{
	day at = instant_day(start);
	int64_t into = instant_since(start, day_start(at));
	int months = str_eq_nocase(term, S("P3Y")) ? 36 : str_eq_nocase(term, S("P1M")) ? 1 : 12;
	int month = at.month - 1 + months;

	at.year += month / 12;
	at.month = (int8_t)(month % 12 + 1);
	if (at.date > days_in(at.year, at.month))
		at.date = days_in(at.year, at.month);
	return instant_after(day_start(at), into);
}

static str part_number_of(struct arena *keep, str sku)
{
	struct catalogue all = catalogue_read(keep);

	for (size_t i = 0; i < all.len; i++)
		if (str_eq(all.at[i].provisioning, sku))
			return all.at[i].part_number;
	return S("UNKNOWN");
}

/* Provisioning is through: its units join the tenant's pool. */
static fault *activate(struct tx *tx, const struct partner_subscription *one)
{
	instant ends = partner_subscription_term_end(one->ready, one->term);
	str directory = sandbox_guid(tx_world(tx), tx_arena(tx));

	TRY(directory_subscription_open(
		tx, &(struct directory_subscription){
			    .id = directory,
			    .tenant = one->customer,
			    .sku = one->sku,
			    .part_number = part_number_of(tx_arena(tx), one->sku),
			    .commerce_id = one->id,
			    .units = one->quantity,
			    .trial = one->trial,
			    .created = one->ready,
			    .next_lifecycle = ends,
			    .owner_tenant = one->partner,
		    }));
	TRY(partner_subscription_mark_active(tx, one->id, one->ready, ends, directory));
	return partner_subscription_order_done(tx, one->order);
}

static fault *write(struct tx *tx, const struct partner_subscription *one)
{
	return partner_subscription_write(tx, &(struct partner_subscription_write_in){
						      .id = one->id,
						      .status = one->status,
						      .quantity = one->quantity,
						      .auto_renew = one->auto_renew,
						      .friendly_name = one->friendly_name,
						      .ends = one->ends,
						      .cancel_until = one->cancel_until,
					      });
}

static fault *follow(struct tx *tx, const struct partner_subscription *one, str status,
		     instant next, str what)
{
	const struct directory_subscription which = {
		.id = one->directory,
		.tenant = one->customer,
		.sku = one->sku,
	};

	return directory_subscription_turn(tx, &which, status, next, what);
}

/* The end of a term, or of the stages behind it; `ends` is then the end of the next one. */
static fault *end_stage(struct tx *tx, struct partner_subscription *one)
{
	instant at = one->ends;

	if (str_eq(one->status, S("active")) && one->auto_renew) {
		one->ends = partner_subscription_term_end(at, one->term);
		one->cancel_until = instant_after(at, CANCEL_WINDOW);
		TRY(follow(tx, one, S("Enabled"), one->ends, S("partner subscription renewed")));
	} else if (str_eq(one->status, S("active")) || str_eq(one->status, S("suspended"))) {
		one->status = S("expired");
		one->ends = instant_after(at, EXPIRED_STAGE);
		TRY(follow(tx, one, S("Warning"), one->ends, S("partner subscription expired")));
	} else if (str_eq(one->status, S("expired"))) {
		one->status = S("disabled");
		one->ends = instant_after(at, DISABLED_STAGE);
		TRY(follow(tx, one, S("Suspended"), one->ends, S("partner subscription disabled")));
	} else {
		one->status = S("deleted");
		TRY(follow(tx, one, S("Deleted"), INSTANT_NONE, S("partner subscription deleted")));
	}
	return write(tx, one);
}

fault *partner_subscription_pass(struct tx *tx)
{
	struct partner_subscription_by_customer_list rows;
	struct partner_subscriptions due;
	instant now;

	TRY(sandbox_clock_now(tx, &now));
	TRY(partner_subscription_due(tx, now, &rows));
	all_of(tx_arena(tx), &rows, &due);
	for (size_t i = 0; i < due.len; i++)
		TRY(activate(tx, &due.at[i]));
	for (int stage = 0; stage < 64; stage++) {
		TRY(partner_subscription_ended(tx, now, &rows));
		if (rows.len == 0)
			return NULL;
		all_of(tx_arena(tx), &rows, &due);
		for (size_t i = 0; i < due.len; i++)
			TRY(end_stage(tx, &due.at[i]));
	}
	return NULL;
}

static enum partner_subscription_refusal refuse(const struct partner_subscription *one,
						const struct partner_subscription_change *change,
						instant now)
{
	bool window = !instant_is_none(one->cancel_until) &&
		      !instant_before(one->cancel_until, now);
	bool deletes = str_eq_nocase(change->status, S("deleted"));

	if (str_eq(one->status, S("pending")))
		return SUBSCRIPTION_PENDING;
	if (str_eq(one->status, S("deleted")) || str_eq(one->status, S("disabled")))
		return SUBSCRIPTION_GONE;
	if (deletes)
		return window ? SUBSCRIPTION_FINE : SUBSCRIPTION_WINDOW_OVER;
	if (!str_eq_nocase(change->status, one->status) &&
	    !str_eq_nocase(change->status, S("active")) &&
	    !str_eq_nocase(change->status, S("suspended")))
		return SUBSCRIPTION_BAD_STATUS;
	if (change->quantity < 1)
		return SUBSCRIPTION_BAD_QUANTITY;
	if (change->quantity < one->quantity && !window)
		return SUBSCRIPTION_NO_REDUCING;
	return SUBSCRIPTION_FINE;
}

static bool above_most(struct arena *keep, const struct partner_subscription *one, int64_t quantity)
{
	struct catalogue all = catalogue_read(keep);
	str rest = one->catalog_item, product = STR_NONE, sku = STR_NONE;

	(void)(str_next(&rest, ':', &product) && str_next(&rest, ':', &sku));
	for (size_t i = 0; i < all.len; i++)
		if (str_eq(all.at[i].product, product) && str_eq(all.at[i].sku, sku))
			return quantity > all.at[i].most;
	return false;
}

static fault *apply(struct tx *tx, struct partner_subscription *one,
		    const struct partner_subscription_change *change)
{
	const struct directory_subscription which = {
		.id = one->directory,
		.tenant = one->customer,
		.sku = one->sku,
	};
	str status = str_lower(tx_arena(tx), change->status);

	if (change->quantity != one->quantity && !str_eq(status, S("deleted"))) {
		one->quantity = change->quantity;
		TRY(directory_subscription_resize(tx, &which, one->quantity));
	}
	if (!str_eq(status, one->status)) {
		if (str_eq(status, S("deleted")))
			TRY(follow(tx, one, S("Deleted"), INSTANT_NONE,
				   S("partner subscription cancelled")));
		else if (str_eq(status, S("suspended")))
			TRY(follow(tx, one, S("Suspended"), one->ends,
				   S("partner subscription suspended")));
		else
			TRY(follow(tx, one, S("Enabled"), one->ends,
				   S("partner subscription reactivated")));
		one->status = status;
	}
	one->auto_renew = change->auto_renew;
	one->friendly_name = change->friendly_name;
	return write(tx, one);
}

fault *partner_subscription_change(struct tx *tx, const struct partner_subscription *one,
				   const struct partner_subscription_change *change,
				   enum partner_subscription_refusal *refusal)
{
	struct partner_subscription changed = *one;
	instant now;

	TRY(sandbox_clock_now(tx, &now));
	*refusal = refuse(one, change, now);
	if (*refusal == SUBSCRIPTION_FINE && change->quantity > one->quantity &&
	    above_most(tx_arena(tx), one, change->quantity))
		*refusal = SUBSCRIPTION_BAD_QUANTITY;
	if (*refusal != SUBSCRIPTION_FINE)
		return NULL;
	return apply(tx, &changed, change);
}
