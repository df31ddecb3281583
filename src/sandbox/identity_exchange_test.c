/* Grants without a page: a password, and the token of a person that another application sent. */
#include "sandbox/identity_exchange.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sandbox/identity_access.h"
#include "sandbox/identity_json.h"
#include "sandbox/identity_testing.h"

#define TOKEN  S("/larkspur.example/oauth2/v2.0/token")
#define CLIENT "client_id=" TESTING_APP "&client_secret=a+secret%2Bwith%2Fodd%3Dsigns"
#define API    "api%3A%2F%2F" TESTING_APP "%2Faccess_as_user"
#define USE    "&requested_token_use=on_behalf_of"

struct change {
	str user;
	enum identity_access rule;
};

static fault *set_access(struct tx *tx, void *with)
{
	const struct change *change = with;
	struct tenant_state_user user;
	bool found;

	TRY(tenant_state_user(tx, change->user, &user, &found));
	return identity_access_set(tx, user.id, change->rule);
}

/* Everybody at the customer lets both applications do what is asked here. */
static fault *consent(struct tx *tx, void *with)
{
	static const struct {
		const char *client_id;
		enum identity_resource resource;
		const char *values;
	} rows[] = {
		{ TESTING_PUBLIC, IDENTITY_GRAPH, "User.Read" },
		{ TESTING_PUBLIC, IDENTITY_API, "access_as_user" },
		{ TESTING_APP, IDENTITY_GRAPH, "User.Read" },
	};
	struct identity_application application;
	bool found;

	(void)with;
	for (size_t i = 0; i < COUNT(rows); i++) {
		TRY(identity_application_find(tx, str_of(rows[i].client_id), &application, &found));
		TRY(identity_application_consent(tx, &application, S(TESTING_CUSTOMER),
						 rows[i].resource, str_of(rows[i].values),
						 STR_NONE));
	}
	return NULL;
}

static void change(struct identity_testing *t, store_body *body, void *with)
{
	assert_null(store_run(t->store, STORE_WRITE, t->arena, "change", body, with));
}

/* The public application with a person's password. */
static struct web_exchange by_password(struct identity_testing *t, str target, const char *user,
				       const char *scope)
{
	str password;

	identity_testing_password(t, str_of(user), &password);
	return identity_testing_post(t, target,
				     str_format(t->arena,
						"grant_type=password&client_id=" TESTING_PUBLIC
						"&username=%s&password=%.*s&scope=%s",
						user, STR(password), scope));
}

static str claim(struct identity_testing *t, const struct web_exchange *got, const char *name)
{
	str rest = identity_testing_member(t, got, "access_token"), part;

	assert_true(str_next(&rest, '.', &part) && str_next(&rest, '.', &part));
	DEFER(identity_json_end) json_t *claims = identity_json_part(t->arena, part);
	return identity_json_get(t->arena, claims, name);
}

static void is(struct identity_testing *t, struct web_exchange got, int status, const char *number)
{
	if (got.status != status || (number && !identity_testing_says(&got, number)))
		fail_msg("wanted %d %s, got %d %.*s", status, number ? number : "", got.status,
			 STR(got.answer));
	(void)t;
}

static void a_password_gives_all_tokens_where_consent_was_given(void **state)
{
	struct identity_testing *t = *state;
	const char *scope = "openid+offline_access+User.Read";

	is(t, by_password(t, TOKEN, TESTING_USER, scope), 400, "65001");
	change(t, consent, NULL);
	struct web_exchange got = by_password(t, TOKEN, TESTING_USER, scope);
	is(t, got, 200, NULL);
	assert_true(identity_testing_member(t, &got, "refresh_token").len > 0);
	assert_true(identity_testing_member(t, &got, "id_token").len > 0);
	assert_true(str_eq(claim(t, &got, "upn"), S(TESTING_USER)));
	is(t, by_password(t, S("/organizations/oauth2/v2.0/token"), TESTING_USER, scope), 200,
	   NULL);
}

static void a_password_is_refused_with_the_reason(void **state)
{
	struct identity_testing *t = *state;
	const str home = S("/" TESTING_PARTNER "/oauth2/v2.0/token");
	const str common = S("/common/oauth2/v2.0/token");
	static const char ask[] = "grant_type=password&client_id=" TESTING_PUBLIC;
	struct change rule = { S(TESTING_USER), IDENTITY_ACCESS_ENROLL };

	change(t, consent, NULL);
	is(t, by_password(t, common, TESTING_USER, "User.Read"), 400, "9001023");
	is(t, by_password(t, home, TESTING_USER, "User.Read"), 400, "50034");
	is(t, by_password(t, TOKEN, TESTING_BLOCKED, "User.Read"), 400, "50057");
	is(t, by_password(t, TOKEN, TESTING_USER, ""), 400, "900144");
	is(t, identity_testing_post(t, TOKEN, str_of(ask)), 400, "900144");
	is(t,
	   identity_testing_post(
		   t, TOKEN,
		   str_format(t->arena,
			      "%s&scope=User.Read&username=" TESTING_USER "&password=wrong", ask)),
	   400, "50126");
	change(t, set_access, &rule);
	is(t, by_password(t, TOKEN, TESTING_USER, "User.Read"), 400, "50079");
	rule.rule = IDENTITY_ACCESS_BLOCK;
	change(t, set_access, &rule);
	is(t, by_password(t, TOKEN, TESTING_USER, "User.Read"), 400, "53003");
	rule.rule = IDENTITY_ACCESS_ALLOW;
	change(t, set_access, &rule);
}

