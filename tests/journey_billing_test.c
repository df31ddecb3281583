/* The tenant's billing account is read, and ended there, with an administrator's permission: what
 * Microsoft may answer, and what becomes of the permission. */
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "billing_grant_sql.h"
#include "convert/door_pages.h"
#include "giving.h"
#include "microsoft/billing_access.h"
#include "web/web.h"

#define TENANTS	   NOVATE_SOURCE "/tests/tenants/"
#define SORRELHILL S("sorrelhill.onmicrosoft.com")
#define JUNIPER	   S("juniperlane.onmicrosoft.com")

/* The page of the permission says this. */
static void permission_says(struct journey *j, bool given, const char *said)
{
	struct giving g = { .j = j };

	giving_look(&g);
	assert_int_equal(g.grant.given, given);
	if (said ? str_find(g.grant.said, str_of(said)) < 0 : g.grant.said.len > 0)
		fail_msg("“%s” is not in: %.*s", said ? said : "", STR(g.grant.said));
}

/* SORRELHILL's subscription, of which nothing is told but that it is there. */
#define NOTHING_TOLD                                                                           \
	"{\"value\":[{\"name\":\"879acb2b-de06-427c-8bae-1edc6ce361af\",\"properties\":{"      \
	"\"subscriptionId\":\"879acb2b-de06-427c-8bae-1edc6ce361af\",\"status\":\"Active\"}}," \
	"{\"name\":\"azure\",\"properties\":{\"subscriptionId\":\"00000000-0000-0000-0000-"    \
	"000000000001\",\"status\":\"Active\"}}]}"
#define ACCOUNT_OF(agreement) \
	"{\"value\":[{\"name\":\"a\",\"properties\":{\"agreementType\":\"" agreement "\"}}]}"

/* Past the seven days: Novate may turn the renewal off, once it knows of which account. */
static void an_account_in_pieces(struct store_testing *with)
{
	static const struct {
		const char *accounts, *subscriptions, *said, *about;
		enum conversion_account account;
		const char *part;
	} rows[] = {
		{ "{\"value\":[]}", NOTHING_TOLD, "shows no billing account to whoever gave",
		  "To be cancelled, or its", ACCOUNT_UNKNOWN, "See which kind of account" },
		{ ACCOUNT_OF("EnterpriseAgreement"), "{\"value\":[]}", NULL,
		  "To be cancelled, or its", ACCOUNT_UNKNOWN, "See which kind of account" },
		{ ACCOUNT_OF("MicrosoftCustomerAgreement"), NOTHING_TOLD, NULL,
		  "To be cancelled, or its", ACCOUNT_MCA, "Cancel it, or turn" },
	};
	struct journey j;

	journey_open(&j, with, SORRELHILL, TENANTS "sorrelhill.json");
	journey_to_the_door(&j);
	giving_allow(&j, true);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct cancel_guide guide;

		vendor_stage_answer(j.vendor, "billing.accounts", 200, rows[i].accounts, false);
		vendor_stage_answer(j.vendor, "billing.subscriptions", 200, rows[i].subscriptions,
				    false);
		if (i == 0)
			journey_to_the_cancelling(&j);
		journey_later(&j, MINUTES(30));
		assert_int_equal(j.c.waits_for, WAITS_ADMINISTRATOR);
		assert_int_equal(j.c.account, rows[i].account);
		permission_says(&j, true, rows[i].said);
		guide = journey_guide(&j);
		assert_true(str_starts(guide.each.at[0].about, str_of(rows[i].about)));
		assert_true(str_starts(guide.parts.at[0].heading, str_of(rows[i].part)));
	}
	assert_int_equal(
		journey_asked(&j, "billing.cancel") + journey_asked(&j, "billing.renewal_off"), 0);
	vendor_stage_answer(j.vendor, "billing.accounts", 0, NULL, false);
	vendor_stage_answer(j.vendor, "billing.subscriptions", 0, NULL, false);
	journey_later(&j, MINUTES(30));
	assert_int_equal(journey_asked(&j, "billing.renewal_off"), 1);
	journey_close(&j);
}

