#include "convert/cancel_deed.h"

#include "convert/billing_grant.h"
#include "microsoft/billing.h"

/* Microsoft asks for ten seconds between looks at an operation. */
#define LOOK_AFTER SECONDS(10)
/* A deed whose answer was lost, and of which the account shows nothing by then, never arrived. */
#define NEVER_ARRIVED MINUTES(10)
/* What the account calls done shows in the tenant by then, or a person has to look. */
#define TENANT_IS_LATE HOURS(24)
/* Followed nowhere: Microsoft called it done in its answer. */
#define DONE_AT_ONCE S("done")

static bool is_an_answer(const fault *f)
{
	return f->kind == FAULT_DENIED || f->kind == FAULT_MISSING || f->kind == FAULT_INPUT ||
	       f->kind == FAULT_CONFLICT;
}

/* Whether the billing account calls it ended. */
static bool is_over(const struct billing_fact *fact)
{
	static const char *const over[] = { "Cancelled", "Deleted", "Disabled", "Suspended",
					    "Expired" };

	for (size_t i = 0; i < COUNT(over); i++)
		if (str_eq_nocase(fact->status, str_of(over[i])))
			return true;
	return false;
}

static enum cancel_deed wanted(const struct run *run, const struct cancel_line *line,
			       const struct billing_fact *fact)
{
	enum cancel_way way = cancel_line_way(line, run->c.account, run->now);

	if (!fact || str_is_empty(fact->name) || run->c.account != ACCOUNT_MCA ||
	    way == CANCEL_DONE)
		return CANCEL_NO_DEED;
	/* The tenant shows it later: until then nothing else is asked about it. */
	if (is_over(fact))
		return line->deed == CANCEL_DEED_CANCEL ? CANCEL_DEED_CANCEL : CANCEL_NO_DEED;
	if (way == CANCEL_NOW)
		return CANCEL_DEED_CANCEL;
	return way == CANCEL_RENEWAL_OFF ? CANCEL_DEED_RENEWAL_OFF : CANCEL_NO_DEED;
}

static fault *wait_on(struct run *run, const struct cancel_line *line, int64_t look_after,
		      struct outcome *out)
{
	const char *doing = line->deed == CANCEL_DEED_CANCEL
				    ? "being cancelled"
				    : "having its recurring billing turned off";

	TRY(step_wait(out, WAITS_MICROSOFT,
		      str_format(run->arena,
				 "The direct subscription of %.*s (%.*s…) is %s through Azure "
				 "Billing, as the administrator chose.",
				 STR(line->title), STR(str_part(line->subscription, 0, 8)), doing),
		      S("Nothing to do. Please cancel nothing in the admin center meanwhile.")));
	out->look_again = look_after ? SECONDS(look_after) : LOOK_AFTER;
	return NULL;
}

static void refuse(struct run *run, struct cancel_line *line, const fault *f)
{
	line->refused = str_copy(run->arena, str_of(f->said));
	line->follow = S("");
}

static fault *keep_deed(struct run *run, const struct cancel_lines *known,
			const struct cancel_lines *lines)
{
	TRY(run_begin(run));
	return cancel_line_keep(run->tx, &run->c, known, lines);
}

/* The same, committed: from now on `known` is what the lines are. */
static fault *keep_at_once(struct run *run, struct cancel_lines *known,
			   const struct cancel_lines *lines)
{
	struct cancel_lines copy = {
		.at = NEW_ARRAY(run->arena, struct cancel_line, lines->len + 1), .len = lines->len
	};

	TRY(keep_deed(run, known, lines));
	TRY(run_keep(run));
	for (size_t i = 0; i < lines->len; i++)
		copy.at[i] = lines->at[i];
	*known = copy;
	return NULL;
}

static fault *ask(struct run *run, const struct cancel_line *line, const struct billing_fact *fact,
		  struct billing_operation *op)
{
	if (line->deed == CANCEL_DEED_CANCEL)
		return billing_cancel(&run->ms, run->c.tenant, fact->account, fact->name, op);
	return billing_renewal_end(&run->ms, run->c.tenant, fact->account, fact->name, op);
}

