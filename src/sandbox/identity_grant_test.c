/* The token endpoint: every grant, and every refusal that the client facts lists. */
#include "sandbox/identity.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "delegation_sql.h"
#include "sandbox/identity_registration.h"
#include "sandbox/identity_testing.h"
#include "sandbox/identity_token.h"
#include "sandbox/relationship.h"
#include "sandbox/signin.h"

#define TOKEN	 S("/larkspur.example/oauth2/v2.0/token")
#define HOME	 S("/" TESTING_PARTNER "/oauth2/v2.0/token")
#define COMMON	 S("/common/oauth2/v2.0/token")
#define SECRET	 "a+secret%2Bwith%2Fodd%3Dsigns"
#define GRAPH	 "https%3A%2F%2Fgraph.microsoft.com%2F.default"
#define CLIENT	 "client_id=" TESTING_APP "&client_secret=" SECRET
#define VERIFIER "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
#define ASK                                                                                   \
	"/common/oauth2/v2.0/authorize?client_id=" TESTING_APP                                \
	"&response_type=code&redirect_uri=http%3A%2F%2Flocalhost%3A5000&scope=openid+profile" \
	"+offline_access+User.Read&state=s1&nonce=n1&code_challenge="                         \
	"E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256"
#define REDEEM "grant_type=authorization_code&redirect_uri=http%3A%2F%2Flocalhost%3A5000&" CLIENT

static void refused(struct identity_testing *t, struct web_exchange got, const char *error,
		    const char *number)
{
	if (!str_eq(identity_testing_member(t, &got, "error"), str_of(error)) ||
	    !identity_testing_says(&got, number))
		fail_msg("wanted %s %s, got %d %.*s", error, number, got.status, STR(got.answer));
	assert_true(got.status == 400 || got.status == 401);
	assert_true(identity_testing_member(t, &got, "correlation_id").len == 36);
	assert_true(identity_testing_member(t, &got, "trace_id").len == 36);
	assert_true(str_starts(identity_testing_member(t, &got, "timestamp"), S("2026-0")));
}

static void every_wrong_request_has_its_number(void **state)
{
	struct identity_testing *t = *state;
	static const struct {
		str target, form;
		const char *error, *number;
	} rows[] = {
		{ TOKEN, S("grant_type=client_credentials&client_id=" TESTING_APP "&scope=" GRAPH),
		  "invalid_client", "7000218" },
		{ HOME,
		  S("grant_type=client_credentials&client_id=" TESTING_APP
		    "&client_secret=wrong&scope=" GRAPH),
		  "invalid_client", "7000215" },
		{ HOME,
		  S("grant_type=client_credentials&client_id=" TESTING_APP
		    "&client_assertion=x.y.z&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3A"
		    "client-assertion-type%3Ajwt-bearer&scope=" GRAPH),
		  "invalid_client", "50027" },
		{ HOME,
		  S("grant_type=client_credentials&client_id=00000000-0000-0000-0000-000000000001"
		    "&client_secret=x&scope=" GRAPH),
		  "unauthorized_client", "700016" },
		{ TOKEN, S("grant_type=client_credentials&" CLIENT "&scope=" GRAPH),
		  "unauthorized_client", "700016" },
		{ S("/nobody.example/oauth2/v2.0/token"),
		  S("grant_type=client_credentials&" CLIENT "&scope=" GRAPH), "invalid_tenant",
		  "90002" },
		{ COMMON, S("grant_type=client_credentials&" CLIENT "&scope=" GRAPH),
		  "invalid_request", "50059" },
		{ S("/consumers/oauth2/v2.0/token"),
		  S("grant_type=client_credentials&" CLIENT "&scope=" GRAPH), "unauthorized_client",
		  "700016" },
		{ HOME, S("grant_type=client_credentials&" CLIENT "&scope=User.Read"),
		  "invalid_scope", "1002012" },
		{ HOME, S("grant_type=client_credentials&" CLIENT "&scope=" GRAPH "+User.Read"),
		  "invalid_scope", "1002012" },
		{ HOME,
		  S("grant_type=client_credentials&" CLIENT
		    "&scope=https%3A%2F%2Felsewhere.example%2F.default"),
		  "invalid_resource", "500011" },
		{ HOME, S("grant_type=client_credentials&" CLIENT), "invalid_request", "900144" },
		{ HOME, S(CLIENT), "invalid_request", "900144" },
		{ HOME, S("grant_type=client_credentials"), "invalid_request", "900144" },
		{ HOME, S("grant_type=saml&" CLIENT), "unsupported_grant_type", "70003" },
		{ COMMON, S(REDEEM "&code=0.nothing&code_verifier=" VERIFIER), "invalid_grant",
		  "70008" },
		{ COMMON, S(REDEEM), "invalid_request", "900144" },
		{ COMMON, S("grant_type=refresh_token&refresh_token=1.nothing&" CLIENT),
		  "invalid_grant", "700082" },
		{ COMMON, S("grant_type=refresh_token&" CLIENT), "invalid_request", "900144" },
		{ COMMON, S("grant_type=device_code&device_code=nothing&client_id=" TESTING_PUBLIC),
		  "bad_verification_code", "70018" },
	};
	for (size_t i = 0; i < COUNT(rows); i++)
		refused(t, identity_testing_post(t, rows[i].target, rows[i].form), rows[i].error,
			rows[i].number);
}