/* A new password, or a right taken away at Microsoft: what was given is worth nothing any more. */
static void a_permission_that_ends_in_the_middle(struct store_testing *with)
{
	struct journey j;
	int64_t asked;

	journey_open(&j, with, SORRELHILL, TENANTS "sorrelhill.json");
	journey_to_the_door(&j);
	giving_allow(&j, false);
	journey_to_the_cancelling(&j);
	assert_int_equal(j.c.waits_for, WAITS_ADMINISTRATOR);
	vendor_stage_answer(j.vendor, "signin.billing", 400,
			    "{\"error\":\"invalid_grant\",\"error_codes\":[50173]}", false);
	journey_later(&j, HOURS(2));
	permission_says(&j, false, "has ended. It can be given again on");
	assert_true(journey_has_said(&j, "has ended. It can be given again on"));
	assert_int_equal(j.c.waits_for, WAITS_ADMINISTRATOR);
	assert_int_equal(j.c.account, ACCOUNT_MCA); /* what is known stays known */
	asked = journey_asked(&j, "signin.billing");
	journey_later(&j, HOURS(2));
	assert_int_equal(journey_asked(&j, "signin.billing"), asked);
	vendor_stage_answer(j.vendor, "signin.billing", 0, NULL, false);
	giving_allow(&j, true);
	permission_says(&j, true, NULL);
	journey_go_on_for(&j, 5);
	assert_int_equal(journey_asked(&j, "billing.renewal_off"), 1);
	journey_close(&j);
}

/* The tokens of a sign-in to this tenant, as an answer. */
static const char *tokens_of(struct journey *j, const char *more)
{
	struct arena *a = j->with->arena;
	str claims = str_format(a, "{\"tid\":\"%.*s\"}", STR(j->c.tenant));

	return str_cstr(a, str_format(a,
				      "{\"access_token\":\"a\",\"expires_in\":3599,\"id_token\":"
				      "\"e30.%.*s.c2lnbmVk\"%s}",
				      STR(str_base64url(a, claims)), more));
}

static void a_permission_that_does_not_last(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, BAKERY, NULL);
	journey_to_the_door(&j);

	const struct {
		int status;
		const char *body, *said;
	} rows[] = {
		{ 200, tokens_of(&j, ""), "ends within the hour" },
		{ 401, "{\"error\":\"invalid_client\"}", "did not accept our own application" },
	};
	struct giving g = { .j = &j, .domain = BAKERY };

	for (size_t i = 0; i < COUNT(rows); i++) {
		vendor_stage_answer(j.vendor, "signin.billing", rows[i].status, rows[i].body,
				    false);
		giving_whole(&g);
		assert_false(g.grant.redeeming); /* the code is used up: not tried again */
		permission_says(&j, false, rows[i].said);
	}
	vendor_stage_answer(j.vendor, "signin.billing", 200,
			    tokens_of(&j, ",\"refresh_token\":\"r\""), false);
	giving_whole(&g);
	permission_says(&j, true, NULL);
	journey_close(&j);
}

#define USED_UP "{\"error\":\"invalid_grant\",\"error_codes\":[54005]}"

static fault *died_body(struct tx *tx, void *with)
{
	struct journey *j = with;

	TRY(billing_grant_set_end(tx, j->c.id, INSTANT_NONE, false, S("")));
	return billing_grant_set_back(tx, j->c.id, S("used up"), S(""));
}

/* `work` died after the permission was kept and before the conversion knew: its next attempt finds
 * a code that is used up, and the permission. */
static void a_death_between_keeping_and_knowing(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, BAKERY, NULL);
	journey_to_the_door(&j);
	giving_allow(&j, false);
	journey_let(&j, died_body);
	vendor_stage_answer(j.vendor, "signin.billing", 400, USED_UP, false);
	journey_knock(&j);
	journey_go_on_for(&j, 2);
	permission_says(&j, true, NULL);
	journey_close(&j);
}

