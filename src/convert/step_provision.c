/* Manual 24–25: Provisioning turns into Running.  Up to three hours is normal; after four a person
 * is told (vendor facts §3.9). */
#include "cancel_line_sql.h"
#include "conversion_sql.h"
#include "convert/decision.h"
#include "convert/order_note.h"
#include "convert/step.h"
#include "microsoft/reseller.h"
#include "plan_sql.h"
#include "user_move_sql.h"

#define ALARM_AFTER HOURS(4)

struct progress {
	size_t lines, running, missed;
	str wrong;   /* what must not go on, in words */
	str missing; /* lines not ordered, or cancelled since: their numbers, between blanks */
	str names;   /* the same in words, with the reason */
	const struct plan_line *more; /* provisioned with more seats than ordered */
	int64_t seats;
};

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
				  "Microsoft provisioned another product than %.*s, which was "
				  "ordered.",
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
	const struct reseller_order_line *ordered = order_line_of(
		lines, order_note(run->arena, &run->c, line->line));

	*seen = (struct line_seen){ .ordered = ordered, .state = PROVISION_PENDING };
	if (!ordered || str_is_empty(ordered->subscription))
		return NULL;
	seen->subscription = reseller_subscription_of(all, ordered->subscription);
	if (!seen->subscription || !str_eq(seen->subscription->status, S("active")))
		return NULL;
	return reseller_provisioning(&run->ms, run->c.tenant, seen->subscription->id, &seen->state,
				     &seen->sku, &seen->quantity);
}

static bool is_listed_by_now(const struct run *run)
{
	return instant_since(run->now, run->c.checkout_at) > ORDER_LISTS_ARE_LATE;
}

/* Too many carry everybody, and a person may take them; anything else must be cleared up. */
static void judge_goods(struct run *run, const struct plan_line *line, const struct line_seen *seen,
			struct progress *p)
{
	bool same = str_eq_nocase(seen->sku, line->target);

	if (same && seen->quantity == line->quantity) {
		p->running++;
	} else if (same && seen->quantity > line->quantity) {
		p->more = line;
		p->seats = seen->quantity;
	} else {
		p->wrong = wrong_goods(run, line, seen->sku, seen->quantity);
	}
}

/* `why` it is not there, in words. */
static void note_missing(struct run *run, const struct plan_line *line, const char *why,
			 struct progress *p)
{
	bool first = p->missed++ == 0;

	p->missing = str_format(run->arena, "%.*s%s%lld", STR(p->missing), first ? "" : " ",
				(long long)line->line);
	p->names = str_format(run->arena, "%.*s%s%.*s (%s)", STR(p->names), first ? "" : ", ",
			      STR(line->target_title), why);
}

static fault *judge_line(struct run *run, const struct plan_line *line,
			 const struct line_seen *seen, struct progress *p)
{
	p->lines++;
	if (seen->subscription)
		TRY(keep_line(run, line, seen->subscription->id, seen->subscription->cancel_until));
	if (!seen->ordered && is_listed_by_now(run))
		note_missing(run, line, "Microsoft did not take it", p);
	if (seen->subscription && reseller_is_cancelled(seen->subscription))
		note_missing(run, line, "it was cancelled", p);
	switch (seen->state) {
	case PROVISION_PENDING: return NULL;
	case PROVISION_FAILED:
		p->wrong = str_format(run->arena, "Microsoft could not provision %.*s.",
				      STR(line->title));
		return NULL;
	case PROVISION_DONE: break;
	}
	judge_goods(run, line, seen, p);
	return NULL;
}

