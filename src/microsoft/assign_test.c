#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "microsoft/assign.h"
#include "microsoft/refusal.h"
#include "microsoft/scripted.h"

static const str tenant = { "7d2f4c10-5a3e-4b1f-9c86-2f0b6a51d3e7", 36 };
static const str old_sku = { "18181a46-0d4e-45cd-891e-60aabd171b4e", 36 };
static const str new_sku = { "f245ecc8-75af-4f8e-b61f-27d8114de5f3", 36 };

static struct assign change_of(str user)
{
	return (struct assign){ .user = user,
				.adds = { { new_sku, S("aaaa bbbb") } },
				.add_count = 1,
				.removes = { old_sku },
				.remove_count = 1 };
}

static void a_user_gets_and_loses_in_one_change(void **state)
{
	static const struct scripted_row rows[] = {
		{ "POST https://graph.test/v1.0/$batch", 200,
		  "{\"responses\":[{\"id\":\"1\",\"status\":200,\"body\":{}}]}" },
	};
	struct assign one = change_of(S("u1"));
	struct scripted s;
	int64_t wait;

	(void)state;
	scripted_open(&s, NULL);
	scripted_play(&s, rows, COUNT(rows));
	assert_null(assign_batch(&s.work, tenant, &one, 1, &wait));
	assert_int_equal(one.answer, ASSIGN_DONE);
	assert_true(str_eq(s.asked[0].body,
			   S("{\"requests\":[{\"id\":\"1\",\"method\":\"POST\","
			     "\"url\":\"/users/u1/assignLicense\","
			     "\"headers\":{\"Content-Type\":\"application/json\"},"
			     "\"body\":{\"addLicenses\":[{\"skuId\":"
			     "\"f245ecc8-75af-4f8e-b61f-27d8114de5f3\","
			     "\"disabledPlans\":[\"aaaa\",\"bbbb\"]}],\"removeLicenses\":"
			     "[\"18181a46-0d4e-45cd-891e-60aabd171b4e\"]}}]}")));
	scripted_close(&s);
}

#define REFUSED(id, words)                                                 \
	"{\"id\":\"" id "\",\"status\":400,\"body\":{\"error\":{\"code\":" \
	"\"Request_BadRequest\",\"message\":\"" words "\"}}}"
#define THROTTLED(id, seconds)                                                  \
	"{\"id\":" id ",\"status\":429,\"headers\":{\"Retry-After\":\"" seconds \
	"\"},\"body\":{\"error\":{\"code\":\"TooManyRequests\",\"message\":\"\"}}}"

static void answers_are_matched_by_id_and_the_longest_wait_counts(void **state)
{
	static const struct scripted_row rows[] = {
		{ "POST https://graph.test/v1.0/$batch", 200,
		  "{\"responses\":[" THROTTLED("4", "30") "," REFUSED(
			  "3",
			  "License assignment cannot be done for user with invalid usage "
			  "location.") "," THROTTLED("\"2\"",
						     "7") ",{\"id\":\"1\","
							  "\"status\":200,\"body\":{\"id\":\"u1\"}}"
							  ",{\"id\":\"99\",\"status\":200},"
							  "{\"id\":\"7\",\"status\":400,\"body\":{"
							  "\"error\":{\"message\":\"No.\"}}},{"
							  "\"id\":\"7\",\"status\":200},"
							  "{\"id\":\"5\",\"status\":404,\"body\":{"
							  "\"error\":{\"code\":"
							  "\"Request_ResourceNotFound\","
							  "\"message\":\"Gone.\"}}},"
							  "{\"id\":\"6\",\"status\":502}]}" },
	};
	static const enum assign_answer answers[] = { ASSIGN_DONE,	  ASSIGN_UNANSWERED,
						      ASSIGN_NO_LOCATION, ASSIGN_UNANSWERED,
						      ASSIGN_NO_USER,	  ASSIGN_UNANSWERED,
						      ASSIGN_DONE,	  ASSIGN_UNANSWERED };
	struct assign at[COUNT(answers)];
	struct scripted s;
	int64_t wait;

	(void)state;
	for (size_t i = 0; i < COUNT(at); i++)
		at[i] = change_of(S("u"));
	scripted_open(&s, NULL);
	scripted_play(&s, rows, COUNT(rows));
	assert_null(assign_batch(&s.work, tenant, at, COUNT(at), &wait));
	for (size_t i = 0; i < COUNT(at); i++)
		assert_int_equal(at[i].answer, answers[i]);
	assert_int_equal(wait, 30);
	assert_true(str_eq(at[2].code, S("Request_BadRequest")));
	assert_true(str_find(at[2].said, S("usage location")) >= 0);
	assert_true(str_is_none(at[6].said)); /* answered twice: the last one counts */
	scripted_close(&s);
}

