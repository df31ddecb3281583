/* Azure Billing: who may ask, what is listed, and what may be changed when (vendor facts §4). */
#include "sandbox/billing_subscription.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "remote/remote.h"
#include "sandbox/billing_setting.h"
#include "sandbox/identity_mint.h"
#include "sandbox/identity_registration.h"
#include "sandbox/identity_token.h"
#include "sandbox/sandbox_pass.h"
#include "sandbox/sandbox_testing.h"
#include "sandbox/tenant_testing.h"

#define BOSS	TENANT_TESTING_BOSS
#define CLERK	TENANT_TESTING_CLERK
#define BAKER	"hanne.okafor@ryeandember.onmicrosoft.com"
#define BOUND	TENANT_TESTING_BOUND
#define FRESH	TENANT_TESTING_FRESH
#define SOLD	TENANT_TESTING_SOLD
#define VERSION "api-version=2024-04-01"

static fault *studio_load(struct tx *tx, void *with)
{
	(void)with;
	return tenant_testing_load(tx, &tenant_testing_studio);
}

static int open(void **state)
{
	int wrong = sandbox_testing_open(state);

	if (!wrong)
		sandbox_testing_do(*state, studio_load, NULL);
	return wrong;
}

/* Who asks. */
struct asker {
	const char *upn;    /* NULL: the application itself */
	const char *tenant; /* of the token */
	enum identity_resource resource;
};
static const struct asker boss = { BOSS, "ternstudio.example", IDENTITY_MANAGEMENT };

struct minting {
	const struct asker *asker;
	str token;
};

static fault *mint(struct tx *tx, void *with)
{
	struct minting *minting = with;
	const struct asker *asker = minting->asker;
	DEFER(identity_key_end) struct identity_key *key = NULL;
	struct identity_applications applications;
	struct tenant_state_user user;
	struct tenant_state tenant;
	bool found = true;

	TRY(identity_token_key(tx, &key));
	TRY(identity_registration_all(tx, &applications));
	TRY(tenant_state_find(tx, str_of(asker->tenant), &tenant, &found));
	if (asker->upn)
		TRY(tenant_state_user(tx, str_of(asker->upn), &user, &found));
	assert_true(found);
	return identity_mint_access(tx,
				    &(struct identity_mint){
					    .key = key,
					    .base_url = S("https://localhost:8443"),
					    .tenant = &tenant,
					    .application = &applications.at[0],
					    .resource = asker->resource,
					    .permissions = S("user_impersonation"),
					    .user = asker->upn ? &user : NULL,
					    .lasts = IDENTITY_ACCESS_LASTS,
				    },
				    &minting->token);
}

static struct sandbox_testing_answer ask(struct sandbox_testing *t, const struct asker *asker,
					 enum method method, str target, str body)
{
	struct minting minting = { .asker = asker };

	sandbox_testing_do(t, mint, &minting);
	return sandbox_testing_ask(t, method, str_copy(t->arena, minting.token), target, body);
}

static str account_of(struct sandbox_testing *t, const struct asker *asker)
{
	struct sandbox_testing_answer got = ask(t, asker, GET, S(BILLING_ACCOUNTS "?" VERSION),
						STR_NONE);

	assert_int_equal(got.status, 200);
	return str_copy(t->arena, sandbox_testing_text(&got, "value/0/name"));
}

/* "{account}/billingSubscriptions" and what follows it. */
static str below(struct sandbox_testing *t, const char *name, const char *query)
{
	/* As a client sends it: the colon of the name percent-encoded. */
	str account = remote_escape(t->arena, account_of(t, &boss));

	return str_format(t->arena, BILLING_ACCOUNTS "/%.*s/billingSubscriptions%s%s?" VERSION "%s",
			  STR(account), *name ? "/" : "", name, query);
}

static struct sandbox_testing_answer one(struct sandbox_testing *t, const char *name)
{
	struct sandbox_testing_answer got = ask(t, &boss, GET, below(t, name, ""), STR_NONE);

	assert_int_equal(got.status, 200);
	return got;
}

static str header(const struct sandbox_testing_answer *got, const char *name)
{
	for (size_t i = 0; i < got->exchange.answer_header_count; i++)
		if (str_eq_nocase(str_of(got->exchange.answer_headers[i].key), str_of(name)))
			return got->exchange.answer_headers[i].value;
	return STR_NONE;
}

