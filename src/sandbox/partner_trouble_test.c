/* What Partner Center does wrong when it is told to: orders refused in part, goods that are not
 * what was ordered, offers withdrawn. */
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "sandbox/partner_testing.h"
#include "sandbox/partner_trouble.h"

#define STANDARD "CFQ7TTC0LDPB:0001"
#define PREMIUM	 "CFQ7TTC0LF8Q:0001"

struct making {
	struct partner_trouble what;
	const char *on, *other;
};

static fault *make(struct tx *tx, void *with)
{
	struct making *making = with;

	TRY(partner_trouble_target(tx, str_of(making->on), &making->what.target));
	if (making->other)
		TRY(partner_trouble_target(tx, str_of(making->other), &making->what.other));
	return partner_trouble_make(tx, &making->what);
}

static fault *end(struct tx *tx, void *with)
{
	struct making *making = with;

	return partner_trouble_end(tx, making->what.kind, making->what.target);
}

static fault *split(struct tx *tx, void *with)
{
	return partner_trouble_split_orders(tx, *(const bool *)with);
}

/* A cart of two lines; its checkout's path. */
static str cart_of_two(struct sandbox_testing *t, const char *second_billing)
{
	const struct partner_testing_line lines[] = {
		{ STANDARD, 2, "monthly" },
		{ PREMIUM, 3, second_billing },
	};

	return partner_testing_cart(t, lines, COUNT(lines));
}

static void a_refused_line_takes_its_own_order_along_and_no_other(void **state)
{
	static const struct {
		bool split;
		const char *second_billing; /* the first line's is monthly */
		size_t orders, refusals;
		const char *group;
	} rows[] = {
		{ false, "monthly", 0, 1, "monthly" },
		{ false, "annual", 1, 1, "annual" },
		{ true, "monthly", 1, 1, "monthly-1" },
	};
	struct sandbox_testing *t = *state;

	sandbox_testing_accept(t, t->bakery);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct making refused = {
			{ .kind = PARTNER_TROUBLE_REFUSED, .number = 800020, .times = 1 },
			"SPB",
			NULL
		};
		bool on = rows[i].split;
		sandbox_testing_do(t, split, &on);
		sandbox_testing_do(t, make, &refused);
		str checkout = cart_of_two(t, rows[i].second_billing);
		/* Asked again, the trouble being over, it tells the first result. */
		for (int again = 0; again < 2; again++) {
			struct sandbox_testing_answer got = partner_testing_ask(t, POST, checkout,
										"");
			assert_int_equal(got.status, 201);
			assert_int_equal(json_array_size(json_object_get(got.json, "orders")),
					 rows[i].orders);
			assert_int_equal(json_array_size(json_object_get(got.json, "orderErrors")),
					 rows[i].refusals);
			assert_true(str_eq(sandbox_testing_text(&got, "orderErrors/0/orderGroupId"),
					   str_of(rows[i].group)));
			assert_int_equal(sandbox_testing_number(&got, "orderErrors/0/code"),
					 800020);
		}
	}
	struct sandbox_testing_answer got = partner_testing_ask(
		t, GET, partner_testing_path(t, "/orders"), NULL);
	assert_int_equal(sandbox_testing_number(&got, "totalCount"), 2);
}

static void split_orders_makes_an_order_of_every_line(void **state)
{
	struct sandbox_testing *t = *state;
	bool on = true;

	sandbox_testing_accept(t, t->bakery);
	sandbox_testing_do(t, split, &on);
	struct sandbox_testing_answer got = partner_testing_ask(t, POST, cart_of_two(t, "monthly"),
								"");
	assert_int_equal(json_array_size(json_object_get(got.json, "orders")), 2);
	for (size_t i = 0; i < 2; i++) {
		const json_t *order = json_array_get(json_object_get(got.json, "orders"), i);
		assert_int_equal(json_array_size(json_object_get(order, "lineItems")), 1);
	}
	assert_int_equal(json_array_size(json_object_get(got.json, "orderErrors")), 0);
}

