/* Graph on the wire: who is let in, collections, paging, filters, errors, assignment. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "sandbox/directory_subscription.h"
#include "sandbox/fault_rule.h"
#include "sandbox/license_pool.h"
#include "sandbox/sandbox_testing.h"
#include "sandbox/tenant_file.h"
#include "sandbox/tenant_state.h"

#define WORKSHOP "3a124c64-7e02-4f05-b7c1-dce27f7695f5"
#define DIRECT	 "2eb73728-2fea-475e-b536-5e1458294a90"
#define COMMERCE "ac3e0b5b-c291-4709-8c1e-26038dabf68e"
#define TENANTS	 "/v1.0/tenantRelationships/"

static struct sandbox_testing_answer get(struct sandbox_testing *t, const char *target)
{
	return sandbox_testing_ask(t, GET, sandbox_testing_token(t, TOKEN_GRAPH, t->workshop),
				   str_of(target), STR_NONE);
}

static void every_collection_has_a_context_and_a_value(void **state)
{
	static const struct {
		const char *target;
		size_t items;
	} rows[] = {
		{ "/v1.0/organization", 1 },
		{ "/v1.0/domains", 2 },
		{ "/v1.0/subscribedSkus", 4 },
		{ "/v1.0/directory/subscriptions", 4 },
		{ "/v1.0/users", 12 },
		{ "/v1.0/users?$top=5", 5 },
		{ "/v1.0/users?%24top=5&%24select=id", 5 },
		{ "/v1.0/"
		  "users?$filter=userPrincipalName%20eq%20'mei.ashdown@cedarbend.onmicrosoft.com'",
		  1 },
		{ "/v1.0/users?$filter=assignedLicenses/any(l:l/skuId%20eq%20" TESTING_STANDARD ")",
		  10 },
	};
	struct sandbox_testing *t = *state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct sandbox_testing_answer got = get(t, rows[i].target);
		assert_int_equal(got.status, 200);
		assert_int_equal(json_array_size(json_object_get(got.json, "value")),
				 rows[i].items);
		assert_true(str_starts(sandbox_testing_text(&got, "@odata.context"),
				       S("https://localhost:8443/v1.0/$metadata#")));
		assert_true(str_starts(got.exchange.type, S("application/json")));
	}
}

static void paging_shows_every_user_once_and_ends_without_a_link(void **state)
{
	struct sandbox_testing *t = *state;
	str target = S("/v1.0/users?$top=5&$count=true&$select=id"), link;
	size_t users = 0, pages = 0;

	do {
		sandbox_testing_header(t, "ConsistencyLevel", S("eventual"));
		struct sandbox_testing_answer got = get(t, str_cstr(t->arena, target));
		users += json_array_size(json_object_get(got.json, "value"));
		assert_int_equal(json_object_get(got.json, "@odata.count") != NULL, pages == 0);
		if (pages == 0)
			assert_int_equal(sandbox_testing_number(&got, "@odata.count"), 12);
		link = str_copy(t->arena, str_of(json_string_value(
						  json_object_get(got.json, "@odata.nextLink"))));
		if (!str_is_none(link) && link.len > 0) {
			assert_true(str_starts(link, S("https://localhost:8443/v1.0/users?")));
			target = str_part(link, strlen("https://localhost:8443"), link.len);
		}
		pages++;
	} while (link.len > 0 && pages < 10);
	assert_int_equal(users, 12);
	assert_int_equal(pages, 3);
}

static void what_is_selected_and_not_there_is_null(void **state)
{
	struct sandbox_testing *t = *state;
	struct sandbox_testing_answer got = get(t, "/v1.0/users/front.desk@" TESTING_WORKSHOP
						   "?$select=mail,usageLocation,proxyAddresses");

	assert_true(json_is_null(json_object_get(got.json, "mail")));
	assert_true(json_is_string(json_object_get(got.json, "usageLocation")));
	assert_true(json_is_array(json_object_get(got.json, "proxyAddresses")));
	assert_null(json_object_get(got.json, "displayName"));
}

#define REED "aaaaaaaa-0000-4000-8000-000000000001"

static fault *load_reed(struct tx *tx, void *with)
{
	const str text = S("{\"organization\":{\"value\":[{\"id\":\"" REED "\","
			   "\"displayName\":\"Reed\",\"verifiedDomains\":["
			   "{\"name\":\"reed.onmicrosoft.com\",\"isInitial\":true},"
			   "{\"name\":\"reed.example\",\"type\":\"Federated\",\"isDefault\":true,"
			   "\"capabilities\":\"Email, OfficeCommunicationsOnline\"}]}]},"
			   "\"users\":{\"value\":[{\"id\":\"aaaaaaaa-0000-4000-8000-000000000002\","
			   "\"userPrincipalName\":\"rae@reed.example\"}]}}");

	return tenant_file_load(tx, S("reed.json"), text, false, with);
}

/* A small file says little; Graph's answer has its members all the same. */
static void what_a_tenant_file_leaves_out_has_its_place(void **state)
{
	static const char *const members[] = {
		"partnerTenantType", "country", "street",	   "postalCode",
		"businessPhones",    "state",	"createdDateTime", "onPremisesLastSyncDateTime",
	};
	struct sandbox_testing *t = *state;
	str tenant;

	sandbox_testing_do(t, load_reed, &tenant);
	str token = sandbox_testing_token(t, TOKEN_GRAPH, S(REED));
	struct sandbox_testing_answer got = sandbox_testing_ask(
		t, GET, token, S("/v1.0/organization/" REED), STR_NONE);
	for (size_t i = 0; i < COUNT(members); i++)
		assert_non_null(json_object_get(got.json, members[i]));
	got = sandbox_testing_ask(t, GET, token, S("/v1.0/domains"), STR_NONE);
	assert_string_equal(sandbox_testing_text(&got, "value/0/authenticationType").at, "Managed");
	assert_string_equal(sandbox_testing_text(&got, "value/1/authenticationType").at,
			    "Federated");
	assert_string_equal(sandbox_testing_text(&got, "value/1/supportedServices/1").at,
			    "OfficeCommunicationsOnline");
	const json_t *one = json_array_get(json_object_get(got.json, "value"), 1);
	assert_non_null(json_object_get(one, "passwordValidityPeriodInDays"));
	assert_null(json_object_get(one, "name"));
	assert_null(json_object_get(one, "capabilities"));
}

