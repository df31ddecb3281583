#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "microsoft/billing.h"
#include "microsoft/billing_access.h"
#include "microsoft/refusal.h"
#include "microsoft/scripted.h"
#include "microsoft/token.h"
#include "store/store_testing.h"

#define TENANT	"7d2f4c10-5a3e-4b1f-9c86-2f0b6a51d3e7"
#define ACCOUNT "9b1f:2c40_2019-05-31"
#define LIST                                                                    \
	"GET https://billing.test/providers/Microsoft.Billing/billingAccounts/" \
	"9b1f%3A2c40_2019-05-31/billingSubscriptions?api-version=2024-04-01"
#define ONE                                                                 \
	"https://billing.test/providers/Microsoft.Billing/billingAccounts/" \
	"9b1f%3A2c40_2019-05-31/billingSubscriptions/be0d?api-version=2024-04-01"
#define OPERATION                                                                \
	"https://billing.test/providers/Microsoft.Billing/billingAccounts/9b1f/" \
	"operationResults/cancelBillingSubscription_be0d:77"

/* {"tid":"7d2f4c10-…"} between two other parts. */
#define ID_TOKEN       "e30.eyJ0aWQiOiI3RDJGNEMxMC01YTNlLTRiMWYtOWM4Ni0yZjBiNmE1MWQzZTcifQ.c2lnbmVk"
#define OTHER_ID_TOKEN "e30.eyJ0aWQiOiIxMTExMTExMS01YTNlLTRiMWYtOWM4Ni0yZjBiNmE1MWQzZTcifQ.c2lnbmVk"

/* A vendor by script, and a store in which the administrator's permission is kept. */
struct play {
	struct store_testing *with;
	struct scripted s;
};

static void play_open(struct play *p, struct store_testing *with)
{
	p->with = with;
	scripted_open(&p->s, with->store);
}

static void play_close(struct play *p)
{
	scripted_close(&p->s);
}

static enum billing_access_end redeem(struct play *p, const char *answer)
{
	const struct scripted_row row = { "POST https://login.test/" TENANT "/oauth2/v2.0/token",
					  200, answer };
	enum billing_access_end end;

	scripted_play(&p->s, &row, 1);
	assert_null(billing_access_redeem(
		&p->s.work,
		&(struct billing_access_code){ S(TENANT), S("the code"), S("the verifier"),
					       S("https://n.test/c/billing") },
		&end));
	assert_true(scripted_done(&p->s));
	return end;
}

static void give(struct play *p)
{
	assert_int_equal(redeem(p, "{\"access_token\":\"first\",\"expires_in\":3599,"
				   "\"refresh_token\":\"lasting\",\"id_token\":\"" ID_TOKEN "\"}"),
			 BILLING_ACCESS_GIVEN);
}

struct known {
	bool known;
};

static fault *known_body(struct tx *tx, void *with)
{
	return billing_access_known(tx, S(TENANT), &((struct known *)with)->known);
}

static bool is_known(struct play *p)
{
	struct known k;

	assert_null(store_run(p->with->store, STORE_READ, p->with->arena, "known", known_body, &k));
	return k.known;
}

static fault *forget_body(struct tx *tx, void *with)
{
	return billing_access_forget(((struct play *)with)->s.ms, tx, S(TENANT));
}

static void a_permission_is_kept_only_for_the_tenant_it_was_asked_of_body(
	struct store_testing *with)
{
	static const struct {
		const char *answer;
		enum billing_access_end end;
	} rows[] = {
		{ "{\"access_token\":\"a\",\"expires_in\":9,\"refresh_token\":\"r\","
		  "\"id_token\":\"" OTHER_ID_TOKEN "\"}",
		  BILLING_ACCESS_OTHER_TENANT },
		{ "{\"access_token\":\"a\",\"expires_in\":9,\"refresh_token\":\"r\"}",
		  BILLING_ACCESS_OTHER_TENANT },
		{ "{\"access_token\":\"a\",\"expires_in\":9,\"refresh_token\":\"r\","
		  "\"id_token\":\"nothing\"}",
		  BILLING_ACCESS_OTHER_TENANT },
		{ "{\"access_token\":\"a\",\"expires_in\":9,\"id_token\":\"" ID_TOKEN "\"}",
		  BILLING_ACCESS_NOT_FOR_GOOD },
	};
	struct play p;

