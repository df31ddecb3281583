#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "microsoft/refusal.h"

static const instant now = { .micros = INT64_C(1770112800000000) };

struct row {
	int status;
	const char *body;
	enum fault_kind kind;
	const char *code;
};

typedef fault *refusal(struct arena *keep, const struct remote_answer *answer, instant now);

static void check(refusal *of, const struct row *rows, size_t count)
{
	DEFER(arena_end) struct arena *arena = arena_open();

	for (size_t r = 0; r < count; r++) {
		struct remote_answer answer = { .status = rows[r].status,
						.body = str_of(rows[r].body) };
		fault *f = of(arena, &answer, now);

		assert_int_equal(f->kind, rows[r].kind);
		if (rows[r].code)
			assert_true(refusal_is(f, rows[r].code));
		else
			assert_null(f->code);
		/* A sentence ends, and says what to do after what happened. */
		assert_true(str_ends(str_of(f->said), S(".")));
	}
}

static void partner_center_is_understood(void **state)
{
	static const struct row rows[] = {
		{ 400, "{\"code\":2002,\"description\":\"Quantity.\",\"data\":[]}", FAULT_INPUT,
		  "2002" },
		{ 403, "{\"code\":\"20002\",\"description\":\"No relationship.\"}", FAULT_MISSING,
		  "20002" },
		{ 404, "\xef\xbb\xbf{\"Code\":60003,\"Description\":\"Not found.\"}", FAULT_MISSING,
		  "60003" },
		{ 403, "{\"code\":\"13605\",\"message\":\"Agreement.\",\"isRetryable\":false}",
		  FAULT_CONFLICT, "13605" },
		{ 400, "{\"code\":900117}", FAULT_CONFLICT, "900117" },
		{ 400, "{\"code\":800065}", FAULT_CONFLICT, "800065" },
		{ 409, "{\"code\":800060}", FAULT_CONFLICT, "800060" },
		{ 404, "{\"code\":800008}", FAULT_MISSING, "800008" },
		{ 409, "{\"code\":900278}", FAULT_BUSY, "900278" },
		{ 401, "{\"code\":\"900421\"}", FAULT_DENIED, "900421" },
		{ 500, "{\"code\":800005}", FAULT_REMOTE, "800005" },
		{ 400, "{\"code\":777777,\"description\":\"New.\"}", FAULT_INPUT, "777777" },
		{ 429, "{\"statusCode\":429,\"message\":\"Rate limit.\"}", FAULT_BUSY, NULL },
		{ 412, "", FAULT_CONFLICT, NULL },
		{ 502, "<html>Bad gateway</html>", FAULT_REMOTE, NULL },
	};

	(void)state;
	check(refusal_of_partner_center, rows, COUNT(rows));
}

static void graph_is_understood(void **state)
{
	static const struct row rows[] = {
		{ 403,
		  "{\"error\":{\"code\":\"Authorization_RequestDenied\",\"message\":\"No.\","
		  "\"innerError\":{\"request-id\":\"3f2c\"}}}",
		  FAULT_DENIED, "Authorization_RequestDenied" },
		{ 404, "{\"error\":{\"code\":\"Request_ResourceNotFound\"}}", FAULT_MISSING,
		  "Request_ResourceNotFound" },
		{ 429, "{\"error\":{\"code\":\"TooManyRequests\"}}", FAULT_BUSY,
		  "TooManyRequests" },
		{ 503, "{\"error\":{\"code\":\"serviceNotAvailable\"}}", FAULT_BUSY,
		  "serviceNotAvailable" },
		{ 500, "{\"error\":{\"code\":\"generalException\"}}", FAULT_REMOTE,
		  "generalException" },
	};

	(void)state;
	check(refusal_of_graph, rows, COUNT(rows));
}

static void the_sign_in_is_understood_by_its_numbers(void **state)
{
	static const struct row rows[] = {
		{ 400,
		  "{\"error\":\"unauthorized_client\",\"error_codes\":[700016],"
		  "\"error_description\":\"AADSTS999: not this one\"}",
		  FAULT_DENIED, "AADSTS700016" },
		{ 400, "{\"error\":\"invalid_tenant\",\"error_codes\":[90002]}", FAULT_MISSING,
		  "AADSTS90002" },
		{ 401, "{\"error\":\"invalid_client\",\"error_codes\":[7000222]}", FAULT_DENIED,
		  "AADSTS7000222" },
		{ 400, "{\"error\":\"invalid_grant\",\"error_codes\":[123456]}", FAULT_DENIED,
		  "AADSTS123456" },
		{ 400, "{\"error\":\"invalid_grant\"}", FAULT_DENIED, "invalid_grant" },
		{ 503, "{\"error\":\"temporarily_unavailable\"}", FAULT_BUSY,
		  "temporarily_unavailable" },
	};

	(void)state;
	check(refusal_of_signin, rows, COUNT(rows));
}

static void the_wait_asked_for_is_kept(void **state)
{
	DEFER(arena_end) struct arena *arena = arena_open();
	struct remote_header header = { .name = "Retry-After", .value = S("57") };
	struct remote_answer answer = { .status = 429, .headers = &header, .header_count = 1 };

	(void)state;
	assert_int_equal(refusal_of_graph(arena, &answer, now)->retry_after, 57);
	assert_int_equal(refusal_of_partner_center(arena, &answer, now)->retry_after, 57);
	assert_int_equal(refusal_of_signin(arena, &answer, now)->retry_after, 57);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(partner_center_is_understood),
		cmocka_unit_test(graph_is_understood),
		cmocka_unit_test(the_sign_in_is_understood_by_its_numbers),
		cmocka_unit_test(the_wait_asked_for_is_kept),
	};

	return cmocka_run_group_tests_name("refusal", tests, NULL, NULL);
}
