/* Pages of customers, the end of a relationship, two tiers, and what callers changed. */
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "sandbox/partner_testing.h"

static void customers_come_page_by_page(void **state)
{
	struct sandbox_testing *t = *state;

	sandbox_testing_accept(t, t->bakery);
	sandbox_testing_accept(t, t->workshop);
	struct sandbox_testing_answer got = partner_testing_ask(t, GET, S("/v1/customers?size=1"),
								NULL);
	assert_int_equal(sandbox_testing_number(&got, "totalCount"), 1);
	str first = str_copy(t->arena, sandbox_testing_text(&got, "items/0/id"));
	str next = str_format(t->arena, "/v1%.*s",
			      STR(sandbox_testing_text(&got, "links/next/uri")));
	str token = str_copy(t->arena, sandbox_testing_text(&got, "links/next/headers/0/value"));
	assert_true(str_eq(sandbox_testing_text(&got, "links/next/headers/0/key"),
			   S("MS-ContinuationToken")));
	sandbox_testing_header(t, "MS-ContinuationToken", token);
	got = partner_testing_ask(t, GET, next, NULL);
	assert_int_equal(sandbox_testing_number(&got, "totalCount"), 1);
	assert_false(str_eq(sandbox_testing_text(&got, "items/0/id"), first));
	assert_null(json_object_get(json_object_get(got.json, "links"), "next"));
	got = partner_testing_ask(t, GET, S("/v1/customers?size=0"), NULL);
	assert_int_equal(sandbox_testing_number(&got, "totalCount"), 2);
}

static void pages_that_cannot_be_meant_are_refused(void **state)
{
	static const struct {
		const char *target, *token;
	} rows[] = {
		{ "/v1/customers?size=-1", NULL },
		{ "/v1/customers?size=many", NULL },
		{ "/v1/customers?seekOperation=Next", NULL },
		{ "/v1/customers?seekOperation=Last", "MQ" },
		{ "/v1/customers?seekOperation=Next", "=" },
		{ "/v1/customers?seekOperation=Next", "eHh4" },
		{ "/v1/auditrecords", NULL },
		{ "/v1/auditrecords?startDate=2026-01-01", NULL }, /* too far back */
		{ "/v1/auditrecords?startDate=2026-11-20&endDate=soon", NULL },
		{ "/v1/auditrecords?startDate=2026-11-20&seekOperation=Next", "eHh4" },
	};
	struct sandbox_testing *t = *state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		if (rows[i].token)
			sandbox_testing_header(t, "MS-ContinuationToken", str_of(rows[i].token));
		struct sandbox_testing_answer got = partner_testing_ask(
			t, GET, str_of(rows[i].target), NULL);
		assert_int_equal(got.status, 400);
		assert_int_equal(sandbox_testing_number(&got, "code"), 2000);
	}
}

static void a_relationship_ends_only_without_active_subscriptions(void **state)
{
	struct sandbox_testing *t = *state;
	const char *none = "{\"relationshipToPartner\":\"none\"}";

	sandbox_testing_accept(t, t->bakery);
	str sold = sandbox_testing_buy(t, t->bakery, 1);
	str path = str_format(t->arena, "%.*s/%.*s", STR(partner_testing_path(t, "/subscriptions")),
			      STR(sold));
	sandbox_testing_wait(t, SECONDS(6));
	str customer = partner_testing_path(t, "");
	assert_int_equal(partner_testing_ask(t, PATCH, customer, none).status, 403); /* app-only */
	assert_int_equal(partner_testing_ask_user(t, PATCH, customer, none).status, 400);
	assert_int_equal(partner_testing_ask(t, PATCH, path, "{\"status\":\"suspended\"}").status,
			 200);
	assert_int_equal(partner_testing_ask_user(t, PATCH, customer, "{}").status, 400);
	struct sandbox_testing_answer got = partner_testing_ask_user(t, PATCH, customer, none);
	assert_int_equal(got.status, 200);
	assert_true(str_eq(sandbox_testing_text(&got, "RelationshipToPartner"), S("none")));
	assert_int_equal(partner_testing_ask(t, GET, customer, NULL).status, 404);
}