	play_open(&p, with);
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_int_equal(redeem(&p, rows[i].answer), rows[i].end);
		assert_false(is_known(&p));
	}
	give(&p);
	assert_true(is_known(&p));
	assert_true(str_find(p.s.asked[0].body, S("code=the%20code")) > 0);
	assert_true(str_find(p.s.asked[0].body, S("code_verifier=the%20verifier")) > 0);
	assert_true(str_find(p.s.asked[0].body, S("n.test%2Fc%2Fbilling")) > 0);
	play_close(&p);
}
static void a_permission_is_kept_only_for_the_tenant_it_was_asked_of(void **state)
{
	(void)state;
	store_testing_on_sqlite(a_permission_is_kept_only_for_the_tenant_it_was_asked_of_body);
}

static void a_code_that_was_used_or_is_old_is_an_answer_body(struct store_testing *with)
{
	static const struct scripted_row rows[] = {
		{ "POST https://login.test/", 400,
		  "{\"error\":\"invalid_grant\",\"error_codes\":[70008]}" },
		{ "POST https://login.test/", 401,
		  "{\"error\":\"invalid_client\",\"error_codes\":[7000215]}" },
	};
	struct billing_access_code code = { S(TENANT), S("c"), S("v"), S("https://n.test") };
	enum billing_access_end end;
	struct play p;

	play_open(&p, with);
	scripted_play(&p.s, rows, COUNT(rows));
	assert_null(billing_access_redeem(&p.s.work, &code, &end));
	assert_int_equal(end, BILLING_ACCESS_TOO_LATE);
	assert_true(refusal_is(billing_access_redeem(&p.s.work, &code, &end), "AADSTS7000215"));
	play_close(&p);
}
static void a_code_that_was_used_or_is_old_is_an_answer(void **state)
{
	(void)state;
	store_testing_on_sqlite(a_code_that_was_used_or_is_old_is_an_answer_body);
}

static void the_administrator_is_sent_with_state_and_challenge_and_no_secret_body(
	struct store_testing *with)
{
	struct play p;
	str url, go;

