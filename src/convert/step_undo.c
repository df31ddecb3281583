/* Stop: users who were moved are put back, what was bought is cancelled again, inside the seven
 * days Microsoft gives (vendor facts §5.4), and the tenant is as it was.
 *
 * Never after the direct subscription was touched: taking the new licenses away would then leave
 * users with less, so the conversion goes on to its end instead. */
#include "conversion_sql.h"
#include "convert/notice.h"
#include "convert/order_note.h"
#include "convert/step.h"
#include "convert/verify.h"
#include "microsoft/reseller.h"

static fault *undone(struct outcome *out, str said)
{
	*out = (struct outcome){ .kind = OUTCOME_UNDONE, .said = said, .why = said };
	return NULL;
}

static bool moves_users(const struct plan *plan)
{
	for (size_t i = 0; i < plan->len; i++)
		if (plan_moves(&plan->at[i]))
			return true;
	return false;
}

static fault *wait_until_gone(struct outcome *out)
{
	return step_wait(out, WAITS_MICROSOFT,
			 S("The order is being cancelled; the direct subscription is untouched."),
			 S("Nothing to do. Please cancel nothing in the admin center meanwhile."));
}

/* *order is none when nothing was ever bought; *sure is false while that cannot be known. */
static fault *what_was_bought(struct run *run, str *order, bool *sure)
{
	bool found;

	*order = str_is_none(run->c.order_id) ? order_last_part(&run->c) : run->c.order_id;
	*sure = true;
	if (!str_is_none(run->c.order_id) || instant_is_none(run->c.checkout_at))
		return NULL;
	TRY(order_find(run, order, &found));
	if (!found) {
		*order = order_last_part(&run->c);
		*sure = instant_since(run->now, run->c.checkout_at) > ORDER_LISTS_ARE_LATE;
	}
	return NULL;
}

static str note_of(struct run *run, const struct plan_line *line)
{
	return order_note(run->arena, &run->c, line->line);
}

/* Cancels each subscription of the order; *left counts those that Microsoft still prepares, and
 * lines that another order of the same cart may still bring. */
static fault *cancel_order(struct run *run, str order, const struct plan *plan, size_t *left)
{
	bool late = !instant_is_none(run->c.checkout_at) &&
		    instant_since(run->now, run->c.checkout_at) <= ORDER_LISTS_ARE_LATE;
	struct order_lines lines;

	*left = 0;
	TRY(order_lines(run, order, &lines));
	for (size_t i = 0; i < lines.len; i++) {
		if (str_is_empty(lines.at[i].subscription)) {
			(*left)++;
			continue;
		}
		TRY(reseller_cancel(&run->ms, run->c.tenant, lines.at[i].subscription));
	}
	for (size_t i = 0; i < plan->len; i++)
		*left += late && plan->at[i].buys &&
			 !order_line_of(&lines, note_of(run, &plan->at[i]));
	return NULL;
}

/* One attempt to undo what was bought. */
struct undoing {
	struct run *run;
	str order;
	struct snapshot before, now;
	struct plan plan;
};

/* What an attempt cancelled in time, and died before it could say so; `stays` is what it did not
 * come to. */
static fault *count_cancelled(struct undoing *u, size_t *cancelled, size_t *stays)
{
	struct order_lines lines;
	struct reseller_subscriptions all;

	*cancelled = *stays = 0;
	TRY(order_lines(u->run, u->order, &lines));
	TRY(reseller_subscriptions_read(&u->run->ms, u->run->c.tenant, &all));
	for (size_t i = 0; i < u->plan.len; i++) {
		const struct plan_line *line = &u->plan.at[i];
		bool gone = order_is_cancelled(&lines, &all, note_of(u->run, line));

		*cancelled += line->buys && gone;
		*stays += line->buys && !gone;
	}
	return NULL;
}

/* Users who were put back have to be moved again; what of the order is cancelled is asked about
 * where orders are watched. */
static fault *go_on_instead(struct undoing *u, size_t cancelled, str why, struct outcome *out)
{
	enum conversion_step step = u->run->c.step, from = step;

	if (cancelled)
		from = STEP_PROVISION;
	else if (moves_users(&u->plan))
		from = STEP_MOVE_USERS;
	TRY(run_begin(u->run));
	TRY(conversion_clear_stopping(u->run->tx, u->run->c.id));
	*out = (struct outcome){ .kind = step > from ? OUTCOME_BACK : OUTCOME_SAME,
				 .back_to = from,
				 .said = why };
	return NULL;
}