static fault *look(struct run *run, const struct plan *plan, struct progress *p)
{
	struct line_seen *seen = NEW_ARRAY(run->arena, struct line_seen, plan->len + 1);
	struct order_lines lines;
	struct reseller_subscriptions all;

	*p = (struct progress){ .wrong = STR_NONE, .missing = STR_NONE, .names = STR_NONE };
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

static bool is_among(str numbers, int64_t line)
{
	str one;

	while (str_next(&numbers, ' ', &one)) {
		int64_t number;

		if (str_to_int64(one, &number) && number == line)
			return true;
	}
	return false;
}

static fault *leave(struct run *run, const struct plan_line *line)
{
	TRY(plan_line_leave(run->tx, run->c.id, line->line,
			    S("It is not ordered with the rest: it stays as it is.")));
	TRY(user_move_forget(run->tx, run->c.id, line->sku));
	return cancel_line_forget(run->tx, run->c.id, line->sku);
}

/* The missing lines stay as the tenant has them. */
static fault *leave_missing(struct run *run, const struct plan *plan, const struct progress *p,
			    struct outcome *out)
{
	TRY(run_begin(run));
	for (size_t i = 0; i < plan->len; i++)
		if (is_among(p->missing, plan->at[i].line))
			TRY(leave(run, &plan->at[i]));
	*out = (struct outcome){ .kind = OUTCOME_SAME,
				 .said = str_format(run->arena, "Left as they were: %.*s.",
						    STR(p->names)) };
	return NULL;
}

/* Back to "order", for the rest alone. */
static fault *order_rest(struct run *run, const struct progress *p, struct outcome *out)
{
	str parts = str_format(run->arena, "%.*s %.*s", STR(run->c.part_orders),
			       STR(run->c.order_id));

	TRY(run_begin(run));
	TRY(conversion_order_rest(
		run->tx, run->c.id, str_trim(parts),
		order_request_of(run->arena, run->c.order_request, run->c.order_id)));
	*out = (struct outcome){ .kind = OUTCOME_BACK,
				 .back_to = STEP_ORDER,
				 .said = str_format(run->arena,
						    "Orders the missing part again: %.*s.",
						    STR(p->names)) };
	return NULL;
}

/* A line can be left as it was where something else was ordered, and its users have what they had:
 * where ours was cancelled after they were moved, they need it again. */
static fault *can_be_left(struct run *run, const struct plan *plan, const struct progress *p,
			  bool *can)
{
	struct user_move_away away;
	bool found;

	*can = p->missed < p->lines;
	TRY(run_begin(run));
	for (size_t i = 0; i < plan->len && *can; i++) {
		if (!is_among(p->missing, plan->at[i].line))
			continue;
		TRY(user_move_away(run->tx, run->c.id, plan->at[i].sku, &away, &found));
		*can = away.licenses == 0;
	}
	return NULL;
}

/* A part of the order was refused, or is cancelled.  What an answer is good for is this very order:
 * the next one that is not whole is another question. */
static fault *ask_missing(struct run *run, const struct plan *plan, const struct progress *p,
			  struct outcome *out)
{
	str about, answer;
	bool can;

	TRY(can_be_left(run, plan, p, &can));
	about = str_format(run->arena, "%.*s: %.*s%s", STR(run->c.order_id), STR(p->missing),
			   can ? "" : ", which users need");
	TRY(decision_answer(run, DECISION_PART, about, &answer));
	if (str_eq(answer, S("leave")))
		return leave_missing(run, plan, p, out);
	if (str_eq(answer, S("order-again")))
		return order_rest(run, p, out);
	return decision_ask(run, DECISION_PART, about,
			    str_format(run->arena,
				       "The order is not whole. Missing: %.*s. What else was "
				       "ordered runs or is being prepared. How shall it go on?",
				       STR(p->names)),
			    can ? NULL : "order-again", out);
}

static fault *ask_more(struct run *run, const struct progress *p, struct outcome *out)
{
	const struct plan_line *line = p->more;
	str about = str_format(run->arena, "%lld: %lld", (long long)line->line,
			       (long long)p->seats);
	str answer;

	TRY(decision_answer(run, DECISION_QUANTITY, about, &answer));
	if (str_is_none(answer))
		return decision_ask(run, DECISION_QUANTITY, about,
				    wrong_goods(run, line, line->target, p->seats), NULL, out);
	TRY(run_begin(run));
	TRY(plan_line_set_quantity(run->tx, run->c.id, line->line, p->seats));
	*out = (struct outcome){ .kind = OUTCOME_SAME,
				 .said = str_format(run->arena, "Goes on with %lld seats of %.*s.",
						    (long long)p->seats, STR(line->target_title)) };
	return NULL;
}

static fault *goes_wrong(struct run *run, const struct plan *plan, const struct progress *p,
			 struct outcome *out)
{
	if (!str_is_none(p->wrong))
		return step_wait(
			out, WAITS_OPERATOR, p->wrong,
			S("Clear it up with Microsoft, or stop the conversion: the order can be "
			  "undone for seven days and the direct subscription is untouched."));
	return str_is_none(p->missing) ? ask_more(run, p, out) : ask_missing(run, plan, p, out);
}

fault *step_provision(struct run *run, struct outcome *out)
{
	struct plan plan;
	struct progress p;

	TRY(step_load_plan(run, &plan));
	TRY(look(run, &plan, &p));
	if (!str_is_none(p.wrong) || !str_is_none(p.missing) || p.more)
		return goes_wrong(run, &plan, &p, out);
	if (p.running < p.lines)
		return still_provisioning(run, &p, out);
	return step_next(out, S("Every ordered subscription is running."));
}
