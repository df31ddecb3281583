#include "sandbox/partner_cart.h"

#include "partner_cart_sql.h"
#include "sandbox/catalogue.h"
#include "sandbox/partner_setting.h"
#include "sandbox/partner_subscription.h"
#include "sandbox/partner_trouble.h"
#include "sandbox/sandbox_clock.h"

#define SMALL_SUBSCRIPTIONS 5
#define SMALL_SEATS	    25

/* Why a line cannot be bought (CartErrorCode, §3.8). */
enum {
	LINE_BAD_CURRENCY = 10000,
	LINE_BAD_ITEM = 10001,
	LINE_UNPROCESSED = 10006,
	LINE_SMALL_ACCOUNT = 10009,
	LINE_BAD_INPUT = 10010,
	LINE_BAD_BILLING = 10013,
	LINE_BAD_PROMOTION = 10014,
	LINE_TOO_MANY = 10015,
	LINE_NO_OWN_END = 10016,
};

/* The same for an order that is placed without a cart (§3.15). */
enum {
	ORDER_BAD_ITEM = 800004,
	ORDER_WITHDRAWN = 2091,
	ORDER_SMALL_ACCOUNT = 800067,
	ORDER_BAD_QUANTITY = 2002,
	ORDER_NOT_ELIGIBLE = 800020,
};

static void line_refuse(struct partner_cart_line *line, int64_t code, int64_t order_code, str said)
{
	line->order_code = order_code;
	line->error_code = code;
	line->error_said = said;
}

static void line_check(struct arena *keep, const struct catalogue *catalogue, instant now,
		       struct partner_cart_line *line)
{
	const struct catalogue_item *item = catalogue_find(keep, catalogue, line->catalog_item,
							   now);

	line_refuse(line, 0, 0, STR_NONE);
	if (!item)
		line_refuse(line, LINE_BAD_ITEM, ORDER_BAD_ITEM,
			    S("The catalog item id is not valid."));
	else if (item->withdrawn)
		line_refuse(line, LINE_BAD_ITEM, ORDER_WITHDRAWN,
			    S("The catalog item is no longer sold."));
	else if (line->quantity < item->least)
		line_refuse(line, LINE_BAD_INPUT, ORDER_BAD_QUANTITY,
			    str_format(keep, "The quantity is below the minimum of %d.",
				       (int)item->least));
	else if (line->quantity > item->most)
		line_refuse(
			line, LINE_TOO_MANY, ORDER_BAD_QUANTITY,
			str_format(keep, "At most %d seats per subscription.", (int)item->most));
	else if (!catalogue_has_term(item, line->term, line->billing))
		line_refuse(line, LINE_BAD_BILLING, ORDER_NOT_ELIGIBLE,
			    S("The item has no such term and billing cycle."));
}

/* What the catalogue has none of: promotions, other currencies, ends of terms to choose. */
static void wishes_check(struct partner_cart_line *line)
{
	if (line->other_currency)
		line_refuse(line, LINE_BAD_CURRENCY, ORDER_NOT_ELIGIBLE,
			    S("The currency is not the market's: it is USD."));
	else if (line->promoted)
		line_refuse(line, LINE_BAD_PROMOTION, ORDER_NOT_ELIGIBLE,
			    S("There is no such promotion."));
	else if (line->own_end)
		line_refuse(line, LINE_NO_OWN_END, ORDER_NOT_ELIGIBLE,
			    S("The end of the term cannot be chosen for this item."));
	else if (line->with_addons)
		line_refuse(line, LINE_UNPROCESSED, ORDER_NOT_ELIGIBLE,
			    S("Add-ons are bought as lines of their own."));
}

fault *partner_cart_check(struct tx *tx, struct partner_cart *cart)
{
	struct catalogue catalogue = catalogue_read(tx_arena(tx));
	instant now;

	TRY(sandbox_clock_now(tx, &now));
	TRY(partner_trouble_withdrawn(tx, &catalogue));
	for (size_t i = 0; i < cart->line_count; i++)
		line_check(tx_arena(tx), &catalogue, now, &cart->lines[i]);
	for (size_t i = 0; i < cart->line_count; i++)
		wishes_check(&cart->lines[i]);
	return NULL;
}

static fault *line_meet(struct tx *tx, struct partner_cart_line *line)
{
	struct partner_trouble met;
	bool found;

	TRY(partner_trouble_meet(tx, PARTNER_TROUBLE_REFUSED_IN_CART, line->catalog_item, &met,
				 &found));
	if (found)
		line_refuse(line, met.number, ORDER_NOT_ELIGIBLE, S("The item cannot be bought."));
	return NULL;
}

/* An integration sandbox has five subscriptions a customer, of 25 seats each (§3.1). */
static fault *account_limits(struct tx *tx, struct partner_cart *cart)
{
	struct partner_subscriptions all;
	struct partner_setting setting;
	size_t running = 0;

	TRY(partner_setting_read(tx, &setting));
	if (!setting.small_account)
		return NULL;
	TRY(partner_subscription_all(tx, cart->partner, cart->customer, &all));
	for (size_t i = 0; i < all.len; i++)
		running += !str_eq(all.at[i].status, S("deleted"));
	for (size_t i = 0; i < cart->line_count; i++)
		if (cart->lines[i].error_code == 0 &&
		    (++running > SMALL_SUBSCRIPTIONS || cart->lines[i].quantity > SMALL_SEATS))
			line_refuse(&cart->lines[i], LINE_SMALL_ACCOUNT, ORDER_SMALL_ACCOUNT,
				    S("An integration sandbox may not have so much."));
	return NULL;
}

fault *partner_cart_fill(struct tx *tx, struct partner_cart *cart)
{
	struct arena *keep = tx_arena(tx);
	bool split;

	TRY(partner_cart_check(tx, cart));
	TRY(account_limits(tx, cart));
	TRY(partner_trouble_splits_orders(tx, &split));
	for (size_t i = 0; i < cart->line_count; i++) {
		struct partner_cart_line *line = &cart->lines[i];
		line->group = str_lower(keep, line->billing);
		if (split)
			line->group = str_format(keep, "%.*s-%d", STR(line->group),
						 (int)line->position);
		if (line->error_code == 0)
			TRY(line_meet(tx, line));
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
