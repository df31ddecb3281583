#include "convert/convert.h"

#include "base/log.h"
#include "conversion_sql.h"
#include "convert/billing_grant.h"
#include "convert/conversion_row.h"
#include "convert/notice.h"
#include "convert/reminder.h"
#include "convert/turn.h"
#include "microsoft/reseller.h"
#include "vendor_call_sql.h"

/* The conversion, as a person would explain it.  README.md reads the same. */
static step_take *const steps[CONVERSION_STEP_COUNT] = {
	[STEP_RECORD] = step_record,	     [STEP_PLAN] = step_plan,
	[STEP_CONSENT] = step_consent,	     [STEP_ORDER] = step_order,
	[STEP_PROVISION] = step_provision,   [STEP_SEE_BOTH] = step_see_both,
	[STEP_MOVE_USERS] = step_move_users, [STEP_CANCEL_OLD] = step_cancel_old,
	[STEP_SEE_NEW] = step_see_only_new,  [STEP_CERTIFICATE] = step_certificate,
};

/* How soon to look again while somebody else has to act: quick while a person may be watching,
 * later a tenth of how long it has been waiting.  Whoever acts wakes us by a button of ours; only
 * Microsoft does not.  Partner Center allows 500 requests a minute (vendor facts §3.1). */
static int64_t look_again(const struct run *run, const struct outcome *out)
{
	bool same = run->c.waits_for == out->waits_for && str_eq(run->c.why, out->why);
	int64_t waited = same ? instant_since(run->now, run->c.waits_since) : 0;
	int64_t most = out->waits_for == WAITS_MICROSOFT ? MINUTES(5) : HOURS(1);

	if (out->look_again)
		return out->look_again;
	if (out->waits_for == WAITS_OPERATOR && waited < MINUTES(5))
		return MINUTES(1); /* nobody watches yet, and a refused deed is asked for again */
	if (waited < SECONDS(20))
		return SECONDS(2);
	return waited / 10 < most ? waited / 10 : most;
}

/* What may have changed something at Microsoft. */
static bool is_deed(const struct microsoft_call_note *note)
{
	static const char *const deeds[] = { "partnercenter.cart",   "partnercenter.checkout",
					     "partnercenter.cancel", "graph.assignLicense",
					     "billing.cancel",	     "billing.renewal_off" };

	for (size_t i = 0; i < COUNT(deeds); i++)
		if (str_eq(str_of(note->name), str_of(deeds[i])))
			return true;
	return false;
}

/* `all`: else only the deeds.  A look that found what the look before found leaves nothing, or
 * weeks of waiting would fill the record with the same questions. */
static fault *keep_calls(struct run *run, bool all)
{
	struct microsoft_call_note *note = NULL, *next;

	/* Newest first as they were made; the record reads oldest first. */
	for (struct microsoft_call_note *n = run->ms.calls; n; n = next) {
		next = n->next;
		n->next = note;
		note = n;
	}
	run->ms.calls = NULL;
	for (; note; note = note->next)
		if (all || is_deed(note))
			TRY(vendor_call_insert(run->tx,
					       &(struct vendor_call_insert_in){
						       .conversion = run->c.id,
						       .at = note->at,
						       .name = str_of(note->name),
						       .status = note->status,
						       .request = str_is_none(note->request_id)
									  ? S("")
									  : note->request_id,
						       .micros = note->micros }));
	return NULL;
}

fault *run_begin(struct run *run)
{
	run->recording = true;
	return run->tx ? NULL : job_begin(run->job, &run->tx);
}

fault *run_keep(struct run *run)
{
	TRY(run_begin(run));
	TRY(keep_calls(run, true));
	struct tx *tx = run->tx;

	run->tx = NULL;
	fault *failed = tx_commit(tx);
	tx_end(&tx);
	run->recording = failed;
	return failed;
}

static fault *say(struct run *run, str said)
{
	return str_is_none(said) ? NULL : conversion_say(run->tx, &run->c, S("Novate"), said);
}

static fault *go_on(struct run *run, const struct outcome *out, enum conversion_step step,
		    struct job_after *after)
{
	TRY(keep_calls(run, true));
	TRY(say(run, out->said));
	/* What goes round takes turns with others' work; what goes forward soon waits for somebody.
	 */
	*after = (struct job_after){ .next = out->kind == OUTCOME_NEXT ? AFTER_AT_ONCE
								       : AFTER_AGAIN };
	return conversion_set_step(run->tx, run->c.id, conversion_step_word(step));
}

/* The conversion as it waits from now on, told to whoever has to know. */
static fault *tell(struct run *run, const struct outcome *out, bool changed, bool silent)
{
	struct conversion c = run->c;

	c.waits_for = out->waits_for;
	c.why = out->why;
	c.next_thing = out->next_thing;
	if (changed) {
		TRY(conversion_say(run->tx, &c, S("Novate"), out->why));
		TRY(notice_waiting(run->tx, run->context, &c));
	}
	if (changed && silent)
		TRY(reminder_silent(run->tx, run->context, &c));
	return reminder_look(run->tx, run->context, &c);
}

/* Somebody asked to stop while this attempt looked: what it would ask for is withdrawn before it is
 * asked, and stopping is next. */
static fault *is_withdrawn(const struct run *run, bool *withdrawn)
{
	struct conversion_by_id row;
	bool found;

	TRY(conversion_by_id(run->tx, run->c.id, &row, &found));
	*withdrawn = found && run->c.state != CONVERSION_STOPPING &&
		     str_eq(row.state, conversion_state_word(CONVERSION_STOPPING));
	return NULL;
}

