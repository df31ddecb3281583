#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "microsoft/refusal.h"
#include "microsoft/reseller.h"
#include "microsoft/scripted.h"

static const str tenant = { "7d2f4c10-5a3e-4b1f-9c86-2f0b6a51d3e7", 36 };
static const str request = { "1c9e0b77-2f61-4d08-b5a3-7e6d40c9a812", 36 };
static const struct reseller_line line = { .catalog_item = { "CFQ7TTC0LDPB:0001:CFQ7TTC0K5XA", 30 },
					   .quantity = 12,
					   .term = { "P1Y", 3 },
					   .billing = { "monthly", 7 },
					   .note = { "cnv_01h2xcejqtf2n", 17 } };

static void a_cart_is_made_as_documented(void **state)
{
	static const struct scripted_row row = {
		"POST https://partner.test/v1/customers/7d2f4c10-5a3e-4b1f-9c86-2f0b6a51d3e7/carts",
		201, "{\"id\":\"b4c8\",\"lineItems\":[{\"id\":0,\"error\":null}]}"
	};
	struct scripted s;
	str cart;

	(void)state;
	scripted_open(&s, NULL);
	scripted_play(&s, &row, 1);
	assert_null(reseller_cart(&s.work, tenant, &line, 1, &cart));
	assert_true(str_eq(cart, S("b4c8")));
	assert_true(str_eq(s.asked[0].body,
			   S("{\"lineItems\":[{\"id\":0,\"catalogItemId\":"
			     "\"CFQ7TTC0LDPB:0001:CFQ7TTC0K5XA\",\"quantity\":12,"
			     "\"billingCycle\":\"monthly\",\"termDuration\":\"P1Y\","
			     "\"friendlyName\":\"cnv_01h2xcejqtf2n\",\"participants\":[{"
			     "\"key\":\"transaction_reseller\",\"value\":\"5183204\"}]}],"
			     "\"partnerOnRecordAttestationAccepted\":true}")));
	scripted_close(&s);
}

static void a_line_that_cannot_be_bought_is_told_in_the_vendors_words(void **state)
{
	static const struct scripted_row row = {
		"POST /carts", 201,
		"{\"id\":\"b4c8\",\"lineItems\":[{\"id\":0},{\"id\":1,\"error\":{\"errorCode\":"
		"10015,\"errorDescription\":\"Seat maximum exceeded.\"}}]}"
	};
	struct scripted s;
	str cart = S("untouched");

	(void)state;
	scripted_open(&s, NULL);
	scripted_play(&s, &row, 1);

	fault *f = reseller_cart(&s.work, tenant, &line, 1, &cart);

	assert_int_equal(f->kind, FAULT_INPUT);
	assert_true(refusal_is(f, "10015"));
	assert_true(str_find(str_of(f->said), S("line 2")) > 0);
	assert_true(str_find(str_of(f->said), S("Seat maximum exceeded.")) > 0);
	assert_true(str_eq(cart, S("untouched")));
	scripted_close(&s);
}

static void repeating_a_lost_checkout_sends_the_same_request(void **state)
{
	static const struct scripted_row rows[] = {
		{ "POST /carts", 201, "{\"id\":\"b4c8\"}" },
		{ "POST /carts/b4c8/checkout", 0, NULL },
		{ "POST /carts/b4c8/checkout", 201,
		  "{\"orders\":[{\"id\":\"9b41d07ae25c\"}],\"orderErrors\":[]}" },
	};
	struct scripted s;
	str cart, order = STR_NONE;

	(void)state;
	scripted_open(&s, NULL);
	scripted_play(&s, rows, COUNT(rows));
	assert_null(reseller_cart(&s.work, tenant, &line, 1, &cart));
	assert_int_equal(reseller_checkout(&s.work, tenant, cart, request, &order)->kind,
			 FAULT_REMOTE);
	assert_true(str_is_none(order));
	assert_null(reseller_checkout(&s.work, tenant, cart, request, &order));
	assert_true(str_eq(order, S("9b41d07ae25c")));
	assert_true(str_eq(s.asked[1].request, s.asked[2].request));
	assert_false(str_eq(s.asked[0].request, s.asked[1].request));
	assert_true(str_is_none(s.asked[1].body));
	scripted_close(&s);
}

static void a_checkout_that_was_refused_says_how(void **state)
{
	static const struct {
		int status;
		const char *answer;
		enum fault_kind kind;
		const char *code, *order;
	} rows[] = {
		{ 400, "{\"code\":800065}", FAULT_CONFLICT, "800065", NULL },
		{ 409, "{\"code\":800064}", FAULT_CONFLICT, "800064", NULL },
		{ 409, "{\"code\":\"800060\"}", FAULT_CONFLICT, "800060", NULL },
		{ 404, "{\"code\":800008}", FAULT_MISSING, "800008", NULL },
		{ 403, "{\"code\":13605}", FAULT_CONFLICT, "13605", NULL },
		{ 201,
		  "{\"orders\":[{\"id\":\"9b41\"}],\"orderErrors\":[{\"orderGroupId\":\"1\","
		  "\"code\":2002,\"description\":\"Too many.\"}]}",
		  FAULT_INPUT, "2002", "9b41" },
		{ 201,
		  "{\"orders\":[],\"orderErrors\":[{\"code\":800020,\"description\":\"No.\"}]}",
		  FAULT_INPUT, "800020", NULL },
		{ 201, "{\"orders\":[]}", FAULT_REMOTE, NULL, NULL },
		{ 429, "{\"statusCode\":429}", FAULT_BUSY, NULL, NULL },
	};
	struct scripted s;

	(void)state;
	scripted_open(&s, NULL);
	for (size_t r = 0; r < COUNT(rows); r++) {
		struct scripted_row row = { "POST /checkout", rows[r].status, rows[r].answer };
		str order = STR_NONE;

		scripted_play(&s, &row, 1);

		fault *f = reseller_checkout(&s.work, tenant, S("b4c8"), request, &order);

		assert_int_equal(f->kind, rows[r].kind);
		assert_int_equal(rows[r].code == NULL, f->code == NULL);
		assert_true(!rows[r].code || refusal_is(f, rows[r].code));
		assert_true(str_eq(order, str_of(rows[r].order)));
	}
	scripted_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cart_is_made_as_documented),
		cmocka_unit_test(a_line_that_cannot_be_bought_is_told_in_the_vendors_words),
		cmocka_unit_test(repeating_a_lost_checkout_sends_the_same_request),
		cmocka_unit_test(a_checkout_that_was_refused_says_how),
	};

	return cmocka_run_group_tests_name("reseller_cart", tests, NULL, NULL);
}
