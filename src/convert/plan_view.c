#include "convert/plan_view.h"

#include "convert/decision.h"
#include "convert/finding.h"
#include "convert/overlap.h"
#include "convert/plan_choice.h"
#include "market/successor.h"

/* As many stand-ins are offered to choose from. */
enum { MOST_OFFERED = 6 };

str plan_view_term(struct arena *keep, str term, str billing)
{
	static const struct {
		const char *term, *words;
	} terms[] = { { "P1M", "one month" }, { "P1Y", "one year" }, { "P3Y", "three years" } };

	for (size_t i = 0; i < COUNT(terms); i++)
		if (str_eq(term, str_of(terms[i].term)))
			return str_format(keep, "%s, billed %s", terms[i].words,
					  str_eq(billing, S("annual")) ? "yearly" : "monthly");
	return str_is_empty(term) ? S("") : str_format(keep, "%.*s, %.*s", STR(term), STR(billing));
}

static void choice_add(struct arena *keep, struct choices_shown *list, str value, str label,
		       bool chosen)
{
	list->at = arena_grown(keep, list->at, list->len, sizeof *list->at);
	list->at[list->len++] = (struct choice_shown){ value, label, chosen };
}

static bool is_offered(const struct choices_shown *list, str value)
{
	for (size_t i = 0; i < list->len; i++)
		if (str_eq(list->at[i].value, value))
			return true;
	return false;
}

/* The same SKU, what stands in now, the nearest others, and nothing. */
static fault *fill_targets(struct tx *tx, const struct plan_line *l, struct line_shown *shown)
{
	struct arena *a = tx_arena(tx);
	struct successors near;

	choice_add(a, &shown->targets, l->sku, str_format(a, "%.*s (the same)", STR(l->title)),
		   l->buys && !plan_moves(l));
	if (plan_moves(l))
		choice_add(a, &shown->targets, l->target, l->target_title, true);
	TRY(successor_near(tx, l->sku, MOST_OFFERED, &near));
	for (size_t i = 0; i < near.len; i++)
		if (!is_offered(&shown->targets, near.at[i].sku.guid))
			choice_add(a, &shown->targets, near.at[i].sku.guid, near.at[i].sku.name,
				   false);
	choice_add(a, &shown->targets, S(""), S("Nothing: leave it as it is"), !l->buys);
	return NULL;
}

static void fill_terms(struct arena *keep, const struct plan_line *l, struct line_shown *shown)
{
	for (size_t i = 0; plan_choice_terms[i]; i++) {
		str term, billing, value = str_of(plan_choice_terms[i]);

		(void)plan_choice_term(value, &term, &billing);
		choice_add(keep, &shown->terms, value, plan_view_term(keep, term, billing),
			   str_eq(l->term, term) && str_eq(l->billing, billing));
	}
}

/* Something could be bought for it: it is paid for today, or in use after its end. */
static bool may_choose(const struct plan_line *l, const struct license_sku *sku)
{
	return !l->free && (l->direct > 0 || (license_expired(sku) > 0 && sku->consumed > 0));
}

static struct line_shown line_shown(struct arena *keep, const struct plan_line *l)
{
	str price = l->price.minor ? money_text(keep, l->price) : S("as agreed");

	return (struct line_shown){
		.sku = l->sku,
		.title = l->title,
		.part_number = l->part_number,
		.reason = l->reason,
		.quantity = l->quantity,
		.direct = l->direct,
		.assigned = l->assigned,
		.price = l->buys ? price : S("–"),
		.term = l->buys ? plan_view_term(keep, l->term, l->billing) : S(""),
		.buys = l->buys,
		.moves = plan_moves(l),
		.target_title = l->target_title,
		.target_part = l->target_part,
		.gained = l->gained,
		.lost = l->lost,
	};
}

static struct license_sku counters_of(const struct license_skus *skus, str sku)
{
	for (size_t i = 0; i < skus->len; i++)
		if (str_eq(skus->at[i].sku, sku))
			return skus->at[i];
	return (struct license_sku){ .sku = sku };
}

static void fill_lines(struct arena *keep, const struct plan *plan, struct conversion_shown *shown)
{
	shown->has_plan = plan->len > 0;
	shown->lines.at = NEW_ARRAY(keep, struct line_shown, plan->len + 1);
	shown->lines.len = plan->len;
	for (size_t i = 0; i < plan->len; i++)
		shown->lines.at[i] = line_shown(keep, &plan->at[i]);
}

