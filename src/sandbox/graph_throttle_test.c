/* Graph's limits: what a call costs, what is left, and who is told to wait. */
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "graph_throttle_sql.h"
#include "sandbox/graph_throttle.h"
#include "sandbox/request_log.h"
#include "sandbox/sandbox_testing.h"

static int open_throttled(void **state)
{
	int wrong = sandbox_testing_open(state);
	struct sandbox_testing *t = *state;

	if (!wrong)
		((struct request_log_door *)t->first.context)->throttle = true;
	return wrong;
}

static str header(const struct sandbox_testing_answer *got, const char *name)
{
	for (size_t i = 0; i < got->exchange.answer_header_count; i++)
		if (str_eq_nocase(str_of(got->exchange.answer_headers[i].key), str_of(name)))
			return got->exchange.answer_headers[i].value;
	return STR_NONE;
}

static void a_call_costs_what_is_published(void **state)
{
	static const struct {
		bool reads;
		const char *path, *select, *top, *expand;
		int64_t units;
	} rows[] = {
		{ true, "/users", NULL, NULL, NULL, 2 },
		{ true, "/users", "id", NULL, NULL, 1 },
		{ true, "/users", "id", "5", NULL, 1 },
		{ true, "/users", NULL, "19", NULL, 1 },
		{ true, "/users", NULL, "20", NULL, 2 },
		{ true, "/users", NULL, NULL, "manager", 3 },
		{ true, "/users/x", NULL, NULL, NULL, 1 },
		{ true, "/users/x/licenseDetails", NULL, NULL, NULL, 2 },
		{ true, "/subscribedSkus", NULL, NULL, NULL, 3 },
		{ true, "/subscribedSkus", "skuId", NULL, NULL, 2 },
		{ true, "/subscribedSkus/x", NULL, NULL, NULL, 1 },
		{ true, "/organization", NULL, NULL, NULL, 1 },
		{ false, "/users", NULL, NULL, NULL, 1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(graph_throttle_cost(rows[i].reads, str_of(rows[i].path),
						     str_of(rows[i].select), str_of(rows[i].top),
						     str_of(rows[i].expand)),
				 rows[i].units);
}

static struct sandbox_testing_answer get(struct sandbox_testing *t, str tenant, const char *target)
{
	return sandbox_testing_ask(t, GET, sandbox_testing_token(t, TOKEN_GRAPH, tenant),
				   str_of(target), STR_NONE);
}

static void whoever_asks_too_much_waits_and_nobody_else(void **state)
{
	struct sandbox_testing *t = *state;
	str token = sandbox_testing_token(t, TOKEN_GRAPH, t->workshop);
	struct sandbox_testing_answer got;

	for (int i = 0; i < 1166; i++) { /* at 3 units each, 3,498 of 3,500 */
		got = sandbox_testing_ask(t, GET, token, S("/v1.0/subscribedSkus"), STR_NONE);
		assert_int_equal(got.status, 200);
		assert_true(str_eq(header(&got, "x-ms-resource-unit"), S("3")));
		assert_int_equal(!str_is_none(header(&got, "x-ms-throttle-limit-percentage")),
				 (i + 1) * 3 * 1000 / 3500 > 800);
	}
	/* The calls of a batch are counted one by one. */
	got = sandbox_testing_ask(
		t, POST, token, S("/v1.0/$batch"),
		S("{\"requests\":[{\"id\":\"1\",\"method\":\"GET\",\"url\":\"/subscribedSkus\"},"
		  "{\"id\":\"2\",\"method\":\"GET\",\"url\":\"/organization\"}]}"));
	assert_int_equal(got.status, 200);
	for (size_t i = 0; i < 2; i++) {
		const json_t *one = json_array_get(json_object_get(got.json, "responses"), i);
		bool first = str_eq(str_of(json_string_value(json_object_get(one, "id"))), S("1"));
		assert_int_equal(json_integer_value(json_object_get(one, "status")),
				 first ? 429 : 200);
		if (first)
			assert_string_equal(
				json_string_value(json_object_get(json_object_get(one, "headers"),
								  "Retry-After")),
				"1");
	}
	got = get(t, t->workshop, "/v1.0/subscribedSkus");
	assert_int_equal(got.status, 429);
	assert_true(str_eq(sandbox_testing_text(&got, "error/code"), S("TooManyRequests")));
	assert_true(
		str_eq(header(&got, "x-ms-throttle-information"), S("ResourceUnitLimitExceeded")));
	assert_true(str_starts(header(&got, "x-ms-throttle-scope"),
			       S("Tenant_Application/ReadWrite/")));
	assert_int_equal(get(t, t->bakery, "/v1.0/subscribedSkus").status, 200);
	t->world.at = instant_after(t->world.at, SECONDS(1));
	assert_int_equal(get(t, t->workshop, "/v1.0/subscribedSkus").status, 200);
}

static void writes_have_a_limit_of_their_own(void **state)
{
	struct sandbox_testing *t = *state;
	str token = sandbox_testing_token(t, TOKEN_GRAPH, t->workshop);
	const str target = S("/v1.0/users/front.desk@" TESTING_WORKSHOP),
		  body = S("{\"usageLocation\":\"DE\"}");

	for (int i = 0; i < 3000; i++)
		assert_int_equal(sandbox_testing_ask(t, PATCH, token, target, body).status, 204);
	struct sandbox_testing_answer got = sandbox_testing_ask(t, PATCH, token, target, body);
	assert_int_equal(got.status, 429);
	assert_true(str_eq(header(&got, "x-ms-throttle-information"), S("WriteLimitExceeded")));
	assert_int_equal(sandbox_testing_ask(t, GET, token, target, STR_NONE).status, 200);
}

static fault *empty(struct tx *tx, void *with)
{
	struct graph_throttle_keep_in *bucket = with;

	bucket->at = tx_now(tx);
	return graph_throttle_keep(tx, bucket);
}

static void an_application_and_a_tenant_have_limits_as_a_whole(void **state)
{
	struct sandbox_testing *t = *state;
	const str novate = S("0b9d6f3a-7c15-4e28-a4d1-6f2e83b05c97");
	const struct {
		str client, tenant; /* of a bucket with nothing left in it */
		str kind;
		bool writes;
		int status;
		const char *scope;
	} rows[] = {
		{ novate, S(""), S("units"), false, 429, "Application/" },
		{ novate, S(""), S("writes"), true, 429, "Application/" },
		{ novate, S(""), S("writes"), false, 200, NULL },
		{ S(""), t->workshop, S("writes"), true, 429, "Tenant/" },
		{ S(""), t->bakery, S("writes"), true, 204, NULL },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct graph_throttle_keep_in bucket = { .client = rows[i].client,
							 .tenant = rows[i].tenant,
							 .kind = rows[i].kind };
		sandbox_testing_do(t, empty, &bucket);
		struct sandbox_testing_answer got = sandbox_testing_ask(
			t, rows[i].writes ? PATCH : GET,
			sandbox_testing_token(t, TOKEN_GRAPH, t->workshop),
			rows[i].writes ? S("/v1.0/users/front.desk@" TESTING_WORKSHOP)
				       : S("/v1.0/organization"),
			rows[i].writes ? S("{\"usageLocation\":\"DE\"}") : STR_NONE);
		assert_int_equal(got.status, rows[i].status);
		if (rows[i].scope)
			assert_true(str_starts(header(&got, "x-ms-throttle-scope"),
					       str_of(rows[i].scope)));
		t->world.at = instant_after(t->world.at, MINUTES(6)); /* all are full again */
	}
}

static void without_the_switch_nothing_is_counted(void **state)
{
	struct sandbox_testing *t = *state;
	struct sandbox_testing_answer got = get(t, t->workshop, "/v1.0/subscribedSkus");

	assert_true(str_is_none(header(&got, "x-ms-resource-unit")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define WITH(test) cmocka_unit_test_setup_teardown(test, open_throttled, sandbox_testing_close)
		WITH(a_call_costs_what_is_published),
		WITH(whoever_asks_too_much_waits_and_nobody_else),
		WITH(writes_have_a_limit_of_their_own),
		WITH(an_application_and_a_tenant_have_limits_as_a_whole),
		cmocka_unit_test_setup_teardown(without_the_switch_nothing_is_counted,
						sandbox_testing_open, sandbox_testing_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