/* The path and query of the address at which an operation's result will be. */
static str location(struct sandbox_testing *t, const struct sandbox_testing_answer *got,
		    const char *retry_after)
{
	const str host = S("https://localhost:8443");
	str at = header(got, "Location");

	assert_int_equal(got->status, 202);
	assert_true(str_eq(header(got, "Retry-After"), str_of(retry_after)));
	assert_true(str_starts(at, host));
	return str_copy(t->arena, str_part(at, host.len, at.len));
}

static void who_may_not_ask_gets_the_vendors_refusal(void **state)
{
	struct sandbox_testing *t = *state;
	static const struct {
		struct asker asker;
		str target;
		int status;
		const char *code;
	} rows[] = {
		{ { NULL, "ternstudio.example", IDENTITY_MANAGEMENT },
		  S(BILLING_ACCOUNTS "?" VERSION),
		  403,
		  "AuthorizationFailed" },
		{ { BOSS, "ternstudio.example", IDENTITY_GRAPH },
		  S(BILLING_ACCOUNTS "?" VERSION),
		  401,
		  "InvalidAuthenticationTokenAudience" },
		{ { BOSS, "ternstudio.example", IDENTITY_MANAGEMENT },
		  S(BILLING_ACCOUNTS),
		  400,
		  "MissingApiVersionParameter" },
		{ { BOSS, "ternstudio.example", IDENTITY_MANAGEMENT },
		  S(BILLING_ACCOUNTS "?api-version=2018-01-01"),
		  400,
		  "InvalidResourceType" },
		{ { BOSS, "ternstudio.example", IDENTITY_MANAGEMENT },
		  S(BILLING_ACCOUNTS "/somebody/billingSubscriptions?" VERSION),
		  403,
		  "AuthorizationFailed" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct sandbox_testing_answer got = ask(t, &rows[i].asker, GET, rows[i].target,
							STR_NONE);
		assert_int_equal(got.status, rows[i].status);
		assert_true(str_eq(sandbox_testing_text(&got, "error/code"), str_of(rows[i].code)));
	}
}

static void a_person_without_a_billing_role_sees_no_account_and_no_subscription(void **state)
{
	struct sandbox_testing *t = *state;
	const struct asker clerk = { CLERK, "ternstudio.example", IDENTITY_MANAGEMENT };
	struct sandbox_testing_answer got = ask(t, &clerk, GET, S(BILLING_ACCOUNTS "?" VERSION),
						STR_NONE);

	assert_int_equal(got.status, 200);
	assert_int_equal(json_array_size(json_object_get(got.json, "value")), 0);
	got = ask(t, &clerk, GET, below(t, "", ""), STR_NONE);
	assert_int_equal(got.status, 403);
}

static void each_agreement_has_its_account(void **state)
{
	struct sandbox_testing *t = *state;
	struct asker baker = { "", TESTING_BAKERY, IDENTITY_MANAGEMENT };
	str account = account_of(t, &boss);
	struct sandbox_testing_answer got;

	assert_int_equal(account.len, 36 + 1 + 36 + S("_2019-05-31").len);
	assert_true(str_ends(account, S("_2019-05-31")));
	got = ask(t, &boss, GET, S(BILLING_ACCOUNTS "?" VERSION), STR_NONE);
	assert_true(str_eq(sandbox_testing_text(&got, "value/0/properties/agreementType"),
			   S("MicrosoftCustomerAgreement")));
	assert_true(str_eq(sandbox_testing_text(&got, "value/0/name"), account));

	baker.upn = BAKER;
	got = ask(t, &baker, GET, S(BILLING_ACCOUNTS "?" VERSION), STR_NONE);
	account = str_copy(t->arena, sandbox_testing_text(&got, "value/0/name"));
	assert_int_equal(account.len, 36);
	assert_true(str_eq(sandbox_testing_text(&got, "value/0/properties/agreementType"),
			   S("MicrosoftOnlineServicesProgram")));
	got = ask(t, &baker, GET,
		  str_format(t->arena, BILLING_ACCOUNTS "/%.*s/billingSubscriptions?" VERSION,
			     STR(account)),
		  STR_NONE);
	assert_int_equal(got.status, 200);
	assert_int_equal(json_array_size(json_object_get(got.json, "value")), 0);
	got = ask(t, &baker, DELETE,
		  str_format(t->arena,
			     BILLING_ACCOUNTS "/%.*s/billingSubscriptions/" BOUND "?" VERSION,
			     STR(account)),
		  STR_NONE);
	assert_int_equal(got.status, 400);
	assert_true(
		str_eq(sandbox_testing_text(&got, "error/code"), S("UnsupportedAgreementType")));
}

static void the_list_is_filtered_counted_and_paged(void **state)
{
	struct sandbox_testing *t = *state;
	static const struct {
		const char *query;
		int status;
		size_t shown;
		int64_t counted; /* -1: not asked */
		bool more;
	} rows[] = {
		{ "", 200, 3, -1, false },
		{ "&count=true", 200, 3, 3, false },
		{ "&count=true&top=2", 200, 2, 3, true },
		{ "&top=2&skip=2", 200, 1, -1, false },
		{ "&filter=properties/status%20eq%20%27Active%27&count=true", 200, 3, 3, false },
		{ "&filter=status%20eq%20%27Expired%27&count=true", 200, 0, 0, false },
		{ "&filter=quantity%20gt%203", 400, 0, -1, false },
		{ "&top=0", 400, 0, -1, false },
		{ "&top=many", 400, 0, -1, false },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct sandbox_testing_answer got = ask(t, &boss, GET, below(t, "", rows[i].query),
							STR_NONE);
		assert_int_equal(got.status, rows[i].status);
		if (rows[i].status != 200)
			continue;
		assert_int_equal(json_array_size(json_object_get(got.json, "value")),
				 rows[i].shown);
		assert_int_equal(json_object_get(got.json, "nextLink") != NULL, rows[i].more);
		if (rows[i].counted >= 0)
			assert_int_equal(sandbox_testing_number(&got, "totalCount"),
					 rows[i].counted);
	}
}

static void a_next_link_leads_to_the_rest(void **state)
{
	struct sandbox_testing *t = *state;
	struct sandbox_testing_answer got = ask(t, &boss, GET,
						below(t, "", "&top=2&expand=Reseller"), STR_NONE);
	str next = sandbox_testing_text(&got, "nextLink");
	const str host = S("https://localhost:8443");

	assert_true(str_starts(next, host));
	got = ask(t, &boss, GET, str_copy(t->arena, str_part(next, host.len, next.len)), STR_NONE);
	assert_int_equal(json_array_size(json_object_get(got.json, "value")), 1);
	assert_true(str_eq(sandbox_testing_text(&got, "value/0/name"), S(SOLD)));
	assert_true(str_eq(sandbox_testing_text(&got, "value/0/properties/reseller/description"),
			   S("Pinefell Cloud")));
	assert_null(json_object_get(got.json, "nextLink"));
}

static void overrides_tell_until_when_it_can_be_cancelled(void **state)
{
	struct sandbox_testing *t = *state;
	static const struct {
		const char *name, *cancellation, *until;
	} rows[] = {
		{ BOUND, "NotAllowed", "2026-02-17T00:00:00Z" },
		{ FRESH, "Allowed", "2026-11-27T00:00:00Z" },
		{ SOLD, "NotAllowed", "2026-10-08T00:00:00Z" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct sandbox_testing_answer got = one(t, rows[i].name);
		assert_true(str_eq(
			sandbox_testing_text(&got, "properties/systemOverrides/cancellation"),
			str_of(rows[i].cancellation)));
		assert_true(str_eq(sandbox_testing_text(&got, "properties/systemOverrides/"
							      "cancellationAllowedEndDate"),
				   str_of(rows[i].until)));
		assert_null(json_object_get(json_object_get(got.json, "properties"), "reseller"));
	}
}

static void cancelling_is_accepted_first_and_done_later(void **state)
{
	struct sandbox_testing *t = *state;
	struct sandbox_testing_answer got = ask(t, &boss, DELETE, below(t, FRESH, ""), STR_NONE);
	str result = location(t, &got, "10");

	assert_true(str_find(result, S("/cancelBillingSubscription_" FRESH ":")) > 0);
	got = one(t, FRESH);
	assert_true(str_eq(sandbox_testing_text(&got, "properties/status"), S("Active")));
	assert_true(str_eq(sandbox_testing_text(&got, "properties/operationStatus"),
			   S("LockedForUpdate")));
	got = ask(t, &boss, DELETE, below(t, FRESH, ""), STR_NONE);
	assert_int_equal(got.status, 409);
	got = ask(t, &boss, GET, result, STR_NONE);
	assert_true(str_eq(location(t, &got, "10"), result));

	sandbox_testing_wait(t, SECONDS(11));
	got = ask(t, &boss, GET, result, STR_NONE);
	assert_int_equal(got.status, 204);
	got = one(t, FRESH);
	assert_true(str_eq(sandbox_testing_text(&got, "properties/status"), S("Cancelled")));
	assert_true(str_eq(sandbox_testing_text(&got, "properties/suspensionReasons/0"),
			   S("Cancelled")));
	got = ask(t, &boss, DELETE, below(t, FRESH, ""), STR_NONE);
	assert_int_equal(got.status, 204);
}

static void what_was_cancelled_in_time_is_cancelled_though_the_clock_jumps(void **state)
{
	struct sandbox_testing *t = *state;
	struct sandbox_testing_answer got = ask(t, &boss, DELETE, below(t, FRESH, ""), STR_NONE);

	assert_int_equal(got.status, 202);
	sandbox_testing_wait(t, DAYS(200));
	got = ask(t, &boss, GET, below(t, "", ""), STR_NONE);
	assert_int_equal(json_array_size(json_object_get(got.json, "value")), 2);
	got = ask(t, &boss, GET, below(t, "", "&includeDeleted=true"), STR_NONE);
	assert_true(str_eq(sandbox_testing_text(&got, "value/1/properties/status"), S("Deleted")));
}

static void what_a_rule_forbids_is_refused_with_the_vendors_error(void **state)
{
	struct sandbox_testing *t = *state;
	static const struct {
		enum method method;
		const char *name;
		str body;
		int status;
		const char *code;
	} rows[] = {
		{ DELETE, BOUND, S(""), 409, "CancellationNotAllowed" },
		{ DELETE, SOLD, S(""), 403, "AuthorizationFailed" },
		{ DELETE, "00000000-0000-4000-8000-000000000000", S(""), 404, "ResourceNotFound" },
		{ PATCH, SOLD, S("{\"properties\":{\"autoRenew\":\"Off\"}}"), 403,
		  "AuthorizationFailed" },
		{ PATCH, BOUND, S("{\"properties\":{\"quantity\":11}}"), 409, "ChangeNotAllowed" },
		{ PATCH, BOUND, S("{\"properties\":{\"quantity\":0}}"), 400, "ChangeNotAllowed" },
		{ PATCH, BOUND, S("{\"properties\":{\"quantity\":\"9\"}}"), 400, "BadRequest" },
		{ PATCH, BOUND, S("{\"properties\":{\"autoRenew\":\"Maybe\"}}"), 400,
		  "BadRequest" },
		{ PATCH, BOUND, S("{\"properties\":{\"termDuration\":\"P1M\"}}"), 400,
		  "BadRequest" },
		{ PATCH, BOUND, S("{\"properties\":{}}"), 400, "BadRequest" },
		{ PATCH, BOUND, S("[not json"), 400, "BadRequest" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct sandbox_testing_answer got = ask(t, &boss, rows[i].method,
							below(t, rows[i].name, ""), rows[i].body);
		assert_int_equal(got.status, rows[i].status);
		assert_true(str_eq(sandbox_testing_text(&got, "error/code"), str_of(rows[i].code)));
	}
}

static void renewal_turns_at_once_and_seats_take_a_while(void **state)
{
	struct sandbox_testing *t = *state;
	struct sandbox_testing_answer got = ask(t, &boss, PATCH, below(t, BOUND, ""),
						S("{\"properties\":{\"autoRenew\":\"Off\"}}"));

	assert_int_equal(got.status, 200);
	assert_true(str_eq(sandbox_testing_text(&got, "properties/autoRenew"), S("Off")));
	assert_true(str_eq(sandbox_testing_text(&got, "properties/status"), S("Expiring")));
	got = ask(t, &boss, PATCH, below(t, BOUND, ""), S("{\"properties\":{\"quantity\":15}}"));
	str result = location(t, &got, "10");
	got = one(t, BOUND);
	assert_int_equal(sandbox_testing_number(&got, "properties/quantity"), 12);
	sandbox_testing_wait(t, SECONDS(11));
	got = ask(t, &boss, GET, result, STR_NONE);
	assert_int_equal(got.status, 200);
	assert_int_equal(sandbox_testing_number(&got, "properties/quantity"), 15);
	/* The term ends: nothing renews it. */
	sandbox_testing_wait(t, DAYS(90));
	got = one(t, BOUND);
	assert_true(str_eq(sandbox_testing_text(&got, "properties/status"), S("Expired")));
}

static fault *setting_put(struct tx *tx, void *with)
{
	const char *const *words = with;

	return billing_setting_put(tx, str_of(words[0]), str_of(words[1]));
}

static void set(struct sandbox_testing *t, const char *name, const char *value)
{
	const char *words[] = { name, value };

	sandbox_testing_do(t, setting_put, words);
}

static void a_cancellation_may_come_to_nothing_when_the_sandbox_is_told_so(void **state)
{
	struct sandbox_testing *t = *state;

	set(t, "cancel-hollow", "on");
	set(t, "change-time", "2m");
	struct sandbox_testing_answer got = ask(t, &boss, DELETE, below(t, FRESH, ""), STR_NONE);
	str result = location(t, &got, "120");
	sandbox_testing_wait(t, SECONDS(119));
	got = ask(t, &boss, GET, result, STR_NONE);
	assert_int_equal(got.status, 202);
	sandbox_testing_wait(t, SECONDS(2));
	got = ask(t, &boss, GET, result, STR_NONE);
	assert_int_equal(got.status, 204);
	got = one(t, FRESH);
	assert_true(str_eq(sandbox_testing_text(&got, "properties/status"), S("Active")));
}

static void an_older_account_may_list_its_seats_but_changes_none(void **state)
{
	struct sandbox_testing *t = *state;
	const struct asker baker = { BAKER, TESTING_BAKERY, IDENTITY_MANAGEMENT };
	str account, name;

	set(t, "older-seats", "on");
	account = remote_escape(t->arena, account_of(t, &baker));
	struct sandbox_testing_answer got = ask(
		t, &baker, GET,
		str_format(t->arena, BILLING_ACCOUNTS "/%.*s/billingSubscriptions?" VERSION,
			   STR(account)),
		STR_NONE);
	name = str_copy(t->arena, sandbox_testing_text(&got, "value/0/name"));
	assert_int_equal(sandbox_testing_number(&got, "value/0/properties/quantity"), 1);
	got = ask(t, &baker, PATCH,
		  str_format(t->arena, BILLING_ACCOUNTS "/%.*s/billingSubscriptions/%.*s?" VERSION,
			     STR(account), STR(name)),
		  S("{\"properties\":{\"autoRenew\":\"Off\"}}"));
	assert_int_equal(got.status, 400);
	assert_true(
		str_eq(sandbox_testing_text(&got, "error/code"), S("UnsupportedAgreementType")));
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, open, sandbox_testing_close)
	const struct CMUnitTest tests[] = {
		T(who_may_not_ask_gets_the_vendors_refusal),
		T(a_person_without_a_billing_role_sees_no_account_and_no_subscription),
		T(each_agreement_has_its_account),
		T(the_list_is_filtered_counted_and_paged),
		T(a_next_link_leads_to_the_rest),
		T(overrides_tell_until_when_it_can_be_cancelled),
		T(cancelling_is_accepted_first_and_done_later),
		T(what_was_cancelled_in_time_is_cancelled_though_the_clock_jumps),
		T(what_a_rule_forbids_is_refused_with_the_vendors_error),
		T(renewal_turns_at_once_and_seats_take_a_while),
		T(a_cancellation_may_come_to_nothing_when_the_sandbox_is_told_so),
		T(an_older_account_may_list_its_seats_but_changes_none),
	};
#undef T
	return cmocka_run_group_tests(tests, NULL, NULL);
}
