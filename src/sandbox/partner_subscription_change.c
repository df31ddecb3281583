#include "sandbox/catalogue.h"
#include "sandbox/directory_subscription.h"
#include "sandbox/partner_subscription_life.h"
#include "sandbox/sandbox_clock.h"

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
		.sku = partner_subscription_given_sku(one),
	};
	str status = str_lower(tx_arena(tx), change->status);

	if (change->quantity != one->quantity && !str_eq(status, S("deleted"))) {
		one->quantity = change->quantity;
		if (!str_is_none(one->directory))
			TRY(directory_subscription_resize(tx, &which,
							  partner_subscription_given_units(one)));
	}
	if (!str_eq(status, one->status)) {
		if (str_eq(status, S("deleted")))
			TRY(partner_subscription_life_follow(tx, one, S("Deleted"), INSTANT_NONE,
							     S("partner subscription cancelled")));
		else if (str_eq(status, S("suspended")))
			TRY(partner_subscription_life_follow(tx, one, S("Suspended"), one->ends,
							     S("partner subscription suspended")));
		else
			TRY(partner_subscription_life_follow(
				tx, one, S("Enabled"), one->ends,
				S("partner subscription reactivated")));
		one->status = status;
	}
	one->auto_renew = change->auto_renew;
	one->friendly_name = change->friendly_name;
	return partner_subscription_life_keep(tx, one);
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