static void who_has_no_token_is_told_where_to_sign_in(void **state)
{
	struct sandbox_testing_answer got = sandbox_testing_ask(*state, GET, S("x"),
								S("/v1.0/users"), STR_NONE);
	str told = STR_NONE;

	for (size_t i = 0; i < got.exchange.answer_header_count; i++)
		if (str_eq_nocase(str_of(got.exchange.answer_headers[i].key),
				  S("WWW-Authenticate")))
			told = got.exchange.answer_headers[i].value;
	assert_int_equal(got.status, 401);
	assert_true(str_ends(told, S("=\"https://localhost:8443/common/oauth2/authorize\"")));
}

static void one_thing_is_found_by_each_of_its_names(void **state)
{
	static const struct {
		const char *target, *member, *value;
	} rows[] = {
		{ "/v1.0/subscribedSkus/" WORKSHOP "_" TESTING_STANDARD, "skuId",
		  TESTING_STANDARD },
		{ "/v1.0/directory/subscriptions/" DIRECT, "commerceSubscriptionId", COMMERCE },
		{ "/v1.0/directory/subscriptions(commerceSubscriptionId='" COMMERCE "')", "id",
		  DIRECT },
		{ "/v1.0/users/FRONT.DESK@" TESTING_WORKSHOP, "userPrincipalName",
		  "front.desk@" TESTING_WORKSHOP },
		{ "/v1.0/organization/" WORKSHOP, "displayName", "Cedar Bend Workshop" },
		{ TENANTS "findTenantInformationByDomainName(domainName='cedarbend.example')",
		  "tenantId", WORKSHOP },
		{ TENANTS "findTenantInformationByDomainName(domainName='" TESTING_BAKERY "')",
		  "displayName", "Rye and Ember Bakery" },
		{ TENANTS "findTenantInformationByTenantId(tenantId='" WORKSHOP "')",
		  "defaultDomainName", "cedarbend.example" },
	};
	static const char *const missing[] = {
		"/v1.0/subscribedSkus/" WORKSHOP "_" DIRECT,
		"/v1.0/subscribedSkus/3ceaaf30-8142-48ea-91d9-3080f9b439fc_" TESTING_STANDARD,
		"/v1.0/subscribedSkus/x" TESTING_STANDARD,
		"/v1.0/directory/subscriptions/" COMMERCE "0",
		"/v1.0/directory/subscriptions(commerceSubscriptionId='" WORKSHOP "')",
		TENANTS "findTenantInformationByDomainName(domainName='nobody.example')",
	};
	struct sandbox_testing *t = *state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct sandbox_testing_answer got = get(t, rows[i].target);
		assert_int_equal(got.status, 200);
		assert_true(
			str_eq(sandbox_testing_text(&got, rows[i].member), str_of(rows[i].value)));
	}
	for (size_t i = 0; i < COUNT(missing); i++)
		assert_int_equal(get(t, missing[i]).status, 404);
}