/* Asked for more, and what comes back is worth nothing: what was given before is neither more nor
 * less. */
static void a_second_permission_that_fails(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, BAKERY, NULL);
	journey_to_the_door(&j);
	giving_allow(&j, false);

	struct giving g = { .j = &j, .domain = BAKERY, .cancels = true };

	vendor_stage_answer(j.vendor, "signin.billing", 400, USED_UP, false);
	giving_whole(&g);
	permission_says(&j, true, "came too late, or from another organization");
	assert_false(g.grant.may_cancel);
	vendor_stage_answer(j.vendor, "signin.billing", 0, NULL, false);
	giving_whole(&g);
	permission_says(&j, true, NULL);
	assert_true(g.grant.may_cancel);
	journey_close(&j);
}

static struct journey *in_hand;

static fault *withdraw_body(struct tx *tx, void *with)
{
	struct journey *j = with;

	return billing_grant_withdraw(tx, j->c.door);
}

static void take_back(void)
{
	journey_let(in_hand, withdraw_body);
}

static fault *not_known_body(struct tx *tx, void *with)
{
	struct journey *j = with;
	bool known;

	TRY(billing_access_known(tx, j->c.tenant, &known));
	assert_false(known);
	return NULL;
}

/* While Microsoft answers to the code, the administrator takes it all back: nothing is kept. */
static void a_permission_taken_back_while_it_is_redeemed(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, BAKERY, NULL);
	journey_to_the_door(&j);

	struct giving g = { .j = &j, .domain = BAKERY };

	in_hand = &j;
	vendor_stage_trouble(j.vendor, TROUBLE_STOP_AFTER, 1, take_back);
	giving_whole(&g);
	permission_says(&j, false, "You took it back.");
	assert_false(g.grant.redeeming);
	journey_let(&j, not_known_body);
	giving_whole(&g);
	permission_says(&j, true, NULL);
	journey_close(&j);
}

/* Of two subscriptions of one product a partner sold the first: Novate ends the other. */
static void a_partners_subscription_beside(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, JUNIPER, NOVATE_SOURCE "/tests/juniper.json");
	journey_to_the_door(&j);
	giving_allow(&j, true);
	journey_to_the_cancelling(&j);
	journey_go_on_for(&j, 400); /* idle: nobody acts */
	assert_int_equal(j.c.state, CONVERSION_DONE);
	assert_int_equal(j.c.account, ACCOUNT_MCA);
	assert_int_equal(journey_asked(&j, "billing.cancel"), 1);
	journey_nobody_lost_anything(&j);
	journey_close(&j);
}

static fault *door_of_test(struct tx *tx, str cookie, str bearer, struct visitor *who)
{
	(void)tx, (void)cookie, (void)bearer;
	*who = (struct visitor){ .role = ANYONE, .form_token = S("t") };
	return NULL;
}

/* The administrator's browser at one of the door's pages. */
static struct web_exchange browse(struct journey *j, enum method method, str target, str form)
{
	static const struct log_pair headers[] = {
		{ "Content-Type", S("application/x-www-form-urlencoded") },
	};
	const struct web_settings settings = {
		.public_url = S("http://localhost"),
		.store = j->with->store,
		.world = &j->with->world.world,
		.tables = &door_pages_routes,
		.table_count = 1,
		.session_cookie = "novate",
		.door = door_of_test,
	};
	struct web_exchange x = { .method = method,
				  .target = target,
				  .headers = headers,
				  .header_count = COUNT(headers),
				  .body = form };

	journey_must(web_exchange(&settings, j->with->arena, &x));
	return x;
}

static str header_of(const struct web_exchange *x, const char *name)
{
	for (size_t i = 0; i < x->answer_header_count; i++)
		if (str_eq_nocase(str_of(x->answer_headers[i].key), str_of(name)))
			return x->answer_headers[i].value;
	return STR_NONE;
}

