/* The customer agreement: what a partner attests, what a customer signs alone, what either allows.
 */
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "sandbox/partner_testing.h"
#include "sandbox/relationship.h"

#define TEMPLATE "117a77b0-9360-443b-8795-c6dedc750cf9"
#define AGREEMENT(first, mail, template, date, type)                                               \
	"{\"primaryContact\":{\"firstName\":\"" first "\",\"lastName\":\"Moss\",\"email\":\"" mail \
	"\"},\"templateId\":\"" template "\",\"dateAgreed\":\"" date "\",\"type\":\"" type "\"}"
#define CUSTOMER_AGREEMENT "MicrosoftCustomerAgreement"
#define DATE		   "2026-11-20T00:00:00.000Z"

static fault *accept_only(struct tx *tx, void *with)
{
	struct sandbox_testing *t = with;

	return relationship_accept(tx, t->partner, t->bakery, STR_NONE);
}

static void the_templates_are_told_to_users(void **state)
{
	struct sandbox_testing *t = *state;
	str target = S("/v1/agreements?agreementType=" CUSTOMER_AGREEMENT);
	struct sandbox_testing_answer got = partner_testing_ask_user(t, GET, target, NULL);

	assert_true(str_eq(sandbox_testing_text(&got, "items/0/templateId"), S(TEMPLATE)));
	assert_int_equal(partner_testing_ask(t, GET, target, NULL).status, 403);
	assert_int_equal(
		partner_testing_ask_user(t, GET, S("/v1/agreements?agreementType=Other"), NULL)
			.status,
		400);
	got = partner_testing_ask(
		t, GET, S("/v1/agreementtemplates/" TEMPLATE "/document?language=en-US&country=US"),
		NULL);
	assert_true(str_ends(sandbox_testing_text(&got, "displayUri"), S("/agreements/" TEMPLATE)));
}

static void what_is_attested_lets_the_partner_sell_and_is_not_the_customers_own_signature(
	void **state)
{
	static const struct {
		const char *body;
		int status;
		int64_t code, all; /* attested afterwards */
	} rows[] = {
		{ AGREEMENT("", "m@rye.example", TEMPLATE, DATE, CUSTOMER_AGREEMENT), 400, 2000,
		  0 },
		{ AGREEMENT("Ivy", "rye.example", TEMPLATE, DATE, CUSTOMER_AGREEMENT), 400, 2000,
		  0 },
		{ AGREEMENT("Ivy", "m@rye.example", "other", DATE, CUSTOMER_AGREEMENT), 400, 2000,
		  0 },
		{ AGREEMENT("Ivy", "m@rye.example", TEMPLATE, "soon", CUSTOMER_AGREEMENT), 400,
		  2000, 0 },
		{ AGREEMENT("Ivy", "m@rye.example", TEMPLATE, "2027-11-20", CUSTOMER_AGREEMENT),
		  400, 2000, 0 },
		{ AGREEMENT("Ivy", "m@rye.example", TEMPLATE, DATE, "Other"), 400, 2000, 0 },
		{ AGREEMENT("Ivy", "m@rye.example", TEMPLATE, DATE, CUSTOMER_AGREEMENT), 201, 0,
		  1 },
		{ AGREEMENT("Ivy", "M@rye.example", TEMPLATE, DATE, CUSTOMER_AGREEMENT), 400,
		  600061, 1 },
		{ AGREEMENT("Ann", "a@rye.example", TEMPLATE, DATE, CUSTOMER_AGREEMENT), 201, 0,
		  2 },
	};
	struct sandbox_testing *t = *state;
	const struct partner_testing_line line = { "CFQ7TTC0LDPB:0001", 1, "monthly" };
	str all = partner_testing_path(t, "/agreements?agreementType=" CUSTOMER_AGREEMENT);

	sandbox_testing_do(t, accept_only, t);
	str checkout = partner_testing_cart(t, &line, 1);
	assert_int_equal(partner_testing_ask(t, POST, checkout, "").status, 403);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct sandbox_testing_answer got = partner_testing_ask_user(
			t, POST, partner_testing_path(t, "/agreements"), rows[i].body);
		assert_int_equal(got.status, rows[i].status);
		if (rows[i].code)
			assert_int_equal(sandbox_testing_number(&got, "code"), rows[i].code);
		else
			assert_true(str_is_guid(sandbox_testing_text(&got, "userId")));
		got = partner_testing_ask_user(t, GET, all, NULL);
		assert_int_equal(sandbox_testing_number(&got, "totalCount"), rows[i].all);
	}
	struct sandbox_testing_answer got = partner_testing_ask_user(
		t, GET, partner_testing_path(t, "/agreements"), NULL);
	assert_int_equal(sandbox_testing_number(&got, "totalCount"), 0); /* the older kind */
	got = partner_testing_ask_user(
		t, GET, partner_testing_path(t, "/directSignedMicrosoftCustomerAgreementStatus"),
		NULL);
	assert_true(json_is_false(json_object_get(got.json, "isSigned")));
	assert_int_equal(partner_testing_ask(t, POST, checkout, "").status, 201);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define WITH(test) \
	cmocka_unit_test_setup_teardown(test, sandbox_testing_open, sandbox_testing_close)
		WITH(the_templates_are_told_to_users),
		WITH(what_is_attested_lets_the_partner_sell_and_is_not_the_customers_own_signature),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