static void a_line_refused_in_the_cart_stops_the_checkout_until_the_cart_is_written_anew(
	void **state)
{
	struct sandbox_testing *t = *state;
	struct making refused = {
		{ .kind = PARTNER_TROUBLE_REFUSED_IN_CART, .number = 10002, .times = 1 },
		PREMIUM,
		NULL
	};

	sandbox_testing_accept(t, t->bakery);
	sandbox_testing_do(t, make, &refused);
	str checkout = cart_of_two(t, "monthly");
	str cart = str_part(checkout, 0, checkout.len - S("/checkout").len);
	struct sandbox_testing_answer got = partner_testing_ask(t, GET, cart, NULL);
	assert_null(json_object_get(json_array_get(json_object_get(got.json, "lineItems"), 0),
				    "error"));
	assert_int_equal(sandbox_testing_number(&got, "lineItems/1/error/errorCode"), 10002);
	got = partner_testing_ask(t, POST, checkout, "");
	assert_int_equal(got.status, 400);
	assert_int_equal(sandbox_testing_number(&got, "code"), 800009);
	sandbox_testing_header(t, "If-Match", S("stale"));
	assert_int_equal(partner_testing_ask(t, PUT, cart, "{}").status, 412);
	got = partner_testing_ask(t, GET, cart, NULL);
	str etag = str_copy(t->arena, sandbox_testing_text(&got, "attributes/etag"));
	const char *whole = partner_testing_text(t, got.json);
	sandbox_testing_header(t, "If-Match", etag);
	assert_int_equal(partner_testing_ask(t, PUT, cart, whole).status, 200);
	assert_int_equal(partner_testing_ask(t, POST, checkout, "").status, 201);
}

static void provisioning_gives_what_it_was_told_to(void **state)
{
	static const struct {
		enum partner_trouble_kind kind;
		int64_t number;
		const char *other;
		const char *status, *sku;
		int64_t quantity;
	} rows[] = {
		{ PARTNER_TROUBLE_QUANTITY, 1, NULL, "success", TESTING_STANDARD, 1 },
		{ PARTNER_TROUBLE_FAILED, 0, NULL, "failed", TESTING_STANDARD, 0 },
		{ PARTNER_TROUBLE_OTHER_SKU, 0, "SPB", "success", TESTING_PREMIUM, 4 },
	};
	struct sandbox_testing *t = *state;

	sandbox_testing_accept(t, t->bakery);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct making wrong = {
			{ .kind = rows[i].kind, .number = rows[i].number, .times = 1 },
			STANDARD,
			rows[i].other
		};
		sandbox_testing_do(t, make, &wrong);
		int64_t before = partner_testing_units(t, rows[i].sku);
		str bought = sandbox_testing_buy(t, t->bakery, 4);
		sandbox_testing_wait(t, SECONDS(6));
		str path = str_format(t->arena, "%.*s/%.*s",
				      STR(partner_testing_path(t, "/subscriptions")), STR(bought));
		struct sandbox_testing_answer got = partner_testing_ask_user(
			t, GET, str_format(t->arena, "%.*s/provisioningstatus", STR(path)), NULL);
		assert_true(str_eq(sandbox_testing_text(&got, "status"), str_of(rows[i].status)));
		assert_true(
			str_eq_nocase(sandbox_testing_text(&got, "skuId"), str_of(rows[i].sku)));
		assert_int_equal(sandbox_testing_number(&got, "quantity"), rows[i].quantity);
		assert_int_equal(partner_testing_units(t, rows[i].sku), before + rows[i].quantity);
		got = partner_testing_ask(t, GET, path, NULL);
		assert_true(str_eq(sandbox_testing_text(&got, "status"), S("active")));
		assert_int_equal(sandbox_testing_number(&got, "quantity"), 4);
		/* It can be undone inside the window, whatever was given. */
		got = partner_testing_ask(t, PATCH, path, "{\"status\":\"deleted\"}");
		assert_int_equal(got.status, 200);
		assert_int_equal(partner_testing_units(t, rows[i].sku), before);
	}
}

static void provisioning_takes_as_much_longer_as_it_was_told_to(void **state)
{
	struct sandbox_testing *t = *state;
	struct making late = { { .kind = PARTNER_TROUBLE_LATE, .number = DAYS(1), .times = 1 },
			       STANDARD,
			       NULL };
	static const char *const statuses[] = { "pending", "active" };

	sandbox_testing_accept(t, t->bakery);
	sandbox_testing_do(t, make, &late);
	str first = sandbox_testing_buy(t, t->bakery, 2);
	str second = sandbox_testing_buy(t, t->bakery, 3);
	sandbox_testing_wait(t, HOURS(23));
	for (size_t i = 0; i < 2; i++) {
		struct sandbox_testing_answer got = partner_testing_ask(
			t, GET,
			str_format(t->arena, "%.*s/%.*s",
				   STR(partner_testing_path(t, "/subscriptions")), STR(first)),
			NULL);
		assert_string_equal(sandbox_testing_text(&got, "status").at, statuses[i]);
		got = partner_testing_ask(t, GET,
					  str_format(t->arena, "%.*s/%.*s",
						     STR(partner_testing_path(t, "/subscriptions")),
						     STR(second)),
					  NULL);
		assert_string_equal(sandbox_testing_text(&got, "status").at, "active");
		sandbox_testing_wait(t, HOURS(1) + SECONDS(6));
	}
}

