#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "microsoft/refusal.h"
#include "microsoft/reseller.h"
#include "microsoft/scripted.h"
#include "microsoft/token.h"
#include "store/store_testing.h"

static const str tenant = { "7d2f4c10-5a3e-4b1f-9c86-2f0b6a51d3e7", 36 };
static const str subscription = { "2f8c61d9-7b04-4e3a-81d5-0a9e4b7f6d32", 36 };

static void not_yet_a_customer_is_an_answer(void **state)
{
	static const struct {
		int status;
		const char *answer;
		bool ours, failed;
	} rows[] = {
		{ 200, "{\"relationshipToPartner\":\"reseller\"}", true, false },
		{ 200, "\xef\xbb\xbf{\"RelationshipToPartner\":\"Reseller\"}", true, false },
		{ 200, "{\"relationshipToPartner\":\"advisor\"}", false, false },
		{ 404, "{\"code\":60003}", false, false },
		{ 403, "{\"code\":\"20002\"}", false, false },
		{ 403, "{\"code\":900150}", false, true },
		{ 404, "", false, true },
		{ 500, "", false, true },
	};
	struct scripted s;

	(void)state;
	scripted_open(&s, NULL);
	for (size_t r = 0; r < COUNT(rows); r++) {
		struct scripted_row row = {
			"GET "
			"https://partner.test/v1/customers/7d2f4c10-5a3e-4b1f-9c86-2f0b6a51d3e7",
			rows[r].status, rows[r].answer
		};
		bool ours = false;

		scripted_play(&s, &row, 1);
		assert_int_equal(reseller_of(&s.work, tenant, &ours) != NULL, rows[r].failed);
		assert_int_equal(ours, rows[r].ours);
	}
	scripted_close(&s);
}

static const struct scripted_row catalogue[] = {
	{ "GET https://partner.test/v1/products?country=US&targetView=OnlineServices", 200,
	  "{\"items\":[{\"id\":\"P1\",\"title\":\"Business Standard\"},"
	  "{\"id\":\"P2\",\"title\":\"Business Standard\"}]}" },
	{ "GET /v1/products/P1/skus", 200,
	  "{\"items\":[{\"id\":\"0001\",\"isTrial\":true,\"dynamicAttributes\":{"
	  "\"provisioningId\":\"F245ECC8-75AF-4F8E-B61F-27D8114DE5F3\"}},"
	  "{\"id\":\"0002\",\"title\":\"Standard, charity\",\"dynamicAttributes\":{"
	  "\"provisioningId\":\"f245ecc8-75af-4f8e-b61f-27d8114de5f3\"}},"
	  "{\"id\":\"0003\",\"dynamicAttributes\":{}}]}" },
	{ "GET /v1/products/P2/skus", 200,
	  "{\"items\":[{\"id\":\"0001\",\"title\":\"Standard\",\"minimumQuantity\":1,"
	  "\"maximumQuantity\":300,\"dynamicAttributes\":{\"provisioningId\":"
	  "\"f245ecc8-75af-4f8e-b61f-27d8114de5f3\"}}]}" },
};
static const struct scripted_row availabilities[] = {
	{ "GET /v1/products/P1/skus/0002/availabilities?country=US", 200,
	  "{\"items\":[{\"catalogItemId\":\"P1:0002:A\",\"segment\":\"charity\","
	  "\"isPurchasable\":true,\"terms\":[{\"duration\":\"P1Y\",\"billingCycle\":"
	  "\"Monthly\"}]}]}" },
	{ "GET /v1/products/P2/skus/0001/availabilities?country=US", 200,
	  "{\"items\":[{\"catalogItemId\":\"P2:0001:OLD\",\"isPurchasable\":false,\"terms\":"
	  "[{\"duration\":\"P1Y\",\"billingCycle\":\"Monthly\"}]},"
	  "{\"catalogItemId\":\"P2:0001:CA\",\"country\":\"CA\",\"terms\":"
	  "[{\"duration\":\"P1Y\",\"billingCycle\":\"Monthly\"}]},"
	  "{\"catalogItemId\":\"P2:0001:NEW\",\"isPurchasable\":true,\"segment\":\"commercial\","
	  "\"country\":\"US\",\"terms\":[{\"duration\":\"P1M\",\"billingCycle\":\"Monthly\"},"
	  "{\"duration\":\"P1Y\",\"billingCycle\":\"Monthly\"}]}]}" },
};

