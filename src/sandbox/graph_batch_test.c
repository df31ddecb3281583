/* `$batch`: each call as it would be alone, matched by its id, and what spoils the whole. */
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "sandbox/fault_rule.h"
#include "sandbox/sandbox_testing.h"

#define FRONT_DESK "/users/front.desk@" TESTING_WORKSHOP
#define TOBIAS	   "/users/tobias.wren@" TESTING_WORKSHOP
#define TYPE	   "\"headers\":{\"content-type\":\"application/json\"}"

static struct sandbox_testing_answer post(struct sandbox_testing *t, const char *requests)
{
	return sandbox_testing_ask(t, POST, sandbox_testing_token(t, TOKEN_GRAPH, t->workshop),
				   S("/v1.0/$batch"),
				   str_format(t->arena, "{\"requests\":%s}", requests));
}

static const json_t *answer_to(const struct sandbox_testing_answer *got, const char *name)
{
	const json_t *list = json_object_get(got->json, "responses");

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *one = json_array_get(list, i);
		if (str_eq(str_of(json_string_value(json_object_get(one, "id"))), str_of(name)))
			return one;
	}
	fail_msg("no answer to %s in: %.*s", name, STR(got->exchange.answer));
	return NULL;
}

static int64_t status_of(const struct sandbox_testing_answer *got, const char *name)
{
	return json_integer_value(json_object_get(answer_to(got, name), "status"));
}

static void every_call_is_answered_by_its_id_as_it_would_be_alone(void **state)
{
	struct sandbox_testing *t = *state;
	struct sandbox_testing_answer got = post(
		t, "[{\"id\":\"a\",\"method\":\"GET\",\"url\":\"/subscribedSkus\"},"
		   "{\"id\":\"b\",\"method\":\"GET\",\"url\":\"users?$top=5&$select=id\"},"
		   "{\"id\":\"c\",\"method\":\"GET\",\"url\":\"/users/nobody\"},"
		   "{\"id\":\"d\",\"method\":\"GET\",\"url\":\"/users/$count\","
		   "\"headers\":{\"consistencylevel\":\"eventual\"}},"
		   "{\"id\":\"e\",\"method\":\"PATCH\",\"url\":\"" FRONT_DESK "\"," TYPE
		   ",\"body\":{\"usageLocation\":\"DE\"}}]");

	assert_int_equal(got.status, 200);
	assert_int_equal(json_array_size(json_object_get(got.json, "responses")), 5);
	assert_int_equal(status_of(&got, "a"), 200);
	const json_t *body = json_object_get(answer_to(&got, "b"), "body");
	assert_int_equal(json_array_size(json_object_get(body, "value")), 5);
	assert_non_null(json_object_get(body, "@odata.nextLink"));
	const json_t *headers = json_object_get(answer_to(&got, "b"), "headers");
	assert_true(str_starts(str_of(json_string_value(json_object_get(headers, "Content-Type"))),
			       S("application/json")));
	assert_int_equal(status_of(&got, "c"), 404);
	assert_string_equal(json_string_value(json_object_get(answer_to(&got, "d"), "body")), "12");
	assert_int_equal(status_of(&got, "e"), 204);
	assert_null(json_object_get(answer_to(&got, "e"), "body"));
}

static void what_is_malformed_spoils_the_whole_batch(void **state)
{
	static const char *const rows[] = {
		"[]",
		"{}",
		"[{\"method\":\"GET\",\"url\":\"/users\"}]",
		"[{\"id\":1,\"method\":\"GET\",\"url\":\"/users\"}]",
		"[{\"id\":\"1\",\"url\":\"/users\"}]",
		"[{\"id\":\"1\",\"method\":\"TRACE\",\"url\":\"/users\"}]",
		"[{\"id\":\"1\",\"method\":\"GET\"}]",
		"[{\"id\":\"1\",\"method\":\"GET\",\"url\":\"https://localhost:8443/v1.0/users\"}]",
		"[{\"id\":\"1\",\"method\":\"GET\",\"url\":\"//localhost/v1.0/users\"}]",
		"[{\"id\":\"1\",\"method\":\"POST\",\"url\":\"/$batch\"," TYPE ",\"body\":{}}]",
		"[{\"id\":\"a\",\"method\":\"GET\",\"url\":\"/users\"},"
		"{\"id\":\"A\",\"method\":\"GET\",\"url\":\"/users\"}]",
		"[{\"id\":\"1\",\"method\":\"PATCH\",\"url\":\"" FRONT_DESK "\",\"body\":{}}]",
		"[{\"id\":\"1\",\"method\":\"PATCH\",\"url\":\"" FRONT_DESK "\"," TYPE "}]",
		"[{\"id\":\"1\",\"method\":\"GET\",\"url\":\"/users\",\"dependsOn\":[\"2\"]}]",
		"[{\"id\":\"1\",\"method\":\"GET\",\"url\":\"/users\",\"dependsOn\":[\"2\"]},"
		"{\"id\":\"2\",\"method\":\"GET\",\"url\":\"/users\",\"dependsOn\":[\"1\"]}]",
	};
	struct sandbox_testing *t = *state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct sandbox_testing_answer got = post(t, rows[i]);
		assert_int_equal(got.status, 400);
		assert_true(str_eq(sandbox_testing_text(&got, "error/code"), S("BadRequest")));
	}
}

