#include "convert/billing_grant.h"

#include "base/log.h"
#include "billing_grant_sql.h"
#include "convert/conversion_row.h"
#include "microsoft/billing_access.h"

/* A sign-in with its second factor takes minutes; what comes back later is a page left open. */
#define STATE_LASTS HOURS(1)
/* Longer than any code of Microsoft's, and far below what an address may carry. */
#define CODE_MOST 4096

static str redirect_of(const struct run *run)
{
	return str_format(run->arena, "%.*s/c/billing", STR(run->context->public_url));
}

fault *billing_grant_get(struct tx *tx, id conversion, struct billing_grant *grant)
{
	struct billing_grant_row row;
	bool found;

	TRY(billing_grant_row(tx, conversion, &row, &found));
	*grant = (struct billing_grant){ .offered = found, .given_at = INSTANT_NONE };
	if (!found)
		return NULL;
	grant->given = !instant_is_none(row.given_at);
	grant->may_cancel = grant->given && row.may_cancel;
	grant->redeeming = !str_is_none(row.code);
	grant->given_at = row.given_at;
	grant->said = row.said;
	return NULL;
}

fault *billing_grant_offer(struct run *run)
{
	TRY(run_begin(run));
	return billing_grant_insert(
		run->tx, run->c.id,
		billing_access_url(run->context->ms, run->arena, run->c.tenant, redirect_of(run)));
}

static fault *offered_at(struct tx *tx, str door, struct conversion *c,
			 struct billing_grant_row *row)
{
	bool found;

	TRY(conversion_at_door(tx, door, c));
	if (conversion_ended(c->state))
		return fault_new(FAULT_CONFLICT, "This conversion has ended; there is nothing to "
						 "allow any more.");
	TRY(billing_grant_row(tx, c->id, row, &found));
	return found ? NULL
		     : fault_new(FAULT_MISSING, "There is nothing to allow yet: first the tenant "
						"has to be found.");
}

fault *billing_grant_go(struct tx *tx, str door, bool may_cancel, str *address)
{
	struct arena *a = tx_arena(tx);
	struct billing_grant_row row;
	struct conversion c;
	str state = world_token(tx_world(tx), a, 24);
	/* 43 characters at least (RFC 7636 §4.1) */
	str verifier = world_token(tx_world(tx), a, 40);

	TRY(offered_at(tx, door, &c, &row));
	TRY(billing_grant_set_asked(
		tx, &(struct billing_grant_set_asked_in){ .conversion = c.id,
							  .state = state,
							  .verifier = verifier,
							  .at = tx_now(tx),
							  .for_cancel = may_cancel }));
	*address = billing_access_go(a, row.url, state, verifier);
	return NULL;
}

/* Microsoft's words for a sign-in that came to nothing (vendor facts §1.1). */
static str why_not(str error)
{
	if (str_eq(error, S("access_denied")) || str_eq(error, S("consent_required")))
		return S("At Microsoft it was not allowed. Nothing was changed: you can allow it "
			 "at any time, or go on by hand.");
	if (str_eq(error, S("server_error")) || str_eq(error, S("temporarily_unavailable")))
		return S("Microsoft's sign-in did not work just now. Nothing was changed; try it "
			 "again in a few minutes, or go on by hand.");
	return S("Microsoft did not let you allow it. Nothing was changed; you can go on by hand.");
}

fault *billing_grant_come_back(struct tx *tx, str state, str code, str error, struct conversion *c)
{
	struct billing_grant_asked asked = { 0 };
	bool found = false, late;

	if (!str_is_empty(state))
		TRY(billing_grant_asked(tx, state, &asked, &found));
	if (!found)
		return fault_new(FAULT_MISSING, "This answer of Microsoft's belongs to no question "
						"of ours, or was used already. Open your page "
						"again from the letter.");
	late = instant_since(tx_now(tx), asked.asked_at) > STATE_LASTS;
	if (late || str_is_empty(code) || code.len > CODE_MOST)
		TRY(billing_grant_set_back(tx, asked.conversion, STR_NONE,
					   late && str_is_empty(error)
						   ? S("The sign-in took too long. Nothing was "
						       "changed; start it again.")
						   : why_not(error)));
	else
		TRY(billing_grant_set_back(tx, asked.conversion, code, S("")));
	TRY(billing_grant_show(tx, asked.conversion));
	return conversion_at_door(tx, asked.door, c);
}

fault *billing_grant_withdraw(struct tx *tx, str door)
{
	struct billing_grant_row row;
	struct conversion c;

	TRY(offered_at(tx, door, &c, &row));
	if (!str_is_none(c.tenant))
		TRY(billing_access_forget(NULL, tx, c.tenant));
	TRY(billing_grant_set_end(tx, c.id, INSTANT_NONE, false,
				  S("You took it back. Nothing at Microsoft is looked at or done "
				    "through it any more.")));
	TRY(billing_grant_show(tx, c.id));
	return conversion_say(tx, &c, S("The administrator"),
			      S("Took back the permission to use Azure Billing."));
}