static void an_offer_is_found_by_the_license_it_provisions(void **state)
{
	str sku = S("f245ecc8-75af-4f8e-b61f-27d8114de5f3");
	struct reseller_offer offer;
	struct scripted s;
	bool found = false;

	(void)state;
	scripted_open(&s, NULL);

	struct scripted_row rows[5];

	memcpy(rows, catalogue, sizeof(catalogue));
	memcpy(rows + 3, availabilities, sizeof(availabilities));
	scripted_play(&s, rows, 5);
	assert_null(reseller_offer_find(&s.work, sku, S("P1Y"), S("monthly"), &offer, &found));
	assert_true(found);
	assert_true(str_eq(offer.catalog_item, S("P2:0001:NEW")));
	assert_int_equal(offer.most, 300);
	/* The catalogue is kept for a while, availabilities never. */
	scripted_play(&s, availabilities, 2);
	assert_null(reseller_offer_find(&s.work, sku, S("P3Y"), S("monthly"), &offer, &found));
	assert_false(found);
	assert_true(scripted_done(&s));
	scripted_play(&s, NULL, 0);
	assert_null(reseller_offer_find(&s.work, S("00000000-75af-4f8e-b61f-27d8114de5f3"),
					S("P1Y"), S("monthly"), &offer, &found));
	assert_false(found);
	s.world.at = instant_after(s.world.at, HOURS(1));
	scripted_play(&s, catalogue, 3);
	assert_null(reseller_offer_find(&s.work, S("00000000-75af-4f8e-b61f-27d8114de5f3"),
					S("P1Y"), S("monthly"), &offer, &found));
	assert_true(scripted_done(&s));
	scripted_close(&s);
}

static void orders_and_subscriptions_are_read(void **state)
{
	static const struct scripted_row rows[] = {
		{ "GET /orders", 200,
		  "{\"totalCount\":1,\"items\":[{\"id\":\"9b41\",\"status\":\"Pending\","
		  "\"creationDate\":\"2026-02-03T10:02:41.52\",\"lineItems\":[{\"offerId\":"
		  "\"P2:0001:NEW\",\"friendlyName\":\"cnv_1\",\"quantity\":12}]}]}" },
		{ "GET /subscriptions", 200,
		  "{\"items\":[{\"id\":\"2F8C61D9-7b04-4e3a-81d5-0a9e4b7f6d32\",\"status\":"
		  "\"active\",\"orderId\":\"9b41\",\"quantity\":12,\"effectiveStartDate\":"
		  "\"2026-02-03T00:00:00\",\"commitmentEndDate\":\"2027-02-02T00:00:00Z\","
		  "\"cancellationAllowedUntilDate\":null,\"attributes\":{\"etag\":\"e1\"}}]}" },
	};
	struct reseller_orders orders;
	struct reseller_subscriptions list;
	struct scripted s;

	(void)state;
	scripted_open(&s, NULL);
	scripted_play(&s, rows, COUNT(rows));
	assert_null(reseller_orders_read(&s.work, tenant, &orders));
	assert_int_equal(orders.len, 1);
	assert_true(str_eq(orders.at[0].status, S("pending")));
	assert_int_equal(orders.at[0].created.micros, INT64_C(1770112961520000));
	assert_int_equal(orders.at[0].line_count, 1);
	assert_true(str_is_none(orders.at[0].lines[0].subscription));
	assert_true(str_eq(orders.at[0].lines[0].note, S("cnv_1")));
	assert_null(reseller_subscriptions_read(&s.work, tenant, &list));
	assert_true(str_eq(list.at[0].id, subscription));
	assert_true(instant_is_none(list.at[0].cancel_until));
	assert_true(str_eq(list.at[0].etag, S("e1")));
	scripted_close(&s);
}

