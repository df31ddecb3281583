/* Manual 12 and 17: the exact match of every SKU, found by its id and never by its name
 * (vendor facts §3.7), shown to the partner, who approves it by its hash. */
#include "conversion_sql.h"
#include "convert/step.h"
#include "market/price.h"
#include "market/sku.h"
#include "microsoft/reseller.h"

/* What our own catalog says: whether it is free, what it is called, what it costs. */
static fault *ask_ours(struct run *run, const struct license_sku *of, struct plan_offer *offer)
{
	DEFER(tx_end) struct tx *tx = NULL;
	struct price price;
	struct sku sku;
	currency in;
	bool known, priced;

	TRY(currency_from(run->context->currency, &in));
	TRY(tx_begin(run->job->store, STORE_READ, run->arena, &tx));
	TRY(sku_find(tx, of->sku, &sku, &known));
	TRY(price_find(tx, of->sku, in, PRICE_TERM, PRICE_BILLING, &price, &priced));
	offer->title = known ? sku.name : of->part_number;
	offer->free = known && sku.free;
	offer->price = priced ? price.seat_month : (money){ .minor = 0, .in = in };
	return NULL;
}

static fault *ask_microsoft(struct run *run, const struct license_sku *of, struct plan_offer *offer)
{
	struct reseller_offer found;

	TRY(reseller_offer_find(&run->ms, of->sku, PRICE_TERM, PRICE_BILLING, &found,
				&offer->found));
	if (!offer->found)
		return NULL;
	offer->term = found.term;
	offer->billing = found.billing;
	offer->least = found.least;
	offer->most = found.most;
	return NULL;
}

static fault *make(struct run *run, const struct snapshot *before, struct plan *plan)
{
	struct plan_offer *offers = NEW_ARRAY(run->arena, struct plan_offer, before->skus.len + 1);

	for (size_t i = 0; i < before->skus.len; i++) {
		TRY(ask_ours(run, &before->skus.at[i], &offers[i]));
		if (!offers[i].free && plan_direct_units(before, before->skus.at[i].sku) > 0)
			TRY(ask_microsoft(run, &before->skus.at[i], &offers[i]));
	}
	*plan = plan_make(run->arena, before, offers);
	return NULL;
}

static str why_nothing(const struct snapshot *before, const struct plan *plan)
{
	bool ours = false, direct = false;

	for (size_t i = 0; i < before->subscriptions.len; i++)
		ours = ours || before->subscriptions.at[i].owner == OWNER_OURS;
	for (size_t i = 0; i < plan->len; i++)
		direct = direct || (plan->at[i].quantity > 0 && !plan->at[i].free);
	if (direct)
		return S("None of the subscriptions that this tenant buys directly has an exact "
			 "match on "
			 "sale. Nothing was changed.");
	if (ours)
		return S("This tenant already buys everything through us; there is nothing to "
			 "convert.");
	return S("This tenant has no paid subscription that it buys directly; there is nothing to "
		 "convert.");
}

static fault *wait_for_approval(struct run *run, str hash, struct outcome *out)
{
	return step_wait(
		out, WAITS_PARTNER,
		str_format(run->arena,
			   "The plan %.12s is ready. Nothing is bought before it is approved.",
			   hash.at),
		S("Read the plan and approve it."));
}

static fault *ask_approval(struct run *run, const struct plan *plan, struct outcome *out)
{
	str hash = plan_hash(run->arena, run->c.tenant, plan);

	TRY(run_begin(run));
	TRY(plan_keep(run->tx, run->c.id, plan));
	TRY(conversion_set_plan(run->tx, run->c.id, hash));
	return wait_for_approval(run, hash, out);
}

fault *step_plan(struct run *run, struct outcome *out)
{
	struct snapshot before;
	struct plan plan;

	if (!str_is_none(run->c.approved_hash))
		return step_next(out, STR_NONE);
	if (!str_is_none(run->c.plan_hash)) /* the plan on the partner's page must not move */
		return wait_for_approval(run, run->c.plan_hash, out);
	TRY(step_load(run, &before, &plan));
	TRY(make(run, &before, &plan));
	if (!plan_buys_anything(&plan)) {
		TRY(run_begin(run));
		TRY(plan_keep(run->tx, run->c.id, &plan));
		return step_refuse(out, why_nothing(&before, &plan));
	}
	return ask_approval(run, &plan, out);
}
