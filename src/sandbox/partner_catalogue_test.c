/* What Partner Center sells, and whom it knows: single things by the links of lists, segments,
 * wishes of a cart that cannot be met, a customer's particulars. */
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "sandbox/partner_setting.h"
#include "sandbox/partner_testing.h"

static void every_link_of_the_catalogue_leads_somewhere(void **state)
{
	static const char *const links[] = { "product", "sku", "availability", "self" };
	struct sandbox_testing *t = *state;

	sandbox_testing_accept(t, t->bakery);
	(void)sandbox_testing_buy(t, t->bakery, 1);
	for (size_t i = 0; i < COUNT(links); i++) {
		struct sandbox_testing_answer got = partner_testing_ask(
			t, GET, partner_testing_path(t, "/subscriptions"), NULL);
		str path = str_format(t->arena, "items/0/links/%s/uri", links[i]);
		str target = str_format(t->arena, "/v1%.*s",
					STR(sandbox_testing_text(&got, str_cstr(t->arena, path))));
		got = partner_testing_ask(t, GET, target, NULL);
		assert_int_equal(got.status, 200);
	}
	struct sandbox_testing_answer got = partner_testing_ask(
		t, GET, S("/v1/products/CFQ7TTC0LDPB?country=US"), NULL);
	assert_true(str_eq(sandbox_testing_text(&got, "id"), S("CFQ7TTC0LDPB")));
}

static void what_the_catalogue_does_not_have_is_said(void **state)
{
	static const struct {
		const char *target;
		int status;
		int64_t code;
	} rows[] = {
		{ "/v1/products?country=US&targetView=OnlineServices&targetSegment=moon", 403,
		  400030 },
		{ "/v1/products?country=US&targetView=OnlineServices&targetSegment=education", 200,
		  0 },
		{ "/v1/products/NOPE?country=US", 404, 400013 },
		{ "/v1/products/NOPE/skus?country=US", 404, 400013 },
		{ "/v1/products/CFQ7TTC0LDPB/skus/9999?country=US", 404, 400018 },
		{ "/v1/products/CFQ7TTC0XY6T/skus/0001?country=US", 404, 400018 }, /* not sold */
		{ "/v1/products/CFQ7TTC0LDPB/skus/0001/availabilities/OLD?country=US", 404,
		  400018 },
		{ "/v1/products/CFQ7TTC0LDPB/skus/0001", 400, 2000 },
	};
	struct sandbox_testing *t = *state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct sandbox_testing_answer got = partner_testing_ask(
			t, GET, str_of(rows[i].target), NULL);
		assert_int_equal(got.status, rows[i].status);
		if (rows[i].code)
			assert_int_equal(sandbox_testing_number(&got, "code"), rows[i].code);
	}
}

/* Only what has a better product names it; both name where they are themselves. */
static void a_sku_names_what_it_can_become(void **state)
{
	struct sandbox_testing_answer got = partner_testing_ask(
		*state, GET, S("/v1/products/CFQ7TTC0LDPB/skus?country=US"), NULL);
	static const size_t upgrades[] = { 1, 0 };

	for (size_t i = 0; i < COUNT(upgrades); i++) {
		const json_t *sku = json_array_get(json_object_get(got.json, "items"), i);
		const json_t *of = json_object_get(sku, "dynamicAttributes");
		assert_int_equal(json_array_size(json_object_get(of, "upgradeTargetOffers")),
				 upgrades[i]);
		assert_non_null(json_object_get(json_object_get(sku, "links"), "self"));
	}
}

static void terms_can_be_renewed_unless_it_is_a_trial(void **state)
{
	static const struct {
		const char *sku;
		bool renews;
	} rows[] = { { "0001", true }, { "0002", false } };
	struct sandbox_testing *t = *state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct sandbox_testing_answer got = partner_testing_ask(
			t, GET,
			str_format(t->arena,
				   "/v1/products/CFQ7TTC0LDPB/skus/%s/availabilities?country=US",
				   rows[i].sku),
			NULL);
		const json_t *item = json_array_get(json_object_get(got.json, "items"), 0);
		assert_int_equal(!!json_object_get(item, "renewalInstructions"), rows[i].renews);
		if (rows[i].renews)
			assert_true(
				str_eq(sandbox_testing_text(&got, "items/0/renewalInstructions/0/"
								  "applicableTermIds/0"),
				       sandbox_testing_text(&got, "items/0/terms/0/id")));
	}
}