static void wrong_client_authentication_answers_401(void **state)
{
	struct identity_testing *t = *state;
	struct web_exchange got = identity_testing_post(
		t, HOME,
		S("grant_type=client_credentials&client_id=" TESTING_APP
		  "&client_secret=wrong&scope=" GRAPH));
	assert_int_equal(got.status, 401);
}

static void the_callers_request_id_comes_back(void **state)
{
	struct identity_testing *t = *state;
	str mine = S("91aa7d46-03ce-4b0e-b6f7-2b8d1f5e9c10");
	struct web_exchange got = identity_testing_post(
		t,
		str_format(t->arena, "/common/oauth2/v2.0/token?client-request-id=%.*s", STR(mine)),
		S("grant_type=nonsense"));
	assert_true(str_eq(identity_testing_member(t, &got, "correlation_id"), mine));
}

static void an_application_has_a_token_at_home_and_after_consent(void **state)
{
	struct identity_testing *t = *state;
	str form = S("grant_type=client_credentials&" CLIENT "&scope=" GRAPH);
	struct web_exchange got = identity_testing_post(t, HOME, form);
	assert_int_equal(got.status, 200);
	assert_true(str_eq(identity_testing_member(t, &got, "token_type"), S("Bearer")));
	assert_true(str_eq(identity_testing_member(t, &got, "expires_in"), S("3599")));
	assert_true(str_eq(identity_testing_header(&got, "Cache-Control"), S("no-store")));
	assert_false(identity_testing_says(&got, "refresh_token"));
	assert_false(identity_testing_says(&got, "id_token"));

	refused(t, identity_testing_post(t, TOKEN, form), "unauthorized_client", "700016");
	identity_testing_consent(t);
	got = identity_testing_post(t, TOKEN, form);
	assert_int_equal(got.status, 200);
}

static void the_secret_travels_by_basic_too(void **state)
{
	struct identity_testing *t = *state;
	str pair = str_base64(t->arena, S(TESTING_APP ":" SECRET));
	t->extra[0] = (struct log_pair){ "Authorization",
					 str_format(t->arena, "Basic %.*s", STR(pair)) };
	t->extra_count = 1;
	struct web_exchange got = identity_testing_post(
		t, HOME, S("grant_type=client_credentials&scope=" GRAPH));
	assert_int_equal(got.status, 200);
}

/* A person signs in, consents, and the code comes back. */
static str code_of(struct identity_testing *t, str ask)
{
	struct web_exchange got = identity_testing_get(t, ask);
	if (got.status == 200)
		got = identity_testing_submit(t, &got, S("decision=accept"));
	if (got.status != 303)
		fail_msg("no code: %d %.*s", got.status, STR(got.answer));
	return identity_testing_value(t, identity_testing_header(&got, "Location"), "code");
}

