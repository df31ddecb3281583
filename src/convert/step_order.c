/* Manual 16–23: the matching order, once.
 *
 * Look before create: an order that carries our note is ours, whoever's answer was lost.  A cart is
 * kept before it is bought, and when it was first bought is kept before we ask, so that every retry
 * asks for the same cart with the same MS-RequestId.  New orders may take fifteen minutes to show
 * in the list (microsoft.md 3.8), so an empty list soon after a checkout proves nothing. */
#include "conversion_sql.h"
#include "convert/order_note.h"
#include "convert/step.h"
#include "convert/verify.h"
#include "microsoft/reseller.h"

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
		.kind = OUTCOME_BACK_TO_RECORD,
		.said = str_format(run->arena,
				   "%.*s Nothing was bought; the plan is made anew and needs a new "
				   "approval.",
				   STR(why)),
	};
	return NULL;
}

/* The lines as the catalogue sells them this minute: availabilities are reissued and must not be
 * stored (microsoft.md 3.7). */
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
		TRY(reseller_offer_find(&run->ms, l->sku, l->term, l->billing, &offer, &found));
		if (!found || l->quantity < offer.least || l->quantity > offer.most) {
			*gone = l->title;
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

static fault *make_cart(struct run *run, const struct plan *plan, struct outcome *out)
{
	struct reseller_line *lines = NEW_ARRAY(run->arena, struct reseller_line, plan->len + 1);
	size_t count;
	str gone, cart;

	TRY(lines_make(run, plan, lines, &count, &gone));
	if (!str_is_none(gone))
		return plan_anew(
			run,
			str_format(run->arena, "%.*s is no longer on sale as planned.", STR(gone)),
			out);
	TRY(reseller_cart(&run->ms, run->c.tenant, lines, count, run->c.order_request, &cart));
	TRY(run_begin(run));
	TRY(conversion_set_cart(run->tx, run->c.id, cart));
	*out = (struct outcome){ .kind = OUTCOME_SAME, .said = STR_NONE };
	return NULL;
}

/* The approved plan holds only for the tenant it was made on. */
static fault *check_tenant(struct run *run, struct plan *plan, str *changed)
{
	struct snapshot before, now;
	struct verify_differences d;

	TRY(step_load(run, &before, plan));
	TRY(step_look(run, &now));
	d = verify_unchanged(run->arena, plan, &before, &now);
	*changed = d.len ? str_format(run->arena, "The tenant has changed since the approval: %.*s",
				      STR(verify_text(run->arena, &d)))
			 : STR_NONE;
	return NULL;
}

static fault *prepare(struct run *run, struct outcome *out)
{
	struct plan plan;
	str changed;

	TRY(check_tenant(run, &plan, &changed));
	if (!str_is_none(changed))
		return plan_anew(run, changed, out);
	return make_cart(run, &plan, out);
}

#define CART_GONE "800008"

/* After this long an order that is not in the list was never placed. */
#define LISTS_ARE_LATE MINUTES(30)

static fault *look_for_order(struct run *run, const fault *answer, struct outcome *out)
{
	if (instant_since(run->now, run->c.checkout_at) < LISTS_ARE_LATE)
		return step_wait(
			out, WAITS_MICROSOFT,
			S("The order was sent and its answer is not in. It is looked for, never "
			  "sent as a second order."),
			S("Nothing to do: new orders can take fifteen minutes to show."));
	if (str_eq(str_of(answer->code), S(CART_GONE))) { /* and nothing was bought from it */
		TRY(run_begin(run));
		TRY(conversion_set_cart(run->tx, run->c.id, STR_NONE));
		TRY(conversion_set_checkout(run->tx, run->c.id, INSTANT_NONE));
		*out = (struct outcome){ .kind = OUTCOME_SAME,
					 .said = S("The cart expired unbought.") };
		return NULL;
	}
	return step_wait(
		out, WAITS_OPERATOR,
		S("Partner Center says that the cart was submitted, but lists no order of it."),
		S("Look for the order in Partner Center; when it is there, press Resume."));
}

/* Refusals that tell of this cart's own fate (microsoft.md 3.8): gone, already submitted, busy, an
 * order in progress.  Every other one says that nothing was bought. */
static bool may_be_bought(const fault *answer)
{
	static const char *const codes[] = { CART_GONE, "800065", "800064", "800060" };

	for (size_t i = 0; i < COUNT(codes); i++)
		if (answer->code && str_eq(str_of(answer->code), str_of(codes[i])))
			return true;
	return false;
}

static fault *buy(struct run *run, struct outcome *out)
{
	fault *failed;
	str order = STR_NONE;

	if (instant_is_none(run->c.checkout_at)) {
		TRY(run_begin(run));
		TRY(conversion_set_checkout(run->tx, run->c.id, tx_now(run->tx)));
		TRY(run_keep(run));
	}
	failed = reseller_checkout(&run->ms, run->c.tenant, run->c.cart, run->c.order_request,
				   &order);
	if (!failed)
		return keep_order(run, order, out);
	return may_be_bought(failed) ? look_for_order(run, failed, out) : failed;
}

fault *step_order(struct run *run, struct outcome *out)
{
	str order;
	bool found;

	if (!str_is_none(run->c.order_id))
		return step_next(out, STR_NONE);
	TRY(order_find(run, &order, &found));
	if (found)
		return keep_order(run, order, out);
	if (str_is_none(run->c.cart))
		return prepare(run, out);
	return buy(run, out);
}
