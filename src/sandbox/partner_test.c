/* Partner Center on the wire: which token may what, carts, checkout once, provisioning. */
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "sandbox/fault_rule.h"
#include "sandbox/relationship.h"
#include "sandbox/sandbox_testing.h"

static str customer_path(struct sandbox_testing *t, const char *tail)
{
	return str_format(t->arena, "/v1/customers/%.*s%s", STR(t->bakery), tail);
}

static struct sandbox_testing_answer ask(struct sandbox_testing *t, enum method method, str target,
					 const char *body)
{
	return sandbox_testing_ask(t, method, sandbox_testing_token(t, TOKEN_PARTNER, t->partner),
				   target, body ? str_of(body) : STR_NONE);
}

static struct sandbox_testing_answer ask_as_user(struct sandbox_testing *t, str target)
{
	return sandbox_testing_ask(t, GET, sandbox_testing_token(t, TOKEN_PARTNER_USER, t->partner),
				   target, STR_NONE);
}

static void each_operation_takes_the_tokens_it_is_documented_with(void **state)
{
	static const struct {
		const char *target;
		int application, user; /* statuses */
	} rows[] = {
		{ "/v1/customers/relationshiprequests", 403, 200 },
		{ "/v1/customers?size=0", 200, 200 },
		{ "/v1/domains/" TESTING_BAKERY, 200, 200 },
		{ "/v1/domains/free.example", 404, 404 },
		{ "/v1/products?country=US&targetView=OnlineServices", 200, 200 },
		{ "/v1/products?targetView=OnlineServices", 400, 400 },
		{ "/v1/products?country=US&targetView=Azure", 403, 403 },
		{ "/v1/products/NOPE/skus?country=US", 404, 404 },
		{ "/v1/customers/x/subscriptions", 404, 404 },
		{ "/v1/nothing", 404, 404 },
	};
	struct sandbox_testing *t = *state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_int_equal(ask(t, GET, str_of(rows[i].target), NULL).status,
				 rows[i].application);
		assert_int_equal(ask_as_user(t, str_of(rows[i].target)).status, rows[i].user);
	}
	struct sandbox_testing_answer got = ask(t, GET, S("/v1/customers/relationshiprequests"),
						NULL);
	assert_int_equal(sandbox_testing_number(&got, "code"), 900329);
	got = sandbox_testing_ask(t, GET, sandbox_testing_token(t, TOKEN_GRAPH, t->workshop),
				  S("/v1/customers"), STR_NONE);
	assert_int_equal(got.status, 401);
	assert_int_equal(sandbox_testing_number(&got, "code"), 900420);
	got = sandbox_testing_ask(t, GET, sandbox_testing_token(t, TOKEN_PARTNER, t->workshop),
				  S("/v1/customers"), STR_NONE);
	assert_int_equal(got.status, 403); /* a customer is no partner */
}

static void a_tenant_is_a_customer_only_once_it_accepted(void **state)
{
	struct sandbox_testing *t = *state;
	str filter = S(
		"/v1/customers?filter=%7B%22Field%22%3A%22Domain%22%2C%22Value%22%3A%22rye%22%2C"
		"%22Operator%22%3A%22starts_with%22%7D");
	struct sandbox_testing_answer got = ask(t, GET, customer_path(t, ""), NULL);

	assert_int_equal(got.status, 404);
	assert_int_equal(sandbox_testing_number(&got, "code"), 60003);
	got = ask(t, GET, filter, NULL);
	assert_int_equal(sandbox_testing_number(&got, "totalCount"), 0);
	sandbox_testing_accept(t, t->bakery);
	sandbox_testing_accept(t, t->bakery); /* twice is once */
	got = ask(t, GET, filter, NULL);
	assert_int_equal(sandbox_testing_number(&got, "totalCount"), 1);
	got = ask(t, GET, customer_path(t, ""), NULL);
	assert_true(str_eq(sandbox_testing_text(&got, "relationshipToPartner"), S("reseller")));
	assert_true(str_starts(got.exchange.answer, S("\xEF\xBB\xBF{")));
	got = ask_as_user(t, customer_path(t, "/subscribedskus"));
	assert_int_equal(sandbox_testing_number(&got, "items/0/activeUnits"), 1);
	got = ask_as_user(t, customer_path(t, "/directSignedMicrosoftCustomerAgreementStatus"));
	assert_true(json_is_true(json_object_get(got.json, "isSigned")));
}

