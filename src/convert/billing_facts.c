#include "convert/billing_facts.h"

#include "billing_grant_sql.h"
#include "convert/billing_grant.h"
#include "convert/conversion_row.h"
#include "microsoft/billing.h"
#include "microsoft/billing_access.h"
#include "microsoft/refusal.h"

/* A tenant has one or two billing accounts; whoever has more looks after them in person. */
#define MOST_ACCOUNTS 20

static struct billing_facts nothing_known(struct arena *keep, const struct snapshot *of)
{
	struct billing_facts facts = { .read = BILLING_NOT_ALLOWED };

	facts.at = NEW_ARRAY(keep, struct billing_fact, of->subscriptions.len + 1);
	for (size_t i = 0; i < of->subscriptions.len; i++) {
		const struct snapshot_subscription *s = &of->subscriptions.at[i];

		if (s->owner == OWNER_DIRECT)
			facts.at[facts.len++] = (struct billing_fact){
				.subscription = s->id,
				.cancel_until = INSTANT_NONE,
				.term_started = INSTANT_NONE,
				.term_ends = INSTANT_NONE,
			};
	}
	return facts;
}

static enum billing_answer cancellable(const struct billing_subscription *from)
{
	switch (from->cancellation) {
	case BILLING_CANCEL_ALLOWED: return BILLING_YES;
	case BILLING_CANCEL_REFUSED: return BILLING_NO;
	case BILLING_CANCEL_UNKNOWN: break;
	}
	return BILLING_UNKNOWN;
}

static enum billing_answer renews(const struct billing_subscription *from)
{
	switch (from->renewal) {
	case BILLING_RENEWAL_ON: return BILLING_YES;
	case BILLING_RENEWAL_OFF: return BILLING_NO;
	case BILLING_RENEWAL_UNKNOWN: break;
	}
	return BILLING_UNKNOWN;
}

static void fact_fill(struct billing_fact *fact, str account,
		      const struct billing_subscription *from)
{
	fact->account = account;
	fact->name = from->name;
	fact->status = from->status;
	fact->cancellable = cancellable(from);
	fact->cancel_until = from->cancel_until;
	fact->renews = renews(from);
	fact->term_started = from->term_started;
	fact->term_ends = from->term_ends;
	fact->reseller = from->reseller;
	fact->locked = from->locked;
}

/* The Graph subscription with this commerce id; names are shared by many. */
static struct billing_fact *fact_of_commerce(const struct snapshot *of, struct billing_facts *facts,
					     str commerce)
{
	for (size_t i = 0, n = 0; i < of->subscriptions.len; i++) {
		const struct snapshot_subscription *s = &of->subscriptions.at[i];

		if (s->owner != OWNER_DIRECT)
			continue;
		if (!str_is_empty(commerce) && str_eq_nocase(s->commerce, commerce))
			return &facts->at[n];
		n++;
	}
	return NULL;
}

static enum conversion_account account_of(enum billing_agreement agreement)
{
	switch (agreement) {
	case BILLING_MCA: return ACCOUNT_MCA;
	case BILLING_MOSA: return ACCOUNT_MOSA;
	case BILLING_OTHER: break;
	}
	return ACCOUNT_UNKNOWN;
}

/* *matched: how many of the tenant's direct subscriptions this account pays for. */
static fault *account_read(struct run *run, const struct snapshot *of,
			   const struct billing_account *account, struct billing_facts *facts,
			   size_t *matched)
{
	struct billing_subscriptions list;

	*matched = 0;
	TRY(billing_subscriptions_read(&run->ms, run->c.tenant, account->name, &list));
	for (size_t i = 0; i < list.len; i++) {
		struct billing_fact *fact = fact_of_commerce(of, facts, list.at[i].subscription);

		if (!fact)
			continue;
		fact_fill(fact, account->name, &list.at[i]);
		(*matched)++;
	}
	return NULL;
}

/* What only a person can mend belongs into the facts; what time mends is tried again. */
static bool is_an_answer(const fault *f)
{
	return f->kind == FAULT_DENIED || f->kind == FAULT_MISSING || f->kind == FAULT_INPUT ||
	       f->kind == FAULT_CONFLICT;
}

/* The account that pays for the tenant's subscriptions decides; one that lists none does only when
 * it is the only one. */
static fault *accounts_read(struct run *run, const struct snapshot *of, struct billing_facts *facts)
{
	struct billing_accounts accounts;
	fault *refused = NULL;

	TRY(billing_accounts_read(&run->ms, run->c.tenant, &accounts));
	for (size_t i = 0; i < accounts.len && i < MOST_ACCOUNTS; i++) {
		const struct billing_account *account = &accounts.at[i];
		size_t matched = 0;
		fault *f = account_read(run, of, account, facts, &matched);

		if (f && !is_an_answer(f))
			return f;
		refused = f ? f : refused;
		if (matched > 0 || accounts.len == 1)
			facts->account = account_of(account->agreement);
	}
	if (accounts.len == 0)
		refused = fault_new(FAULT_DENIED,
				    "Microsoft shows no billing account to whoever gave the "
				    "permission. An owner of the billing account, a Global or a "
				    "Billing Administrator has to give it.");
	return facts->account == ACCOUNT_UNKNOWN ? refused : NULL;
}

/* What the account says wins over what the partner said. */
static fault *keep_account(struct run *run, enum conversion_account account)
{
	if (account == ACCOUNT_UNKNOWN || (run->c.account == account && !run->c.account_by_partner))
		return NULL;
	TRY(run_begin(run));
	TRY(billing_grant_set_account(run->tx, run->c.id,
				      account == ACCOUNT_MCA ? S("mca") : S("mosa")));
	TRY(run_keep(run));
	run->c.account = account;
	run->c.account_by_partner = false;
	return NULL;
}

static fault *grant_load(struct run *run, struct billing_grant *grant)
{
	DEFER(tx_end) struct tx *tx = NULL;

	TRY(tx_begin(run->job->store, STORE_READ, run->arena, &tx));
	return billing_grant_get(tx, run->c.id, grant);
}

/* What is wrong with the permission is on the page of whoever can mend it. */
static fault *keep_said(struct run *run, const struct billing_grant *grant, str said)
{
	if (str_eq(grant->said, said))
		return NULL;
	TRY(run_begin(run));
	TRY(billing_grant_set_said(run->tx, run->c.id, said));
	TRY(billing_grant_show(run->tx, run->c.id));
	return run_keep(run);
}

fault *billing_facts_read(struct run *run, const struct snapshot *of, struct billing_facts *facts)
{
	struct billing_facts read = nothing_known(run->arena, of);
	struct billing_grant grant;
	fault *failed;

	*facts = read;
	TRY(grant_load(run, &grant));
	if (!grant.given)
		return NULL;
	failed = accounts_read(run, of, &read);
	if (failed && !is_an_answer(failed))
		return failed;
	read.read = failed ? BILLING_FAILED : BILLING_READ;
	read.may_cancel = grant.may_cancel && !failed;
	read.said = failed ? str_copy(run->arena, str_of(failed->said)) : S("");
	*facts = read;
	if (failed && refusal_is(failed, BILLING_ACCESS_ENDED))
		TRY(billing_grant_lost(run, read.said));
	else
		TRY(keep_said(run, &grant, read.said));
	return keep_account(run, read.account);
}

const struct billing_fact *billing_facts_of(const struct billing_facts *facts, str subscription)
{
	for (size_t i = 0; i < facts->len; i++)
		if (str_eq(facts->at[i].subscription, subscription))
			return &facts->at[i];
	return NULL;
}
