/* Manual 26–29 and 31: what the tenant must show, read afresh each time. */
#include "convert/loss.h"
#include "convert/step.h"
#include "convert/verify.h"

/* Graph's counters follow Partner Center with a delay; a difference that stays is somebody's doing.
 */
#define COUNTERS_ARE_LATE HOURS(1)

static bool is_late(const struct run *run)
{
	return run->c.waits_for == WAITS_PARTNER ||
	       (run->c.state == CONVERSION_WAITING && !instant_is_none(run->c.waits_since) &&
		instant_since(run->now, run->c.waits_since) > COUNTERS_ARE_LATE);
}

/* What one look compares. */
struct seen {
	struct snapshot before, now;
	struct plan plan;
};

/* Microsoft's counters may be late; afterwards it is somebody's doing, and a lost license is asked
 * about by name. */
static fault *differs(struct run *run, const struct seen *seen, const struct verify_differences *d,
		      str next_thing, struct outcome *out)
{
	str why = verify_text(run->arena, d);
	bool asked = false;

	if (!is_late(run))
		return step_wait(out, WAITS_MICROSOFT, why,
				 S("Nothing to do: the counters follow within minutes, usually."));
	TRY(loss_ask(run, &seen->plan, &seen->before, &seen->now, out, &asked));
	return asked ? NULL : step_wait(out, WAITS_PARTNER, why, next_thing);
}

/* Somebody in the tenant did not wait for our word.  Nothing can bring the old subscription back
 * from here, and nobody needs it: the new licenses carry everybody. */
static bool is_cancelled_early(const struct run *run, const struct plan *plan,
			       const struct snapshot *before, const struct snapshot *now)
{
	return verify_old_touched(plan, before, now) &&
	       verify_ready(run->arena, plan, before, now).len == 0;
}

static fault *cancelled_early(struct run *run, struct seen *s, struct outcome *out)
{
	bool moved = verify_moved(run->arena, &s->plan, &s->before, &s->now).len == 0;

	TRY(run_begin(run));
	TRY(snapshot_keep(run->tx, run->c.id, SNAPSHOT_BETWEEN, &s->now));
	return step_next(out, moved ? S("Somebody in the tenant has cancelled a direct "
					"subscription early. The new licenses are there and carry "
					"every user: nobody lost one.")
				    : S("Somebody in the tenant has cancelled a direct "
					"subscription early. The new licenses are there, and its "
					"users are moved to them now."));
}

static fault *look(struct run *run, struct seen *seen)
{
	TRY(step_load(run, &seen->before, &seen->plan));
	return step_look(run, &seen->now);
}

fault *step_see_both(struct run *run, struct outcome *out)
{
	struct seen s;
	struct verify_differences d;

	TRY(look(run, &s));
	d = verify_both(run->arena, &s.plan, &s.before, &s.now);
	if (d.len && is_cancelled_early(run, &s.plan, &s.before, &s.now))
		return cancelled_early(run, &s, out);
	if (d.len)
		return differs(run, &s, &d,
			       S("Find out who changed it. Put it back and press Resume, or stop "
				 "the conversion: nothing old was cancelled."),
			       out);
	TRY(run_begin(run));
	TRY(snapshot_keep(run->tx, run->c.id, SNAPSHOT_BETWEEN, &s.now));
	return step_next(out,
			 S("Both sets of licenses are there, and every user is still licensed."));
}

/* The administrator may take a cancellation back for ninety days (vendor facts §5.3). */
static fault *runs_again(struct outcome *out)
{
	*out = (struct outcome){ .kind = OUTCOME_BACK,
				 .back_to = STEP_CANCEL_OLD,
				 .said = S("A direct subscription runs again.") };
	return NULL;
}

/* It was cancelled before everybody was moved. */
static fault *users_left(const struct verify_differences *d, struct outcome *out)
{
	*out = (struct outcome){ .kind = OUTCOME_BACK,
				 .back_to = STEP_MOVE_USERS,
				 .said = d->at[0] };
	return NULL;
}

fault *step_see_only_new(struct run *run, struct outcome *out)
{
	struct seen s;
	struct verify_differences d;

	TRY(look(run, &s));
	if (verify_old_units(&s.plan, &s.before, &s.now) > 0)
		return runs_again(out);
	d = verify_moved(run->arena, &s.plan, &s.before, &s.now);
	if (d.len)
		return users_left(&d, out);
	d = verify_only_new(run->arena, &s.plan, &s.before, &s.now);
	if (d.len)
		return differs(run, &s, &d,
			       S("Find out who changed it, put it back and press Resume."), out);
	TRY(run_begin(run));
	TRY(snapshot_keep(run->tx, run->c.id, SNAPSHOT_AFTER, &s.now));
	return step_next(
		out, S("Only the new licenses are there; valid and assigned are what they were."));
}
