/* Seats that become another product: only upward, whole or in part, with their users or without. */
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "sandbox/partner_testing.h"

#define STANDARD "CFQ7TTC0LDPB:0001"
#define PREMIUM	 "CFQ7TTC0LF8Q:0001"
#define BASIC	 "CFQ7TTC0LH18:0001"

static str of(struct sandbox_testing *t, str subscription, const char *tail)
{
	return str_format(t->arena, "%.*s/%.*s%s", STR(partner_testing_path(t, "/subscriptions")),
			  STR(subscription), tail);
}

static str bought(struct sandbox_testing *t, const char *item, int quantity)
{
	const struct partner_testing_line line = { item, quantity, "monthly" };

	sandbox_testing_accept(t, t->bakery);
	struct sandbox_testing_answer got = partner_testing_ask(
		t, POST, partner_testing_cart(t, &line, 1), "");
	str made = str_copy(t->arena,
			    sandbox_testing_text(&got, "orders/0/lineItems/0/subscriptionId"));
	sandbox_testing_wait(t, SECONDS(6));
	return made;
}

static const char *body_of(struct sandbox_testing *t, const char *item, int quantity,
			   const char *type, str to)
{
	str more = str_is_none(to)
			   ? S("")
			   : str_format(t->arena, ",\"toSubscriptionId\":\"%.*s\"", STR(to));
	str made = str_format(t->arena,
			      "{\"toCatalogItemId\":\"%.*s\",\"quantity\":%d,"
			      "\"transitionType\":\"%s\"%.*s}",
			      STR(partner_testing_item(t, item)), quantity, type, STR(more));

	return str_cstr(t->arena, made);
}

static void only_what_is_better_can_be_had(void **state)
{
	static const struct {
		const char *item;
		int quantity;
		const char *type;
		int status;
		int64_t code;
	} rows[] = {
		{ BASIC, 2, "transition_only", 403, 800020 },	 /* downward */
		{ STANDARD, 2, "transition_only", 403, 800020 }, /* the same */
		{ PREMIUM, 3, "transition_only", 400, 2002 },
		{ PREMIUM, 0, "transition_only", 400, 2002 },
		{ PREMIUM, 2, "sideways", 400, 2000 },
		{ PREMIUM, 2, "transition_with_license_transfer", 403, 900308 }, /* app-only */
		{ PREMIUM, 2, "Transition_Only", 201, 0 },
		{ PREMIUM, 2, "transition_only", 409, 900278 }, /* under way */
	};
	struct sandbox_testing *t = *state;
	str from = bought(t, STANDARD, 2);

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct sandbox_testing_answer got = partner_testing_ask(
			t, POST, of(t, from, "/transitions"),
			body_of(t, rows[i].item, rows[i].quantity, rows[i].type, STR_NONE));
		assert_int_equal(got.status, rows[i].status);
		if (rows[i].code)
			assert_int_equal(sandbox_testing_number(&got, "code"), rows[i].code);
	}
	struct sandbox_testing_answer got = partner_testing_ask(t, PATCH, of(t, from, ""),
								"{\"quantity\":1}");
	assert_int_equal(sandbox_testing_number(&got, "code"), 900278);
}

static void eligibilities_name_what_the_catalogue_lets_it_become(void **state)
{
	struct sandbox_testing *t = *state;
	str from = bought(t, BASIC, 2);
	str target = of(t, from, "/transitionEligibilities?eligibilityType=immediate");
	struct sandbox_testing_answer got = partner_testing_ask(t, GET, target, NULL);

	assert_int_equal(sandbox_testing_number(&got, "totalCount"), 2);
	assert_true(str_starts(sandbox_testing_text(&got, "items/0/catalogItemId"), S(STANDARD)));
	assert_int_equal(sandbox_testing_number(&got, "items/0/eligibilities/1/errors/0/code"), 3);
	got = partner_testing_ask_user(t, GET, target, NULL);
	const json_t *first = json_array_get(json_object_get(got.json, "items"), 0);
	for (size_t i = 0; i < 2; i++)
		assert_true(json_is_true(json_object_get(
			json_array_get(json_object_get(first, "eligibilities"), i), "isEligible")));
	assert_int_equal(
		partner_testing_ask(t, GET,
				    of(t, from, "/transitionEligibilities?eligibilityType=x"), NULL)
			.status,
		400);
	got = partner_testing_ask(t, GET, S("/v1/products/CFQ7TTC0LH18/skus?country=US"), NULL);
	assert_true(str_eq(
		sandbox_testing_text(&got, "items/0/dynamicAttributes/upgradeTargetOffers/1"),
		S(PREMIUM)));
}