	play_open(&p, with);
	url = billing_access_url(p.s.ms, p.s.arena, S(TENANT), S("https://n.test/c/billing"));
	/* RFC 7636, appendix B */
	go = billing_access_go(p.s.arena, url, S("a b"),
			       S("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));
	assert_true(str_starts(go, S("https://login.test/" TENANT "/oauth2/v2.0/authorize?")));
	assert_true(str_ends(go, S("&state=a%20b&code_challenge="
				   "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
				   "&code_challenge_method=S256")));
	assert_true(str_find(go, S("user_impersonation")) > 0);
	assert_true(str_find(go, S("secret")) < 0);
	play_close(&p);
}
static void the_administrator_is_sent_with_state_and_challenge_and_no_secret(void **state)
{
	(void)state;
	store_testing_on_sqlite(
		the_administrator_is_sent_with_state_and_challenge_and_no_secret_body);
}

static void a_permission_is_used_again_and_the_newest_is_kept_body(struct store_testing *with)
{
	static const struct scripted_row rows[] = {
		{ "POST https://login.test/" TENANT, 200,
		  "{\"access_token\":\"second\",\"expires_in\":3599,"
		  "\"refresh_token\":\"newer\"}" },
		{ "POST https://login.test/" TENANT, 200,
		  "{\"access_token\":\"third\",\"expires_in\":3599}" },
	};
	struct play p;
	str access;

	play_open(&p, with);
	give(&p);
	scripted_play(&p.s, rows, COUNT(rows));
	assert_null(token_take(&p.s.work, TOKEN_BILLING, S(TENANT), &access));
	assert_true(str_eq(access, S("first")));
	token_drop(p.s.ms, TOKEN_BILLING, S(TENANT));
	assert_null(token_take(&p.s.work, TOKEN_BILLING, S(TENANT), &access));
	assert_true(str_eq(access, S("second")));
	assert_true(str_find(p.s.asked[0].body, S("refresh_token=lasting")) > 0);
	token_drop(p.s.ms, TOKEN_BILLING, S(TENANT));
	assert_null(token_take(&p.s.work, TOKEN_BILLING, S(TENANT), &access));
	assert_true(str_find(p.s.asked[1].body, S("refresh_token=newer")) > 0);
	assert_true(scripted_done(&p.s));
	play_close(&p);
}
static void a_permission_is_used_again_and_the_newest_is_kept(void **state)
{
	(void)state;
	store_testing_on_sqlite(a_permission_is_used_again_and_the_newest_is_kept_body);
}

static void a_permission_that_ended_or_was_forgotten_says_so_body(struct store_testing *with)
{
	static const char *const errors[] = {
		"{\"error\":\"invalid_grant\",\"error_codes\":[700082]}",
		"{\"error\":\"interaction_required\",\"error_codes\":[50076]}",
		"{\"error\":\"consent_required\",\"error_codes\":[65001]}",
	};
	struct play p;
	str access;

	play_open(&p, with);
	assert_true(refusal_is(token_take(&p.s.work, TOKEN_BILLING, S(TENANT), &access),
			       BILLING_ACCESS_ENDED));
	give(&p);
	for (size_t i = 0; i < COUNT(errors); i++) {
		const struct scripted_row row = { "POST https://login.test/", 400, errors[i] };

		token_drop(p.s.ms, TOKEN_BILLING, S(TENANT));
		scripted_play(&p.s, &row, 1);
		assert_true(refusal_is(token_take(&p.s.work, TOKEN_BILLING, S(TENANT), &access),
				       BILLING_ACCESS_ENDED));
	}
	assert_null(
		store_run(p.with->store, STORE_WRITE, p.with->arena, "forget", forget_body, &p));
	assert_false(is_known(&p));
	play_close(&p);
}
static void a_permission_that_ended_or_was_forgotten_says_so(void **state)
{
	(void)state;
	store_testing_on_sqlite(a_permission_that_ended_or_was_forgotten_says_so_body);
}

static void accounts_are_known_by_their_agreement_body(struct store_testing *with)
{
	static const struct scripted_row row = {
		"GET https://billing.test/providers/Microsoft.Billing/billingAccounts?api-version="
		"2024-04-01",
		200,
		"{\"value\":[{\"name\":\"" ACCOUNT "\",\"properties\":{\"displayName\":\"Rye\","
		"\"agreementType\":\"MicrosoftCustomerAgreement\",\"accountStatus\":\"Active\"}},"
		"{\"name\":\"5183\",\"properties\":{\"agreementType\":"
		"\"MicrosoftOnlineServicesProgram\"}},"
		"{\"name\":\"77\",\"properties\":{\"agreementType\":\"EnterpriseAgreement\"}},"
		"{\"properties\":{}}]}"
	};
	struct billing_accounts list;
	struct play p;

	play_open(&p, with);
	give(&p);
	scripted_play(&p.s, &row, 1);
	assert_null(billing_accounts_read(&p.s.work, S(TENANT), &list));
	assert_int_equal(list.len, 3);
	assert_true(str_eq(list.at[0].name, S(ACCOUNT)));
	assert_int_equal(list.at[0].agreement, BILLING_MCA);
	assert_int_equal(list.at[1].agreement, BILLING_MOSA);
	assert_int_equal(list.at[2].agreement, BILLING_OTHER);
	assert_true(str_eq(p.s.asked[0].bearer, S("Bearer first")));
	assert_true(str_is_guid(p.s.asked[0].request));
	play_close(&p);
}
static void accounts_are_known_by_their_agreement(void **state)
{
	(void)state;
	store_testing_on_sqlite(accounts_are_known_by_their_agreement_body);
}

static void subscriptions_are_read_page_by_page_with_who_sold_them_body(struct store_testing *with)
{
	static const struct scripted_row rows[] = {
		{ LIST "&expand=Reseller", 200,
		  "{\"value\":[{\"name\":\"be0d\",\"properties\":{\"displayName\":\"Business "
		  "Premium\",\"subscriptionId\":\"BE0D8A54-90c1-4f27-8a3e-5c1f7d2b6e90\","
		  "\"status\":\"Active\",\"quantity\":12,\"autoRenew\":\"On\","
		  "\"termStartDate\":\"2026-02-01\",\"termEndDate\":\"2027-02-01T00:00:00Z\","
		  "\"operationStatus\":\"LockedForUpdate\",\"systemOverrides\":{"
		  "\"cancellation\":\"Allowed\","
		  "\"cancellationAllowedEndDate\":\"2026-02-08T00:00:00Z\"}}}],"
		  "\"nextLink\":\"https://billing.test/more?page=2\"}" },
		{ "GET https://billing.test/more?page=2", 200,
		  "{\"value\":[],\"nextLink\":\"https://billing.test/more?page=3\"}" },
		{ "GET https://billing.test/more?page=3", 200,
		  "{\"value\":[{\"name\":\"c1\",\"properties\":{\"quantity\":\"3\",\"autoRenew\":"
		  "\"Off\",\"systemOverrides\":{\"cancellation\":\"NotAllowed\"},"
		  "\"reseller\":{\"resellerId\":\"5183\",\"description\":\"Other Cloud\"}}},"
		  "{\"name\":\"c2\",\"properties\":{\"reseller\":{}}}]}" },
	};
	struct billing_subscriptions list;
	struct play p;

	play_open(&p, with);
	give(&p);
	scripted_play(&p.s, rows, COUNT(rows));
	assert_null(billing_subscriptions_read(&p.s.work, S(TENANT), S(ACCOUNT), &list));
	assert_true(scripted_done(&p.s));
	assert_int_equal(list.len, 3);

	const struct billing_subscription *b = &list.at[0];

	assert_true(str_eq(b->subscription, S("be0d8a54-90c1-4f27-8a3e-5c1f7d2b6e90")));
	assert_int_equal(b->quantity, 12);
	assert_int_equal(b->cancellation, BILLING_CANCEL_ALLOWED);
	assert_int_equal(b->renewal, BILLING_RENEWAL_ON);
	assert_true(b->locked);
	assert_true(str_is_none(b->reseller));
	assert_true(str_eq(instant_rfc3339(p.s.arena, b->cancel_until), S("2026-02-08T00:00:00Z")));
	assert_true(str_eq(instant_rfc3339(p.s.arena, b->term_ends), S("2027-02-01T00:00:00Z")));
	assert_int_equal(list.at[1].cancellation, BILLING_CANCEL_REFUSED);
	assert_int_equal(list.at[1].renewal, BILLING_RENEWAL_OFF);
	assert_true(str_eq(list.at[1].reseller, S("Other Cloud")));
	assert_int_equal(list.at[2].cancellation, BILLING_CANCEL_UNKNOWN);
	assert_int_equal(list.at[2].renewal, BILLING_RENEWAL_UNKNOWN);
	assert_true(str_is_none(list.at[2].reseller));
	assert_true(instant_is_none(list.at[2].term_ends));
	play_close(&p);
}
static void subscriptions_are_read_page_by_page_with_who_sold_them(void **state)
{
	(void)state;
	store_testing_on_sqlite(subscriptions_are_read_page_by_page_with_who_sold_them_body);
}

static void a_cancellation_is_accepted_and_followed_in_looks_of_its_own_body(
	struct store_testing *with)
{
	static const struct scripted_row rows[] = {
		{ "DELETE " ONE, 202, "", "Location", OPERATION },
		{ "GET " OPERATION, 202, "", "Retry-After", "10" },
		{ "GET " OPERATION, 200, "{\"status\":\"Succeeded\"}" },
		{ "DELETE " ONE, 204, "" },
	};
	struct billing_operation op;
	struct play p;

	play_open(&p, with);
	give(&p);
	scripted_play(&p.s, rows, COUNT(rows));
	assert_null(billing_cancel(&p.s.work, S(TENANT), S(ACCOUNT), S("be0d"), &op));
	assert_false(op.done);
	assert_true(str_eq(op.follow, S(OPERATION)));
	assert_null(billing_operation_look(&p.s.work, S(TENANT), op.follow, &op));
	assert_false(op.done);
	assert_int_equal(op.look_after, 10);
	assert_true(str_eq(op.follow, S(OPERATION)));
	assert_null(billing_operation_look(&p.s.work, S(TENANT), op.follow, &op));
	assert_true(op.done);
	assert_null(billing_cancel(&p.s.work, S(TENANT), S(ACCOUNT), S("be0d"), &op));
	assert_true(op.done);
	play_close(&p);
}
static void a_cancellation_is_accepted_and_followed_in_looks_of_its_own(void **state)
{
	(void)state;
	store_testing_on_sqlite(a_cancellation_is_accepted_and_followed_in_looks_of_its_own_body);
}

static void the_end_of_renewal_is_a_small_change_body(struct store_testing *with)
{
	static const struct scripted_row row = { "PATCH " ONE, 200, "{}" };
	struct billing_operation op;
	struct play p;

	play_open(&p, with);
	give(&p);
	scripted_play(&p.s, &row, 1);
	assert_null(billing_renewal_end(&p.s.work, S(TENANT), S(ACCOUNT), S("be0d"), &op));
	assert_true(op.done);
	assert_true(str_eq(p.s.asked[0].body, S("{\"properties\":{\"autoRenew\":\"Off\"}}")));
	play_close(&p);
}
static void the_end_of_renewal_is_a_small_change(void **state)
{
	(void)state;
	store_testing_on_sqlite(the_end_of_renewal_is_a_small_change_body);
}

static void every_refusal_has_its_kind_and_the_vendors_code_body(struct store_testing *with)
{
	static const struct {
		int status;
		const char *body;
		enum fault_kind kind;
		const char *code;
	} rows[] = {
		{ 400, "{\"error\":{\"code\":\"BadRequest\",\"message\":\"no\"}}", FAULT_INPUT,
		  "BadRequest" },
		{ 403, "{\"error\":{\"code\":\"AuthorizationFailed\"}}", FAULT_DENIED,
		  "AuthorizationFailed" },
		{ 404, "{\"error\":{\"code\":\"ResourceNotFound\"}}", FAULT_MISSING,
		  "ResourceNotFound" },
		{ 409, "{\"error\":{\"code\":\"Conflict\"}}", FAULT_CONFLICT, "Conflict" },
		{ 429, "{\"error\":{\"code\":\"TooManyRequests\"}}", FAULT_BUSY,
		  "TooManyRequests" },
		{ 500, "<html>", FAULT_REMOTE, NULL },
		{ 503, "", FAULT_BUSY, NULL },
		{ 200, "{\"status\":\"Failed\",\"error\":{\"code\":\"PastWindow\"}}",
		  FAULT_CONFLICT, "PastWindow" },
		{ 200, "{\"properties\":{\"status\":\"Canceled\"}}", FAULT_CONFLICT, NULL },
		{ 0, "", FAULT_REMOTE, "timeout" },
	};
	struct billing_operation op;
	struct play p;

	play_open(&p, with);
	give(&p);
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct scripted_row row = { "DELETE " ONE, rows[i].status, rows[i].body };

		scripted_play(&p.s, &row, 1);
		const fault *f = billing_cancel(&p.s.work, S(TENANT), S(ACCOUNT), S("be0d"), &op);

		assert_non_null(f);
		assert_int_equal(f->kind, rows[i].kind);
		if (rows[i].code)
			assert_string_equal(f->code, rows[i].code);
		assert_true(scripted_done(&p.s));
	}
	play_close(&p);
}
static void every_refusal_has_its_kind_and_the_vendors_code(void **state)
{
	(void)state;
	store_testing_on_sqlite(every_refusal_has_its_kind_and_the_vendors_code_body);
}

static void an_operation_elsewhere_is_not_followed_body(struct store_testing *with)
{
	struct billing_operation op;
	struct play p;

	play_open(&p, with);
	give(&p);
	scripted_play(&p.s, NULL, 0);
	assert_int_equal(
		billing_operation_look(&p.s.work, S(TENANT), S("https://evil.test/operation"), &op)
			->kind,
		FAULT_REMOTE);
	assert_int_equal(p.s.asked_count, 0);
	play_close(&p);
}
static void an_operation_elsewhere_is_not_followed(void **state)
{
	(void)state;
	store_testing_on_sqlite(an_operation_elsewhere_is_not_followed_body);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_permission_is_kept_only_for_the_tenant_it_was_asked_of),
		cmocka_unit_test(a_code_that_was_used_or_is_old_is_an_answer),
		cmocka_unit_test(the_administrator_is_sent_with_state_and_challenge_and_no_secret),
		cmocka_unit_test(a_permission_is_used_again_and_the_newest_is_kept),
		cmocka_unit_test(a_permission_that_ended_or_was_forgotten_says_so),
		cmocka_unit_test(accounts_are_known_by_their_agreement),
		cmocka_unit_test(subscriptions_are_read_page_by_page_with_who_sold_them),
		cmocka_unit_test(a_cancellation_is_accepted_and_followed_in_looks_of_its_own),
		cmocka_unit_test(the_end_of_renewal_is_a_small_change),
		cmocka_unit_test(every_refusal_has_its_kind_and_the_vendors_code),
		cmocka_unit_test(an_operation_elsewhere_is_not_followed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