/* `use` ends the form. */
static struct web_exchange on_behalf(struct identity_testing *t, str assertion, const char *use)
{
	const str form = S(
		"grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&" CLIENT
		"&scope=User.Read&assertion=");

	return identity_testing_post(
		t, TOKEN, str_format(t->arena, "%.*s%.*s%s", STR(form), STR(assertion), use));
}

static str member(struct identity_testing *t, const struct web_exchange *of, const char *name)
{
	return identity_testing_member(t, of, name);
}

static void an_application_asks_on_behalf_of_who_called_it(void **state)
{
	struct identity_testing *t = *state;

	change(t, consent, NULL);
	struct web_exchange called = by_password(t, TOKEN, TESTING_USER, "openid+" API);
	is(t, called, 200, NULL);
	assert_true(str_eq(claim(t, &called, "aud"), S(TESTING_APP)));
	assert_true(str_eq(claim(t, &called, "scp"), S("access_as_user")));
	struct web_exchange got = on_behalf(t, member(t, &called, "access_token"), USE);
	is(t, got, 200, NULL);
	assert_true(str_eq(claim(t, &got, "aud"), S("https://graph.microsoft.com")));
	assert_true(str_eq(claim(t, &got, "appid"), S(TESTING_APP)));
	assert_true(str_eq(claim(t, &got, "upn"), S(TESTING_USER)));
}

static void what_was_not_sent_to_the_application_is_no_assertion(void **state)
{
	struct identity_testing *t = *state;

	change(t, consent, NULL);
	struct web_exchange called = by_password(t, TOKEN, TESTING_USER, "openid+User.Read");
	is(t, on_behalf(t, member(t, &called, "access_token"), USE), 400, "500131");
	is(t, on_behalf(t, member(t, &called, "id_token"), USE), 400, "500131");
	is(t, on_behalf(t, S(""), USE), 400, "900144");
	is(t, on_behalf(t, S("a.b.c"), USE), 400, "50013");
	is(t, on_behalf(t, S("a.b.c"), ""), 400, "90023");
	struct web_exchange own = identity_testing_post(
		t, TOKEN,
		S("grant_type=client_credentials&" CLIENT "&scope=" TESTING_APP "%2F.default"));
	is(t, own, 200, NULL);
	is(t, on_behalf(t, member(t, &own, "access_token"), USE), 400, "50013");
}

static void an_api_that_nobody_serves_is_no_resource(void **state)
{
	struct identity_testing *t = *state;
	const char *scopes[] = {
		"User.Read+api%3A%2F%2F00000000-0000-0000-0000-000000000009%2Fread", "api%2Fread",
		"api%3A%2F%2Fnobody%2Fread"
	};

	for (size_t i = 0; i < COUNT(scopes); i++) {
		is(t, by_password(t, TOKEN, TESTING_USER, scopes[i]), 400, "500011");
		is(t,
		   identity_testing_post(t, S("/common/oauth2/v2.0/devicecode"),
					 str_format(t->arena,
						    "client_id=" TESTING_PUBLIC "&scope=%s",
						    scopes[i])),
		   400, "500011");
		struct web_exchange got = identity_testing_get(
			t, str_format(t->arena,
				      "/larkspur.example/v2.0/adminconsent?client_id=" TESTING_APP
				      "&redirect_uri=http%%3A%%2F%%2Flocalhost%%3A5000&scope=%s",
				      scopes[i]));
		assert_true(str_find(identity_testing_header(&got, "Location"), S("500011")) > 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_password_gives_all_tokens_where_consent_was_given),
		cmocka_unit_test(a_password_is_refused_with_the_reason),
		cmocka_unit_test(an_application_asks_on_behalf_of_who_called_it),
		cmocka_unit_test(what_was_not_sent_to_the_application_is_no_assertion),
		cmocka_unit_test(an_api_that_nobody_serves_is_no_resource),
	};
	return cmocka_run_group_tests(tests, identity_testing_open, identity_testing_close);
}