static void words_of_a_refusal_are_matched_loosely(void **state)
{
	static const struct {
		const char *words;
		enum assign_answer means;
	} rows[] = {
		{ "Subscription with SKU 18181a46 does not have any available licenses.",
		  ASSIGN_NO_UNIT },
		{ "License assignment CANNOT be done for user with invalid Usage Location.",
		  ASSIGN_NO_LOCATION },
		{ "The plans are mutually exclusive.", ASSIGN_CLASH },
		{ "License contains conflicting service plans.", ASSIGN_CLASH },
		{ "Service plan A depends on the service plan(s) B.", ASSIGN_DEPENDENCY },
		{ "Proxy address is already being used.", ASSIGN_DUPLICATE_ADDRESS },
		{ "User does not have a corresponding license.", ASSIGN_NOT_HELD },
		{ "License is inherited from a group membership and cannot be removed.",
		  ASSIGN_FROM_GROUP },
		{ "The plan does not belong to the license.", ASSIGN_FOREIGN_PLAN },
		{ "License 18181a46 is not valid.", ASSIGN_NO_SKU },
		{ "Something nobody has met yet.", ASSIGN_OTHER },
		{ "", ASSIGN_OTHER },
	};
	struct arena *scratch = arena_open();

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(assign_meaning(scratch, str_of(rows[i].words)), rows[i].means);
	arena_close(scratch);
}

static void without_the_right_it_is_said_and_the_next_call_takes_a_new_token(void **state)
{
	static const struct scripted_row rows[] = {
		{ "POST https://graph.test/v1.0/$batch", 200,
		  "{\"responses\":[{\"id\":\"1\",\"status\":403,\"body\":{\"error\":{\"code\":"
		  "\"Authorization_RequestDenied\",\"message\":\"No.\"}}}]}" },
		{ "POST https://graph.test/v1.0/$batch", 200,
		  "{\"responses\":[{\"id\":\"1\",\"status\":200}]}" },
	};
	struct assign one = change_of(S("u1"));
	struct scripted s;
	int64_t wait;
	fault *f;

	(void)state;
	scripted_open(&s, NULL);
	scripted_play(&s, rows, COUNT(rows));
	f = assign_batch(&s.work, tenant, &one, 1, &wait);
	assert_non_null(f);
	assert_int_equal(f->kind, FAULT_DENIED);
	assert_true(refusal_is(f, "Authorization_RequestDenied"));
	assert_null(assign_batch(&s.work, tenant, &one, 1, &wait));
	assert_int_equal(one.answer, ASSIGN_DONE);
	assert_false(str_eq(s.asked[0].bearer, s.asked[1].bearer));
	scripted_close(&s);
}

static void an_envelope_that_is_throttled_is_busy_for_as_long_as_it_says(void **state)
{
	static const struct scripted_row rows[] = {
		{ "POST https://graph.test/v1.0/$batch", 429, "{}", "Retry-After", "12" },
		{ "POST https://graph.test/v1.0/$batch", 0, NULL },
	};
	struct assign one = change_of(S("u1"));
	struct scripted s;
	int64_t wait;
	fault *f;

	(void)state;
	scripted_open(&s, NULL);
	scripted_play(&s, rows, COUNT(rows));
	f = assign_batch(&s.work, tenant, &one, 1, &wait);
	assert_non_null(f);
	assert_int_equal(f->kind, FAULT_BUSY);
	assert_int_equal(f->retry_after, 12);
	s.world.at = instant_after(s.world.at, SECONDS(12)); /* until then nobody asks */
	f = assign_batch(&s.work, tenant, &one, 1, &wait);
	assert_non_null(f);
	assert_int_equal(f->kind, FAULT_REMOTE);
	assert_int_equal(one.answer, ASSIGN_UNANSWERED);
	scripted_close(&s);
}

static void the_right_is_asked_for_by_a_change_of_nothing(void **state)
{
	static const struct {
		int status;
		bool may, fails;
	} rows[] = {
		{ 200, true, false }, { 400, true, false }, { 403, false, false },
		{ 404, true, false }, { 429, true, true },  { 503, true, true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct scripted_row script[] = {
			{ "POST https://graph.test/v1.0/users/u1/assignLicense", rows[i].status,
			  "{}" },
		};
		struct scripted s;
		bool may;
		fault *f;

		scripted_open(&s, NULL);
		scripted_play(&s, script, COUNT(script));
		f = assign_may(&s.work, tenant, S("u1"), &may);
		assert_int_equal(f != NULL, rows[i].fails);
		assert_int_equal(may, rows[i].may);
		assert_true(
			str_eq(s.asked[0].body, S("{\"addLicenses\":[],\"removeLicenses\":[]}")));
		scripted_close(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_user_gets_and_loses_in_one_change),
		cmocka_unit_test(answers_are_matched_by_id_and_the_longest_wait_counts),
		cmocka_unit_test(words_of_a_refusal_are_matched_loosely),
		cmocka_unit_test(without_the_right_it_is_said_and_the_next_call_takes_a_new_token),
		cmocka_unit_test(the_right_is_asked_for_by_a_change_of_nothing),
		cmocka_unit_test(an_envelope_that_is_throttled_is_busy_for_as_long_as_it_says),
	};

	return cmocka_run_group_tests_name("assign", tests, NULL, NULL);
}
