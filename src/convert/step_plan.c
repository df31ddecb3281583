/* Manual 12 and 17: what will be bought for what the tenant has, found by id and never by name
 * (vendor facts §3.7), with what was found out on the way, shown to the partner, who approves it by
 * its hash. */
#include "conversion_sql.h"
#include "convert/classify.h"
#include "convert/decision.h"
#include "convert/overlap.h"
#include "convert/plan_choice.h"
#include "convert/plan_offer.h"
#include "convert/preflight.h"
#include "history_sql.h"
#include "market/sku.h"
#include "microsoft/reseller.h"
#include "plan_choice_sql.h"

/* Everything that a plan is made of. */
struct planning {
	struct snapshot before;
	struct billing_facts billing;
	bool is_ours;
	enum preflight_signed agreement;
	const fault *access; /* why our sign-in is refused, or NULL */
	struct reseller_subscriptions sold;
	enum conversion_account account;
	struct plan plan;
	struct overlap_terms overlap;
	struct findings findings;
};

/* Whether our sign-in may act at all: asked by a question that changes nothing. */
static fault *ask_access(struct run *run, struct planning *p)
{
	str url;
	fault *f = reseller_invitation(&run->ms, &url);

	if (f && f->kind == FAULT_DENIED) {
		p->access = f;
		return NULL;
	}
	return f;
}

static fault *ask_agreement(struct run *run, struct planning *p)
{
	bool is_signed;

	if (!p->is_ours || p->access)
		return NULL;
	TRY(reseller_agreement(&run->ms, run->c.tenant, &is_signed));
	p->agreement = is_signed ? AGREEMENT_SIGNED : AGREEMENT_MISSING;
	return NULL;
}

static fault *ask_microsoft(struct run *run, struct planning *p)
{
	TRY(billing_facts_read(run, &p->before, &p->billing));
	p->account = p->billing.account == ACCOUNT_UNKNOWN ? run->c.account : p->billing.account;
	TRY(ask_access(run, p));
	TRY(reseller_of(&run->ms, run->c.tenant, &p->is_ours));
	TRY(ask_agreement(run, p));
	if (p->is_ours)
		TRY(reseller_subscriptions_read(&run->ms, run->c.tenant, &p->sold));
	return NULL;
}

static bool we_sold(const struct planning *p, str commerce)
{
	for (size_t i = 0; i < p->sold.len && !str_is_empty(commerce); i++)
		if (str_eq_nocase(p->sold.at[i].id, commerce))
			return true;
	return false;
}

/* Graph's own word is in the recorded owner; what else we know may say otherwise. */
static struct classify_verdict judge(struct run *run, const struct planning *p,
				     const struct snapshot_subscription *s)
{
	const struct billing_fact *fact = billing_facts_of(&p->billing, s->id);
	bool listed = fact && !str_is_none(fact->name);
	struct classify_signals signals = {
		.tenant = run->c.tenant,
		.partner_tenant = run->context->partner_tenant,
		.we_sold_it = we_sold(p, s->commerce) ? SIGNAL_YES : SIGNAL_UNKNOWN,
		.our_reseller = p->is_ours ? SIGNAL_YES : SIGNAL_NO,
		.resold = !listed			? SIGNAL_UNKNOWN
			  : str_is_none(fact->reseller) ? SIGNAL_NO
							: SIGNAL_YES,
	};

	switch (s->owner) {
	case OWNER_DIRECT: break;
	case OWNER_OURS: signals.owner_tenant = signals.partner_tenant; break;
	case OWNER_OTHER_PARTNER: signals.owner_tenant = S("another"); break;
	}
	return classify(run->arena, &signals);
}

static fault *say_owner(struct run *run, struct planning *p, struct snapshot_subscription *s,
			enum snapshot_owner owner, str reason)
{
	if (s->owner == owner && str_eq(s->reason, reason))
		return NULL;
	TRY(run_begin(run));
	TRY(snapshot_say_owner(run->tx, &p->before, s, owner, reason));
	return run_keep(run); /* what is on sale is asked next */
}