static fault *too_late(struct undoing *u, struct outcome *out)
{
	size_t cancelled, stays;

	TRY(count_cancelled(u, &cancelled, &stays));
	return go_on_instead(u, cancelled,
			     S("The direct subscription has been cancelled already, so stopping "
			       "would take licenses away. The conversion goes on to its end."),
			     out);
}

static fault *window_closed(struct undoing *u, struct outcome *out)
{
	size_t cancelled, stays;

	TRY(count_cancelled(u, &cancelled, &stays));
	if (stays == 0)
		return wait_until_gone(out);
	return go_on_instead(u, cancelled,
			     S("Microsoft's seven days for undoing the order are over, so the new "
			       "subscription stays until its term ends. No license was lost. The "
			       "conversion goes on; nothing old ends unless the administrator "
			       "cancels it."),
			     out);
}

/* As Microsoft has told it; it is asked itself only once the users are back. */
static bool is_window_over(const struct run *run, const struct plan *plan)
{
	for (size_t i = 0; i < plan->len; i++)
		if (plan->at[i].buys && !instant_is_none(plan->at[i].cancel_until) &&
		    instant_since(run->now, plan->at[i].cancel_until) > 0)
			return true;
	return false;
}

/* What an attempt cancelled in time, and died before it could say so, stays cancelled. */
static bool is_too_late_to_cancel(const struct undoing *u)
{
	return moves_users(&u->plan) && is_window_over(u->run, &u->plan) &&
	       verify_new_units(&u->plan, &u->before, &u->now) != 0;
}

/* Somebody may hold our letter that asks to end the old subscription: the one that takes it back
 * goes out before the new licenses do. */
static fault *take_back_what_was_asked(struct run *run)
{
	if (run->c.step != STEP_CANCEL_OLD)
		return NULL;
	TRY(run_begin(run));
	TRY(notice_withdrawn(run->tx, run->context, &run->c));
	return run_keep(run);
}

/* A list that shows the direct subscriptions as they were may be of before somebody ended them:
 * each is asked for alone, and counts as it is. */
static fault *ask_direct_alone(struct undoing *u)
{
	for (size_t i = 0; i < u->now.subscriptions.len; i++) {
		struct snapshot_subscription *s = &u->now.subscriptions.at[i];
		const struct snapshot_subscription *was = snapshot_find(&u->before, s->id);
		struct license_subscriptions one;

		if (!was || !plan_ends(was))
			continue;
		TRY(license_subscription_of(&u->run->ms, u->run->c.tenant, s->id, &one));
		s->status = one.len ? one.at[0].status : S("Deleted");
		s->units = one.len ? one.at[0].units : 0;
	}
	return NULL;
}

static fault *undo_order(struct undoing *u, struct outcome *out)
{
	struct run *run = u->run;
	size_t left;
	bool back;
	fault *failed;

	TRY(step_load(run, &u->before, &u->plan));
	TRY(step_look(run, &u->now));
	TRY(ask_direct_alone(u));
	if (verify_old_touched(&u->plan, &u->before, &u->now))
		return too_late(u, out);
	if (is_too_late_to_cancel(u))
		return window_closed(u, out);
	TRY(step_users_back(run, &u->before, &u->plan, &u->now, out, &back));
	if (!back)
		return NULL;
	TRY(take_back_what_was_asked(run));
	failed = cancel_order(run, u->order, &u->plan, &left);
	if (failed && failed->code && str_eq(str_of(failed->code), S("900117")))
		return window_closed(u, out);
	if (failed)
		return failed;
	if (left)
		return wait_until_gone(out);
	TRY(step_look(run, &u->now));
	if (verify_new_units(&u->plan, &u->before, &u->now) > 0)
		return wait_until_gone(out);
	return undone(out, S("The order is cancelled and the tenant is as it was."));
}

fault *step_undo(struct run *run, struct outcome *out)
{
	str order;
	bool sure;

	if (str_is_none(run->c.tenant))
		return undone(out, S("Stopped before anything was bought; nothing was changed."));
	TRY(what_was_bought(run, &order, &sure));
	if (!sure)
		return step_wait(
			out, WAITS_MICROSOFT,
			S("An order was sent and its answer is not in; it is looked for before "
			  "anything is called undone."),
			S("Nothing to do: new orders can take fifteen minutes to show."));
	if (str_is_none(order))
		return undone(out, S("Stopped before anything was bought; nothing was changed."));
	return undo_order(&(struct undoing){ .run = run, .order = order }, out);
}
