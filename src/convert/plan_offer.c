#include "convert/plan_offer.h"

#include "convert/plan_choice.h"
#include "market/price.h"
#include "market/successor.h"
#include "microsoft/reseller.h"

/* As many stand-ins are asked about at Microsoft before a line stays as it is. */
enum { MOST_TRIED = 3 };

/* What is asked about one SKU. */
struct asking_of {
	const struct license_sku *sku;
	int64_t units;
	const struct plan_choice *choice; /* or NULL */
	str term, billing;
};

static fault *price_of(struct tx *tx, const struct run *run, const struct asking_of *q, str sku,
		       money *price)
{
	struct price known;
	currency in;
	bool priced;

	TRY(currency_from(run->context->currency, &in));
	TRY(price_find(tx, sku, in, q->term, q->billing, &known, &priced));
	*price = priced ? known.seat_month : (money){ .minor = 0, .in = in };
	return NULL;
}

/* What our own catalog says: its name, whether it is free. */
static fault *ask_ours(struct tx *tx, struct asking_of *q, struct plan_offer *offer)
{
	struct sku sku;
	bool known;

	TRY(sku_find(tx, q->sku->sku, &sku, &known));
	offer->title = known ? sku.name : q->sku->part_number;
	offer->free = known && sku.free;
	return NULL;
}

/* Whether Microsoft sells it in this number. */
static fault *ask_microsoft(struct run *run, const struct asking_of *q, str sku,
			    struct plan_offer *offer, bool *fits)
{
	struct reseller_offer found;

	TRY(reseller_offer_find(&run->ms, sku, q->term, q->billing, &found, &offer->found));
	*fits = false;
	if (!offer->found)
		return NULL;
	offer->term = found.term;
	offer->billing = found.billing;
	offer->least = found.least;
	offer->most = found.most;
	*fits = q->units >= found.least && q->units <= found.most;
	return NULL;
}

static fault *name_target(struct run *run, const struct asking_of *q, str target,
			  struct plan_offer *offer)
{
	DEFER(tx_end) struct tx *tx = NULL;
	bool same = str_eq(target, q->sku->sku), known;
	struct sku sku;

	TRY(tx_begin(run->job->store, STORE_READ, run->arena, &tx));
	TRY(price_of(tx, run, q, target, &offer->price));
	if (same)
		return NULL;
	TRY(sku_find(tx, target, &sku, &known));
	offer->target = target;
	offer->target_part = known ? sku.part_number : S("");
	offer->target_title = known ? sku.name : target;
	return successor_compare(tx, q->sku->sku, target, &offer->gained, &offer->lost);
}

/* Compares the whole catalog, so only a SKU that is not sold asks for it. */
static fault *stand_ins(struct run *run, const struct asking_of *q, struct successors *near)
{
	DEFER(tx_end) struct tx *tx = NULL;

	TRY(tx_begin(run->job->store, STORE_READ, run->arena, &tx));
	return successor_near(tx, q->sku->sku, MOST_TRIED, near);
}

/* The same SKU, else the nearest that is sold in this number. */
static fault *ask_nearest(struct run *run, const struct asking_of *q, struct plan_offer *offer)
{
	struct successors near;
	struct plan_offer same;
	bool fits;

	TRY(ask_microsoft(run, q, q->sku->sku, offer, &fits));
	if (fits)
		return name_target(run, q, q->sku->sku, offer);
	same = *offer;
	TRY(stand_ins(run, q, &near));
	for (size_t i = 0; i < near.len; i++) {
		TRY(ask_microsoft(run, q, near.at[i].sku.guid, offer, &fits));
		if (fits)
			return name_target(run, q, near.at[i].sku.guid, offer);
	}
	*offer = same; /* so that the reason speaks of the very SKU */
	return NULL;
}

static fault *ask_chosen(struct run *run, const struct asking_of *q, struct plan_offer *offer)
{
	bool fits;

	offer->leave = str_is_empty(q->choice->target);
	offer->chosen = !offer->leave;
	if (offer->leave)
		return NULL;
	TRY(ask_microsoft(run, q, q->choice->target, offer, &fits));
	return name_target(run, q, q->choice->target, offer);
}

static fault *ask(struct run *run, struct asking_of *q, struct plan_offer *offer)
{
	if (offer->free || q->units == 0)
		return NULL;
	return q->choice ? ask_chosen(run, q, offer) : ask_nearest(run, q, offer);
}

/* Units that could be bought: those bought directly, and with a choice those that lapsed in use. */
static int64_t units_of(const struct snapshot *before, const struct license_sku *sku,
			const struct plan_choice *choice)
{
	int64_t direct = plan_direct_units(before, sku->sku);

	return direct || !choice ? direct : sku->consumed;
}

static fault *ask_catalog(struct run *run, const struct snapshot *before, struct asking_of *all,
			  struct plan_offer *offers)
{
	DEFER(tx_end) struct tx *tx = NULL;
	struct plan_choices choices;

	TRY(tx_begin(run->job->store, STORE_READ, run->arena, &tx));
	TRY(plan_choice_load(tx, run->c.id, &choices));
	for (size_t i = 0; i < before->skus.len; i++) {
		struct asking_of *q = &all[i];

		q->sku = &before->skus.at[i];
		q->choice = plan_choice_of(&choices, q->sku->sku);
		q->units = units_of(before, q->sku, q->choice);
		q->term = q->choice ? q->choice->term : PRICE_TERM;
		q->billing = q->choice ? q->choice->billing : PRICE_BILLING;
		TRY(ask_ours(tx, q, &offers[i]));
	}
	return NULL;
}

fault *plan_offers_find(struct run *run, const struct snapshot *before, struct plan_offer *offers)
{
	struct asking_of *all = NEW_ARRAY(run->arena, struct asking_of, before->skus.len + 1);

	TRY(ask_catalog(run, before, all, offers));
	for (size_t i = 0; i < before->skus.len; i++)
		TRY(ask(run, &all[i], &offers[i]));
	return NULL;
}