/* Since the account was read, the administrator may have taken the permission back. */
static fault *is_allowed(struct run *run, bool *allowed)
{
	struct billing_grant grant;

	TRY(run_begin(run));
	TRY(billing_grant_get(run->tx, run->c.id, &grant));
	*allowed = grant.may_cancel;
	if (!*allowed)
		tx_end(&run->tx);
	return NULL;
}

/* Noted, asked for, and what came of it kept. */
static fault *begin_deed(struct run *run, struct cancel_lines *known, struct cancel_lines *lines,
			 struct cancel_line *line, enum cancel_deed deed,
			 const struct billing_fact *fact, struct outcome *out, bool *acted)
{
	struct billing_operation op = { 0 };
	bool allowed;
	fault *f;

	TRY(is_allowed(run, &allowed));
	if (!allowed)
		return NULL;
	line->deed = deed;
	line->deed_at = run->now;
	line->follow = line->refused = S("");
	TRY(keep_at_once(run, known, lines));
	f = ask(run, line, fact, &op);
	if (f && !is_an_answer(f))
		return f; /* perhaps it arrived: the next look tells */
	*acted = !f;
	if (f) {
		refuse(run, line, f);
		return keep_at_once(run, known, lines);
	}
	if (op.done)
		line->follow = DONE_AT_ONCE;
	else if (!str_is_none(op.follow))
		line->follow = op.follow;
	TRY(keep_deed(run, known, lines));
	return wait_on(run, line, op.look_after, out);
}

/* *op.done when Microsoft says that it happened, or the account shows it: an end, or a lock while
 * it changes.  A renewal that is off is no deed any more. */
static fault *look_at_deed(struct run *run, const struct cancel_line *line,
			   const struct billing_fact *fact, struct billing_operation *op)
{
	*op = (struct billing_operation){ .done = str_eq(line->follow, DONE_AT_ONCE) };
	if (op->done)
		return NULL;
	if (!str_is_empty(line->follow))
		return billing_operation_look(&run->ms, run->c.tenant, line->follow, op);
	op->done = fact->locked || is_over(fact);
	return NULL;
}

/* What was asked and never seen is asked anew, in the next look. */
static fault *ask_anew(struct run *run, const struct cancel_lines *known,
		       const struct cancel_lines *lines, struct cancel_line *line,
		       struct outcome *out)
{
	TRY(wait_on(run, line, 1, out));
	line->deed = CANCEL_NO_DEED;
	return keep_deed(run, known, lines);
}

static fault *follow_deed(struct run *run, const struct cancel_lines *known,
			  struct cancel_lines *lines, struct cancel_line *line,
			  const struct billing_fact *fact, struct outcome *out, bool *acted)
{
	int64_t waited = instant_since(run->now, line->deed_at);
	struct billing_operation op;
	fault *f = look_at_deed(run, line, fact, &op);

	if (f && !is_an_answer(f))
		return f;
	if (!f && op.done && waited > TENANT_IS_LATE)
		f = fault_new(FAULT_REMOTE, "Microsoft calls it done since a day, and the tenant "
					    "still shows the subscription as before.");
	*acted = !f;
	if (f) {
		refuse(run, line, f);
		return NULL; /* the caller keeps it, and a person goes on */
	}
	if (!op.done && str_is_empty(line->follow) && waited > NEVER_ARRIVED)
		return ask_anew(run, known, lines, line, out);
	TRY(keep_deed(run, known, lines));
	return wait_on(run, line, op.look_after, out);
}

fault *cancel_deed_act(struct run *run, struct cancel_lines *known, struct cancel_lines *lines,
		       const struct billing_facts *facts, struct outcome *out, bool *acted)
{
	for (size_t i = 0; i < lines->len && !*acted; i++) {
		struct cancel_line *line = &lines->at[i];
		const struct billing_fact *fact = billing_facts_of(facts, line->subscription);
		enum cancel_deed deed = wanted(run, line, fact);

		if (deed == CANCEL_NO_DEED || (line->deed == deed && !str_is_empty(line->refused)))
			continue;
		if (line->deed == deed) {
			TRY(follow_deed(run, known, lines, line, fact, out, acted));
			continue;
		}
		TRY(begin_deed(run, known, lines, line, deed, fact, out, acted));
	}
	return NULL;
}
