/* Orders placed without a cart, their billing cycle, blocks, and the partner on record. */
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "sandbox/partner_setting.h"
#include "sandbox/partner_testing.h"
#include "sandbox/partner_trouble.h"

#define STANDARD "CFQ7TTC0LDPB:0001"

static const char *order_of(struct sandbox_testing *t, str item, int quantity, const char *term,
			    const char *mpn)
{
	str record = mpn ? str_format(t->arena, ",\"partnerIdOnRecord\":\"%s\"", mpn) : S("");
	str made = str_format(t->arena,
			      "{\"BillingCycle\":\"monthly\",\"LineItems\":[{\"LineItemNumber\":0,"
			      "\"OfferId\":\"%.*s\",\"Quantity\":%d,\"TermDuration\":\"%s\"%.*s}]}",
			      STR(item), quantity, term, STR(record));

	return str_cstr(t->arena, made);
}

static fault *make(struct tx *tx, void *with)
{
	return partner_trouble_make(tx, with);
}

static fault *end(struct tx *tx, void *with)
{
	const struct partner_trouble *trouble = with;

	return partner_trouble_end(tx, trouble->kind, trouble->target);
}

static void an_order_without_a_cart_says_in_one_code_why_it_cannot_be(void **state)
{
	static const struct {
		const char *item; /* NULL: of this week */
		int quantity;
		const char *term, *mpn;
		int status;
		int64_t code;
	} rows[] = {
		{ "CFQ7TTC0LDPB:0001:STALE", 1, "P1Y", NULL, 400, 800004 },
		{ NULL, 0, "P1Y", NULL, 400, 2002 },
		{ NULL, 301, "P1Y", NULL, 400, 2002 },
		{ NULL, 1, "P3Y", NULL, 403, 800020 },
		{ NULL, 1, "P1Y", "5183204", 400, 900206 },
		{ NULL, 2, "P1Y", NULL, 201, 0 },
	};
	struct sandbox_testing *t = *state;
	str orders = partner_testing_path(t, "/orders");

	sandbox_testing_accept(t, t->bakery);
	for (size_t i = 0; i < COUNT(rows); i++) {
		str item = rows[i].item ? str_of(rows[i].item) : partner_testing_item(t, STANDARD);
		struct sandbox_testing_answer got = partner_testing_ask(
			t, POST, orders,
			order_of(t, item, rows[i].quantity, rows[i].term, rows[i].mpn));
		assert_int_equal(got.status, rows[i].status);
		if (rows[i].code)
			assert_int_equal(sandbox_testing_number(&got, "code"), rows[i].code);
		else
			assert_int_equal(sandbox_testing_number(&got, "lineItems/0/quantity"), 2);
	}
	assert_int_equal(partner_testing_ask(t, POST, orders, "{}").status, 400);
	struct sandbox_testing_answer got = partner_testing_ask(t, GET, orders, NULL);
	assert_int_equal(sandbox_testing_number(&got, "totalCount"), 1);
	sandbox_testing_wait(t, SECONDS(6));
	assert_int_equal(partner_testing_units(t, TESTING_STANDARD), 3);
}

static void the_same_request_orders_once(void **state)
{
	struct sandbox_testing *t = *state;
	str orders = partner_testing_path(t, "/orders");

	sandbox_testing_accept(t, t->bakery);
	const char *order = order_of(t, partner_testing_item(t, STANDARD), 1, "P1Y", NULL);
	for (int again = 0; again < 2; again++) {
		sandbox_testing_header(t, "MS-RequestId",
				       S("5f0c3b1e-6a52-4d0f-9a61-7be2c1d40b01"));
		assert_int_equal(partner_testing_ask(t, POST, orders, order).status, 201);
	}
	struct sandbox_testing_answer got = partner_testing_ask(t, GET, orders, NULL);
	assert_int_equal(sandbox_testing_number(&got, "totalCount"), 1);
}

static void nothing_is_sold_to_a_tenant_that_is_blocked(void **state)
{
	static const struct {
		int64_t code;
		int status;
	} rows[] = { { 800073, 403 }, { 800023, 403 }, { 900419, 400 } };
	struct sandbox_testing *t = *state;
	const struct partner_testing_line line = { STANDARD, 1, "monthly" };

	sandbox_testing_accept(t, t->bakery);
	str sold = sandbox_testing_buy(t, t->bakery, 2);
	str path = str_format(t->arena, "%.*s/%.*s", STR(partner_testing_path(t, "/subscriptions")),
			      STR(sold));
	sandbox_testing_wait(t, SECONDS(6));
	str checkout = partner_testing_cart(t, &line, 1);
	const char *order = order_of(t, partner_testing_item(t, STANDARD), 1, "P1Y", NULL);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct partner_trouble block = { PARTNER_TROUBLE_BLOCKED, t->bakery, rows[i].code,
						 STR_NONE, PARTNER_TROUBLE_ALWAYS };
		sandbox_testing_do(t, make, &block);
		struct sandbox_testing_answer got = partner_testing_ask(t, POST, checkout, "");
		assert_int_equal(got.status, rows[i].status);
		assert_int_equal(sandbox_testing_number(&got, "code"), rows[i].code);
		got = partner_testing_ask(t, POST, partner_testing_path(t, "/orders"), order);
		assert_int_equal(sandbox_testing_number(&got, "code"), rows[i].code);
		got = partner_testing_ask(t, PATCH, path, "{\"quantity\":3}");
		assert_int_equal(sandbox_testing_number(&got, "code"), rows[i].code);
		got = partner_testing_ask(t, PATCH, path, "{\"autoRenewEnabled\":false}");
		assert_int_equal(got.status, 200); /* buys nothing */
		sandbox_testing_do(t, end, &block);
	}
	assert_int_equal(partner_testing_ask(t, POST, checkout, "").status, 201);
}

