/* Growing a tenant: as many users as were asked for, all of them licensed, the same ones again. */
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "sandbox/license_pool.h"
#include "sandbox/sandbox_testing.h"
#include "sandbox/tenant_grow.h"
#include "sandbox/tenant_state.h"

struct growth {
	str tenant;
	int64_t users, added;
	fault *f;
};

static fault *grow(struct tx *tx, void *with)
{
	struct growth *growth = with;

	growth->f = tenant_grow(tx, growth->tenant, growth->users, &growth->added);
	return NULL;
}

static fault *look(struct tx *tx, void *with)
{
	struct sandbox_testing *t = with;
	struct license_pools pools;

	TRY(license_pool_all(tx, t->workshop, &pools));
	const struct license_pool *business = license_pool_of(&pools, S(TESTING_STANDARD));
	const struct license_pool *e3 = license_pool_of(&pools,
							S("6fd2c87f-b296-42f0-b197-1e91e994b900"));
	assert_non_null(business);
	assert_non_null(e3);
	/* A business plan has 300 seats at most; those beyond have E3, one seat each. */
	assert_int_equal(business->consumed, 300);
	assert_true(e3->consumed > 500);
	assert_int_equal(e3->enabled, e3->consumed);
	for (size_t i = 0; i < pools.len; i++)
		assert_true(license_pool_spare(&pools.at[i]) >= 0);
	return NULL;
}

static void a_grown_tenant_has_users_with_seats_for_all_they_hold(void **state)
{
	struct sandbox_testing *t = *state;
	struct growth growth = { .tenant = t->workshop, .users = 1000 };

	sandbox_testing_do(t, grow, &growth);
	assert_null(growth.f);
	assert_int_equal(growth.added, 988);
	sandbox_testing_do(t, look, t);
	sandbox_testing_header(t, "ConsistencyLevel", S("eventual"));
	struct sandbox_testing_answer got = sandbox_testing_ask(
		t, GET, sandbox_testing_token(t, TOKEN_GRAPH, t->workshop),
		S("/v1.0/users/$count?$filter=assignedLicenses/$count%20eq%200"), STR_NONE);
	assert_true(str_eq(got.exchange.answer, S("0")));
}

static void the_same_tenant_grows_the_same_people(void **state)
{
	DEFER(arena_end) struct arena *keep = arena_open();
	struct sandbox_testing *t = *state;
	struct growth growth = { .tenant = t->bakery, .users = 2 };

	sandbox_testing_do(t, grow, &growth);
	assert_int_equal(growth.added, 1);
	struct sandbox_testing_answer got = sandbox_testing_ask(
		t, GET, sandbox_testing_token(t, TOKEN_GRAPH, t->bakery), S("/v1.0/users"),
		STR_NONE);
	str name = str_copy(keep, sandbox_testing_text(&got, "value/1/userPrincipalName"));
	assert_true(str_ends(name, S(".2@" TESTING_BAKERY)));
	(void)sandbox_testing_close(state);
	assert_int_equal(sandbox_testing_open(state), 0);
	t = *state;
	growth = (struct growth){ .tenant = t->bakery, .users = 2 };
	sandbox_testing_do(t, grow, &growth);
	got = sandbox_testing_ask(t, GET, sandbox_testing_token(t, TOKEN_GRAPH, t->bakery),
				  S("/v1.0/users"), STR_NONE);
	assert_true(str_eq(sandbox_testing_text(&got, "value/1/userPrincipalName"), name));
}

static void what_cannot_grow_says_why(void **state)
{
	struct sandbox_testing *t = *state;
	const struct growth rows[] = {
		{ S("nobody.example"), 50, 0, NULL },
		{ t->workshop, 12, 0, NULL },
		{ t->workshop, TENANT_GROW_MOST + 1, 0, NULL },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct growth growth = rows[i];
		sandbox_testing_do(t, grow, &growth);
		assert_non_null(growth.f);
		assert_int_equal(growth.f->kind, FAULT_INPUT);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define WITH(test) \
	cmocka_unit_test_setup_teardown(test, sandbox_testing_open, sandbox_testing_close)
		WITH(a_grown_tenant_has_users_with_seats_for_all_they_hold),
		WITH(the_same_tenant_grows_the_same_people),
		WITH(what_cannot_grow_says_why),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