static str item_of(struct sandbox_testing *t, const char *sku)
{
	struct sandbox_testing_answer got = ask(
		t, GET,
		str_format(t->arena, "/v1/products/CFQ7TTC0LDPB/skus/%s/availabilities?country=US",
			   sku),
		NULL);

	return str_copy(t->arena, sandbox_testing_text(&got, "items/0/catalogItemId"));
}

static void a_sku_and_its_trial_share_a_provisioning_id(void **state)
{
	struct sandbox_testing *t = *state;
	struct sandbox_testing_answer got = ask(
		t, GET, S("/v1/products/CFQ7TTC0LDPB/skus?country=US"), NULL);

	assert_int_equal(sandbox_testing_number(&got, "totalCount"), 2);
	for (int i = 0; i < 2; i++)
		assert_true(str_eq(
			sandbox_testing_text(&got, i ? "items/1/dynamicAttributes/provisioningId"
						     : "items/0/dynamicAttributes/provisioningId"),
			S(TESTING_STANDARD)));
	assert_false(str_eq(item_of(t, "0001"), item_of(t, "0002")));
}

static void a_line_that_cannot_be_bought_says_why(void **state)
{
	static const struct {
		const char *sku;
		int quantity;
		const char *billing;
		int64_t code;
	} rows[] = {
		{ "0001", 0, "monthly", 10010 },   { "0001", 301, "monthly", 10015 },
		{ "0001", 1, "triennial", 10013 }, { "0002", 1, "monthly", 10013 },
		{ NULL, 1, "monthly", 10001 },
	};
	struct sandbox_testing *t = *state;

	sandbox_testing_accept(t, t->bakery);
	for (size_t i = 0; i < COUNT(rows); i++) {
		str item = rows[i].sku ? item_of(t, rows[i].sku) : S("CFQ7TTC0LDPB:0001:STALE");
		str body = str_format(t->arena,
				      "{\"LineItems\":[{\"Id\":0,\"CatalogItemId\":\"%.*s\","
				      "\"Quantity\":%d,\"BillingCycle\":\"%s\",\"TermDuration\":"
				      "\"P1Y\"}]}",
				      STR(item), rows[i].quantity, rows[i].billing);
		struct sandbox_testing_answer got = ask(t, POST, customer_path(t, "/carts"),
							str_cstr(t->arena, body));
		assert_int_equal(got.status, 201);
		assert_int_equal(sandbox_testing_number(&got, "lineItems/0/error/errorCode"),
				 rows[i].code);
		str checkout = str_format(t->arena, "/carts/%.*s/checkout",
					  STR(sandbox_testing_text(&got, "id")));
		got = ask(t, POST, customer_path(t, str_cstr(t->arena, checkout)), "");
		assert_int_equal(got.status, 400);
		assert_int_equal(sandbox_testing_number(&got, "code"), 800009);
	}
	struct sandbox_testing_answer got = ask(t, POST, customer_path(t, "/carts"), "{}");
	assert_int_equal(got.status, 400);
}

static str cart_make(struct sandbox_testing *t)
{
	str body = str_format(t->arena,
			      "{\"lineItems\":[{\"id\":0,\"catalogItemId\":\"%.*s\",\"quantity\":1,"
			      "\"billingCycle\":\"monthly\",\"termDuration\":\"P1Y\"}]}",
			      STR(item_of(t, "0001")));
	struct sandbox_testing_answer got = ask(t, POST, customer_path(t, "/carts"),
						str_cstr(t->arena, body));

	return str_copy(t->arena, sandbox_testing_text(&got, "id"));
}

static fault *add_rule(struct tx *tx, void *with)
{
	return fault_rule_add(tx, with);
}

static void a_lost_checkout_asked_again_buys_nothing_more(void **state)
{
	struct sandbox_testing *t = *state;
	struct fault_rule lose = { S("partnercenter"), .times = 1, .path_part = S("checkout"),
				   .kind = FAULT_RULE_LOSE };

	sandbox_testing_accept(t, t->bakery);
	str target = str_format(t->arena, "%.*s/%.*s/checkout", STR(customer_path(t, "/carts")),
				STR(cart_make(t)));
	sandbox_testing_do(t, add_rule, &lose);
	sandbox_testing_header(t, "MS-RequestId", S("5f0c3b1e-6a52-4d0f-9a61-7be2c1d40a01"));
	assert_int_equal(ask(t, POST, target, "").status, 0);
	for (int again = 0; again < 3; again++) {
		sandbox_testing_header(t, "MS-RequestId",
				       again == 2 ? S("5f0c3b1e-6a52-4d0f-9a61-7be2c1d40a02")
						  : S("5f0c3b1e-6a52-4d0f-9a61-7be2c1d40a01"));
		assert_int_equal(ask(t, POST, target, "").status, 201);
	}
	struct sandbox_testing_answer got = ask(t, GET, customer_path(t, "/orders"), NULL);
	assert_int_equal(sandbox_testing_number(&got, "totalCount"), 1);
	got = ask(t, GET, customer_path(t, "/subscriptions"), NULL);
	assert_int_equal(sandbox_testing_number(&got, "totalCount"), 1);
}

