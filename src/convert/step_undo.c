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

/* Users who were put back already have to be moved again. */
static fault *go_on_instead(struct run *run, str why, struct outcome *out)
{
	struct plan plan;
	bool again;

	TRY(step_load_plan(run, &plan));
	again = run->c.step > STEP_MOVE_USERS && moves_users(&plan);
	TRY(run_begin(run));
	TRY(conversion_clear_stopping(run->tx, run->c.id));
	*out = (struct outcome){ .kind = again ? OUTCOME_BACK : OUTCOME_SAME,
				 .back_to = STEP_MOVE_USERS,
				 .said = why };
	return NULL;
}

static fault *too_late(struct run *run, struct outcome *out)
{
	return go_on_instead(run,
			     S("The direct subscription has been cancelled already, so stopping "
			       "would take licenses away. The conversion goes on to its end."),
			     out);
}

static fault *window_closed(struct run *run, struct outcome *out)
{
	return go_on_instead(run,
			     S("Microsoft's seven days for undoing the order are over, so the new "
			       "subscription stays until its term ends. No license was lost. The "
			       "conversion goes on; nothing old ends unless the administrator "
			       "cancels it."),
			     out);
}

/* An order that came back in part, where the rest is being ordered again. */
static str first_part(const struct run *run)
{
	str parts = run->c.part_orders, first = STR_NONE;

	return str_is_none(parts) || !str_next(&parts, ' ', &first) ? STR_NONE : first;
}

/* *order is none when nothing was ever bought; *sure is false while that cannot be known. */
static fault *what_was_bought(struct run *run, str *order, bool *sure)
{
	bool found;

	*order = str_is_none(run->c.order_id) ? first_part(run) : run->c.order_id;
	*sure = true;
	if (!str_is_none(run->c.order_id) || instant_is_none(run->c.checkout_at))
		return NULL;
	TRY(order_find(run, order, &found));
	if (!found) {
		*order = first_part(run);
		*sure = instant_since(run->now, run->c.checkout_at) > ORDER_LISTS_ARE_LATE;
	}
	return NULL;
}

static bool is_listed(struct run *run, const struct order_lines *lines, int64_t line)
{
	str note = order_note(run->arena, &run->c, line);

	for (size_t i = 0; i < lines->len; i++)
		if (str_eq(lines->at[i].note, note))
			return true;
	return false;
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
		*left += late && plan->at[i].buys && !is_listed(run, &lines, plan->at[i].line);
	return NULL;
}

static fault *wait_until_gone(struct outcome *out)
{
	return step_wait(out, WAITS_MICROSOFT,
			 S("The order is being cancelled; the direct subscription is untouched."),
			 S("Nothing to do. Please cancel nothing in the admin center meanwhile."));
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

static fault *users_back(struct run *run, const struct snapshot *before, const struct plan *plan,
			 const struct snapshot *now, struct outcome *out, bool *done)
{
	*done = true;
	if (!moves_users(plan))
		return NULL;
	/* What an attempt cancelled in time, and died before it could say so, stays cancelled. */
	if (!is_window_over(run, plan) || verify_new_units(plan, before, now) == 0)
		return step_users_back(run, before, plan, now, out, done);
	*done = false;
	return window_closed(run, out);
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

static fault *undo_order(struct run *run, str order, struct outcome *out)
{
	struct snapshot before, now;
	struct plan plan;
	size_t left;
	bool back;
	fault *failed;

	TRY(step_load(run, &before, &plan));
	TRY(step_look(run, &now));
	if (verify_old_touched(&plan, &before, &now))
		return too_late(run, out);
	TRY(users_back(run, &before, &plan, &now, out, &back));
	if (!back)
		return NULL;
	TRY(take_back_what_was_asked(run));
	failed = cancel_order(run, order, &plan, &left);
	if (failed && failed->code && str_eq(str_of(failed->code), S("900117")))
		return window_closed(run, out);
	if (failed)
		return failed;
	if (left)
		return wait_until_gone(out);
	TRY(step_look(run, &now));
	if (verify_new_units(&plan, &before, &now) > 0)
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
	return undo_order(run, order, out);
}