static void two_tiers_are_told(void **state)
{
	static const struct {
		const char *target;
		int status;
		int64_t code; /* or how many */
	} rows[] = {
		{ "/v1/relationships?relationship_type=IsIndirectCloudSolutionProviderOf", 200, 1 },
		{ "/v1/relationships?relationship_type=IsIndirectResellerOf", 200, 0 },
		{ "/v1/relationships", 400, 2000 },
		{ "/v1/compliance/csp/agreementstatus?mpnId=5183204", 200, -1 },
		{ "/v1/compliance/csp/agreementstatus?mpnId=1", 400, 2200 },
		{ "/v1/compliance/csp/agreementstatus?tenantId=1", 400, 2205 },
		{ "/v1/compliance/csp/agreementstatus", 400, 2001 },
		{ "/v1/compliance/csp/agreementstatus?tenantId=1&mpnId=5183204", 400, 2000 },
	};
	struct sandbox_testing *t = *state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct sandbox_testing_answer got = partner_testing_ask_user(
			t, GET, str_of(rows[i].target), NULL);
		assert_int_equal(got.status, rows[i].status);
		if (rows[i].code >= 0)
			assert_int_equal(sandbox_testing_number(
						 &got, got.status == 200 ? "totalCount" : "code"),
					 rows[i].code);
		else
			assert_true(json_is_true(json_object_get(got.json, "isAgreementSigned")));
	}
	sandbox_testing_accept(t, t->bakery);
	struct sandbox_testing_answer got = partner_testing_ask_user(
		t, GET, partner_testing_path(t, "/relationships"), NULL);
	assert_true(str_eq(sandbox_testing_text(&got, "items/0/id"), t->partner));
}

static void what_was_changed_is_kept_and_told_page_by_page(void **state)
{
	struct sandbox_testing *t = *state;
	str target = S("/v1/auditrecords?startDate=2026-11-20&size=2");

	sandbox_testing_accept(t, t->bakery);
	str sold = sandbox_testing_buy(t, t->bakery, 1); /* a cart and an order */
	sandbox_testing_wait(t, SECONDS(6));
	str path = str_format(t->arena, "%.*s/%.*s", STR(partner_testing_path(t, "/subscriptions")),
			      STR(sold));
	(void)partner_testing_ask(t, PATCH, path, "{\"quantity\":0}"); /* refused: not kept */
	(void)partner_testing_ask(t, PATCH, path, "{\"quantity\":2}");
	struct sandbox_testing_answer got = partner_testing_ask(t, GET, target, NULL);
	assert_int_equal(sandbox_testing_number(&got, "totalCount"), 2);
	assert_true(str_eq(sandbox_testing_text(&got, "items/1/operationType"), S("create_order")));
	assert_true(str_eq(sandbox_testing_text(&got, "items/1/customerId"), t->bakery));
	str token = str_copy(t->arena, sandbox_testing_text(&got, "links/next/headers/0/value"));
	sandbox_testing_header(t, "MS-ContinuationToken", token);
	got = partner_testing_ask(
		t, GET, str_format(t->arena, "%.*s&seekOperation=Next", STR(target)), NULL);
	assert_int_equal(sandbox_testing_number(&got, "totalCount"), 1);
	assert_true(str_eq(sandbox_testing_text(&got, "items/0/resourceType"), S("subscription")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define WITH(test) \
	cmocka_unit_test_setup_teardown(test, sandbox_testing_open, sandbox_testing_close)
		WITH(customers_come_page_by_page),
		WITH(pages_that_cannot_be_meant_are_refused),
		WITH(a_relationship_ends_only_without_active_subscriptions),
		WITH(two_tiers_are_told),
		WITH(what_was_changed_is_kept_and_told_page_by_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