static fault *wait_on(struct run *run, const struct outcome *wanted, struct job_after *after)
{
	struct outcome out = *wanted;
	bool silent, withdrawn;
	int64_t changed;

	TRY(is_withdrawn(run, &withdrawn));
	if (withdrawn) {
		*after = (struct job_after){ .next = AFTER_AGAIN };
		return keep_calls(run, true);
	}
	reminder_of_silence(run, &out, &silent);
	TRY(conversion_set_waiting(run->tx,
				   &(struct conversion_set_waiting_in){
					   .id = run->c.id,
					   .waits_for = conversion_row_waits(out.waits_for),
					   .at = tx_now(run->tx),
					   .why = out.why,
					   .next_thing = out.next_thing,
					   .silent = silent },
				   &changed));
	*after = (struct job_after){ .next = AFTER_AGAIN, .wait = look_again(run, &out) };
	TRY(keep_calls(run, changed > 0));
	return tell(run, &out, changed > 0, silent);
}

static fault *end(struct run *run, const struct outcome *out, enum conversion_state state,
		  struct job_after *after)
{
	TRY(keep_calls(run, true));
	TRY(say(run, out->said));
	TRY(billing_grant_forget(run));
	*after = (struct job_after){ .next = AFTER_DONE };
	return conversion_set_ended(run->tx, run->c.id, conversion_state_word(state),
				    tx_now(run->tx), out->why);
}

static fault *carry_out(struct run *run, const struct outcome *out, struct job_after *after)
{
	switch (out->kind) {
	case OUTCOME_NEXT:
		if (run->c.step == STEP_CERTIFICATE)
			return end(run, out, CONVERSION_DONE, after);
		return go_on(run, out, run->c.step + 1, after);
	case OUTCOME_SAME: return go_on(run, out, run->c.step, after);
	case OUTCOME_BACK: return go_on(run, out, out->back_to, after);
	case OUTCOME_WAIT: return wait_on(run, out, after);
	case OUTCOME_REFUSED: return end(run, out, CONVERSION_REFUSED, after);
	case OUTCOME_UNDONE: return end(run, out, CONVERSION_UNDONE, after);
	}
	return fault_new(FAULT_BUG, "A step ended in no known way.");
}

static fault *load(struct run *run)
{
	DEFER(tx_end) struct tx *tx = NULL;
	struct conversion_by_id row;
	bool found;

	TRY(tx_begin(run->job->store, STORE_READ, run->arena, &tx));
	TRY(conversion_by_id(tx, run->job->about, &row, &found));
	if (!found)
		return fault_new(FAULT_BUG, "The conversion of this job is not in the database.");
	return conversion_row_read(&row, &run->c);
}

/* Whatever stops a step is told to a person in words. */
static fault *stuck(struct run *run, fault *f, struct job_after *after)
{
	/* No transaction is open while Microsoft is asked: with one, it is our own database that
	 * was busy, and the job's own rule tries again without bothering anybody. */
	bool our_own = f->kind == FAULT_BUSY && run->tx;
	struct outcome out = turn_of_fault(f);

	tx_end(&run->tx);
	if (f->kind == FAULT_FENCED || our_own)
		return f;
	if (pace_is_wait(f))
		return f; /* our own pace: the job comes back, and nobody needs to hear of it */
	if (f->kind == FAULT_BUSY && run->recording) {
		f->retry_after = 1; /* our database, not Microsoft: no wait that a person sees */
		return f;
	}
	log_fault(LOG_WARN, "convert", "a step did not end", f);
	TRY(run_begin(run));
	TRY(wait_on(run, &out, after));
	if (f->kind == FAULT_BUG)
		*after = (struct job_after){ .next = AFTER_DEAD, .why = out.why };
	return NULL;
}

static bool says_not_ours(const fault *f)
{
	return f->code &&
	       (str_eq(str_of(f->code), S("20002")) || str_eq(str_of(f->code), S("60003")));
}

/* The administrator may have removed us as reseller: back to the invitation. */
static fault *if_removed(struct run *run, fault *failed, struct outcome *out)
{
	bool ours;

	tx_end(&run->tx);
	TRY(reseller_of(&run->ms, run->c.tenant, &ours));
	if (ours)
		return failed;
	*out = (struct outcome){ .kind = OUTCOME_BACK,
				 .back_to = STEP_CONSENT,
				 .said = S("The tenant has removed us as its reseller.") };
	return NULL;
}

static fault *ask_step(struct run *run, struct outcome *out)
{
	fault *failed;

	if (run->c.state == CONVERSION_STOPPING)
		return step_undo(run, out);
	failed = steps[run->c.step](run, out);
	if (failed && run->c.step > STEP_CONSENT && says_not_ours(failed))
		return if_removed(run, failed, out);
	return failed;
}

static fault *take_step(struct run *run, struct job_after *after)
{
	struct outcome out = { .kind = OUTCOME_WAIT, .why = STR_NONE };

	TRY(billing_grant_redeem(run));
	TRY(ask_step(run, &out));
	TRY(run_begin(run));
	return carry_out(run, &out, after);
}

fault *convert_step_job(const struct job_run *job)
{
	struct run run = {
		.context = job->context,
		.job = job,
		.arena = job->arena,
		.now = world_now(job->world),
	};
	struct job_after after;
	fault *failed;

	run.ms = (struct microsoft_work){ .ms = run.context->ms, .arena = job->arena };
	TRY(load(&run));
	if (conversion_ended(run.c.state))
		return NULL;
	failed = take_step(&run, &after);
	if (failed)
		failed = stuck(&run, failed, &after);
	if (!failed)
		failed = job_finish(job, run.tx, after);
	tx_end(&run.tx);
	return failed;
}
