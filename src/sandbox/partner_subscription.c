#include "sandbox/partner_subscription.h"

#include "partner_subscription_sql.h"
#include "sandbox/partner_seat.h"
#include "sandbox/sandbox_clock.h"

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
		.failed = row->failed,
		.given_sku = row->given_sku,
		.units_off = row->units_off,
		.next_term = row->next_term,
		.settled = row->settled,
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

fault *partner_subscription_all_due(struct tx *tx, instant now, struct partner_subscriptions *due)
{
	struct partner_subscription_by_customer_list rows;

	TRY(partner_subscription_due(tx, now, &rows));
	all_of(tx_arena(tx), &rows, due);
	return NULL;
}

fault *partner_subscription_all_ended(struct tx *tx, instant now,
				      struct partner_subscriptions *ended)
{
	struct partner_subscription_by_customer_list rows;

	TRY(partner_subscription_ended(tx, now, &rows));
	all_of(tx_arena(tx), &rows, ended);
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

fault *partner_subscription_order_bill(struct tx *tx, str order, str billing)
{
	return partner_subscription_order_rebill(tx, order, billing);
}

fault *partner_subscription_sell(struct tx *tx, const struct partner_subscription *line)
{
	TRY(partner_subscription_add(
		tx,
		&(struct partner_subscription_add_in){
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
			.cancel_until = instant_after(line->created, PARTNER_SUBSCRIPTION_WINDOW),
		}));
	return partner_seat_add(tx, line->id, line->quantity, line->created);
}

instant partner_subscription_term_end(instant start, str term)
{
	int months = str_eq_nocase(term, S("P3Y")) ? 36 : str_eq_nocase(term, S("P1M")) ? 1 : 12;

	return sandbox_clock_months(start, months);
}

str partner_subscription_given_sku(const struct partner_subscription *one)
{
	return str_is_none(one->given_sku) ? one->sku : one->given_sku;
}

int64_t partner_subscription_given_units(const struct partner_subscription *one)
{
	return one->failed ? 0 : one->quantity + one->units_off;
}