static void cancelling_writes_the_whole_subscription_back(void **state)
{
	static const struct scripted_row rows[] = {
		{ "GET /subscriptions/2f8c61d9-7b04-4e3a-81d5-0a9e4b7f6d32", 200,
		  "{\"status\":\"active\",\"autoRenewEnabled\":true,\"attributes\":{\"etag\":"
		  "\"old\"}}" },
		{ "PATCH /subscriptions/2f8c61d9-7b04-4e3a-81d5-0a9e4b7f6d32", 400,
		  "{\"code\":2055}" },
		{ "GET /subscriptions/", 200,
		  "{\"Status\":\"active\",\"attributes\":{\"etag\":\"new\"}}" },
		{ "PATCH /subscriptions/", 202, "" },
	};
	struct scripted s;

	(void)state;
	scripted_open(&s, NULL);
	scripted_play(&s, rows, COUNT(rows));
	assert_null(reseller_cancel(&s.work, tenant, subscription));
	assert_true(str_eq(s.asked[1].if_match, S("\"old\"")));
	assert_true(str_eq(s.asked[1].body, S("{\"status\":\"deleted\",\"autoRenewEnabled\":true,"
					      "\"attributes\":{\"etag\":\"old\"}}")));
	assert_true(str_eq(s.asked[3].if_match, S("\"new\"")));
	assert_true(str_eq(s.asked[3].body,
			   S("{\"Status\":\"deleted\",\"attributes\":{\"etag\":\"new\"}}")));
	scripted_close(&s);
}

static void cancelling_twice_or_too_late(void **state)
{
	static const struct scripted_row rows[] = {
		{ "GET /subscriptions/", 200, "{\"status\":\"deleted\"}" },
		{ "GET /subscriptions/", 200, "{\"status\":\"active\"}" },
		{ "PATCH /subscriptions/", 400, "{\"code\":\"900117\"}" },
	};
	struct scripted s;

	(void)state;
	scripted_open(&s, NULL);
	scripted_play(&s, rows, COUNT(rows));
	assert_null(reseller_cancel(&s.work, tenant, subscription));

	fault *f = reseller_cancel(&s.work, tenant, subscription);

	assert_int_equal(f->kind, FAULT_CONFLICT);
	assert_true(refusal_is(f, "900117"));
	assert_true(scripted_done(&s));
	scripted_close(&s);
}

static const struct scripted_row user_calls[] = {
	{ "POST /oauth2/v2.0/token", 200,
	  "{\"access_token\":\"user\",\"refresh_token\":\"r\",\"expires_in\":3599}" },
	{ "GET https://partner.test/v1/customers/relationshiprequests", 200,
	  "{\"url\":\"https://admin.test/Adminportal/Home?invType=ResellerRelationship\"}" },
	{ "GET /provisioningstatus", 404, "{\"code\":800007}" },
	{ "GET /provisioningstatus", 200, "{\"status\":\"pending\",\"quantity\":12}" },
	{ "GET /provisioningstatus", 200,
	  "{\"skuId\":\"F245ECC8-75AF-4F8E-B61F-27D8114DE5F3\",\"status\":\"success\","
	  "\"quantity\":12}" },
	{ "GET /provisioningstatus", 200, "{\"status\":\"failed\"}" },
};

static void ask_as_the_person(struct store_testing *with)
{
	static const enum reseller_provisioning wanted[] = { PROVISION_PENDING, PROVISION_PENDING,
							     PROVISION_DONE, PROVISION_FAILED };
	struct scripted s;
	str url;

	scripted_open(&s, with->store);
	scripted_play(&s, user_calls, COUNT(user_calls));
	assert_null(token_keep_user(&s.work, S("{\"access_token\":\"old\",\"refresh_token\":\"r\","
					       "\"expires_in\":60}")));
	assert_null(reseller_invitation(&s.work, &url));
	assert_true(str_starts(url, S("https://admin.test/Adminportal/Home?")));
	assert_true(str_eq(s.asked[1].bearer, S("Bearer user")));
	for (size_t i = 0; i < COUNT(wanted); i++) {
		enum reseller_provisioning state;
		int64_t quantity;
		str sku;

		assert_null(reseller_provisioning(&s.work, tenant, subscription, &state, &sku,
						  &quantity));
		assert_int_equal(state, wanted[i]);
		if (state == PROVISION_DONE)
			assert_true(str_eq(sku, S("f245ecc8-75af-4f8e-b61f-27d8114de5f3")));
	}
	scripted_close(&s);
}

static void what_needs_a_person_is_asked_as_one(void **state)
{
	(void)state;
	store_testing_each(ask_as_the_person);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(not_yet_a_customer_is_an_answer),
		cmocka_unit_test(an_offer_is_found_by_the_license_it_provisions),
		cmocka_unit_test(orders_and_subscriptions_are_read),
		cmocka_unit_test(cancelling_writes_the_whole_subscription_back),
		cmocka_unit_test(cancelling_twice_or_too_late),
		cmocka_unit_test(what_needs_a_person_is_asked_as_one),
	};

	return cmocka_run_group_tests_name("reseller", tests, NULL, NULL);
}
