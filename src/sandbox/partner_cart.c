#include "sandbox/partner_cart.h"

#include "partner_cart_sql.h"
#include "sandbox/catalogue.h"
#include "sandbox/partner_subscription.h"
#include "sandbox/sandbox_clock.h"
#include "sandbox/sandbox_guid.h"

/* Why a line cannot be bought (CartErrorCode, §3.8). */
enum {
	LINE_BAD_ITEM = 10001,
	LINE_BAD_INPUT = 10010,
	LINE_BAD_BILLING = 10013,
	LINE_TOO_MANY = 10015,
};

static void line_check(struct arena *keep, const struct catalogue *catalogue, instant now,
		       struct partner_cart_line *line)
{
	const struct catalogue_item *item = catalogue_find(keep, catalogue, line->catalog_item,
							   now);

	line->error_code = 0;
	line->error_said = STR_NONE;
	if (!item) {
		line->error_code = LINE_BAD_ITEM;
		line->error_said = S("The catalog item id is not valid.");
	} else if (line->quantity < item->least) {
		line->error_code = LINE_BAD_INPUT;
		line->error_said = str_format(keep, "The quantity is below the minimum of %d.",
					      (int)item->least);
	} else if (line->quantity > item->most) {
		line->error_code = LINE_TOO_MANY;
		line->error_said = str_format(keep, "At most %d seats per subscription.",
					      (int)item->most);
	} else if (!catalogue_has_term(item, line->term, line->billing)) {
		line->error_code = LINE_BAD_BILLING;
		line->error_said = S("The item has no such term and billing cycle.");
	}
}

fault *partner_cart_check(struct tx *tx, struct partner_cart *cart)
{
	struct catalogue catalogue = catalogue_read(tx_arena(tx));
	instant now;

	TRY(sandbox_clock_now(tx, &now));
	for (size_t i = 0; i < cart->line_count; i++) {
		line_check(tx_arena(tx), &catalogue, now, &cart->lines[i]);
		cart->lines[i].group = str_lower(tx_arena(tx), cart->lines[i].billing);
	}
	return NULL;
}

fault *partner_cart_save(struct tx *tx, const struct partner_cart *cart)
{
	TRY(partner_cart_put(tx, &(struct partner_cart_put_in){
					 .id = cart->id,
					 .partner = cart->partner,
					 .customer = cart->customer,
					 .status = cart->status,
					 .created = cart->created,
					 .modified = cart->modified,
					 .modified_by = cart->modified_by,
					 .expires = cart->expires,
				 }));
	TRY(partner_cart_clear(tx, cart->id));
	for (size_t i = 0; i < cart->line_count; i++) {
		const struct partner_cart_line *line = &cart->lines[i];
		TRY(partner_cart_put_line(tx, &(struct partner_cart_put_line_in){
						      .cart = cart->id,
						      .position = line->position,
						      .catalog_item = line->catalog_item,
						      .quantity = line->quantity,
						      .friendly_name = line->friendly_name,
						      .billing = line->billing,
						      .term = line->term,
						      .mpn = line->mpn,
						      .group_id = line->group,
						      .error_code = line->error_code,
						      .error_said = line->error_said,
					      }));
	}
	return NULL;
}

static fault *lines_read(struct tx *tx, struct partner_cart *cart)
{
	struct partner_cart_lines_list rows;

	TRY(partner_cart_lines(tx, cart->id, &rows));
	cart->lines = NEW_ARRAY(tx_arena(tx), struct partner_cart_line, rows.len);
	cart->line_count = rows.len;
	for (size_t i = 0; i < rows.len; i++)
		cart->lines[i] = (struct partner_cart_line){
			.position = rows.at[i].position,
			.catalog_item = rows.at[i].catalog_item,
			.quantity = rows.at[i].quantity,
			.friendly_name = rows.at[i].friendly_name,
			.mpn = rows.at[i].mpn,
			.billing = rows.at[i].billing,
			.term = rows.at[i].term,
			.group = rows.at[i].group_id,
			.error_code = rows.at[i].error_code,
			.error_said = rows.at[i].error_said,
		};
	return NULL;
}

fault *partner_cart_find(struct tx *tx, str partner, str customer, str name,
			 struct partner_cart *cart, bool *found)
{
	struct partner_cart_by_id row;
	instant now;

	TRY(sandbox_clock_now(tx, &now));
	TRY(partner_cart_by_id(tx, str_lower(tx_arena(tx), name), &row, found));
	if (!*found)
		return NULL;
	bool ordered = str_eq(row.status, S("Ordered"));
	*found = str_eq(row.partner, partner) && str_eq(row.customer, customer) &&
		 (ordered || instant_before(now, row.expires));
	if (!*found)
		return NULL;
	*cart = (struct partner_cart){
		.id = row.id,
		.partner = row.partner,
		.customer = row.customer,
		.status = row.status,
		.created = row.created,
		.modified = row.modified,
		.expires = row.expires,
		.modified_by = row.modified_by,
	};
	return lines_read(tx, cart);
}

bool partner_cart_is_clean(const struct partner_cart *cart)
{
	for (size_t i = 0; i < cart->line_count; i++)
		if (cart->lines[i].error_code != 0)
			return false;
	return cart->line_count > 0;
}

static fault *line_sell(struct tx *tx, const struct partner_cart *cart,
			const struct partner_cart_line *line, const struct partner_order *order,
			int64_t position, int64_t provisioning)
{
	struct catalogue catalogue = catalogue_read(tx_arena(tx));
	const struct catalogue_item *item = catalogue_find(tx_arena(tx), &catalogue,
							   line->catalog_item, order->created);

	if (!item)
		return fault_new(FAULT_CONFLICT, "The catalog item is no longer for sale.");
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
			    .ready = instant_after(order->created, provisioning),
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

fault *partner_cart_order(struct tx *tx, const struct partner_cart *cart, int64_t provisioning)
{
	instant now;

	TRY(sandbox_clock_now(tx, &now));
	for (size_t i = 0; i < cart->line_count; i++)
		if (group_is_new(cart, i))
			TRY(group_order(tx, cart, i, now, provisioning));
	return partner_cart_mark_ordered(tx, cart->id);
}
