/* What a service learns from an access token, and which tokens it does not take. */
#include "sandbox/identity_bearer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sandbox/identity_jwt.h"
#include "sandbox/identity_testing.h"
#include "sandbox/identity_token.h"

#define GRAPH		S("https://graph.microsoft.com")
#define SCOPE(resource) "https%3A%2F%2F" resource "%2F.default"

/* What the service in this test saw last. */
static struct {
	struct bearer caller;
	enum bearer_state state;
} seen;

static fault *service(struct request *rq, struct reply *to)
{
	TRY(identity_bearer(rq, GRAPH, &seen.caller, &seen.state));
	if (seen.state == BEARER_GOOD) {
		str said = str_format(request_arena(rq), "%.*s|%.*s|%s|%.*s|%.*s|%.*s",
				      STR(seen.caller.tenant), STR(seen.caller.client_id),
				      seen.caller.application ? "app" : "user",
				      STR(seen.caller.upn), STR(seen.caller.home_tenant),
				      STR(seen.caller.permissions));
		return reply_text(to, 200, "text/plain", said);
	}
	return reply_text(to, 401, "text/plain", S("no"));
}

static struct web_exchange ask(struct identity_testing *t, str token)
{
	static const struct route routes[] = {
		{ GET, "/service", service, .who = ANYONE, .proof = BY_NOTHING },
	};
	const struct route_table table = { routes, COUNT(routes) };
	const struct route_table *tables = t->settings.tables;
	size_t count = t->settings.table_count;
	t->extra[0] = (struct log_pair){ "Authorization",
					 str_format(t->arena, "Bearer %.*s", STR(token)) };
	t->extra_count = token.len ? 1 : 0;
	t->settings.tables = &table;
	t->settings.table_count = 1;
	struct web_exchange got = identity_testing_get(t, S("/service"));
	t->settings.tables = tables;
	t->settings.table_count = count;
	return got;
}

static str application_token(struct identity_testing *t, const char *scope)
{
	struct web_exchange got = identity_testing_post(
		t, S("/larkspur.example/oauth2/v2.0/token"),
		str_format(t->arena,
			   "grant_type=client_credentials&client_id=%s&client_secret=%s&scope=%s",
			   TESTING_APP, "a+secret%2Bwith%2Fodd%3Dsigns", scope));
	assert_int_equal(got.status, 200);
	return identity_testing_member(t, &got, "access_token");
}

static void an_applications_token_names_its_roles_and_tenants(void **state)
{
	struct identity_testing *t = *state;
	identity_testing_consent(t);
	struct web_exchange got = ask(t, application_token(t, SCOPE("graph.microsoft.com")));
	assert_int_equal(got.status, 200);
	assert_true(str_eq(got.answer,
			   S(TESTING_CUSTOMER "|" TESTING_APP "|app||" TESTING_PARTNER
					      "|LicenseAssignment.Read.All Organization.Read.All "
					      "User.Read.All")));
	struct bearer caller = { .permissions = S("User.Read.All Organization.Read.All") };
	assert_true(identity_bearer_may(&caller, S("User.Read.All")));
	assert_false(identity_bearer_may(&caller, S("User.Read")));
}

static void a_token_for_another_service_is_told_apart(void **state)
{
	struct identity_testing *t = *state;
	identity_testing_consent(t);
	str token = application_token(t, SCOPE("api.partnercenter.microsoft.com"));
	assert_int_equal(ask(t, token).status, 401);
	assert_int_equal(seen.state, BEARER_WRONG_AUDIENCE);
}

static void no_token_a_forged_one_and_an_old_one_are_not_taken(void **state)
{
	struct identity_testing *t = *state;
	assert_int_equal(ask(t, S("")).status, 401);
	assert_int_equal(seen.state, BEARER_MISSING);
	assert_int_equal(ask(t, S("eyJhbGciOiJub25lIn0.e30.")).status, 401);
	assert_int_equal(seen.state, BEARER_INVALID);
	identity_testing_consent(t);
	str token = application_token(t, SCOPE("graph.microsoft.com"));
	assert_int_equal(ask(t, token).status, 200);
	t->world.at = instant_after(t->world.at, IDENTITY_ACCESS_LASTS - SECONDS(1));
	assert_int_equal(ask(t, token).status, 200);
	t->world.at = instant_after(t->world.at, SECONDS(1));
	assert_int_equal(ask(t, token).status, 401);
	assert_int_equal(seen.state, BEARER_INVALID);
}

static fault *rotate(struct tx *tx, void *with)
{
	str kid;
	return identity_token_rotate(tx, *(int64_t *)with, &kid);
}

static void rotates(struct identity_testing *t, int64_t keep)
{
	assert_null(store_run(t->store, STORE_WRITE, t->arena, "rotate", rotate, &keep));
}

