/* Manual 24–25: Provisioning turns into Running.  Up to three hours is normal; after four a person
 * is told (vendor facts §3.9). */
#include "conversion_sql.h"
#include "convert/order_note.h"
#include "convert/step.h"
#include "microsoft/reseller.h"

#define ALARM_AFTER HOURS(4)

struct progress {
	size_t lines, running;
	str wrong; /* what must not go on, in words */
};

static const struct reseller_order_line *line_of(const struct order_lines *lines, str note)
{
	for (size_t i = 0; i < lines->len; i++)
		if (str_eq(lines->at[i].note, note))
			return &lines->at[i];
	return NULL;
}

static const struct reseller_subscription *subscription_of(const struct reseller_subscriptions *all,
							   str subscription)
{
	for (size_t i = 0; i < all->len; i++)
		if (str_eq_nocase(all->at[i].id, subscription))
			return &all->at[i];
	return NULL;
}

static fault *keep_line(struct run *run, const struct plan_line *line, str subscription,
			instant cancel_until)
{
	if (!str_is_none(line->subscription) && str_eq(line->subscription, subscription))
		return NULL;
	TRY(run_begin(run));
	return plan_line_fulfil(run->tx, run->c.id, line->line, subscription, cancel_until);
}

static str wrong_goods(struct run *run, const struct plan_line *line, str sku, int64_t quantity)
{
	if (!str_eq_nocase(sku, line->target))
		return str_format(run->arena,
				  "Microsoft provisioned another product than %.*s was ordered.",
				  STR(line->target_title));
	return str_format(run->arena,
			  "Microsoft provisioned %lld seats of %.*s, %lld were ordered.",
			  (long long)quantity, STR(line->target_title), (long long)line->quantity);
}

/* Asks for everything before it writes anything: no transaction is open while Microsoft is asked.
 */
struct line_seen {
	bool ordered;
	const struct reseller_subscription *subscription;
	enum reseller_provisioning state;
	str sku;
	int64_t quantity;
};

static fault *ask_line(struct run *run, const struct order_lines *lines,
		       const struct reseller_subscriptions *all, const struct plan_line *line,
		       struct line_seen *seen)
{
	const struct reseller_order_line *ordered = line_of(
		lines, order_note(run->arena, &run->c, line->line));

	*seen = (struct line_seen){ .ordered = ordered, .state = PROVISION_PENDING };
	if (!ordered || str_is_empty(ordered->subscription))
		return NULL;
	seen->subscription = subscription_of(all, ordered->subscription);
	if (!seen->subscription || !str_eq(seen->subscription->status, S("active")))
		return NULL;
	return reseller_provisioning(&run->ms, run->c.tenant, seen->subscription->id, &seen->state,
				     &seen->sku, &seen->quantity);
}

static bool is_listed_by_now(const struct run *run)
{
	return instant_since(run->now, run->c.checkout_at) > ORDER_LISTS_ARE_LATE;
}

static fault *judge_line(struct run *run, const struct plan_line *line,
			 const struct line_seen *seen, struct progress *p)
{
	p->lines++;
	if (seen->subscription)
		TRY(keep_line(run, line, seen->subscription->id, seen->subscription->cancel_until));
	if (!seen->ordered && is_listed_by_now(run))
		p->wrong = str_format(run->arena,
				      "%.*s is missing from the order: Microsoft refused or "
				      "cancelled it.",
				      STR(line->title));
	switch (seen->state) {
	case PROVISION_PENDING: return NULL;
	case PROVISION_FAILED:
		p->wrong = str_format(run->arena, "Microsoft could not provision %.*s.",
				      STR(line->title));
		return NULL;
	case PROVISION_DONE: break;
	}
	if (str_eq_nocase(seen->sku, line->target) && seen->quantity == line->quantity)
		p->running++;
	else
		p->wrong = wrong_goods(run, line, seen->sku, seen->quantity);
	return NULL;
}

static fault *look(struct run *run, const struct plan *plan, struct progress *p)
{
	struct line_seen *seen = NEW_ARRAY(run->arena, struct line_seen, plan->len + 1);
	struct order_lines lines;
	struct reseller_subscriptions all;

	*p = (struct progress){ .wrong = STR_NONE };
	TRY(order_lines(run, run->c.order_id, &lines));
	TRY(reseller_subscriptions_read(&run->ms, run->c.tenant, &all));
	for (size_t i = 0; i < plan->len; i++)
		if (plan->at[i].buys)
			TRY(ask_line(run, &lines, &all, &plan->at[i], &seen[i]));
	for (size_t i = 0; i < plan->len; i++)
		if (plan->at[i].buys)
			TRY(judge_line(run, &plan->at[i], &seen[i], p));
	return NULL;
}

static fault *still_provisioning(struct run *run, const struct progress *p, struct outcome *out)
{
	str why = str_format(run->arena,
			     "Microsoft is provisioning: %zu of %zu subscription%s running.",
			     p->running, p->lines, p->lines == 1 ? " is" : "s are");

	if (instant_since(run->now, run->c.checkout_at) > ALARM_AFTER)
		return step_wait(
			out, WAITS_OPERATOR,
			S("Provisioning has taken more than four hours. The direct subscription is "
			  "untouched, nobody has lost anything."),
			S("Open a ticket with Microsoft, or stop the conversion to undo the "
			  "order."));
	return step_wait(out, WAITS_MICROSOFT, why,
			 S("Nothing to do: up to three hours are normal."));
}

fault *step_provision(struct run *run, struct outcome *out)
{
	struct plan plan;
	struct progress p;

	TRY(step_load_plan(run, &plan));
	TRY(look(run, &plan, &p));
	if (!str_is_none(p.wrong))
		return step_wait(
			out, WAITS_OPERATOR, p.wrong,
			S("Clear it up with Microsoft, or stop the conversion: the order can be "
			  "undone for seven days and the direct subscription is untouched."));
	if (p.running < p.lines)
		return still_provisioning(run, &p, out);
	return step_next(out, S("Every ordered subscription is running."));
}