static struct web_exchange redeem(struct identity_testing *t, str code, const char *more)
{
	return identity_testing_post(
		t, COMMON, str_format(t->arena, "%s&code=%.*s&%s", REDEEM, STR(code), more));
}

static void a_code_gives_all_tokens_once(void **state)
{
	struct identity_testing *t = *state;
	identity_testing_sign_in(t, TESTING_USER);
	str code = code_of(t, S(ASK));
	struct web_exchange got = redeem(t, code, "code_verifier=" VERIFIER "&client_info=1");
	assert_int_equal(got.status, 200);
	assert_true(str_eq(identity_testing_member(t, &got, "scope"),
			   S("openid profile offline_access User.Read")));
	assert_true(identity_testing_member(t, &got, "access_token").len > 200);
	assert_true(identity_testing_member(t, &got, "id_token").len > 200);
	assert_true(identity_testing_member(t, &got, "refresh_token").len > 20);
	assert_true(identity_testing_member(t, &got, "client_info").len > 20);
	refused(t, redeem(t, code, "code_verifier=" VERIFIER), "invalid_grant", "70008");
}

static void a_code_is_bound_to_verifier_redirect_and_client(void **state)
{
	struct identity_testing *t = *state;
	identity_testing_sign_in(t, TESTING_USER);
	refused(t, redeem(t, code_of(t, S(ASK)), "code_verifier=" VERIFIER "x"), "invalid_grant",
		"501481");
	refused(t, redeem(t, code_of(t, S(ASK)), ""), "invalid_grant", "501481");
	static const struct {
		const char *form, *number;
	} rows[] = {
		{ "grant_type=authorization_code&" CLIENT
		  "&redirect_uri=http%3A%2F%2Flocalhost%3A5001",
		  "500112" },
		{ "grant_type=authorization_code&client_id=" TESTING_PUBLIC
		  "&redirect_uri=http%3A%2F%2Flocalhost%3A5000",
		  "70008" },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		str code = code_of(t, S(ASK));
		str form = str_format(t->arena, "%s&code=%.*s&code_verifier=%s", rows[i].form,
				      STR(code), VERIFIER);
		refused(t, identity_testing_post(t, COMMON, form), "invalid_grant", rows[i].number);
	}
}

static void a_code_dies_after_ten_minutes(void **state)
{
	struct identity_testing *t = *state;
	identity_testing_sign_in(t, TESTING_USER);
	str code = code_of(t, S(ASK));
	instant before = t->world.at;
	t->world.at = instant_after(t->world.at, IDENTITY_CODE_LASTS);
	struct web_exchange got = redeem(t, code, "code_verifier=" VERIFIER);
	t->world.at = before;
	refused(t, got, "invalid_grant", "70008");
}

static struct web_exchange refresh(struct identity_testing *t, str target, str token,
				   const char *more)
{
	return identity_testing_post(t, target,
				     str_format(t->arena,
						"grant_type=refresh_token&%s&refresh_token=%.*s%s",
						CLIENT, STR(token), more));
}

static void a_refresh_token_lives_on_and_covers_consented_scopes_only(void **state)
{
	struct identity_testing *t = *state;
	identity_testing_sign_in(t, TESTING_USER);
	struct web_exchange got = redeem(t, code_of(t, S(ASK)), "code_verifier=" VERIFIER);
	str token = identity_testing_member(t, &got, "refresh_token");
	got = refresh(t, COMMON, token, "");
	assert_int_equal(got.status, 200);
	assert_true(identity_testing_member(t, &got, "id_token").len > 0);
	assert_true(identity_testing_member(t, &got, "refresh_token").len > 0);
	assert_int_equal(refresh(t, COMMON, token, "&scope=User.Read").status, 200);
	refused(t, refresh(t, COMMON, token, "&scope=User.Read.All"), "invalid_grant", "65001");
	refused(t, refresh(t, COMMON, token, "&scope=User%20Read%3C"), "invalid_scope", "70011");
	refused(t, refresh(t, HOME, token, ""), "invalid_grant", "50020");

	instant before = t->world.at;
	t->world.at = instant_after(t->world.at, IDENTITY_REFRESH_LASTS);
	got = refresh(t, COMMON, token, "");
	t->world.at = before;
	refused(t, got, "invalid_grant", "700082");
}

