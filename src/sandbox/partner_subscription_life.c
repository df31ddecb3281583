#include "sandbox/partner_subscription_life.h"

#include "partner_subscription_sql.h"
#include "sandbox/catalogue.h"
#include "sandbox/directory_subscription.h"
#include "sandbox/partner_trouble.h"
#include "sandbox/sandbox_clock.h"
#include "sandbox/sandbox_guid.h"

#define CANCEL_WINDOW  DAYS(7)
#define EXPIRED_STAGE  DAYS(30)
#define DISABLED_STAGE DAYS(90)

static str part_number_of(struct arena *keep, str sku)
{
	struct catalogue all = catalogue_read(keep);

	for (size_t i = 0; i < all.len; i++)
		if (str_eq(all.at[i].provisioning, sku))
			return all.at[i].part_number;
	return S("UNKNOWN");
}

/* What was told to go wrong with this one (partner_trouble.h). */
static fault *meet_trouble(struct tx *tx, struct partner_subscription *one)
{
	struct partner_trouble met;
	bool found;

	TRY(partner_trouble_meet(tx, PARTNER_TROUBLE_FAILED, one->catalog_item, &met,
				 &one->failed));
	TRY(partner_trouble_meet(tx, PARTNER_TROUBLE_OTHER_SKU, one->catalog_item, &met, &found));
	if (found)
		one->given_sku = met.other;
	TRY(partner_trouble_meet(tx, PARTNER_TROUBLE_QUANTITY, one->catalog_item, &met, &found));
	if (found)
		one->units_off = met.number - one->quantity;
	return NULL;
}

/* The units join the tenant's pool. */
static fault *units_arrive(struct tx *tx, const struct partner_subscription *one)
{
	str sku = partner_subscription_given_sku(one);

	return directory_subscription_open(tx,
					   &(struct directory_subscription){
						   .id = one->directory,
						   .tenant = one->customer,
						   .sku = sku,
						   .part_number = part_number_of(tx_arena(tx), sku),
						   .commerce_id = one->id,
						   .units = partner_subscription_given_units(one),
						   .trial = one->trial,
						   .created = one->ready,
						   .next_lifecycle = one->ends,
						   .owner_tenant = one->partner,
					   });
}

/* Provisioning is through.  One that failed is active all the same, as sold, but gives nothing. */
static fault *activate(struct tx *tx, struct partner_subscription *one)
{
	one->ends = partner_subscription_term_end(one->ready, one->term);
	TRY(meet_trouble(tx, one));
	if (!one->failed) {
		one->directory = sandbox_guid(tx_world(tx), tx_arena(tx));
		TRY(units_arrive(tx, one));
	}
	TRY(partner_subscription_mark_active(tx, &(struct partner_subscription_mark_active_in){
							 .id = one->id,
							 .started = one->ready,
							 .ends = one->ends,
							 .directory = one->directory,
							 .given_sku = one->given_sku,
							 .units_off = one->units_off,
							 .failed = one->failed,
						 }));
	return partner_subscription_order_done(tx, one->order);
}

fault *partner_subscription_life_keep(struct tx *tx, const struct partner_subscription *one)
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

fault *partner_subscription_life_follow(struct tx *tx, const struct partner_subscription *one,
					str status, instant next, str what)
{
	const struct directory_subscription which = {
		.id = one->directory,
		.tenant = one->customer,
		.sku = partner_subscription_given_sku(one),
	};

	if (str_is_none(one->directory))
		return NULL;
	return directory_subscription_turn(tx, &which, status, next, what);
}

/* The end of a term, or of the stages behind it; `ends` is then the end of the next one. */
static fault *end_stage(struct tx *tx, struct partner_subscription *one)
{
	instant at = one->ends;

	if (str_eq(one->status, S("active")) && one->auto_renew) {
		one->ends = partner_subscription_term_end(at, one->term);
		one->cancel_until = instant_after(at, CANCEL_WINDOW);
		TRY(partner_subscription_life_follow(tx, one, S("Enabled"), one->ends,
						     S("partner subscription renewed")));
	} else if (str_eq(one->status, S("active")) || str_eq(one->status, S("suspended"))) {
		one->status = S("expired");
		one->ends = instant_after(at, EXPIRED_STAGE);
		TRY(partner_subscription_life_follow(tx, one, S("Warning"), one->ends,
						     S("partner subscription expired")));
	} else if (str_eq(one->status, S("expired"))) {
		one->status = S("disabled");
		one->ends = instant_after(at, DISABLED_STAGE);
		TRY(partner_subscription_life_follow(tx, one, S("Suspended"), one->ends,
						     S("partner subscription disabled")));
	} else {
		one->status = S("deleted");
		TRY(partner_subscription_life_follow(tx, one, S("Deleted"), INSTANT_NONE,
						     S("partner subscription deleted")));
	}
	return partner_subscription_life_keep(tx, one);
}

fault *partner_subscription_pass(struct tx *tx)
{
	struct partner_subscriptions due;
	instant now;

	TRY(sandbox_clock_now(tx, &now));
	TRY(partner_subscription_all_due(tx, now, &due));
	for (size_t i = 0; i < due.len; i++)
		TRY(activate(tx, &due.at[i]));
	for (int stage = 0; stage < 64; stage++) {
		TRY(partner_subscription_all_ended(tx, now, &due));
		if (due.len == 0)
			return NULL;
		for (size_t i = 0; i < due.len; i++)
			TRY(end_stage(tx, &due.at[i]));
	}
	return NULL;
}
