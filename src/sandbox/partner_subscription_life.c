#include "sandbox/partner_subscription_life.h"

#include "partner_subscription_sql.h"
#include "sandbox/catalogue.h"
#include "sandbox/directory_subscription.h"
#include "sandbox/partner_trouble.h"
#include "sandbox/partner_webhook.h"
#include "sandbox/sandbox_clock.h"
#include "sandbox/sandbox_guid.h"

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

fault *partner_subscription_life_open(struct tx *tx, struct partner_subscription *one)
{
	str sku = partner_subscription_given_sku(one);

	one->directory = sandbox_guid(tx_world(tx), tx_arena(tx));
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
	one->status = S("active");
	one->started = one->settled = one->ready;
	one->ends = partner_subscription_term_end(one->ready, one->term);
	TRY(meet_trouble(tx, one));
	if (!one->failed)
		TRY(partner_subscription_life_open(tx, one));
	TRY(partner_subscription_life_keep(tx, one));
	return partner_subscription_order_done(tx, one->order);
}

fault *partner_subscription_life_keep(struct tx *tx, const struct partner_subscription *one)
{
	TRY(partner_subscription_write(tx, &(struct partner_subscription_write_in){
						   .id = one->id,
						   .catalog_item = one->catalog_item,
						   .title = one->title,
						   .sku = one->sku,
						   .friendly_name = one->friendly_name,
						   .quantity = one->quantity,
						   .status = one->status,
						   .auto_renew = one->auto_renew,
						   .billing = one->billing,
						   .term = one->term,
						   .started = one->started,
						   .ends = one->ends,
						   .cancel_until = one->cancel_until,
						   .directory = one->directory,
						   .given_sku = one->given_sku,
						   .units_off = one->units_off,
						   .failed = one->failed,
						   .next_term = one->next_term,
						   .settled = one->settled,
					   }));
	return partner_webhook_note(tx, one->partner, PARTNER_WEBHOOK_UPDATED, "subscription",
				    str_format(tx_arena(tx), "/customers/%.*s/subscriptions/%.*s",
					       STR(one->customer), STR(one->id)));
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

/* Where a stage that is over leads; `ends` is then the end of the next one. */
static const struct {
	const char *from, *to, *directory, *what;
	int64_t lasts;
} stages[] = {
	{ "active", "expired", "Warning", "partner subscription expired", DAYS(30) },
	{ "suspended", "expired", "Warning", "partner subscription expired", DAYS(30) },
	{ "expired", "disabled", "Suspended", "partner subscription disabled", DAYS(90) },
	{ "disabled", "deleted", "Deleted", "partner subscription deleted", 0 },
};

static fault *end_stage(struct tx *tx, struct partner_subscription *one)
{
	for (size_t i = 0; i < COUNT(stages); i++) {
		if (!str_eq(one->status, str_of(stages[i].from)))
			continue;
		one->status = str_of(stages[i].to);
		one->ends = stages[i].lasts ? instant_after(one->ends, stages[i].lasts)
					    : INSTANT_NONE;
		TRY(partner_subscription_life_follow(tx, one, str_of(stages[i].directory),
						     one->ends, str_of(stages[i].what)));
		return partner_subscription_life_keep(tx, one);
	}
	return NULL;
}

static fault *end_term(struct tx *tx, struct partner_subscription *one)
{
	if (!str_eq(one->status, S("active")) || !one->auto_renew)
		return end_stage(tx, one);
	TRY(partner_subscription_renew(tx, one));
	return partner_subscription_life_keep(tx, one);
}

/* A whole life may pass in one look when the clock was moved far. */
static fault *end_all(struct tx *tx, instant now)
{
	struct partner_subscriptions over;

	for (int stage = 0; stage < 64; stage++) {
		TRY(partner_subscription_all_ended(tx, now, &over));
		if (over.len == 0)
			return NULL;
		for (size_t i = 0; i < over.len; i++)
			TRY(end_term(tx, &over.at[i]));
	}
	return NULL;
}

fault *partner_subscription_pass(struct tx *tx)
{
	struct partner_subscriptions due;
	instant now;

	TRY(sandbox_clock_now(tx, &now));
	TRY(partner_subscription_all_due(tx, now, &due));
	for (size_t i = 0; i < due.len; i++)
		TRY(activate(tx, &due.at[i]));
	TRY(partner_subscription_change_pass(tx, now));
	return end_all(tx, now);
}