static void wishes_that_cannot_be_met_are_the_lines_error(void **state)
{
	static const struct {
		const char *wish;
		int64_t code; /* 0: none */
	} rows[] = {
		{ "\"currencyCode\":\"USD\"", 0 },
		{ "\"currencyCode\":\"EUR\"", 10000 },
		{ "\"promotionId\":\"39NFJQT1PJPB:0002:39NFJQT1Q5KK\"", 10014 },
		{ "\"promotionId\":\"\"", 0 },
		{ "\"customTermEndDate\":\"2027-01-01\"", 10016 },
		{ "\"addonItems\":[{}]", 10006 },
		{ "\"addonItems\":null", 0 },
	};
	struct sandbox_testing *t = *state;

	sandbox_testing_accept(t, t->bakery);
	str item = partner_testing_item(t, "CFQ7TTC0LDPB:0001");
	for (size_t i = 0; i < COUNT(rows); i++) {
		str body = str_format(
			t->arena,
			"{\"lineItems\":[{\"id\":0,\"catalogItemId\":\"%.*s\","
			"\"quantity\":1,\"billingCycle\":\"monthly\",\"termDuration\":"
			"\"P1Y\",%s}]}",
			STR(item), rows[i].wish);
		struct sandbox_testing_answer got = partner_testing_ask(
			t, POST, partner_testing_path(t, "/carts"), str_cstr(t->arena, body));
		assert_int_equal(got.status, 201);
		const json_t *line = json_array_get(json_object_get(got.json, "lineItems"), 0);
		assert_int_equal(!!json_object_get(line, "error"), rows[i].code != 0);
		if (rows[i].code)
			assert_int_equal(
				sandbox_testing_number(&got, "lineItems/0/error/errorCode"),
				rows[i].code);
	}
}

static fault *no_rights(struct tx *tx, void *with)
{
	(void)with;
	return partner_setting_put(tx, S("no-user-rights"), S("on"));
}

static void particulars_are_left_out_without_a_role_at_the_customer(void **state)
{
	struct sandbox_testing *t = *state;
	str profile = partner_testing_path(t, "/profiles/company");

	sandbox_testing_accept(t, t->bakery);
	struct sandbox_testing_answer got = partner_testing_ask(t, GET, partner_testing_path(t, ""),
								NULL);
	assert_true(str_eq(sandbox_testing_text(&got, "companyProfile/address/country"), S("US")));
	assert_true(str_eq(sandbox_testing_text(&got, "companyProfile/email"),
			   S("office@ryeandember.example")));
	assert_true(str_eq(sandbox_testing_text(&got, "billingProfile/companyName"),
			   S("Rye and Ember Bakery")));
	assert_true(
		str_eq(sandbox_testing_text(&got, "customDomains/0"), S("ryeandember.example")));
	got = partner_testing_ask(t, GET, profile, NULL);
	assert_true(str_eq(sandbox_testing_text(&got, "address/city"), S("Duluth")));
	sandbox_testing_do(t, no_rights, NULL);
	got = partner_testing_ask(t, GET, partner_testing_path(t, ""), NULL);
	assert_null(json_object_get(got.json, "customDomains"));
	got = partner_testing_ask(t, GET, profile, NULL);
	assert_int_equal(got.status, 200);
	assert_null(json_object_get(got.json, "address"));
	assert_null(json_object_get(got.json, "email"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define WITH(test) \
	cmocka_unit_test_setup_teardown(test, sandbox_testing_open, sandbox_testing_close)
		WITH(every_link_of_the_catalogue_leads_somewhere),
		WITH(what_the_catalogue_does_not_have_is_said),
		WITH(a_sku_names_what_it_can_become),
		WITH(terms_can_be_renewed_unless_it_is_a_trial),
		WITH(wishes_that_cannot_be_met_are_the_lines_error),
		WITH(particulars_are_left_out_without_a_role_at_the_customer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
