/* A partner lets an application into a customer's tenant, and takes it out again. */
#include "sandbox/partner_consent_pages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sandbox/identity_registration.h"
#include "sandbox/partner_setting.h"
#include "sandbox/partner_testing.h"

#define NOVATE "0b9d6f3a-7c15-4e28-a4d1-6f2e83b05c97"
#define GRAPH  "00000003-0000-0000-c000-000000000000"
#define BODY(application, resource, scope)                                                        \
	"{\"applicationId\":\"" application "\",\"displayName\":\"Novate\",\"applicationGrants\"" \
	":[{\"enterpriseApplicationId\":\"" resource "\",\"scope\":\"" scope "\"}]}"

static struct sandbox_testing_answer consent(struct sandbox_testing *t, const char *body)
{
	return partner_testing_ask_user(t, POST, partner_testing_path(t, "/applicationconsents"),
					body);
}

struct asked {
	str tenant, scopes;
};

static fault *read_scopes(struct tx *tx, void *with)
{
	struct asked *asked = with;
	struct identity_application application;
	bool found;

	TRY(identity_application_find(tx, S(NOVATE), &application, &found));
	return identity_application_granted(tx, &application, asked->tenant, IDENTITY_GRAPH,
					    IDENTITY_SCOPE, STR_NONE, &asked->scopes);
}

static str granted(struct sandbox_testing *t)
{
	struct asked asked = { .tenant = t->bakery };
	sandbox_testing_do(t, read_scopes, &asked);
	return asked.scopes;
}

static void an_agent_of_the_reseller_consents_for_the_customer(void **state)
{
	struct sandbox_testing *t = *state;
	const char *body = BODY(NOVATE, GRAPH, "User.Read.All, Directory.Read.All");

	assert_int_equal(consent(t, body).status, 404); /* not a customer yet */
	sandbox_testing_accept(t, t->bakery);
	struct sandbox_testing_answer got = consent(t, body);
	assert_int_equal(got.status, 201);
	assert_true(str_eq(sandbox_testing_text(&got, "applicationId"), S(NOVATE)));
	assert_true(str_eq(granted(t), S("Directory.Read.All User.Read.All")));
	assert_int_equal(consent(t, body).status, 409); /* as the real one says it */
	assert_int_equal(consent(t, BODY(NOVATE, GRAPH, "User.Read.All,Domain.Read.All")).status,
			 201);
	str one = partner_testing_path(t, "/applicationconsents/" NOVATE);
	assert_int_equal(partner_testing_ask_user(t, DELETE, one, NULL).status, 204);
	assert_true(str_is_empty(granted(t)));
	assert_int_equal(partner_testing_ask_user(t, DELETE, one, NULL).status, 404);
}

static void what_cannot_be_granted_is_refused(void **state)
{
	static const struct {
		const char *body;
		int status;
	} rows[] = {
		{ "[]", 400 },
		{ "{}", 400 },
		{ "{\"applicationId\":\"" NOVATE "\",\"applicationGrants\":[]}", 400 },
		{ BODY(NOVATE, "00000000-0000-0000-0000-000000000001", "User.Read"), 400 },
		{ BODY(NOVATE, GRAPH, ""), 400 },
		{ BODY(NOVATE, GRAPH, "User<Read"), 400 },
		{ BODY("00000000-0000-0000-0000-000000000001", GRAPH, "User.Read"), 404 },
	};
	struct sandbox_testing *t = *state;

	sandbox_testing_accept(t, t->bakery);
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(consent(t, rows[i].body).status, rows[i].status);
	assert_true(str_is_empty(granted(t)));
}

static fault *no_rights(struct tx *tx, void *with)
{
	(void)with;
	return partner_setting_put(tx, S("no-user-rights"), S("on"));
}

static void it_takes_a_user_with_a_role_at_the_customer(void **state)
{
	struct sandbox_testing *t = *state;
	const char *body = BODY(NOVATE, GRAPH, "User.Read.All");
	str path;

	sandbox_testing_accept(t, t->bakery);
	path = partner_testing_path(t, "/applicationconsents");
	assert_int_equal(partner_testing_ask(t, POST, path, body).status, 403); /* app-only */
	sandbox_testing_do(t, no_rights, NULL);
	assert_int_equal(consent(t, body).status, 403);
	assert_true(str_is_empty(granted(t)));
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, sandbox_testing_open, sandbox_testing_close)
	const struct CMUnitTest tests[] = {
		T(an_agent_of_the_reseller_consents_for_the_customer),
		T(what_cannot_be_granted_is_refused),
		T(it_takes_a_user_with_a_role_at_the_customer),
	};
#undef T
	return cmocka_run_group_tests(tests, NULL, NULL);
}