static void a_request_without_nonce_gets_an_id_token_without(void **state)
{
	struct identity_testing *t = *state;
	identity_testing_sign_in(t, TESTING_USER);
	struct web_exchange got = redeem(t, code_of(t, S(ASK)), "code_verifier=" VERIFIER);
	str with = identity_testing_member(t, &got, "id_token"), part, claims;
	assert_true(str_next(&with, '.', &part) && str_next(&with, '.', &part));
	assert_true(str_from_base64url(t->arena, part, &claims));
	assert_true(str_find(claims, S("\"nonce\":\"n1\"")) >= 0);
	str token = identity_testing_member(t, &got, "refresh_token");
	got = refresh(t, COMMON, token, "");
	str without = identity_testing_member(t, &got, "id_token");
	assert_true(str_next(&without, '.', &part) && str_next(&without, '.', &part));
	assert_true(str_from_base64url(t->arena, part, &claims));
	assert_true(str_find(claims, S("nonce")) < 0);
	assert_true(str_find(claims, S("\"ver\":\"2.0\"")) >= 0);
	assert_true(str_find(claims, S("\"tid\":\"" TESTING_CUSTOMER "\"")) >= 0);
	assert_true(str_find(claims, S("\"aud\":\"" TESTING_APP "\"")) >= 0);
	assert_true(str_find(claims, S("\"preferred_username\":\"" TESTING_USER "\"")) >= 0);
}

#define BOTH                                                                                   \
	"/common/oauth2/v2.0/authorize?client_id=" TESTING_APP                                 \
	"&response_type=code&redirect_uri=http%3A%2F%2Flocalhost%3A5000&state=s1&scope=openid" \
	"+offline_access+User.Read+https%3A%2F%2Fapi.partnercenter.microsoft.com%2F"           \
	"user_impersonation"
#define PARTNER_CENTER "&scope=https%3A%2F%2Fapi.partnercenter.microsoft.com%2F"

static void one_consent_covers_several_resources_and_each_token_one(void **state)
{
	struct identity_testing *t = *state;
	identity_testing_sign_in(t, TESTING_SELLER);
	struct web_exchange got = redeem(t, code_of(t, S(ASK)), "code_verifier=" VERIFIER);
	str token = identity_testing_member(t, &got, "refresh_token");
	refused(t, refresh(t, COMMON, token, PARTNER_CENTER "user_impersonation"), "invalid_grant",
		"65001");
	refused(t, refresh(t, COMMON, token, PARTNER_CENTER ".default"), "invalid_grant", "65001");
	/* The page asks only for what is new. */
	got = identity_testing_get(t, S(BOTH));
	assert_true(identity_testing_says(&got, "<code>user_impersonation</code>"));
	assert_false(identity_testing_says(&got, "<code>User.Read</code>"));
	got = redeem(t, code_of(t, S(BOTH)), "");
	assert_true(str_eq(identity_testing_member(t, &got, "scope"),
			   S("openid offline_access User.Read")));
	token = identity_testing_member(t, &got, "refresh_token");
	got = refresh(t, COMMON, token, PARTNER_CENTER "user_impersonation");
	assert_int_equal(got.status, 200);
	assert_true(str_eq(identity_testing_member(t, &got, "scope"),
			   S("https://api.partnercenter.microsoft.com/user_impersonation")));
	assert_int_equal(refresh(t, COMMON, token, PARTNER_CENTER ".default").status, 200);
}

static fault *withdraw(struct tx *tx, void *with)
{
	(void)with;
	return identity_application_forget(tx, S(TESTING_APP), S(TESTING_CUSTOMER));
}

static fault *expire(struct tx *tx, void *with)
{
	(void)with;
	return identity_registration_expire(tx, S(TESTING_APP));
}

static fault *own_tenant(struct tx *tx, void *with)
{
	return identity_registration_open(tx, S(TESTING_APP), *(bool *)with);
}

static void change(struct identity_testing *t, store_body *body, void *with)
{
	assert_null(store_run(t->store, STORE_WRITE, t->arena, "change", body, with));
}

