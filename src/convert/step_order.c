/* Manual 16–23: the matching order, once.
 *
 * Look before create: an order that carries our note is ours, whoever's answer was lost.  A cart is
 * kept before it is bought, so that every retry asks for the same cart with the same MS-RequestId;
 * when it was last asked for is kept too, before we ask.  New orders may take fifteen minutes to
 * show in the list (vendor facts §3.8), so an empty list soon after a checkout proves nothing. */
#include "conversion_sql.h"
#include "convert/decision.h"
#include "convert/order_check.h"
#include "convert/order_note.h"
#include "convert/step.h"
#include "microsoft/reseller.h"
#include "plan_sql.h"

static fault *keep_order(struct run *run, str order, struct outcome *out)
{
	TRY(run_begin(run));
	TRY(conversion_set_order(run->tx, run->c.id, order));
	return step_next(out, str_format(run->arena, "The order %.*s is placed.", STR(order)));
}

/* Back to "record": what was approved is no longer what would be bought. */
static fault *plan_anew(struct run *run, str why, struct outcome *out)
{
	TRY(run_begin(run));
	TRY(conversion_clear_plan(run->tx, run->c.id));
	*out = (struct outcome){
		.kind = OUTCOME_BACK,
		.back_to = STEP_RECORD,
		.said = str_format(run->arena,
				   "%.*s Nothing was bought; the plan is made anew and needs a new "
				   "approval.",
				   STR(why)),
	};
	return NULL;
}

/* The lines as the catalogue sells them this minute: availabilities are reissued and must not be
 * stored (vendor facts §3.7). */
static fault *lines_make(struct run *run, const struct plan *plan, struct reseller_line *lines,
			 size_t *count, str *gone)
{
	*count = 0;
	*gone = STR_NONE;
	for (size_t i = 0; i < plan->len; i++) {
		const struct plan_line *l = &plan->at[i];
		struct reseller_offer offer;
		bool found;

		if (!l->buys)
			continue;
		TRY(reseller_offer_find(&run->ms, l->target, l->term, l->billing, &offer, &found));
		if (!found || l->quantity < offer.least || l->quantity > offer.most) {
			*gone = l->target_title;
			return NULL;
		}
		lines[(*count)++] = (struct reseller_line){
			.catalog_item = offer.catalog_item,
			.quantity = l->quantity,
			.term = l->term,
			.billing = l->billing,
			.note = order_note(run->arena, &run->c, l->line),
		};
	}
	return NULL;
}

static fault *make_cart(struct run *run, const struct plan *plan, str *gone)
{
	struct reseller_line *lines = NEW_ARRAY(run->arena, struct reseller_line, plan->len + 1);
	size_t count;
	str cart;

	TRY(lines_make(run, plan, lines, &count, gone));
	if (!str_is_none(*gone))
		return NULL;
	TRY(reseller_cart(&run->ms, run->c.tenant, lines, count, &cart));
	TRY(run_begin(run));
	TRY(conversion_set_cart(run->tx, run->c.id, cart));
	TRY(run_keep(run));
	run->c.cart = cart;
	return NULL;
}

/* What an earlier order of this plan brought is not bought again, unless it was cancelled since. */
static fault *without_parts(struct run *run, struct plan *plan)
{
	struct order_lines lines;
	struct reseller_subscriptions all;

	TRY(step_load_plan(run, plan));
	TRY(order_lines(run, order_last_part(&run->c), &lines));
	TRY(reseller_subscriptions_read(&run->ms, run->c.tenant, &all));
	for (size_t i = 0; i < plan->len; i++) {
		str note = order_note(run->arena, &run->c, plan->at[i].line);

		plan->at[i].buys &= !order_line_of(&lines, note) ||
				    order_is_cancelled(&lines, &all, note);
	}
	return NULL;
}

/* Half of it is bought, so the approval cannot simply be void: a person says how it goes on. */
static fault *rest_is_gone(struct run *run, const struct plan *plan, str gone, struct outcome *out)
{
	str answer;

	TRY(decision_answer(run, DECISION_PART, gone, &answer));
	if (!str_eq(answer, S("leave")))
		return decision_ask(run, DECISION_PART, gone,
				    str_format(run->arena,
					       "%.*s is no longer on sale, so the rest cannot be "
					       "ordered. What was ordered runs; nothing old was "
					       "cancelled. How shall it go on?",
					       STR(gone)),
				    "leave", out);
	TRY(run_begin(run));
	for (size_t i = 0; i < plan->len; i++)
		if (plan->at[i].buys)
			TRY(plan_line_leave(run->tx, run->c.id, plan->at[i].line,
					    S("No longer on sale: it stays as it is.")));
	TRY(conversion_set_checkout(run->tx, run->c.id, tx_now(run->tx)));
	return keep_order(run, order_last_part(&run->c), out);
}

static fault *is_gone(struct run *run, const struct plan *plan, str gone, struct outcome *out)
{
	if (!str_is_none(run->c.part_orders))
		return rest_is_gone(run, plan, gone, out);
	return plan_anew(run,
			 str_format(run->arena, "%.*s is no longer on sale as planned.", STR(gone)),
			 out);
}

/* Looks at tenant and prices right before anything is bought, also when the cart is an older
 * attempt's.  The rest of an order is bought for a tenant that has changed by our own hand. */
