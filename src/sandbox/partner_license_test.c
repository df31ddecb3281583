/* Licenses of a customer through Partner Center: the same pools that Graph shows. */
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "delegation_sql.h"
#include "sandbox/partner_testing.h"

/* The bakery's first user, who holds its one Business Standard. */
static str user_of(struct sandbox_testing *t)
{
	struct sandbox_testing_answer got = sandbox_testing_ask(
		t, GET, sandbox_testing_token(t, TOKEN_GRAPH, t->bakery), S("/v1.0/users"),
		STR_NONE);

	return str_copy(t->arena, sandbox_testing_text(&got, "value/0/id"));
}

static str of_user(struct sandbox_testing *t, str user, const char *tail)
{
	return str_format(t->arena, "%.*s/%.*s%s", STR(partner_testing_path(t, "/users")),
			  STR(user), tail);
}

static fault *advise(struct tx *tx, void *with)
{
	const struct sandbox_testing *t = with;

	return delegation_advise(tx, t->partner, t->bakery);
}

static void only_a_reseller_sees_licenses(void **state)
{
	struct sandbox_testing *t = *state;
	str licenses = partner_testing_path(t, "/subscribedskus");
	struct sandbox_testing_answer got = partner_testing_ask_user(t, GET, licenses, NULL);

	assert_int_equal(got.status, 404);
	assert_int_equal(sandbox_testing_number(&got, "code"), 60003);
	sandbox_testing_do(t, advise, t);
	got = partner_testing_ask_user(t, GET, licenses, NULL);
	assert_int_equal(got.status, 403);
	assert_int_equal(sandbox_testing_number(&got, "code"), 900150);
	sandbox_testing_accept(t, t->bakery);
	assert_int_equal(partner_testing_ask_user(t, GET, licenses, NULL).status, 200);
}

static void licenses_are_given_and_taken_from_the_pool_that_graph_shows(void **state)
{
	static const struct {
		const char *body;
		int status;
		int64_t code, held, consumed; /* afterwards */
	} rows[] = {
		{ "{}", 400, 2000, 1, 1 },
		{ "{\"licensesToAssign\":[{\"skuId\":\"x\"}]}", 400, 2000, 1, 1 },
		{ "{\"licensesToRemove\":[\"" TESTING_STANDARD "\"]}", 201, 0, 0, 0 },
		{ "{\"licensesToRemove\":[\"" TESTING_STANDARD "\"]}", 400, 2000, 0, 0 },
		{ "{\"LicensesToAssign\":[{\"SkuId\":\"" TESTING_STANDARD
		  "\",\"ExcludedPlans\":null}],\"LicensesToRemove\":null}",
		  201, 0, 1, 1 },
	};
	struct sandbox_testing *t = *state;
	str user = user_of(t);

	sandbox_testing_accept(t, t->bakery);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct sandbox_testing_answer got = partner_testing_ask_user(
			t, POST, of_user(t, user, "/licenseupdates"), rows[i].body);
		assert_int_equal(got.status, rows[i].status);
		if (rows[i].code)
			assert_int_equal(sandbox_testing_number(&got, "code"), rows[i].code);
		else
			assert_true(json_is_array(json_object_get(got.json, "licenseWarnings")));
		got = partner_testing_ask_user(t, GET, of_user(t, user, "/licenses"), NULL);
		assert_int_equal(sandbox_testing_number(&got, "totalCount"), rows[i].held);
		got = partner_testing_ask_user(t, GET, partner_testing_path(t, "/subscribedskus"),
					       NULL);
		assert_int_equal(sandbox_testing_number(&got, "items/0/consumedUnits"),
				 rows[i].consumed);
		assert_int_equal(sandbox_testing_number(&got, "items/0/availableUnits"),
				 1 - rows[i].consumed);
		got = sandbox_testing_ask(t, GET, sandbox_testing_token(t, TOKEN_GRAPH, t->bakery),
					  S("/v1.0/subscribedSkus"), STR_NONE);
		assert_int_equal(sandbox_testing_number(&got, "value/0/consumedUnits"),
				 rows[i].consumed);
	}
}

static void who_may_see_licenses_and_of_whom(void **state)
{
	struct sandbox_testing *t = *state;
	str user = user_of(t);

	assert_int_equal(
		partner_testing_ask_user(t, GET, of_user(t, user, "/licenses"), NULL).status,
		404); /* no customer yet */
	sandbox_testing_accept(t, t->bakery);
	assert_int_equal(partner_testing_ask(t, GET, of_user(t, user, "/licenses"), NULL).status,
			 403); /* app-only */
	struct sandbox_testing_answer got = partner_testing_ask_user(
		t, GET, of_user(t, S("nobody@rye.example"), "/licenses"), NULL);
	assert_int_equal(got.status, 404);
	assert_int_equal(sandbox_testing_number(&got, "code"), 60002);
	got = partner_testing_ask_user(
		t, GET, partner_testing_path(t, "/subscribedskus?licenseGroupIds=group2"), NULL);
	assert_int_equal(sandbox_testing_number(&got, "totalCount"), 0);
	got = partner_testing_ask_user(
		t, GET,
		partner_testing_path(
			t, "/subscribedskus?licenseGroupIds=group1&licenseGroupIds=group2"),
		NULL);
	assert_int_equal(sandbox_testing_number(&got, "totalCount"), 1);
	assert_true(str_is_guid(sandbox_testing_text(&got, "items/0/servicePlans/0/id")));
}

static void an_empty_pool_is_a_quota(void **state)
{
	struct sandbox_testing *t = *state;
	str premium = S("{\"licensesToAssign\":[{\"skuId\":\"" TESTING_PREMIUM "\"}]}");
	const struct partner_testing_line line = { "CFQ7TTC0LF8Q:0001", 1, "monthly" };

	sandbox_testing_accept(t, t->bakery);
	(void)partner_testing_ask(t, POST, partner_testing_cart(t, &line, 1), "");
	sandbox_testing_wait(t, SECONDS(6));
	struct sandbox_testing_answer got = partner_testing_ask(
		t, GET, partner_testing_path(t, "/subscriptions"), NULL);
	str sold = str_format(t->arena, "%.*s/%.*s", STR(partner_testing_path(t, "/subscriptions")),
			      STR(sandbox_testing_text(&got, "items/0/id")));
	(void)partner_testing_ask(t, PATCH, sold, "{\"status\":\"suspended\"}");
	got = partner_testing_ask_user(t, POST, of_user(t, user_of(t), "/licenseupdates"),
				       str_cstr(t->arena, premium));
	assert_int_equal(got.status, 400);
	assert_int_equal(sandbox_testing_number(&got, "code"), 60012);
	assert_true(str_starts(sandbox_testing_text(&got, "data/0"),
			       S("LicenseQuotaExceededException : Subscription with Account ")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define WITH(test) \
	cmocka_unit_test_setup_teardown(test, sandbox_testing_open, sandbox_testing_close)
		WITH(only_a_reseller_sees_licenses),
		WITH(licenses_are_given_and_taken_from_the_pool_that_graph_shows),
		WITH(an_empty_pool_is_a_quota),
		WITH(who_may_see_licenses_and_of_whom),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
