#include "microsoft/billing.h"

#include <string.h>

#include "microsoft/asking.h"
#include "microsoft/refusal.h"

#define ROOT	"/providers/Microsoft.Billing/billingAccounts"
#define VERSION "api-version=2024-04-01"

struct reading_into {
	void *at;
	size_t len, room;
};

/* A list that grows page by page, in the work's arena. */
static void *next_place(struct microsoft_work *w, struct reading_into *list, size_t size)
{
	if (list->len == list->room) {
		size_t room = list->room ? list->room * 2 : 16;
		void *bigger = arena_take(w->arena, room, size, _Alignof(max_align_t));

		if (list->len)
			memcpy(bigger, list->at, list->len * size);
		list->at = bigger;
		list->room = room;
	}
	return (char *)list->at + size * list->len++;
}

static enum billing_agreement agreement_from(str word)
{
	if (str_eq_nocase(word, S("MicrosoftCustomerAgreement")))
		return BILLING_MCA;
	return str_eq_nocase(word, S("MicrosoftOnlineServicesProgram")) ? BILLING_MOSA
									: BILLING_OTHER;
}

static fault *account_read(struct microsoft_work *w, const json_t *item, void *with)
{
	const json_t *p = reading_member(item, "properties");
	struct billing_account read = { .name = reading_text(w->arena, item, "name") };

	if (str_is_empty(read.name))
		return NULL;
	read.title = reading_text(w->arena, p, "displayName");
	read.status = reading_text(w->arena, p, "accountStatus");
	read.agreement_said = reading_text(w->arena, p, "agreementType");
	read.agreement = agreement_from(read.agreement_said);
	*(struct billing_account *)next_place(w, with, sizeof read) = read;
	return NULL;
}

fault *billing_accounts_read(struct microsoft_work *w, str tenant,
			     struct billing_accounts *accounts)
{
	struct reading_into list = { 0 };
	struct asking asking = { .name = "billing.accounts",
				 .as = TOKEN_BILLING,
				 .tenant = tenant,
				 .path = S(ROOT "?" VERSION) };

	TRY(asking_pages(w, &asking, account_read, &list));
	*accounts = (struct billing_accounts){ .at = list.at, .len = list.len };
	return NULL;
}

static enum billing_cancellation cancellation_from(str word)
{
	if (str_eq_nocase(word, S("Allowed")))
		return BILLING_CANCEL_ALLOWED;
	return str_eq_nocase(word, S("NotAllowed")) ? BILLING_CANCEL_REFUSED
						    : BILLING_CANCEL_UNKNOWN;
}

static enum billing_renewal renewal_from(str word)
{
	if (str_eq_nocase(word, S("On")))
		return BILLING_RENEWAL_ON;
	return str_eq_nocase(word, S("Off")) ? BILLING_RENEWAL_OFF : BILLING_RENEWAL_UNKNOWN;
}

/* Expanded it names who sold; an empty object names nobody. */
static str reseller_from(struct arena *keep, const json_t *reseller)
{
	str said = reading_text(keep, reseller, "description");

	return str_is_empty(said) ? reading_text(keep, reseller, "resellerId") : said;
}

static fault *subscription_read(struct microsoft_work *w, const json_t *item, void *with)
{
	struct arena *keep = w->arena;
	const json_t *p = reading_member(item, "properties");
	const json_t *overrides = reading_member(p, "systemOverrides");
	str reseller = reseller_from(keep, reading_member(p, "reseller"));
	struct billing_subscription read = { .name = reading_text(keep, item, "name") };

	if (str_is_empty(read.name))
		return NULL;
	read.subscription = reading_guid(keep, p, "subscriptionId");
	read.title = reading_text(keep, p, "displayName");
	read.status = reading_text(keep, p, "status");
	read.quantity = reading_number(p, "quantity", 0);
	read.cancellation = cancellation_from(reading_text(keep, overrides, "cancellation"));
	read.cancel_until = reading_instant(overrides, "cancellationAllowedEndDate");
	read.renewal = renewal_from(reading_text(keep, p, "autoRenew"));
	read.term_started = reading_instant(p, "termStartDate");
	read.term_ends = reading_instant(p, "termEndDate");
	read.reseller = str_is_empty(reseller) ? STR_NONE : reseller;
	read.locked = str_eq_nocase(reading_text(keep, p, "operationStatus"), S("LockedForUpdate"));
	*(struct billing_subscription *)next_place(w, with, sizeof read) = read;
	return NULL;
}