static void refusals_have_a_status_and_a_code(void **state)
{
	static const struct {
		const char *target;
		int status;
		const char *code;
	} rows[] = {
		{ "/v1.0/users/nobody@cedarbend.example", 404, "Request_ResourceNotFound" },
		{ "/v1.0/users/hanne.okafor@ryeandember.onmicrosoft.com", 404,
		  "Request_ResourceNotFound" }, /* of another tenant */
		{ "/v1.0/users?$top=1000", 400, "Request_UnsupportedQuery" },
		{ "/v1.0/users?$top=0", 400, "Request_UnsupportedQuery" },
		{ "/v1.0/users?$skip=1", 400, "Request_UnsupportedQuery" },
		{ "/v1.0/users?$skiptoken=z", 400, "Request_UnsupportedQuery" },
		{ "/v1.0/users?$filter=assignedLicenses/$count%20ne%200", 400,
		  "Request_UnsupportedQuery" }, /* needs ConsistencyLevel */
		{ "/v1.0/users?$orderby=displayName", 400, "Request_UnsupportedQuery" },
		{ "/v1.0/users?$select=id,aboutMe", 501, "notSupported" },
		{ "/v1.0/users?$filter=drop%20table", 400, "Request_UnsupportedQuery" },
		{ "/v1.0/subscribedSkus?$top=1", 400, "Request_UnsupportedQuery" },
		{ "/v1.0/me", 400, "BadRequest" }, /* an application is nobody */
		{ "/v1.0/nothing/here", 404, "ResourceNotFound" },
	};
	struct sandbox_testing *t = *state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct sandbox_testing_answer got = get(t, rows[i].target);
		assert_int_equal(got.status, rows[i].status);
		assert_true(str_eq(sandbox_testing_text(&got, "error/code"), str_of(rows[i].code)));
		assert_true(str_starts(got.exchange.type, S("application/json")));
	}
}

static void a_method_graph_does_not_know_is_refused_as_json(void **state)
{
	struct sandbox_testing *t = *state;
	struct sandbox_testing_answer got = sandbox_testing_ask(
		t, DELETE, sandbox_testing_token(t, TOKEN_GRAPH, t->workshop),
		S("/v1.0/organization"), STR_NONE);

	assert_int_equal(got.status, 405);
	assert_true(str_eq(sandbox_testing_text(&got, "error/code"), S("BadRequest")));
}