static void more_than_twenty_calls_are_refused_together(void **state)
{
	struct sandbox_testing *t = *state;

	for (int count = 20; count <= 21; count++) {
		struct text list = text_open(t->arena);
		for (int i = 0; i < count; i++)
			text_format(&list,
				    "%s{\"id\":\"%d\",\"method\":\"GET\",\"url\":\"/domains\"}",
				    i ? "," : "[", i);
		text_add(&list, S("]"));
		struct sandbox_testing_answer got = post(t, str_cstr(t->arena, text_str(&list)));
		assert_int_equal(got.status, count == 20 ? 200 : 400);
	}
}

static void a_call_waits_for_those_it_depends_on_and_fails_with_them(void **state)
{
	struct sandbox_testing *t = *state;
	/* The license that c takes is the one that b gives back. */
	struct sandbox_testing_answer got = post(
		t,
		"[{\"id\":\"c\",\"method\":\"POST\",\"url\":\"" FRONT_DESK "/assignLicense\"," TYPE
		",\"dependsOn\":[\"B\"],\"body\":{\"addLicenses\":[{\"skuId\":\"" TESTING_STANDARD
		"\",\"disabledPlans\":[]}],\"removeLicenses\":[]}},"
		"{\"id\":\"b\",\"method\":\"POST\",\"url\":\"" TOBIAS "/assignLicense\"," TYPE
		",\"body\":{\"addLicenses\":[],\"removeLicenses\":[\"" TESTING_STANDARD "\"]}},"
		"{\"id\":\"e\",\"method\":\"GET\",\"url\":\"/domains\",\"dependsOn\":[\"d\"]},"
		"{\"id\":\"f\",\"method\":\"GET\",\"url\":\"/domains\",\"dependsOn\":[\"e\"]},"
		"{\"id\":\"d\",\"method\":\"GET\",\"url\":\"/users/nobody\"}]");

	assert_int_equal(got.status, 200);
	assert_int_equal(status_of(&got, "b"), 200);
	assert_int_equal(status_of(&got, "c"), 200);
	assert_int_equal(status_of(&got, "d"), 404);
	assert_int_equal(status_of(&got, "e"), 424);
	assert_int_equal(status_of(&got, "f"), 424);
}

static fault *add_rule(struct tx *tx, void *with)
{
	return fault_rule_add(tx, with);
}

static void one_call_is_throttled_while_the_others_are_answered(void **state)
{
	struct sandbox_testing *t = *state;
	struct fault_rule rule = { S("graph"), 429, 1, 7, S("/domains") };

	sandbox_testing_do(t, add_rule, &rule);
	struct sandbox_testing_answer got = post(
		t, "[{\"id\":\"1\",\"method\":\"GET\",\"url\":\"/domains\"},"
		   "{\"id\":\"2\",\"method\":\"GET\",\"url\":\"/organization\"}]");
	assert_int_equal(got.status, 200);
	assert_int_equal(status_of(&got, "1"), 429);
	assert_int_equal(status_of(&got, "2"), 200);
	const json_t *headers = json_object_get(answer_to(&got, "1"), "headers");
	assert_string_equal(json_string_value(json_object_get(headers, "Retry-After")), "7");
}

static void a_batch_may_do_no_more_than_its_token(void **state)
{
	struct sandbox_testing *t = *state;
	const str body = S("{\"requests\":[{\"id\":\"1\",\"method\":\"GET\",\"url\":\"/users\","
			   "\"headers\":{\"authorization\":\"Bearer other\"}}]}");
	struct sandbox_testing_answer got = sandbox_testing_ask(t, POST, S("x"), S("/v1.0/$batch"),
								body);

	assert_int_equal(got.status, 401);
	got = sandbox_testing_ask(t, POST, sandbox_testing_token(t, TOKEN_GRAPH, t->workshop),
				  S("/v1.0/$batch"), body);
	assert_int_equal(status_of(&got, "1"), 200);
	/* Somebody who administrates nothing reads, and changes nothing. */
	t->person = S("front.desk@" TESTING_WORKSHOP);
	got = sandbox_testing_ask(
		t, POST, sandbox_testing_token(t, TOKEN_GRAPH_USER, t->workshop), S("/v1.0/$batch"),
		S("{\"requests\":[{\"id\":\"1\",\"method\":\"GET\",\"url\":\"" FRONT_DESK "\"},"
		  "{\"id\":\"2\",\"method\":\"PATCH\",\"url\":\"" FRONT_DESK "\"," TYPE
		  ",\"body\":{\"usageLocation\":\"DE\"}}]}"));
	assert_int_equal(status_of(&got, "1"), 200);
	assert_int_equal(status_of(&got, "2"), 403);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define WITH(test) \
	cmocka_unit_test_setup_teardown(test, sandbox_testing_open, sandbox_testing_close)
		WITH(every_call_is_answered_by_its_id_as_it_would_be_alone),
		WITH(what_is_malformed_spoils_the_whole_batch),
		WITH(more_than_twenty_calls_are_refused_together),
		WITH(a_call_waits_for_those_it_depends_on_and_fails_with_them),
		WITH(one_call_is_throttled_while_the_others_are_answered),
		WITH(a_batch_may_do_no_more_than_its_token),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
