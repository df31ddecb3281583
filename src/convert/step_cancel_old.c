/* Manual 30: the direct subscriptions end.  No call can do that for most accounts
 * (vendor facts §5.5), so the administrator is told exactly what to press; where they allowed it
 * and the account can, it is done through Azure Billing (vendor facts §4).  Either way it is the
 * tenant, read afresh, that proves it.
 *
 * Each look first proves again that the new licenses carry everybody: nothing is asked of anybody,
 * and nothing done, unless that holds. */
#include "base/log.h"
#include "convert/cancel_deed.h"
#include "convert/cancel_guide.h"
#include "convert/loss.h"
#include "convert/turn.h"
#include "convert/verify.h"

/* What ends by itself ends in weeks or months. */
#define LOOK_AT_THE_END HOURS(1)

struct looking {
	struct snapshot before, now;
	struct plan plan;
	struct billing_facts facts;
	struct cancel_lines known, lines;
};

static fault *lines_load(struct run *run, struct cancel_lines *lines)
{
	DEFER(tx_end) struct tx *tx = NULL;

	TRY(tx_begin(run->job->store, STORE_READ, run->arena, &tx));
	return cancel_line_load(tx, run->c.id, lines);
}

/* The billing account helps where it can; that it does not answer keeps nobody from going on by
 * hand. */
static fault *billing_look(struct run *run, struct looking *l)
{
	fault *failed = billing_facts_read(run, &l->before, &l->facts);

	if (failed && (failed->kind == FAULT_REMOTE || failed->kind == FAULT_BUSY)) {
		log_fault(LOG_WARN, "convert", "the billing account was not read", failed);
		l->facts.read = BILLING_FAILED;
		l->facts.may_cancel = false;
		return NULL;
	}
	return failed;
}

static fault *look(struct run *run, struct looking *l)
{
	TRY(step_load(run, &l->before, &l->plan));
	TRY(step_look(run, &l->now));
	TRY(billing_look(run, l));
	TRY(lines_load(run, &l->known));
	l->lines = cancel_line_look(run->arena, &l->plan, &l->before, &l->now, &l->facts, &l->known,
				    run->now);
	return NULL;
}

/* What the look showed is on the pages before anything is asked. */
static fault *keep(struct run *run, const struct looking *l)
{
	TRY(run_begin(run));
	return cancel_line_keep(run->tx, &run->c, &l->known, &l->lines);
}

static const struct plan_line *bought_as(const struct plan *plan, str sku)
{
	for (size_t i = 0; i < plan->len; i++)
		if (plan->at[i].buys && str_eq(plan->at[i].target, sku))
			return &plan->at[i];
	return NULL;
}

/* One of ours that no longer runs: somebody pressed at the wrong one. */
static const struct snapshot_subscription *ours_gone(const struct looking *l)
{
	for (size_t i = 0; i < l->now.subscriptions.len; i++) {
		const struct snapshot_subscription *s = &l->now.subscriptions.at[i];

		if (s->owner == OWNER_OURS && !str_eq(s->status, S("Enabled")) &&
		    !snapshot_find(&l->before, s->id) && bought_as(&l->plan, s->sku))
			return s;
	}
	return NULL;
}

static fault *wrong_one(struct run *run, const struct looking *l,
			const struct snapshot_subscription *s, struct outcome *out)
{
	const struct plan_line *line = bought_as(&l->plan, s->sku);

	return step_wait(
		out, WAITS_PARTNER,
		str_format(run->arena,
			   "The new subscription of %.*s was cancelled, not the old one "
			   "(subscription id %.*s, %lld seats). Cancel nothing else: %s",
			   STR(line->target_title), STR(s->id), (long long)s->units,
			   verify_old_touched(&l->plan, &l->before, &l->now)
				   ? "a part of the old ones is gone as well, so users are about "
				     "to lose access."
				   : "the old one still carries everybody."),
		S("In Partner Center set the new subscription to active again, then press "
		  "Resume. Ask the administrator to leave it alone."));
}

