#include "partner_cart_sql.h"
#include "sandbox/catalogue.h"
#include "sandbox/partner_cart.h"
#include "sandbox/partner_code.h"
#include "sandbox/partner_subscription.h"
#include "sandbox/partner_trouble.h"
#include "sandbox/sandbox_clock.h"
#include "sandbox/sandbox_guid.h"

static fault *line_sell(struct tx *tx, const struct partner_cart *cart,
			const struct partner_cart_line *line, const struct partner_order *order,
			int64_t position, int64_t provisioning)
{
	struct catalogue catalogue = catalogue_read(tx_arena(tx));
	const struct catalogue_item *item = catalogue_find(tx_arena(tx), &catalogue,
							   line->catalog_item, order->created);
	struct partner_trouble late = { 0 };
	bool is_late;

	if (!item)
		return fault_new(FAULT_CONFLICT, "The catalog item is no longer for sale.");
	TRY(partner_trouble_meet(tx, PARTNER_TROUBLE_LATE, line->catalog_item, &late, &is_late));
	return partner_subscription_sell(
		tx, &(struct partner_subscription){
			    .id = sandbox_guid(tx_world(tx), tx_arena(tx)),
			    .order = order->id,
			    .position = position,
			    .partner = cart->partner,
			    .customer = cart->customer,
			    .catalog_item = line->catalog_item,
			    .title = item->title,
			    .sku = item->provisioning,
			    .friendly_name = line->friendly_name,
			    .mpn = line->mpn,
			    .quantity = line->quantity,
			    .trial = item->trial,
			    .billing = line->billing,
			    .term = line->term,
			    .created = order->created,
			    .ready = instant_after(order->created, provisioning + late.number),
		    });
}

static fault *group_order(struct tx *tx, const struct partner_cart *cart, size_t first, instant now,
			  int64_t provisioning)
{
	unsigned char bytes[6];
	int64_t position = 0;

	world_random(tx_world(tx), bytes, sizeof(bytes));
	struct partner_order order = {
		.id = str_hex(tx_arena(tx),
			      (str){ .at = (const char *)bytes, .len = sizeof(bytes) }),
		.cart = cart->id,
		.partner = cart->partner,
		.customer = cart->customer,
		.billing = cart->lines[first].billing,
		.created = now,
	};
	TRY(partner_subscription_order(tx, &order));
	for (size_t i = first; i < cart->line_count; i++)
		if (str_eq(cart->lines[i].group, cart->lines[first].group))
			TRY(line_sell(tx, cart, &cart->lines[i], &order, position++, provisioning));
	return NULL;
}

static bool group_is_new(const struct partner_cart *cart, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (str_eq(cart->lines[i].group, cart->lines[index].group))
			return false;
	return true;
}

/* The first line of the group that is to be refused refuses all of it. */
static fault *group_refuse(struct tx *tx, const struct partner_cart *cart, size_t first,
			   bool *refused)
{
	struct partner_trouble met;

	*refused = false;
	for (size_t i = first; i < cart->line_count && !*refused; i++)
		if (str_eq(cart->lines[i].group, cart->lines[first].group))
			TRY(partner_trouble_meet(tx, PARTNER_TROUBLE_REFUSED,
						 cart->lines[i].catalog_item, &met, refused));
	if (!*refused)
		return NULL;
	return partner_cart_put_refusal(tx, cart->id, cart->lines[first].group, met.number,
					str_of(partner_code_of(tx_arena(tx), met.number).said));
}

fault *partner_cart_order(struct tx *tx, const struct partner_cart *cart, int64_t provisioning)
{
	instant now;
	bool refused;

	TRY(sandbox_clock_now(tx, &now));
	for (size_t i = 0; i < cart->line_count; i++) {
		if (!group_is_new(cart, i))
			continue;
		TRY(group_refuse(tx, cart, i, &refused));
		if (!refused)
			TRY(group_order(tx, cart, i, now, provisioning));
	}
	return partner_cart_mark_ordered(tx, cart->id);
}

fault *partner_cart_refused(struct tx *tx, str cart, struct partner_cart_refusals *refusals)
{
	struct partner_cart_refusal_rows_list rows;

	TRY(partner_cart_refusal_rows(tx, cart, &rows));
	refusals->at = NEW_ARRAY(tx_arena(tx), struct partner_cart_refusal, rows.len);
	refusals->len = rows.len;
	for (size_t i = 0; i < rows.len; i++)
		refusals->at[i] = (struct partner_cart_refusal){ rows.at[i].group_id,
								 rows.at[i].code, rows.at[i].said };
	return NULL;
}