static void a_persons_consent_gives_the_application_a_place_and_no_role(void **state)
{
	struct identity_testing *t = *state;
	str form = S("grant_type=client_credentials&" CLIENT "&scope=" GRAPH);
	change(t, withdraw, NULL);
	refused(t, identity_testing_post(t, TOKEN, form), "unauthorized_client", "700016");
	identity_testing_sign_in(t, TESTING_USER);
	assert_true(code_of(t, S(ASK)).len > 0);
	struct web_exchange got = identity_testing_post(t, TOKEN, form);
	assert_int_equal(got.status, 200);
	str access = identity_testing_member(t, &got, "access_token"), part, claims;
	assert_true(str_next(&access, '.', &part) && str_next(&access, '.', &part));
	assert_true(str_from_base64url(t->arena, part, &claims));
	assert_true(str_find(claims, S("\"roles\"")) < 0);
	change(t, withdraw, NULL);
}

static void a_consent_taken_back_ends_what_it_allowed(void **state)
{
	struct identity_testing *t = *state;
	str form = S("grant_type=client_credentials&" CLIENT "&scope=" GRAPH);
	identity_testing_consent(t);
	identity_testing_sign_in(t, TESTING_USER);
	struct web_exchange got = redeem(t, code_of(t, S(ASK)), "code_verifier=" VERIFIER);
	str token = identity_testing_member(t, &got, "refresh_token");
	assert_int_equal(identity_testing_post(t, TOKEN, form).status, 200);
	change(t, withdraw, NULL);
	refused(t, identity_testing_post(t, TOKEN, form), "unauthorized_client", "700016");
	refused(t, refresh(t, COMMON, token, ""), "invalid_grant", "65001");
	/* Consent given anew is for a new sign-in. */
	identity_testing_consent(t);
	refused(t, refresh(t, COMMON, token, ""), "invalid_grant", "700082");
	change(t, withdraw, NULL);
}

#define DELEGATION "3c2f7a90-1d4e-4b86-9f0a-7e5d2c81b6f4"

static fault *delegate(struct tx *tx, void *with)
{
	const char *status = with;
	int64_t added;
	TRY(relationship_accept(tx, S(TESTING_PARTNER), S(TESTING_CUSTOMER), STR_NONE));
	TRY(delegation_insert(tx,
			      &(struct delegation_insert_in){ .id = S(DELEGATION),
							      .partner = S(TESTING_PARTNER),
							      .customer = S(TESTING_CUSTOMER),
							      .name = S("Larkspur"),
							      .duration = S("P730D"),
							      .auto_extend = S("PT0S"),
							      .roles = S("[]"),
							      .now = tx_now(tx) },
			      &added));
	TRY(delegation_turn(tx, &(struct delegation_turn_in){ .id = S(DELEGATION),
							      .status = str_of(status),
							      .customer = S(TESTING_CUSTOMER),
							      .activated = tx_now(tx),
							      .ends = INSTANT_NONE,
							      .due = INSTANT_NONE,
							      .now = tx_now(tx) }));
	if (added)
		TRY(delegation_assign(
			tx, &(struct delegation_assign_in){ .id = S(DELEGATION),
							    .delegation = S(DELEGATION),
							    .container = S(TESTING_AGENTS),
							    .roles = S("[]"),
							    .now = tx_now(tx) }));
	return NULL;
}