/* *asked: the signals disagree and nobody has said yet; the step waits. */
static fault *ask_owner(struct run *run, struct planning *p, struct snapshot_subscription *s,
			const struct classify_verdict *v, struct outcome *out, bool *asked)
{
	str about = str_format(run->arena, "%.*s %.*s", STR(s->id), STR(v->reason)), answer;

	TRY(decision_answer(run, DECISION_OWNER, about, &answer));
	*asked = str_is_none(answer);
	if (*asked)
		return decision_ask(
			run, DECISION_OWNER, about,
			str_format(run->arena,
				   "Who sold %.*s with %lld seats (subscription %.*s)? %.*s",
				   STR(s->part_number), (long long)s->units, STR(s->id),
				   STR(v->reason)),
			NULL, out);
	if (str_eq(answer, S("direct")))
		return say_owner(run, p, s, OWNER_DIRECT,
				 S("A person answered that it is bought directly."));
	return say_owner(run, p, s, OWNER_OTHER_PARTNER,
			 S("A person answered that a partner sold it."));
}

/* A clash is asked about for paid subscriptions only: for the others it makes no difference.
 * Another partner's keeps its recorded reason, which names that partner. */
static fault *classify_all(struct run *run, struct planning *p, struct outcome *out, bool *asked)
{
	*asked = false;
	for (size_t i = 0; i < p->before.subscriptions.len && !*asked; i++) {
		struct snapshot_subscription *s = &p->before.subscriptions.at[i];
		struct classify_verdict v = judge(run, p, s);

		if (v.clash && !s->trial)
			TRY(ask_owner(run, p, s, &v, out, asked));
		else if (!v.clash && v.owner != OWNER_OTHER_PARTNER)
			TRY(say_owner(run, p, s, v.owner, v.reason));
	}
	return NULL;
}

static fault *know_skus(struct run *run, const struct snapshot *before,
			const struct preflight_sku **skus)
{
	DEFER(tx_end) struct tx *tx = NULL;
	struct preflight_sku *known = NEW_ARRAY(run->arena, struct preflight_sku,
						before->skus.len + 1);

	TRY(tx_begin(run->job->store, STORE_READ, run->arena, &tx));
	for (size_t i = 0; i < before->skus.len; i++) {
		struct sku sku;
		bool found;

		TRY(sku_find(tx, before->skus.at[i].sku, &sku, &found));
		if (found)
			known[i] = (struct preflight_sku){ true, sku.retired, sku.free, sku.note };
	}
	*skus = known;
	return NULL;
}

static fault *make(struct run *run, struct planning *p)
{
	struct plan_offer *offers = NEW_ARRAY(run->arena, struct plan_offer,
					      p->before.skus.len + 1);
	struct preflight_facts facts = { .before = &p->before,
					 .plan = &p->plan,
					 .billing = &p->billing,
					 .overlap = &p->overlap,
					 .account = p->account,
					 .tenant_country = run->c.country,
					 .our_country = run->context->country,
					 .is_ours = p->is_ours,
					 .agreement = p->agreement,
					 .partner_access = p->access };

	TRY(plan_offers_find(run, &p->before, offers));
	p->plan = plan_make(run->arena, &p->before, offers);
	p->overlap = overlap_terms(run->arena, &p->plan, &p->before, p->account, &p->billing,
				   run->now);
	TRY(know_skus(run, &p->before, &facts.skus));
	p->findings = preflight(run->arena, &facts);
	return NULL;
}

static fault *keep(struct run *run, const struct planning *p)
{
	TRY(run_begin(run));
	if (p->billing.account != ACCOUNT_UNKNOWN)
		TRY(plan_choice_set_account(
			run->tx, run->c.id,
			p->billing.account == ACCOUNT_MCA ? S("mca") : S("mosa"), S("billing")));
	TRY(plan_keep(run->tx, run->c.id, &p->plan));
	TRY(overlap_keep(run->tx, run->c.id, &p->overlap));
	return finding_keep(run->tx, run->c.id, &p->findings);
}