static size_t published(struct identity_testing *t)
{
	struct web_exchange got = identity_testing_get(t, S("/common/discovery/v2.0/keys"));
	size_t count = 0;
	str rest = got.answer;
	for (ptrdiff_t at; (at = str_find(rest, S("\"kid\":"))) >= 0; count++)
		rest = str_part(rest, (size_t)at + 1, rest.len);
	assert_true(identity_testing_says(&got, "\"x5c\":[\"MII"));
	assert_true(identity_testing_says(&got, "\"x5t\":\""));
	return count;
}

static void a_rotated_keys_tokens_are_taken_until_it_retires(void **state)
{
	struct identity_testing *t = *state;
	identity_testing_consent(t);
	str old = application_token(t, SCOPE("graph.microsoft.com"));
	assert_int_equal(published(t), 1);
	rotates(t, MINUTES(10));
	assert_int_equal(published(t), 2);
	str fresh = application_token(t, SCOPE("graph.microsoft.com"));
	assert_false(str_eq(identity_jwt_kid(t->arena, old), identity_jwt_kid(t->arena, fresh)));
	assert_int_equal(ask(t, old).status, 200);
	assert_int_equal(ask(t, fresh).status, 200);
	t->world.at = instant_after(t->world.at, MINUTES(10));
	assert_int_equal(published(t), 1);
	assert_int_equal(ask(t, old).status, 401);
	assert_int_equal(seen.state, BEARER_INVALID);
	assert_int_equal(ask(t, fresh).status, 200);
	rotates(t, 0);
	assert_int_equal(published(t), 1);
	assert_int_equal(ask(t, fresh).status, 401);
}

static fault *lasts(struct tx *tx, void *with)
{
	return identity_token_set_lasts(tx, *(int64_t *)with);
}

static void tokens_last_as_long_as_was_said(void **state)
{
	struct identity_testing *t = *state;
	int64_t minute = SECONDS(60), never = DAYS(2), none = 0;
	identity_testing_consent(t);
	assert_null(store_run(t->store, STORE_WRITE, t->arena, "lasts", lasts, &minute));
	str token = application_token(t, SCOPE("graph.microsoft.com"));
	t->world.at = instant_after(t->world.at, SECONDS(59));
	assert_int_equal(ask(t, token).status, 200);
	t->world.at = instant_after(t->world.at, SECONDS(1));
	assert_int_equal(ask(t, token).status, 401);
	assert_non_null(store_run(t->store, STORE_WRITE, t->arena, "lasts", lasts, &never));
	assert_non_null(store_run(t->store, STORE_WRITE, t->arena, "lasts", lasts, &none));
}

/* A person signs in and the device flow hands the token over: the shortest way to one. */
static str persons_token(struct identity_testing *t)
{
	struct web_exchange got = identity_testing_post(
		t, S("/common/oauth2/v2.0/devicecode"),
		S("client_id=" TESTING_PUBLIC "&scope=openid+User.Read"));
	str device = identity_testing_member(t, &got, "device_code");
	str typed = identity_testing_member(t, &got, "user_code");
	identity_testing_sign_in(t, TESTING_USER);
	got = identity_testing_get(t, str_format(t->arena, "/devicelogin?otc=%.*s", STR(typed)));
	(void)identity_testing_submit(t, &got, S("decision=accept"));
	got = identity_testing_post(t, S("/common/oauth2/v2.0/token"),
				    str_format(t->arena,
					       "grant_type=device_code&client_id=" TESTING_PUBLIC
					       "&device_code=%.*s",
					       STR(device)));
	return identity_testing_member(t, &got, "access_token");
}

static void a_persons_token_names_the_person_and_the_scopes(void **state)
{
	struct identity_testing *t = *state;
	str token = persons_token(t);
	struct web_exchange got = ask(t, token);
	assert_true(
		str_eq(got.answer, S(TESTING_CUSTOMER "|" TESTING_PUBLIC "|user|" TESTING_USER
						      "|" TESTING_CUSTOMER "|openid User.Read")));
	t->extra[0] = (struct log_pair){ "Authorization",
					 str_format(t->arena, "Bearer %.*s", STR(token)) };
	t->extra_count = 1;
	got = identity_testing_get(t, S("/oidc/userinfo"));
	assert_int_equal(got.status, 200);
	assert_true(str_eq(identity_testing_member(t, &got, "name"), S("Noor Ek")));
	assert_int_equal(identity_testing_get(t, S("/oidc/userinfo")).status, 401);
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, identity_testing_open, identity_testing_close)
	const struct CMUnitTest tests[] = {
		T(an_applications_token_names_its_roles_and_tenants),
		T(a_token_for_another_service_is_told_apart),
		T(no_token_a_forged_one_and_an_old_one_are_not_taken),
		T(a_persons_token_names_the_person_and_the_scopes),
		T(a_rotated_keys_tokens_are_taken_until_it_retires),
		T(tokens_last_as_long_as_was_said),
	};
#undef T
	return cmocka_run_group_tests(tests, NULL, NULL);
}