static str said_of(enum billing_access_end end)
{
	switch (end) {
	case BILLING_ACCESS_GIVEN: return S("");
	case BILLING_ACCESS_TOO_LATE:
		return S("Microsoft did not take the permission: it came too late, or from "
			 "another organization. Please give it once more, signed in with your "
			 "account of this organization.");
	case BILLING_ACCESS_OTHER_TENANT:
		return S("You signed in to another organization than the one whose licenses are "
			 "moving, so the permission was thrown away. Sign in with your account of "
			 "this organization.");
	case BILLING_ACCESS_NOT_FOR_GOOD:
		return S("Microsoft gave a permission that ends within the hour, so it was thrown "
			 "away. Please give it once more.");
	}
	return S("");
}

static fault *say_given(struct run *run, bool may_cancel)
{
	return conversion_say(
		run->tx, &run->c, S("The administrator"),
		may_cancel ? S("Allowed Novate to read the billing account, and to cancel there.")
			   : S("Allowed Novate to read the billing account."));
}

/* Taken back, or asked for anew, while it was redeemed: what came of it is not kept. */
static fault *unwanted(struct run *run)
{
	struct billing_grant grant;

	TRY(billing_grant_get(run->tx, run->c.id, &grant));
	if (!grant.given)
		TRY(billing_access_forget(run->context->ms, run->tx, run->c.tenant));
	return run_keep(run);
}

/* A try that came to nothing leaves what was given before as it was. */
static fault *settle(struct run *run, const struct billing_grant_row *before, bool given, str said)
{
	int64_t changed;

	TRY(run_begin(run));
	TRY(billing_grant_settle(
		run->tx,
		&(struct billing_grant_settle_in){
			.conversion = run->c.id,
			.code = before->code,
			.given = given ? tx_now(run->tx) : before->given_at,
			.may_cancel = given ? before->for_cancel : before->may_cancel,
			.said = said },
		&changed));
	if (!changed)
		return unwanted(run);
	TRY(billing_grant_show(run->tx, run->c.id));
	if (given)
		TRY(say_given(run, before->for_cancel));
	return run_keep(run);
}

static fault *load(struct run *run, struct billing_grant_row *row, bool *waits, bool *known)
{
	DEFER(tx_end) struct tx *tx = NULL;
	bool found;

	TRY(tx_begin(run->job->store, STORE_READ, run->arena, &tx));
	TRY(billing_grant_row(tx, run->c.id, row, &found));
	*waits = found && !str_is_none(row->code);
	*known = false;
	return *waits ? billing_access_known(tx, run->c.tenant, known) : NULL;
}

fault *billing_grant_redeem(struct run *run)
{
	enum billing_access_end end;
	struct billing_grant_row row;
	bool waits, known;
	fault *failed;

	TRY(load(run, &row, &waits, &known));
	if (!waits)
		return NULL;
	failed = billing_access_redeem(&run->ms,
				       &(struct billing_access_code){ run->c.tenant, row.code,
								      row.verifier,
								      redirect_of(run) },
				       &end);
	if (failed && (failed->kind == FAULT_REMOTE || failed->kind == FAULT_BUSY)) {
		log_fault(LOG_WARN, "convert", "a permission could not be redeemed yet", failed);
		return NULL;
	}
	if (failed)
		return settle(run, &row, false,
			      S("Microsoft did not accept our own application, so the permission "
				"could not be used. Please go on by hand."));
	/* An attempt that died after the permission was kept leaves a code that is used up; one
	 * that was given before is another. */
	if (end == BILLING_ACCESS_TOO_LATE && known && instant_is_none(row.given_at))
		end = BILLING_ACCESS_GIVEN;
	return settle(run, &row, end == BILLING_ACCESS_GIVEN, said_of(end));
}

fault *billing_grant_forget(struct run *run)
{
	if (!str_is_none(run->c.tenant))
		TRY(billing_access_forget(run->context->ms, run->tx, run->c.tenant));
	return billing_grant_delete(run->tx, run->c.id);
}

fault *billing_grant_lost(struct run *run, str said)
{
	TRY(run_begin(run));
	TRY(billing_access_forget(run->context->ms, run->tx, run->c.tenant));
	TRY(billing_grant_set_end(run->tx, run->c.id, INSTANT_NONE, false, said));
	TRY(billing_grant_show(run->tx, run->c.id));
	TRY(conversion_say(run->tx, &run->c, S("Novate"), said));
	return run_keep(run);
}