static bool has_direct(const struct plan *plan)
{
	for (size_t i = 0; i < plan->len; i++)
		if (plan->at[i].direct > 0 && !plan->at[i].free)
			return true;
	return false;
}

static bool has_finding(const struct findings *list, const char *kind)
{
	for (size_t i = 0; i < list->len; i++)
		if (str_eq(list->at[i].kind, str_of(kind)))
			return true;
	return false;
}

static str why_nothing(const struct planning *p)
{
	if (has_direct(&p->plan))
		return S("Nothing that this tenant buys directly is on sale with us, and nothing "
			 "takes its place. Nothing was changed.");
	for (size_t i = 0; i < p->before.subscriptions.len; i++)
		if (p->before.subscriptions.at[i].owner == OWNER_OURS)
			return S("This tenant already buys everything through us; there is nothing "
				 "to convert.");
	return S("This tenant has no paid subscription that it buys directly; there is nothing to "
		 "convert.");
}

/* Where a choice could still change it nobody is sent away. */
static fault *buys_nothing(struct run *run, const struct planning *p, struct outcome *out)
{
	struct plan_choices choices;

	TRY(plan_choice_load(run->tx, run->c.id, &choices));
	if (choices.len || has_finding(&p->findings, "lapsed-in-use"))
		return step_wait(out, WAITS_PARTNER, S("As it stands nothing would be bought."),
				 S("Choose what to buy for at least one product, or stop."));
	return step_refuse(out, why_nothing(p));
}

/* What made an earlier approval void, said by the order on its way back here; or empty. */
static fault *why_again(struct run *run, str *why)
{
	DEFER(tx_end) struct tx *own = NULL;
	struct history_last_of_step last;
	bool found;

	if (!run->tx)
		TRY(tx_begin(run->job->store, STORE_READ, run->arena, &own));
	TRY(history_last_of_step(own ? own : run->tx, run->c.id, conversion_step_word(STEP_ORDER),
				 &last, &found));
	*why = found ? str_format(run->arena, "%.*s ", STR(last.said)) : S("");
	return NULL;
}

static fault *wait_for_approval(struct run *run, str hash, struct outcome *out)
{
	str again;

	TRY(why_again(run, &again));
	return step_wait(
		out, WAITS_PARTNER,
		str_format(run->arena,
			   "%.*sThe plan %.12s is ready. Nothing is bought before it is approved.",
			   STR(again), hash.at),
		S("Read the plan and approve it."));
}

static fault *ask_approval(struct run *run, const struct planning *p, struct outcome *out)
{
	const struct finding *stop = finding_stop(&p->findings);
	str hash;

	TRY(keep(run, p));
	if (!plan_buys_anything(&p->plan))
		return buys_nothing(run, p, out);
	if (stop)
		return step_wait(out, stop->whose, stop->said, stop->mend);
	hash = plan_hash(run->arena, run->c.tenant, &p->plan);
	TRY(conversion_set_plan(run->tx, run->c.id, hash,
				plan_text(run->arena, run->c.tenant, &p->plan)));
	return wait_for_approval(run, hash, out);
}

fault *step_plan(struct run *run, struct outcome *out)
{
	struct planning p = { .agreement = AGREEMENT_UNKNOWN };
	bool asked;

	if (!str_is_none(run->c.approved_hash))
		return step_next(out, STR_NONE);
	if (!str_is_none(run->c.plan_hash)) /* the plan on the partner's page must not move */
		return wait_for_approval(run, run->c.plan_hash, out);
	TRY(step_load(run, &p.before, &p.plan));
	TRY(ask_microsoft(run, &p));
	TRY(classify_all(run, &p, out, &asked));
	if (asked)
		return NULL;
	TRY(make(run, &p));
	return ask_approval(run, &p, out);
}