static void a_partner_on_record_is_known_and_attested(void **state)
{
	static const struct {
		const char *mpn;
		bool attested;
		int status;
		int64_t code;
	} rows[] = {
		{ "5183204", true, 201, 0 },
		{ "5183204", false, 400, 900206 },
		{ "1234567", true, 400, 800015 },
	};
	struct sandbox_testing *t = *state;

	sandbox_testing_accept(t, t->bakery);
	for (size_t i = 0; i < COUNT(rows); i++) {
		str body = str_format(
			t->arena,
			"{\"partnerOnRecordAttestationAccepted\":%s,\"lineItems\":[{\"id\":0,"
			"\"catalogItemId\":\"%.*s\",\"quantity\":1,\"billingCycle\":\"monthly\","
			"\"termDuration\":\"P1Y\",\"participants\":[{\"key\":"
			"\"transaction_reseller\",\"value\":\"%s\"}]}]}",
			rows[i].attested ? "true" : "false", STR(partner_testing_item(t, STANDARD)),
			rows[i].mpn);
		struct sandbox_testing_answer got = partner_testing_ask(
			t, POST, partner_testing_path(t, "/carts"), str_cstr(t->arena, body));
		assert_int_equal(got.status, rows[i].status);
		if (rows[i].code)
			assert_int_equal(sandbox_testing_number(&got, "code"), rows[i].code);
	}
}

static fault *slow(struct tx *tx, void *with)
{
	(void)with;
	return partner_setting_put(tx, S("changes-take"), S("10m"));
}

static void an_orders_billing_cycle_can_be_changed(void **state)
{
	static const struct {
		const char *body;
		int status;
	} rows[] = {
		{ "{\"billingCycle\":\"triennial\"}", 400 },
		{ "{}", 400 },
		{ "{\"billingCycle\":\"Annual\"}", 200 },
	};
	struct sandbox_testing *t = *state;

	sandbox_testing_accept(t, t->bakery);
	(void)sandbox_testing_buy(t, t->bakery, 1);
	struct sandbox_testing_answer got = partner_testing_ask(
		t, GET, partner_testing_path(t, "/orders"), NULL);
	str path = str_format(t->arena, "%.*s/%.*s", STR(partner_testing_path(t, "/orders")),
			      STR(sandbox_testing_text(&got, "items/0/id")));
	got = partner_testing_ask(t, PATCH, path, rows[2].body);
	assert_int_equal(got.status, 409); /* pending */
	sandbox_testing_wait(t, SECONDS(6));
	sandbox_testing_header(t, "If-Match", S("\"stale\""));
	assert_int_equal(partner_testing_ask(t, PATCH, path, rows[2].body).status, 412);
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(partner_testing_ask(t, PATCH, path, rows[i].body).status,
				 rows[i].status);
	got = partner_testing_ask(t, GET, partner_testing_path(t, "/subscriptions"), NULL);
	assert_true(str_eq(sandbox_testing_text(&got, "items/0/billingCycle"), S("annual")));
	str sold = str_format(t->arena, "%.*s/%.*s", STR(partner_testing_path(t, "/subscriptions")),
			      STR(sandbox_testing_text(&got, "items/0/id")));
	sandbox_testing_do(t, slow, NULL);
	assert_int_equal(partner_testing_ask(t, PATCH, sold, "{\"quantity\":2}").status, 202);
	got = partner_testing_ask(t, PATCH, path, "{\"billingCycle\":\"monthly\"}");
	assert_int_equal(sandbox_testing_number(&got, "code"), 900278);
	got = partner_testing_ask(t, GET, path, NULL);
	assert_true(str_eq(sandbox_testing_text(&got, "billingCycle"), S("annual")));
}

static fault *late(struct tx *tx, void *with)
{
	(void)with;
	return partner_setting_put(tx, S("lists-late"), S("15m"));
}

static void where_lists_are_late_a_pending_line_names_no_subscription(void **state)
{
	struct sandbox_testing *t = *state;

	sandbox_testing_accept(t, t->bakery);
	sandbox_testing_do(t, late, NULL);
	struct sandbox_testing_answer got = partner_testing_ask(
		t, POST, partner_testing_path(t, "/orders"),
		order_of(t, partner_testing_item(t, STANDARD), 1, "P1Y", NULL));
	assert_int_equal(got.status, 201);
	assert_null(json_object_get(json_array_get(json_object_get(got.json, "lineItems"), 0),
				    "subscriptionId"));
	str path = str_format(t->arena, "%.*s/%.*s", STR(partner_testing_path(t, "/orders")),
			      STR(sandbox_testing_text(&got, "id")));
	sandbox_testing_wait(t, SECONDS(6));
	got = partner_testing_ask(t, GET, path, NULL);
	assert_true(str_is_guid(sandbox_testing_text(&got, "lineItems/0/subscriptionId")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define WITH(test) \
	cmocka_unit_test_setup_teardown(test, sandbox_testing_open, sandbox_testing_close)
		WITH(an_order_without_a_cart_says_in_one_code_why_it_cannot_be),
		WITH(the_same_request_orders_once),
		WITH(nothing_is_sold_to_a_tenant_that_is_blocked),
		WITH(a_partner_on_record_is_known_and_attested),
		WITH(an_orders_billing_cycle_can_be_changed),
		WITH(where_lists_are_late_a_pending_line_names_no_subscription),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