static fault *hold_back(struct run *run, const struct looking *l,
			const struct verify_differences *d, struct outcome *out)
{
	const struct snapshot_subscription *ours = ours_gone(l);
	bool asked;

	TRY(keep(run, l));
	if (ours)
		return wrong_one(run, l, ours, out);
	TRY(loss_ask(run, &l->plan, &l->before, &l->now, out, &asked));
	if (asked)
		return NULL;
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

static bool is_left(const struct run *run, const struct cancel_line *line)
{
	enum cancel_way way = cancel_line_way(line, run->c.account, run->now);

	return way != CANCEL_DONE && way != CANCEL_ENDS;
}

/* "12 seats of Business Standard (1c9e0b77…), 3 seats of …" */
static str left_in_words(struct run *run, const struct looking *l, bool left)
{
	struct text said = text_open(run->arena);

	for (size_t i = 0; i < l->lines.len; i++) {
		const struct cancel_line *line = &l->lines.at[i];

		if (!instant_is_none(line->gone_at) || is_left(run, line) != left)
			continue;
		text_format(&said, "%s%lld seat%s of %.*s (%.*s…)", said.len ? ", " : "",
			    (long long)line->units, line->units == 1 ? "" : "s", STR(line->title),
			    STR(str_part(line->subscription, 0, 8)));
	}
	return text_str(&said);
}

static str refusals_in_words(struct run *run, const struct looking *l)
{
	struct text said = text_open(run->arena);

	for (size_t i = 0; i < l->lines.len; i++) {
		const struct cancel_line *line = &l->lines.at[i];

		if (!str_is_empty(line->refused) && is_left(run, line))
			text_format(&said, " Through Azure Billing it could not be done: %.*s",
				    STR(line->refused));
	}
	return text_str(&said);
}

static fault *guide(struct run *run, const struct looking *l, struct outcome *out)
{
	return step_wait(out, WAITS_ADMINISTRATOR,
			 str_format(run->arena,
				    "The new licenses are in place and carry everybody. Still to "
				    "be ended is what was bought directly: %.*s.%.*s",
				    STR(left_in_words(run, l, true)),
				    STR(refusals_in_words(run, l))),
			 turn_words(TURN_CANCEL_OLD));
}

/* The latest day on which one of those that end by themselves ends. */
static instant last_end(const struct run *run, const struct looking *l)
{
	instant last = INSTANT_NONE;

	for (size_t i = 0; i < l->lines.len; i++) {
		const struct cancel_line *line = &l->lines.at[i];

		if (!instant_is_none(line->gone_at) || is_left(run, line) ||
		    instant_is_none(line->renews_at))
			continue;
		if (instant_is_none(last) || instant_before(last, line->renews_at))
			last = line->renews_at;
	}
	return last;
}

static fault *wait_for_the_end(struct run *run, const struct looking *l, struct outcome *out)
{
	instant last = last_end(run, l);
	str when = instant_is_none(last) ? S("its term")
					 : day_for_people(run->arena, instant_day(last));

	TRY(step_wait(out, WAITS_NOBODY,
		      str_format(run->arena,
				 "What was bought directly ends by itself: %.*s. The last day is "
				 "%.*s; Microsoft may keep it usable for up to 30 days more.",
				 STR(left_in_words(run, l, false)), STR(when)),
		      S("Nothing to do: nothing renews, and the conversion goes on when it has "
			"ended.")));
	out->look_again = LOOK_AT_THE_END;
	return NULL;
}

static bool any_left(const struct run *run, const struct looking *l)
{
	for (size_t i = 0; i < l->lines.len; i++)
		if (is_left(run, &l->lines.at[i]))
			return true;
	return false;
}

fault *step_cancel_old(struct run *run, struct outcome *out)
{
	struct verify_differences d;
	struct looking l;
	bool acted = false;

	TRY(look(run, &l));
	if (verify_old_units(&l.plan, &l.before, &l.now) == 0) {
		TRY(keep(run, &l));
		return step_next(out, S("Every direct subscription of the plan is cancelled."));
	}
	d = verify_moved(run->arena, &l.plan, &l.before, &l.now);
	if (d.len) /* somebody was given the old license since */
		return users_left(&d, out);
	d = verify_moving(run->arena, &l.plan, &l.before, &l.now);
	if (d.len)
		return hold_back(run, &l, &d, out);
	if (l.facts.may_cancel)
		TRY(cancel_deed_act(run, &l.known, &l.lines, &l.facts, out, &acted));
	if (acted)
		return NULL;
	TRY(keep(run, &l));
	return any_left(run, &l) ? guide(run, &l, out) : wait_for_the_end(run, &l, out);
}