fault *plan_view_choices(struct tx *tx, const struct conversion *c, struct conversion_shown *shown)
{
	struct license_skus skus;
	struct plan plan;

	if (!shown->may_choose)
		return NULL;
	TRY(plan_load(tx, c->id, &plan));
	TRY(snapshot_load_skus(tx, c->id, SNAPSHOT_BEFORE, &skus));
	for (size_t i = 0; i < plan.len; i++) {
		const struct plan_line *l = &plan.at[i];
		struct license_sku sku = counters_of(&skus, l->sku);

		if (!may_choose(l, &sku))
			continue;
		TRY(fill_targets(tx, l, &shown->lines.at[i]));
		fill_terms(tx_arena(tx), l, &shown->lines.at[i]);
	}
	return NULL;
}

/* The earliest of its lines: from then on the order can no longer be undone as a whole. */
static void fill_undo(const struct plan *plan, struct conversion_shown *shown)
{
	shown->undo_until = INSTANT_NONE;
	if (!shown->may_stop)
		return;
	for (size_t i = 0; i < plan->len; i++) {
		instant until = plan->at[i].cancel_until;

		if (plan->at[i].buys && !instant_is_none(until) &&
		    (instant_is_none(shown->undo_until) ||
		     instant_before(until, shown->undo_until)))
			shown->undo_until = until;
	}
}

static fault *fill_month(struct arena *keep, const struct plan *plan,
			 struct conversion_shown *shown)
{
	bool complete;
	money sum;

	TRY(plan_month(plan, &sum, &complete));
	shown->month = S("as agreed with you");
	if (sum.minor)
		shown->month = str_format(keep, "%.*s a month%s", STR(money_text(keep, sum)),
					  complete ? "" : ", and what is agreed for the rest");
	return NULL;
}

static fault *fill_findings(struct tx *tx, const struct conversion *c,
			    struct conversion_shown *shown)
{
	static const struct {
		const char *look, *word;
	} looks[] = {
		[FINDING_NOTE] = { "", "Good to know" },
		[FINDING_WARNING] = { "waits", "Please read" },
		[FINDING_STOP] = { "wrong", "Must be mended first" },
	};
	struct findings found;

	TRY(finding_load(tx, c->id, &found));
	shown->findings.at = NEW_ARRAY(tx_arena(tx), struct finding_shown, found.len + 1);
	for (int weight = FINDING_STOP; weight >= FINDING_NOTE; weight--)
		for (size_t i = 0; i < found.len; i++)
			if ((int)found.at[i].weight == weight)
				shown->findings.at[shown->findings.len++] = (struct finding_shown){
					looks[weight].look, looks[weight].word, found.at[i].said,
					found.at[i].mend, found.at[i].whose == WAITS_OPERATOR
				};
	return NULL;
}

static str how_it_ends(struct arena *keep, const struct overlap_term *term, instant now)
{
	switch (overlap_end_at(term, now)) {
	case ENDS_CREDITED: return S("Can be cancelled at any time; the rest is credited.");
	case ENDS_REFUNDED:
		return str_format(keep, "Can be cancelled with a refund until %.*s.",
				  STR(instant_for_people(keep, term->until)));
	case ENDS_AT_TERM:
		return S("No refund: its renewal is switched off and it runs to its end.");
	case ENDS_UNKNOWN: break;
	}
	return S("Depends on the kind of billing account, which is not known.");
}

/* Empty where nothing can be said. */
static str cost_words(struct arena *keep, money sum, bool complete, bool paid_twice)
{
	if (sum.minor)
		return str_format(keep, "about %.*s%s", STR(money_text(keep, sum)),
				  complete ? "" : ", and what our list prices do not tell,");
	if (complete)
		return S("next to nothing");
	return paid_twice ? S("a sum that our list prices do not tell") : S("");
}

static bool runs_on(const struct overlap_terms *terms, instant at)
{
	for (size_t i = 0; i < terms->len; i++)
		if (overlap_end_at(&terms->at[i], at) == ENDS_AT_TERM)
			return true;
	return false;
}