static str path_of(struct microsoft_work *w, str account, str name, const char *more)
{
	str at = str_format(w->arena, ROOT "/%.*s/billingSubscriptions",
			    STR(remote_escape(w->arena, account)));

	if (str_is_none(name))
		return str_format(w->arena, "%.*s?" VERSION "%s", STR(at), more);
	return str_format(w->arena, "%.*s/%.*s?" VERSION "%s", STR(at),
			  STR(remote_escape(w->arena, name)), more);
}

fault *billing_subscriptions_read(struct microsoft_work *w, str tenant, str account,
				  struct billing_subscriptions *subscriptions)
{
	struct reading_into list = { 0 };
	struct asking asking = { .name = "billing.subscriptions",
				 .as = TOKEN_BILLING,
				 .tenant = tenant,
				 .path = path_of(w, account, STR_NONE, "&expand=Reseller") };

	TRY(asking_pages(w, &asking, subscription_read, &list));
	*subscriptions = (struct billing_subscriptions){ .at = list.at, .len = list.len };
	return NULL;
}

static str state_of(struct arena *keep, const json_t *body)
{
	str state = reading_text(keep, body, "status");

	return str_is_none(state) ? reading_text(keep, reading_member(body, "properties"), "status")
				  : state;
}

/* An operation that ended badly may say so with 200. */
static fault *if_given_up(struct microsoft_work *w, const struct remote_answer *answer)
{
	DEFER(reading_end) json_t *body = NULL;
	str state;

	if (answer->body.len == 0 || reading_open(answer->body, "Microsoft", &body))
		return NULL; /* the status alone speaks */
	state = state_of(w->arena, body);
	if (!str_eq_nocase(state, S("Failed")) && !str_eq_nocase(state, S("Canceled")))
		return NULL;

	str code = reading_text(w->arena, reading_member(body, "error"), "code");
	fault *f = fault_new(FAULT_CONFLICT, "Microsoft gave up changing this subscription. It "
					     "can be done by hand in the admin center.");

	return str_is_none(code) ? f : fault_code(f, code);
}

static fault *operation_of(struct microsoft_work *w, const struct remote_answer *answer,
			   struct billing_operation *operation)
{
	str follow = remote_answer_header(answer, "Location");

	if (answer->status < 200 || answer->status > 299)
		return refusal_of_billing(w->arena, answer, microsoft_now(w));
	TRY(if_given_up(w, answer));
	*operation = (struct billing_operation){
		.done = answer->status != 202,
		.follow = answer->status == 202 && !str_is_empty(follow)
				  ? str_copy(w->arena, follow)
				  : STR_NONE,
		.look_after = remote_retry_after(answer, microsoft_now(w)),
	};
	return NULL;
}

static fault *change(struct microsoft_work *w, const struct asking *asking,
		     struct billing_operation *operation)
{
	DEFER(arena_end) struct arena *scratch = arena_open();
	struct remote_answer answer;

	TRY(asking_answer(w, scratch, asking, &answer));
	return operation_of(w, &answer, operation);
}

fault *billing_cancel(struct microsoft_work *w, str tenant, str account, str name,
		      struct billing_operation *operation)
{
	return change(w,
		      &(struct asking){ .name = "billing.cancel",
					.method = "DELETE",
					.as = TOKEN_BILLING,
					.tenant = tenant,
					.path = path_of(w, account, name, "") },
		      operation);
}

fault *billing_renewal_end(struct microsoft_work *w, str tenant, str account, str name,
			   struct billing_operation *operation)
{
	return change(w,
		      &(struct asking){ .name = "billing.renewal_off",
					.method = "PATCH",
					.as = TOKEN_BILLING,
					.tenant = tenant,
					.path = path_of(w, account, name, ""),
					.body = S("{\"properties\":{\"autoRenew\":\"Off\"}}") },
		      operation);
}

fault *billing_operation_look(struct microsoft_work *w, str tenant, str follow,
			      struct billing_operation *operation)
{
	struct billing_operation seen = { .done = false };

	TRY(change(w,
		   &(struct asking){ .name = "billing.operation",
				     .as = TOKEN_BILLING,
				     .tenant = tenant,
				     .path = follow },
		   &seen));
	if (!seen.done && str_is_none(seen.follow))
		seen.follow = follow;
	*operation = seen;
	return NULL;
}