static void a_refresh_token_gives_tokens_for_tenants_where_a_role_is_delegated(void **state)
{
	struct identity_testing *t = *state;
	identity_testing_sign_in(t, TESTING_SELLER);
	struct web_exchange got = redeem(t, code_of(t, S(ASK)), "code_verifier=" VERIFIER);
	str token = identity_testing_member(t, &got, "refresh_token");
	const char *scope = PARTNER_CENTER "user_impersonation";
	char active[] = "active", ended[] = "terminated", pending[] = "approvalPending";
	change(t, delegate, pending); /* a reseller's customer, and no role yet */
	refused(t, refresh(t, TOKEN, token, scope), "invalid_grant", "50020");
	change(t, delegate, active);
	refused(t, refresh(t, TOKEN, token, scope), "invalid_grant", "65001");
	identity_testing_consent(t);
	got = refresh(t, TOKEN, token, scope);
	assert_int_equal(got.status, 200);
	str access = identity_testing_member(t, &got, "access_token"), part, claims;
	assert_true(str_next(&access, '.', &part) && str_next(&access, '.', &part));
	assert_true(str_from_base64url(t->arena, part, &claims));
	assert_true(str_find(claims, S("\"tid\":\"" TESTING_CUSTOMER "\"")) >= 0);
	assert_true(str_find(claims, S("\"upn\":\"" TESTING_SELLER "\"")) >= 0);
	change(t, delegate, ended);
	refused(t, refresh(t, TOKEN, token, scope), "invalid_grant", "50020");
	/* Nobody else's people: a customer's user is nobody at the partner's. */
	identity_testing_forget(t);
	identity_testing_sign_in(t, TESTING_USER);
	got = redeem(t, code_of(t, S(ASK)), "code_verifier=" VERIFIER);
	token = identity_testing_member(t, &got, "refresh_token");
	refused(t, refresh(t, HOME, token, ""), "invalid_grant", "50020");
}

static fault *single_page(struct tx *tx, void *with)
{
	(void)with;
	return identity_registration_redirect(tx, S(TESTING_PUBLIC), S("https://page.example/"),
					      true);
}

#define PAGE                                                                            \
	"/common/oauth2/v2.0/authorize?client_id=" TESTING_PUBLIC                       \
	"&response_type=code&redirect_uri=https%3A%2F%2Fpage.example%2F&state=s1&scope" \
	"=openid+offline_access+User.Read"

static void a_single_page_uses_pkce_and_is_refreshed_for_a_day(void **state)
{
	struct identity_testing *t = *state;
	change(t, single_page, NULL);
	identity_testing_sign_in(t, TESTING_USER);
	struct web_exchange got = identity_testing_get(t, S(PAGE));
	str to = identity_testing_header(&got, "Location");
	assert_true(str_eq(identity_testing_value(t, to, "error"), S("invalid_request")));
	assert_true(str_find(to, S("AADSTS9002325")) >= 0);
	str code = code_of(t, S(PAGE "&code_challenge_method=S256&code_challenge="
				     "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"));
	got = identity_testing_post(
		t, COMMON,
		str_format(t->arena,
			   "grant_type=authorization_code&client_id=%s&code=%.*s"
			   "&redirect_uri=https%%3A%%2F%%2Fpage.example%%2F"
			   "&code_verifier=%s",
			   TESTING_PUBLIC, STR(code), VERIFIER));
	assert_int_equal(got.status, 200);
	instant before = t->world.at;
	for (int hours = 8; hours <= 32; hours += 8) {
		t->world.at = instant_after(before, HOURS(hours));
		str token = identity_testing_member(t, &got, "refresh_token");
		str form = str_format(t->arena,
				      "grant_type=refresh_token&client_id=%s&refresh_token=%.*s",
				      TESTING_PUBLIC, STR(token));
		if (hours >= 24) {
			refused(t, identity_testing_post(t, COMMON, form), "invalid_grant",
				"700082");
			break;
		}
		got = identity_testing_post(t, COMMON, form);
		assert_int_equal(got.status, 200);
	}
	t->world.at = before;
}

static void a_redirect_address_is_one(void **state)
{
	struct identity_testing *t = *state;
	static const struct {
		const char *uri;
		bool fine;
	} rows[] = {
		{ "https://a.example/back", true },   { "http://localhost:8080/x", true },
		{ "http://127.0.0.1", true },	      { "http://a.example", false },
		{ "https://a.example/#part", false }, { "https://a.example/ b", false },
		{ "javascript:alert(1)", false },     { "", false },
	};
	DEFER(tx_end) struct tx *tx = NULL;
	assert_null(tx_begin(t->store, STORE_WRITE, t->arena, &tx));
	for (size_t i = 0; i < COUNT(rows); i++) {
		fault *f = identity_registration_redirect(tx, S(TESTING_APP), str_of(rows[i].uri),
							  false);
		assert_int_equal(f == NULL, rows[i].fine);
	}
}