static void leads_to_the_door(struct journey *j, const struct web_exchange *x)
{
	assert_int_equal(x->status, 303);
	assert_true(str_eq(header_of(x, "Location"),
			   str_format(j->with->arena, "/c/%.*s", STR(j->c.door))));
}

/* The code that Microsoft's sign-in sends along stands in our address, and goes no further. */
static void a_browser_that_comes_back(struct store_testing *with)
{
	struct web_exchange x;
	struct journey j;
	str target;

	journey_open(&j, with, BAKERY, NULL);
	journey_to_the_door(&j);

	struct giving g = { .j = &j, .domain = BAKERY };

	giving_go(&g);
	target = str_format(with->arena, "/c/billing?state=%.*s&code=%.*s",
			    STR(giving_value(&g, "state")), STR(giving_code(&g)));
	x = browse(&j, GET, target, STR_NONE);
	leads_to_the_door(&j, &x);
	assert_true(str_eq(header_of(&x, "Referrer-Policy"), S("no-referrer")));
	assert_int_equal(browse(&j, GET, target, STR_NONE).status, 404);
	journey_go_on_for(&j, 1); /* looked at at once */
	permission_says(&j, true, NULL);
	journey_close(&j);
}

/* What only the administrator sees, said with a button; and taken back with one. */
static void a_renewal_that_a_person_ends(struct store_testing *with)
{
	static const struct {
		const char *ends;
		enum conversion_waits waits_for;
		const char *happened;
	} rows[] = { { "yes", WAITS_NOBODY, "is off." },
		     { "no", WAITS_ADMINISTRATOR, "is still on." } };
	struct web_exchange x;
	struct journey j;
	str at;

	journey_open(&j, with, SORRELHILL, TENANTS "sorrelhill.json");
	journey_to_the_cancelling(&j);
	at = str_format(with->arena, "/c/%.*s/ends", STR(j.c.door));
	for (size_t i = 0; i < COUNT(rows); i++) {
		str form = str_format(with->arena, "form_token=t&subscription=%.*s&ends=%s",
				      STR(journey_guide(&j).each.at[0].subscription), rows[i].ends);

		x = browse(&j, POST, at, form);
		leads_to_the_door(&j, &x);
		journey_go_on_for(&j, 2);
		assert_int_equal(j.c.waits_for, rows[i].waits_for);
		assert_true(journey_has_said(&j, rows[i].happened));
	}
	assert_int_equal(
		browse(&j, POST, at, S("form_token=t&subscription=another&ends=yes")).status, 404);
	journey_close(&j);
}

#define STORY(body)                          \
	static void run_##body(void **state) \
	{                                    \
		(void)state;                 \
		store_testing_each(body);    \
	}
STORY(an_account_in_pieces)
STORY(a_permission_that_ends_in_the_middle)
STORY(a_permission_that_does_not_last)
STORY(a_death_between_keeping_and_knowing)
STORY(a_second_permission_that_fails)
STORY(a_permission_taken_back_while_it_is_redeemed)
STORY(a_partners_subscription_beside)
STORY(a_browser_that_comes_back)
STORY(a_renewal_that_a_person_ends)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(run_an_account_in_pieces),
		cmocka_unit_test(run_a_permission_that_ends_in_the_middle),
		cmocka_unit_test(run_a_permission_that_does_not_last),
		cmocka_unit_test(run_a_death_between_keeping_and_knowing),
		cmocka_unit_test(run_a_second_permission_that_fails),
		cmocka_unit_test(run_a_permission_taken_back_while_it_is_redeemed),
		cmocka_unit_test(run_a_partners_subscription_beside),
		cmocka_unit_test(run_a_browser_that_comes_back),
		cmocka_unit_test(run_a_renewal_that_a_person_ends),
	};

	return cmocka_run_group_tests_name("journey_billing", tests, NULL, NULL);
}