static void without_a_token_for_graph_nobody_comes_in(void **state)
{
	struct sandbox_testing *t = *state;
	struct sandbox_testing_answer got = sandbox_testing_ask(t, GET, S("x"), S("/v1.0/users"),
								STR_NONE);

	assert_int_equal(got.status, 401);
	assert_true(
		str_eq(sandbox_testing_text(&got, "error/code"), S("InvalidAuthenticationToken")));
	got = sandbox_testing_ask(t, GET, sandbox_testing_token(t, TOKEN_PARTNER, t->partner),
				  S("/v1.0/users"), STR_NONE);
	assert_int_equal(got.status, 401);
}

static fault *add_rule(struct tx *tx, void *with)
{
	return fault_rule_add(tx, with);
}

static void every_answer_carries_the_callers_request_id(void **state)
{
	static const struct {
		enum method method;
		const char *target;
		int status;
	} rows[] = {
		{ GET, "/v1.0/organization", 200 }, { GET, "/v1.0/users/nobody", 404 },
		{ GET, "/v1.0/nothing/here", 404 }, { DELETE, "/v1.0/organization", 405 },
		{ POST, "/v1.0/$batch", 400 },	    { GET, "/v1.0/domains", 503 },
	};
	struct sandbox_testing *t = *state;
	struct fault_rule rule = { S("graph"), 503, 1, 7, S("/domains") };

	sandbox_testing_do(t, add_rule, &rule);
	for (size_t i = 0; i < COUNT(rows); i++) {
		size_t seen = 0;
		sandbox_testing_header(t, "client-request-id", S("4f2a"));
		sandbox_testing_header(t, "Accept", S("application/json"));
		struct sandbox_testing_answer got = sandbox_testing_ask(
			t, rows[i].method, sandbox_testing_token(t, TOKEN_GRAPH, t->workshop),
			str_of(rows[i].target), rows[i].method == GET ? STR_NONE : S("{}"));
		assert_int_equal(got.status, rows[i].status);
		if (got.status >= 400) {
			assert_true(str_eq(
				sandbox_testing_text(&got, "error/innerError/client-request-id"),
				S("4f2a")));
			assert_int_equal(sandbox_testing_text(&got, "error/innerError/date").len,
					 strlen("2026-01-01T00:00:00"));
		}
		for (size_t h = 0; h < got.exchange.answer_header_count; h++) {
			const struct log_pair *header = &got.exchange.answer_headers[h];
			seen += str_eq_nocase(str_of(header->key), S("client-request-id")) &&
				str_eq(header->value, S("4f2a"));
			if (!str_eq_nocase(str_of(header->key), S("request-id")))
				continue;
			seen += str_is_guid(header->value);
			if (got.status >= 400)
				assert_true(str_eq(
					sandbox_testing_text(&got, "error/innerError/request-id"),
					header->value));
		}
		assert_int_equal(seen, 2);
	}
}

static fault *cancel_direct(struct tx *tx, void *with)
{
	struct sandbox_testing *t = with;
	struct directory_subscriptions all;

	TRY(directory_subscription_all(tx, t->workshop, &all));
	return directory_subscription_cancel(tx, &all.at[0], S("moving"), S(""));
}

static void a_cancelled_direct_subscription_is_suspended_for_ninety_days(void **state)
{
	struct sandbox_testing *t = *state;

	sandbox_testing_do(t, cancel_direct, t);
	struct sandbox_testing_answer got = get(t, "/v1.0/subscribedSkus");
	assert_int_equal(sandbox_testing_number(&got, "value/0/prepaidUnits/enabled"), 0);
	assert_int_equal(sandbox_testing_number(&got, "value/0/prepaidUnits/suspended"), 10);
	assert_int_equal(sandbox_testing_number(&got, "value/0/consumedUnits"), 10);
	assert_true(str_eq(sandbox_testing_text(&got, "value/0/capabilityStatus"), S("Suspended")));
	got = get(t, "/v1.0/directory/subscriptions");
	assert_true(str_eq(sandbox_testing_text(&got, "value/0/status"), S("Suspended")));
	assert_true(str_starts(sandbox_testing_text(&got, "value/0/nextLifecycleDateTime"),
			       S("2027-02-20")));
	sandbox_testing_wait(t, DAYS(91));
	got = get(t, "/v1.0/subscribedSkus");
	assert_false(str_eq(sandbox_testing_text(&got, "value/0/skuId"), S(TESTING_STANDARD)));
}