static fault *revoke(struct tx *tx, void *with)
{
	struct tenant_state_user user;
	bool found;
	(void)with;
	TRY(tenant_state_user(tx, S(TESTING_USER), &user, &found));
	TRY(signin_forget(tx, user.id));
	return identity_token_revoke_user(tx, user.id);
}

static void who_is_revoked_signs_in_again(void **state)
{
	struct identity_testing *t = *state;
	identity_testing_sign_in(t, TESTING_USER);
	struct web_exchange got = redeem(t, code_of(t, S(ASK)), "code_verifier=" VERIFIER);
	str token = identity_testing_member(t, &got, "refresh_token");
	assert_int_equal(refresh(t, COMMON, token, "").status, 200);
	change(t, revoke, NULL);
	refused(t, refresh(t, COMMON, token, ""), "invalid_grant", "700082");
	got = identity_testing_get(t, S(ASK));
	assert_true(str_starts(identity_testing_header(&got, "Location"), S("/signin?")));
}

static void an_application_of_one_tenant_is_used_there_alone(void **state)
{
	struct identity_testing *t = *state;
	str form = S("grant_type=client_credentials&" CLIENT "&scope=" GRAPH);
	bool any = false;
	identity_testing_consent(t);
	change(t, own_tenant, &any);
	assert_int_equal(identity_testing_post(t, HOME, form).status, 200);
	refused(t, identity_testing_post(t, TOKEN, form), "unauthorized_client", "700016");
	refused(t, identity_testing_post(t, COMMON, form), "invalid_request", "50194");
	struct web_exchange got = identity_testing_get(t, S(ASK));
	assert_int_equal(got.status, 400);
	assert_true(identity_testing_says(&got, "AADSTS50194"));
	any = true;
	change(t, own_tenant, &any);
	assert_int_equal(identity_testing_post(t, TOKEN, form).status, 200);
}

static void an_expired_secret_has_a_number_of_its_own(void **state)
{
	struct identity_testing *t = *state;
	str form = S("grant_type=client_credentials&" CLIENT "&scope=" GRAPH);
	assert_int_equal(identity_testing_post(t, HOME, form).status, 200);
	change(t, expire, NULL);
	refused(t, identity_testing_post(t, HOME, form), "invalid_client", "7000222");
	refused(t,
		identity_testing_post(t, HOME,
				      S("grant_type=client_credentials&client_id=" TESTING_APP
					"&client_secret=wrong&scope=" GRAPH)),
		"invalid_client", "7000215");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_wrong_request_has_its_number),
		cmocka_unit_test(wrong_client_authentication_answers_401),
		cmocka_unit_test(the_callers_request_id_comes_back),
		cmocka_unit_test(an_application_has_a_token_at_home_and_after_consent),
		cmocka_unit_test(the_secret_travels_by_basic_too),
		cmocka_unit_test(a_code_gives_all_tokens_once),
		cmocka_unit_test(a_code_is_bound_to_verifier_redirect_and_client),
		cmocka_unit_test(a_code_dies_after_ten_minutes),
		cmocka_unit_test(a_refresh_token_lives_on_and_covers_consented_scopes_only),
		cmocka_unit_test(a_request_without_nonce_gets_an_id_token_without),
		cmocka_unit_test(one_consent_covers_several_resources_and_each_token_one),
		cmocka_unit_test(a_persons_consent_gives_the_application_a_place_and_no_role),
		cmocka_unit_test(a_consent_taken_back_ends_what_it_allowed),
		cmocka_unit_test(
			a_refresh_token_gives_tokens_for_tenants_where_a_role_is_delegated),
		cmocka_unit_test(a_single_page_uses_pkce_and_is_refreshed_for_a_day),
		cmocka_unit_test(a_redirect_address_is_one),
		cmocka_unit_test(who_is_revoked_signs_in_again),
		cmocka_unit_test(an_application_of_one_tenant_is_used_there_alone),
		cmocka_unit_test(an_expired_secret_has_a_number_of_its_own),
	};
	return cmocka_run_group_tests(tests, identity_testing_open, identity_testing_close);
}