static void seats_move_whole_or_in_part_and_nowhere_else(void **state)
{
	static const struct {
		int quantity;	      /* of four */
		bool into;	      /* another subscription of one seat, which is there */
		int64_t old, premium; /* units afterwards; the direct one of the old counts, too */
		size_t subscriptions;
		const char *status; /* of the first */
	} rows[] = {
		{ 4, false, 1, 4, 1, "active" },
		{ 3, false, 2, 3, 2, "active" },
		{ 3, true, 2, 4, 2, "active" },
		{ 4, true, 1, 5, 2, "deleted" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		void *fresh;
		assert_int_equal(sandbox_testing_open(&fresh), 0);
		struct sandbox_testing *t = fresh;
		str from = bought(t, STANDARD, 4);
		str into = rows[i].into ? bought(t, PREMIUM, 1) : STR_NONE;
		struct sandbox_testing_answer got = partner_testing_ask(
			t, POST, of(t, from, "/transitions"),
			body_of(t, PREMIUM, rows[i].quantity, "transition_only", into));
		assert_int_equal(got.status, 201);
		sandbox_testing_wait(t, SECONDS(6));
		assert_int_equal(partner_testing_units(t, TESTING_STANDARD), rows[i].old);
		assert_int_equal(partner_testing_units(t, TESTING_PREMIUM), rows[i].premium);
		got = partner_testing_ask(t, GET, of(t, from, "/transitions"), NULL);
		assert_true(str_eq(sandbox_testing_text(&got, "items/0/events/1/status"),
				   S("Completed")));
		got = partner_testing_ask(t, GET, of(t, from, ""), NULL);
		assert_true(str_eq(sandbox_testing_text(&got, "status"), str_of(rows[i].status)));
		got = partner_testing_ask(t, GET, partner_testing_path(t, "/subscriptions"), NULL);
		assert_int_equal(sandbox_testing_number(&got, "totalCount"), rows[i].subscriptions);
		(void)sandbox_testing_close(&fresh);
	}
	*state = NULL;
}

static void users_come_along_when_that_is_asked(void **state)
{
	struct sandbox_testing *t = *state;
	str from = bought(t, STANDARD, 2);
	struct sandbox_testing_answer got = partner_testing_ask_user(
		t, POST, of(t, from, "/transitions"),
		body_of(t, PREMIUM, 2, "transition_with_license_transfer", STR_NONE));

	assert_int_equal(got.status, 201);
	sandbox_testing_wait(t, SECONDS(6));
	got = partner_testing_ask(t, GET, of(t, from, "/transitions"), NULL);
	assert_true(
		str_eq(sandbox_testing_text(&got, "items/0/events/2/name"), S("SeatReassignment")));
	assert_true(str_eq(sandbox_testing_text(&got, "items/0/events/2/status"), S("Completed")));
	got = partner_testing_ask_user(t, GET, partner_testing_path(t, "/subscribedskus"), NULL);
	for (size_t i = 0; i < json_array_size(json_object_get(got.json, "items")); i++) {
		const json_t *sku = json_array_get(json_object_get(got.json, "items"), i);
		bool premium = str_eq(str_of(json_string_value(json_object_get(
					      json_object_get(sku, "productSku"), "id"))),
				      S(TESTING_PREMIUM));
		assert_int_equal(json_integer_value(json_object_get(sku, "consumedUnits")),
				 premium);
	}
}

static void seats_stay_when_what_should_take_them_is_gone(void **state)
{
	struct sandbox_testing *t = *state;
	str from = bought(t, STANDARD, 2), into = bought(t, PREMIUM, 1);
	struct sandbox_testing_answer got = partner_testing_ask(
		t, POST, of(t, from, "/transitions"),
		body_of(t, PREMIUM, 2, "transition_only", into));

	assert_int_equal(got.status, 201);
	got = partner_testing_ask(t, PATCH, of(t, into, ""), "{\"status\":\"deleted\"}");
	assert_int_equal(got.status, 200);
	sandbox_testing_wait(t, SECONDS(6));
	got = partner_testing_ask(t, GET, of(t, from, "/transitions"), NULL);
	assert_true(str_eq(sandbox_testing_text(&got, "items/0/events/1/status"), S("Failed")));
	assert_int_equal(partner_testing_units(t, TESTING_STANDARD), 3);
	got = partner_testing_ask(t, PATCH, of(t, from, ""), "{\"quantity\":1}");
	assert_int_equal(got.status, 200); /* no longer under way */
}

static int end_if_open(void **state)
{
	return *state ? sandbox_testing_close(state) : 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define WITH(test) \
	cmocka_unit_test_setup_teardown(test, sandbox_testing_open, sandbox_testing_close)
		WITH(only_what_is_better_can_be_had),
		WITH(eligibilities_name_what_the_catalogue_lets_it_become),
		cmocka_unit_test_setup_teardown(seats_move_whole_or_in_part_and_nowhere_else, NULL,
						end_if_open),
		WITH(seats_stay_when_what_should_take_them_is_gone),
		WITH(users_come_along_when_that_is_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