static fault *fill_costs(struct tx *tx, const struct overlap_terms *terms,
			 struct conversion_shown *shown)
{
	struct arena *a = tx_arena(tx);
	bool complete;
	instant best;
	money sum;

	TRY(overlap_cost(terms, tx_now(tx), &sum, &complete));
	shown->cost_now = cost_words(a, sum, complete, runs_on(terms, tx_now(tx)));
	TRY(overlap_best(terms, tx_now(tx), &best));
	if (!instant_before(tx_now(tx), best))
		return NULL;
	shown->best_at = best;
	shown->best_when = instant_rfc3339(a, best);
	shown->best_day = day_for_people(a, instant_day(best));
	TRY(overlap_cost(terms, best, &sum, &complete));
	shown->cost_best = cost_words(a, sum, complete, runs_on(terms, best));
	return NULL;
}

static str day_words(struct arena *keep, instant at)
{
	return instant_is_none(at) ? S("not known") : day_for_people(keep, instant_day(at));
}

static fault *fill_overlap(struct tx *tx, const struct conversion *c,
			   struct conversion_shown *shown)
{
	struct arena *a = tx_arena(tx);
	struct overlap_terms terms;

	shown->cost_now = shown->cost_best = S("");
	shown->best_at = INSTANT_NONE;
	if (!shown->may_schedule)
		return NULL;
	TRY(overlap_load(tx, c->id, &terms));
	shown->overlap.len = terms.len;
	shown->overlap.at = NEW_ARRAY(a, struct overlap_shown, terms.len + 1);
	for (size_t i = 0; i < terms.len; i++)
		shown->overlap.at[i] = (struct overlap_shown){
			terms.at[i].title, how_it_ends(a, &terms.at[i], tx_now(tx)),
			terms.at[i].units, day_words(a, terms.at[i].ends)
		};
	return terms.len ? fill_costs(tx, &terms, shown) : NULL;
}

static void fill_accounts(struct arena *keep, const struct conversion *c,
			  struct conversion_shown *shown)
{
	if (!shown->may_choose || (c->account != ACCOUNT_UNKNOWN && !c->account_by_partner))
		return;
	choice_add(keep, &shown->accounts, S("unknown"), S("Not known"),
		   c->account == ACCOUNT_UNKNOWN);
	choice_add(keep, &shown->accounts, S("mosa"), S("Microsoft Online Services Program (MOSA)"),
		   c->account == ACCOUNT_MOSA);
	choice_add(keep, &shown->accounts, S("mca"), S("Microsoft Customer Agreement (MCA)"),
		   c->account == ACCOUNT_MCA);
}

static fault *fill_question(struct tx *tx, const struct conversion *c,
			    struct conversion_shown *shown)
{
	struct question_shown *q = &shown->question;
	struct decisions all;

	if (!decision_is_asked(c))
		return NULL;
	TRY(decision_all(tx, c->id, &all));
	for (size_t i = 0; i < all.len; i++) {
		const struct decision *d = &all.at[i];

		if (!str_is_none(d->answer))
			continue;
		*q = (struct question_shown){ .asked = true, .key = d->key, .text = d->question };
		q->options.at = NEW_ARRAY(tx_arena(tx), struct option_shown, d->options.len + 1);
		q->options.len = d->options.len;
		for (size_t o = 0; o < d->options.len; o++)
			q->options.at[o] = (struct option_shown){ d->options.at[o]->word,
								  d->options.at[o]->label,
								  d->options.at[o]->means };
	}
	return NULL;
}

fault *plan_view_fill(struct tx *tx, const struct conversion *c, struct conversion_shown *shown)
{
	struct plan plan;

	shown->may_choose = c->state == CONVERSION_WAITING && c->step == STEP_PLAN &&
			    str_is_none(c->approved_hash);
	shown->may_schedule = !shown->ended && c->step <= STEP_ORDER &&
			      instant_is_none(c->checkout_at);
	shown->buy_at = c->buy_at;
	TRY(plan_load(tx, c->id, &plan));
	fill_lines(tx_arena(tx), &plan, shown);
	fill_undo(&plan, shown);
	TRY(fill_month(tx_arena(tx), &plan, shown));
	TRY(fill_findings(tx, c, shown));
	TRY(fill_overlap(tx, c, shown));
	fill_accounts(tx_arena(tx), c, shown);
	return fill_question(tx, c, shown);
}
