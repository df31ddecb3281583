/* Manual 30: the direct subscription ends.  No call can do that for most accounts
 * (vendor facts §5.5), so the administrator is told exactly what to press, and the tenant is
 * watched for the result.
 *
 * Each look first proves again that the new licenses carry everybody: the instruction is only on
 * the page while that holds. */
#include "convert/turn.h"
#include "convert/verify.h"

static fault *guide(struct run *run, const struct plan *plan, int64_t left, struct outcome *out)
{
	struct text names = text_open(run->arena);
	size_t count = 0;

	for (size_t i = 0; i < plan->len; i++)
		if (plan->at[i].buys)
			text_format(&names, "%s%.*s", count++ ? ", " : "", STR(plan->at[i].title));
	return step_wait(out, WAITS_ADMINISTRATOR,
			 str_format(run->arena,
				    "The new licenses are in place. %lld seat%s of the direct "
				    "subscription%s %.*s "
				    "remain%s to be cancelled.",
				    (long long)left, left == 1 ? "" : "s", count == 1 ? "" : "s",
				    STR(text_str(&names)), left == 1 ? "s" : ""),
			 turn_words(TURN_CANCEL_OLD));
}

static fault *hold_back(struct run *run, const struct verify_differences *d, struct outcome *out)
{
	return step_wait(out, WAITS_PARTNER,
			 str_format(run->arena, "Do not cancel anything yet. %.*s",
				    STR(verify_text(run->arena, d))),
			 S("Find out who changed it. Put it back and press Resume, or stop the "
			   "conversion."));
}

static fault *users_left(const struct verify_differences *d, struct outcome *out)
{
	*out = (struct outcome){ .kind = OUTCOME_BACK,
				 .back_to = STEP_MOVE_USERS,
				 .said = d->at[0] };
	return NULL;
}

fault *step_cancel_old(struct run *run, struct outcome *out)
{
	struct snapshot before, now;
	struct verify_differences d;
	struct plan plan;
	int64_t left;

	TRY(step_load(run, &before, &plan));
	TRY(step_look(run, &now));
	left = verify_old_units(&plan, &before, &now);
	if (left == 0)
		return step_next(out, S("The direct subscription is cancelled."));
	d = verify_moved(run->arena, &plan, &before, &now);
	if (d.len) /* somebody was given the old license since */
		return users_left(&d, out);
	d = verify_moving(run->arena, &plan, &before, &now);
	if (d.len)
		return hold_back(run, &d, out);
	return guide(run, &plan, left, out);
}
