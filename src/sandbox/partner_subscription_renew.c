#include <jansson.h>

#include "sandbox/catalogue.h"
#include "sandbox/directory_subscription.h"
#include "sandbox/partner_json.h"
#include "sandbox/partner_seat.h"
#include "sandbox/partner_subscription_life.h"

static void json_end(json_t **json)
{
	json_decref(*json);
}

/* 00:00 UTC of the next day (vendor facts §3.9); partner_subscription_ended knows it, too. */
static instant start_behind(instant ends)
{
	return day_start(day_after(instant_day(ends), 1));
}

fault *partner_subscription_renew_as(struct tx *tx, struct partner_subscription *one,
				     const struct catalogue_item *item, str catalog_item)
{
	struct partner_subscription before = *one;

	one->catalog_item = catalog_item;
	one->title = item->title;
	one->sku = item->provisioning;
	one->given_sku = STR_NONE;
	one->units_off = 0;
	/* What comes is there before what goes: nobody is without. */
	TRY(partner_subscription_life_open(tx, one));
	return partner_subscription_life_follow(tx, &before, S("Deleted"), INSTANT_NONE,
						S("partner subscription became another product"));
}

static const struct catalogue_item *item_named(const struct catalogue *all, str product, str sku)
{
	for (size_t i = 0; i < all->len; i++)
		if (all->at[i].sold && str_eq_nocase(all->at[i].product, product) &&
		    str_eq_nocase(all->at[i].sku, sku))
			return &all->at[i];
	return NULL;
}

bool partner_subscription_renew_fits(struct arena *keep, const struct partner_subscription *one,
				     str next)
{
	DEFER(json_end) json_t *asked = json_loadb(next.at, next.len, 0, NULL);
	const json_t *product = partner_json_member(asked, "product");
	struct catalogue all = catalogue_read(keep);
	const struct catalogue_item *item = catalogue_of(&all, one->catalog_item);
	str term = partner_json_text(keep, product, "termDuration");
	str billing = partner_json_text(keep, product, "billingCycle");
	int64_t quantity = one->quantity;

	if (!str_is_none(partner_json_text(keep, product, "productId")))
		item = item_named(&all, partner_json_text(keep, product, "productId"),
				  partner_json_text(keep, product, "skuId"));
	(void)partner_json_count(asked, "quantity", &quantity);
	return item && quantity >= 1 && quantity <= item->most &&
	       catalogue_has_term(item, str_is_none(term) ? one->term : term,
				  str_is_none(billing) ? one->billing : billing);
}

static fault *next_product(struct tx *tx, struct partner_subscription *one, const json_t *product,
			   instant now)
{
	struct arena *keep = tx_arena(tx);
	struct catalogue all = catalogue_read(keep);
	str term = partner_json_text(keep, product, "termDuration");
	str billing = partner_json_text(keep, product, "billingCycle");
	const struct catalogue_item *item = item_named(
		&all, partner_json_text(keep, product, "productId"),
		partner_json_text(keep, product, "skuId"));

	if (!str_is_none(term))
		one->term = term;
	if (!str_is_none(billing))
		one->billing = str_lower(keep, billing);
	if (!item || str_eq(item->provisioning, one->sku))
		return NULL;
	return partner_subscription_renew_as(
		tx, one, item,
		str_format(keep, "%.*s:%.*s:%.*s", STR(item->product), STR(item->sku),
			   STR(catalogue_availability(keep, item, now))));
}

/* What scheduledNextTermInstructions ask for, without what the catalogue does not have. */
static fault *next_term(struct tx *tx, struct partner_subscription *one, instant now)
{
	DEFER(json_end) json_t *asked = NULL;
	int64_t quantity = one->quantity;

	if (str_is_none(one->next_term))
		return NULL;
	asked = json_loadb(one->next_term.at, one->next_term.len, 0, NULL);
	one->next_term = STR_NONE;
	(void)partner_json_count(asked, "quantity", &quantity);
	if (quantity >= 1 && quantity != one->quantity) {
		const struct directory_subscription which = {
			.id = one->directory,
			.tenant = one->customer,
			.sku = partner_subscription_given_sku(one),
		};
		one->quantity = quantity;
		one->units_off = 0;
		if (!str_is_none(one->directory))
			TRY(directory_subscription_resize(tx, &which, quantity));
	}
	return next_product(tx, one, partner_json_member(asked, "product"), now);
}

fault *partner_subscription_renew(struct tx *tx, struct partner_subscription *one)
{
	instant at = one->ends, start = start_behind(at);

	TRY(next_term(tx, one, start));
	one->ends = partner_subscription_term_end(at, one->term);
	one->cancel_until = instant_after(start, PARTNER_SUBSCRIPTION_WINDOW);
	one->settled = start;
	TRY(partner_seat_renew(tx, one->id, one->quantity, start));
	return partner_subscription_life_follow(tx, one, S("Enabled"), one->ends,
						S("partner subscription renewed"));
}