static fault *prepare(struct run *run, struct outcome *out, bool *ready)
{
	struct plan plan;
	str why = STR_NONE, gone = STR_NONE;
	bool asked;

	*ready = false;
	if (str_is_none(run->c.part_orders))
		TRY(order_check_tenant(run, &plan, &why));
	else
		TRY(without_parts(run, &plan));
	if (!str_is_none(why))
		return plan_anew(run, why, out);
	TRY(order_check_prices(run, &plan, out, &asked));
	if (asked)
		return NULL;
	if (str_is_none(run->c.cart))
		TRY(make_cart(run, &plan, &gone));
	*ready = str_is_none(gone);
	return *ready ? NULL : is_gone(run, &plan, gone, out);
}

#define CART_GONE "800008"

static fault *set_checkout(struct run *run, instant at)
{
	TRY(run_begin(run));
	return conversion_set_checkout(run->tx, run->c.id, at);
}

static fault *forget_cart(struct run *run, struct outcome *out)
{
	TRY(set_checkout(run, INSTANT_NONE));
	TRY(conversion_set_cart(run->tx, run->c.id, STR_NONE));
	/* Not at once: a vendor that says so of each cart would be asked without a pause. */
	return step_wait(out, WAITS_MICROSOFT, S("The cart expired unbought. Another one is made."),
			 S("Nothing to do: it is tried again within minutes."));
}

/* The answer is about what an earlier attempt did; `earlier` is when the last of those whose answer
 * is not in was sent, or none. */
static fault *look_for_order(struct run *run, const fault *answer, instant earlier,
			     struct outcome *out)
{
	bool sure = instant_is_none(earlier) ||
		    instant_since(run->now, earlier) >= ORDER_LISTS_ARE_LATE;

	if (sure && str_eq(str_of(answer->code), S(CART_GONE)))
		return forget_cart(run, out);
	if (!instant_is_none(earlier))
		TRY(set_checkout(run, earlier)); /* this one bought nothing */
	if (!sure)
		return step_wait(
			out, WAITS_MICROSOFT,
			S("The order was sent and its answer is not in. It is looked for, never "
			  "sent as a second order."),
			S("Nothing to do: new orders can take fifteen minutes to show."));
	return step_wait(
		out, WAITS_OPERATOR,
		S("Partner Center says that the cart was submitted, but lists no order of it."),
		S("Look for the order in Partner Center; when it is there, press Resume."));
}

/* Refusals that tell of this cart's own fate (vendor facts §3.8): gone, already submitted, busy, an
 * order in progress. */
static bool may_be_bought(const fault *answer)
{
	static const char *const codes[] = { CART_GONE, "800065", "800064", "800060" };

	for (size_t i = 0; i < COUNT(codes); i++)
		if (answer->code && str_eq(str_of(answer->code), str_of(codes[i])))
			return true;
	return false;
}

/* Said by whoever would have bought it, so nothing was; a failure or a silence proves nothing. */
static bool is_refusal(const fault *answer)
{
	return answer->kind == FAULT_INPUT || answer->kind == FAULT_DENIED ||
	       answer->kind == FAULT_MISSING || answer->kind == FAULT_CONFLICT;
}

static fault *not_bought(struct run *run, fault *answer, instant earlier, struct outcome *out)
{
	if (may_be_bought(answer))
		return look_for_order(run, answer, earlier, out);
	if (is_refusal(answer)) {
		TRY(set_checkout(run, earlier));
		TRY(run_keep(run));
	}
	return answer;
}

/* From here on an order may exist; false when somebody has asked to stop meanwhile. */
static fault *begin_checkout(struct run *run, bool *begun)
{
	int64_t changed;

	TRY(run_begin(run));
	TRY(conversion_begin_checkout(run->tx, run->c.id, tx_now(run->tx), &changed));
	*begun = changed > 0;
	return run_keep(run);
}

static fault *buy(struct run *run, struct outcome *out)
{
	instant earlier = run->c.checkout_at;
	str order = STR_NONE;
	fault *failed;
	bool begun;

	*out = (struct outcome){ .kind = OUTCOME_SAME, .said = STR_NONE };
	TRY(begin_checkout(run, &begun));
	if (!begun)
		return NULL;
	failed = reseller_checkout(&run->ms, run->c.tenant, run->c.cart, run->c.order_request,
				   &order);
	if (failed && str_is_none(order))
		return not_bought(run, failed, earlier, out);
	TRY(keep_order(run, order, out));
	if (failed) /* a part of it: the next step says which part is missing */
		out->said = str_format(run->arena, "The order %.*s is placed. %s", STR(order),
				       failed->said);
	return NULL;
}

/* The partner chose a day: until then nothing is bought, and nothing is asked. */
static fault *wait_for_day(struct run *run, struct outcome *out)
{
	int64_t left = instant_since(run->c.buy_at, run->now);

	TRY(step_wait(out, WAITS_NOBODY,
		      str_format(run->arena,
				 "It is bought on %.*s, as you chose. Until then nothing is bought "
				 "and nothing changes.",
				 STR(instant_for_people(run->arena, run->c.buy_at))),
		      S("Nothing to do. To buy earlier, press “Buy now instead”.")));
	out->look_again = left < HOURS(6) ? left : HOURS(6);
	return NULL;
}

static bool is_too_early(const struct run *run)
{
	return !instant_is_none(run->c.buy_at) && instant_before(run->now, run->c.buy_at) &&
	       instant_is_none(run->c.checkout_at) && str_is_none(run->c.order_id);
}

fault *step_order(struct run *run, struct outcome *out)
{
	bool found, ready = true;
	str order;

	if (is_too_early(run))
		return wait_for_day(run, out);
	if (!str_is_none(run->c.order_id))
		return step_next(out, STR_NONE);
	TRY(order_find(run, &order, &found));
	if (found)
		return keep_order(run, order, out);
	if (instant_is_none(run->c.checkout_at))
		TRY(prepare(run, out, &ready));
	return ready ? buy(run, out) : NULL;
}