static fault *accept_only(struct tx *tx, void *with)
{
	struct sandbox_testing *t = with;

	return relationship_accept(tx, t->partner, t->bakery, STR_NONE);
}

static void without_the_customers_agreement_nothing_is_sold(void **state)
{
	struct sandbox_testing *t = *state;

	sandbox_testing_do(t, accept_only, t);
	str target = str_format(t->arena, "%.*s/%.*s/checkout", STR(customer_path(t, "/carts")),
				STR(cart_make(t)));
	sandbox_testing_header(t, "MS-RequestId", S("5f0c3b1e-6a52-4d0f-9a61-7be2c1d40a03"));
	struct sandbox_testing_answer got = ask(t, POST, target, "");
	assert_int_equal(got.status, 403);
	assert_int_equal(sandbox_testing_number(&got, "code"), 13605);
	got = ask(t, GET, customer_path(t, "/orders"), NULL);
	assert_int_equal(sandbox_testing_number(&got, "totalCount"), 0);
	/* The same request, asked again once the cause is gone, succeeds. */
	sandbox_testing_accept(t, t->bakery);
	sandbox_testing_header(t, "MS-RequestId", S("5f0c3b1e-6a52-4d0f-9a61-7be2c1d40a03"));
	assert_int_equal(ask(t, POST, target, "").status, 201);
}

static int64_t enabled(struct sandbox_testing *t)
{
	struct sandbox_testing_answer got = sandbox_testing_ask(
		t, GET, sandbox_testing_token(t, TOKEN_GRAPH, t->bakery), S("/v1.0/subscribedSkus"),
		STR_NONE);

	return sandbox_testing_number(&got, "value/0/prepaidUnits/enabled");
}

static void what_was_bought_is_pending_until_the_delay_is_over(void **state)
{
	struct sandbox_testing *t = *state;

	sandbox_testing_accept(t, t->bakery);
	str subscription = sandbox_testing_buy(t, t->bakery, 1);
	str target = str_format(t->arena, "/subscriptions/%.*s/provisioningstatus",
				STR(subscription));
	target = customer_path(t, str_cstr(t->arena, target));
	struct sandbox_testing_answer got = ask_as_user(t, target);
	assert_true(str_eq(sandbox_testing_text(&got, "status"), S("pending")));
	assert_int_equal(enabled(t), 1);
	sandbox_testing_wait(t, SECONDS(5));
	got = ask_as_user(t, target);
	assert_true(str_eq(sandbox_testing_text(&got, "status"), S("success")));
	assert_true(str_eq_nocase(sandbox_testing_text(&got, "skuId"), S(TESTING_STANDARD)));
	assert_int_equal(enabled(t), 2);
	got = ask(t, GET, customer_path(t, "/orders"), NULL);
	assert_true(str_eq(sandbox_testing_text(&got, "items/0/status"), S("completed")));
	got = sandbox_testing_ask(t, GET, sandbox_testing_token(t, TOKEN_GRAPH, t->bakery),
				  S("/v1.0/directory/subscriptions"), STR_NONE);
	assert_true(str_eq(sandbox_testing_text(&got, "value/1/ownerTenantId"), t->partner));
	assert_true(
		str_eq(sandbox_testing_text(&got, "value/1/commerceSubscriptionId"), subscription));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define WITH(test) \
	cmocka_unit_test_setup_teardown(test, sandbox_testing_open, sandbox_testing_close)
		WITH(each_operation_takes_the_tokens_it_is_documented_with),
		WITH(a_tenant_is_a_customer_only_once_it_accepted),
		WITH(a_sku_and_its_trial_share_a_provisioning_id),
		WITH(a_line_that_cannot_be_bought_says_why),
		WITH(a_lost_checkout_asked_again_buys_nothing_more),
		WITH(without_the_customers_agreement_nothing_is_sold),
		WITH(what_was_bought_is_pending_until_the_delay_is_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