static void assigning_checks_every_rule_and_is_all_or_nothing(void **state)
{
	static const struct {
		const char *user, *body;
		int status;
		const char *says;
	} rows[] = {
		{ "front.desk", "{}", 400, "required" },
		{ "front.desk", "{\"addLicenses\":[{\"skuId\":\"x\"}],\"removeLicenses\":[]}", 400,
		  "skuId" },
		{ "front.desk",
		  "{\"addLicenses\":[{\"skuId\":\"" TESTING_STANDARD "\"}],\"removeLicenses\":[]}",
		  400, "does not have any available licenses" },
		{ "front.desk",
		  "{\"addLicenses\":[],\"removeLicenses\":[\"" TESTING_STANDARD "\"]}", 400,
		  "does not have a corresponding license" },
		{ "tobias.wren",
		  "{\"addLicenses\":[],\"removeLicenses\":[\"" TESTING_STANDARD "\"]}", 200, NULL },
		{ "front.desk",
		  "{\"addLicenses\":[{\"skuId\":\"" TESTING_STANDARD
		  "\"}],\"removeLicenses\":[\"4b9405b0-7788-4568-add1-99614e613b69\"]}",
		  200, NULL },
	};
	struct sandbox_testing *t = *state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct sandbox_testing_answer got = sandbox_testing_ask(
			t, POST, sandbox_testing_token(t, TOKEN_GRAPH, t->workshop),
			str_format(t->arena, "/v1.0/users/%s@%s/assignLicense", rows[i].user,
				   TESTING_WORKSHOP),
			str_of(rows[i].body));
		assert_int_equal(got.status, rows[i].status);
		if (rows[i].says)
			assert_true(str_find(sandbox_testing_text(&got, "error/message"),
					     str_of(rows[i].says)) >= 0);
	}
	struct sandbox_testing_answer got = get(t, "/v1.0/users/front.desk@" TESTING_WORKSHOP
						   "?$select=assignedLicenses");
	assert_int_equal(json_array_size(json_object_get(got.json, "assignedLicenses")), 1);
	assert_true(str_eq(sandbox_testing_text(&got, "assignedLicenses/0/skuId"),
			   S(TESTING_STANDARD)));
}

static void a_fault_is_answered_as_often_as_asked_and_no_more(void **state)
{
	struct sandbox_testing *t = *state;
	struct fault_rule rule = { S("graph"), 429, 2, 7, S("/users") };

	sandbox_testing_do(t, add_rule, &rule);
	assert_int_equal(get(t, "/v1.0/organization").status, 200);
	assert_int_equal(get(t, "/v1.0/users").status, 429);
	assert_int_equal(get(t, "/v1.0/users").status, 429);
	assert_int_equal(get(t, "/v1.0/users").status, 200);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define WITH(test) \
	cmocka_unit_test_setup_teardown(test, sandbox_testing_open, sandbox_testing_close)
		WITH(every_collection_has_a_context_and_a_value),
		WITH(paging_shows_every_user_once_and_ends_without_a_link),
		WITH(what_is_selected_and_not_there_is_null),
		WITH(what_a_tenant_file_leaves_out_has_its_place),
		WITH(who_has_no_token_is_told_where_to_sign_in),
		WITH(one_thing_is_found_by_each_of_its_names),
		WITH(refusals_have_a_status_and_a_code),
		WITH(a_method_graph_does_not_know_is_refused_as_json),
		WITH(without_a_token_for_graph_nobody_comes_in),
		WITH(every_answer_carries_the_callers_request_id),
		WITH(a_cancelled_direct_subscription_is_suspended_for_ninety_days),
		WITH(assigning_checks_every_rule_and_is_all_or_nothing),
		WITH(a_fault_is_answered_as_often_as_asked_and_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