static void a_withdrawn_offer_is_shown_and_cannot_be_bought(void **state)
{
	struct sandbox_testing *t = *state;
	str offers = S("/v1/products/CFQ7TTC0LDPB/skus/0001/availabilities?country=US");
	struct making withdrawn = { { .kind = PARTNER_TROUBLE_WITHDRAWN,
				      .times = PARTNER_TROUBLE_ALWAYS },
				    "O365_BUSINESS_PREMIUM",
				    NULL };

	sandbox_testing_accept(t, t->bakery);
	str before = cart_of_two(t, "monthly");
	sandbox_testing_do(t, make, &withdrawn);
	struct sandbox_testing_answer got = partner_testing_ask(t, GET, offers, NULL);
	assert_true(json_is_false(json_object_get(
		json_array_get(json_object_get(got.json, "items"), 0), "isPurchasable")));
	got = partner_testing_ask(t, POST, before, "");
	assert_int_equal(sandbox_testing_number(&got, "code"), 800009);
	str cart = cart_of_two(t, "monthly");
	got = partner_testing_ask(t, GET, str_part(cart, 0, cart.len - S("/checkout").len), NULL);
	assert_int_equal(sandbox_testing_number(&got, "lineItems/0/error/errorCode"), 10001);
	sandbox_testing_do(t, end, &withdrawn);
	got = partner_testing_ask(t, GET, offers, NULL);
	assert_true(json_is_true(json_object_get(
		json_array_get(json_object_get(got.json, "items"), 0), "isPurchasable")));
	assert_int_equal(partner_testing_ask(t, POST, before, "").status, 201);
}

static fault *bad_ones(struct tx *tx, void *with)
{
	static const struct {
		enum partner_trouble_kind kind;
		int64_t number, times;
	} rows[] = {
		{ PARTNER_TROUBLE_REFUSED, 0, 1 },	    { PARTNER_TROUBLE_REFUSED, 1000000, 1 },
		{ PARTNER_TROUBLE_REFUSED_IN_CART, -1, 1 }, { PARTNER_TROUBLE_REFUSED, 2091, 0 },
		{ PARTNER_TROUBLE_REFUSED, 2091, 1000001 }, { PARTNER_TROUBLE_QUANTITY, -1, 1 },
		{ PARTNER_TROUBLE_QUANTITY, 1000001, 1 },   { PARTNER_TROUBLE_LATE, 0, 1 },
		{ PARTNER_TROUBLE_LATE, DAYS(8), 1 },
	};
	str target;

	(void)with;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct partner_trouble bad = { rows[i].kind, S(TESTING_STANDARD),
						     rows[i].number, STR_NONE, rows[i].times };
		const fault *f = partner_trouble_make(tx, &bad);
		assert_non_null(f);
		assert_int_equal(f->kind, FAULT_INPUT);
	}
	const fault *f = partner_trouble_target(tx, S("NO_SUCH_SKU"), &target);
	assert_non_null(f);
	assert_int_equal(f->kind, FAULT_INPUT);
	return NULL;
}

static void trouble_that_cannot_be_meant_is_refused(void **state)
{
	sandbox_testing_do(*state, bad_ones, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define WITH(test) \
	cmocka_unit_test_setup_teardown(test, sandbox_testing_open, sandbox_testing_close)
		WITH(a_refused_line_takes_its_own_order_along_and_no_other),
		WITH(split_orders_makes_an_order_of_every_line),
		WITH(a_line_refused_in_the_cart_stops_the_checkout_until_the_cart_is_written_anew),
		WITH(provisioning_gives_what_it_was_told_to),
		WITH(provisioning_takes_as_much_longer_as_it_was_told_to),
		WITH(a_withdrawn_offer_is_shown_and_cannot_be_bought),
		WITH(trouble_that_cannot_be_meant_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
