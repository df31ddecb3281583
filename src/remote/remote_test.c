#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "remote/remote.h"

static const instant now = { .micros = INT64_C(1770112961000000) };

/* A transport that loses the first answers, in the ways a table says. */
struct lossy {
	int asked, losses;
	const char *code;
	int status;
	struct world_seeded *world;
};

static fault *lossy_send(void *of, struct arena *keep, const struct remote_call *call,
			 struct remote_answer *answer)
{
	struct lossy *lossy = of;

	(void)keep;
	(void)call;
	lossy->world->at = instant_after(lossy->world->at, 1500);
	if (lossy->asked++ < lossy->losses) {
		fault *f = fault_new(FAULT_REMOTE, "No answer came.");

		return lossy->code ? fault_code(f, str_of(lossy->code)) : f;
	}
	*answer = (struct remote_answer){ .status = lossy->status, .body = S("{}") };
	return NULL;
}

static void only_a_repeatable_call_on_a_broken_connection_is_repeated_once(void **state)
{
	static const struct {
		bool repeatable;
		int losses;
		const char *code;
		int status, asked;
		bool answered;
	} rows[] = {
		{ true, 0, NULL, 200, 1, true },	 { true, 1, NULL, 200, 2, true },
		{ true, 1, "broken", 200, 2, true },	 { true, 2, "broken", 200, 2, false },
		{ false, 1, "broken", 200, 1, false },	 { true, 1, "timeout", 200, 1, false },
		{ true, 1, "too-large", 200, 1, false }, { true, 1, "certificate", 200, 1, false },
		{ true, 0, NULL, 503, 1, true },	 { true, 0, NULL, 429, 1, true },
	};
	DEFER(arena_end) struct arena *arena = arena_open();
	struct world_seeded w;

	(void)state;
	world_seeded_open(&w, 1, now);
	for (size_t r = 0; r < COUNT(rows); r++) {
		struct lossy lossy = { .losses = rows[r].losses,
				       .code = rows[r].code,
				       .status = rows[r].status,
				       .world = &w };
		struct transport by = { .send = lossy_send, .of = &lossy };
		struct remote_answer answer = { .status = 1 };
		fault *f = remote_ask(&by, &w.world, arena,
				      &(struct remote_call){ .name = "test.loss",
							     .method = "GET",
							     .url = S("https://example.test/"),
							     .repeatable = rows[r].repeatable },
				      &answer);

		assert_int_equal(f == NULL, rows[r].answered);
		assert_int_equal(lossy.asked, rows[r].asked);
		assert_int_equal(answer.status, rows[r].answered ? rows[r].status : 1);
		if (!f)
			assert_int_equal(answer.micros, 1500);
	}
}

static void calls_are_counted_by_name(void **state)
{
	DEFER(arena_end) struct arena *arena = arena_open();
	struct world_seeded w;
	struct lossy lossy = { .losses = 1, .status = 500, .world = &w };
	struct transport by = { .send = lossy_send, .of = &lossy };
	struct remote_call call = { .name = "test.count", .method = "GET", .repeatable = true };
	struct remote_answer answer;
	struct remote_count counts[64];
	size_t found = 0;

	(void)state;
	world_seeded_open(&w, 1, now);
	assert_null(remote_ask(&by, &w.world, arena, &call, &answer));
	lossy.status = 200;
	assert_null(remote_ask(&by, &w.world, arena, &call, &answer));
	for (size_t i = 0; i < remote_counts(counts, COUNT(counts)); i++) {
		if (strcmp(counts[i].name, "test.count") != 0)
			continue;
		found++;
		assert_int_equal(counts[i].calls, 3);
		assert_int_equal(counts[i].failures, 2);
		assert_int_equal(counts[i].micros, 4500);
	}
	assert_int_equal(found, 1);
}

static void every_status_has_its_meaning(void **state)
{
	static const struct {
		int status;
		enum fault_kind kind;
	} rows[] = {
		{ 301, FAULT_REMOTE }, { 400, FAULT_INPUT },	{ 401, FAULT_DENIED },
		{ 403, FAULT_DENIED }, { 404, FAULT_MISSING },	{ 409, FAULT_CONFLICT },
		{ 410, FAULT_INPUT },  { 412, FAULT_CONFLICT }, { 429, FAULT_BUSY },
		{ 500, FAULT_REMOTE }, { 502, FAULT_REMOTE },	{ 503, FAULT_BUSY },
	};

	(void)state;
	for (size_t r = 0; r < COUNT(rows); r++) {
		struct remote_answer answer = { .status = rows[r].status };

		assert_int_equal(remote_status_fault(&answer, "The bank", now)->kind, rows[r].kind);
	}
	for (int status = 200; status < 300; status++)
		assert_null(remote_status_fault(&(struct remote_answer){ .status = status },
						"The bank", now));
}

static void the_wait_asked_for_is_read(void **state)
{
	static const struct {
		const char *header;
		int64_t seconds;
	} rows[] = {
		{ "57", 57 },
		{ "0", 0 },
		{ "-5", 0 },
		{ "soon", 0 },
		{ "", 0 },
		{ "999999999", 86400 },
		{ "Tue, 03 Feb 2026 10:04:41 GMT", 120 },
		{ "Tue, 03 Feb 2026 10:00:00 GMT", 0 },
	};

	(void)state;
	for (size_t r = 0; r < COUNT(rows); r++) {
		struct remote_header header = { .name = "retry-AFTER",
						.value = str_of(rows[r].header) };
		struct remote_answer answer = { .status = 429,
						.headers = &header,
						.header_count = 1 };

		assert_int_equal(remote_retry_after(&answer, now), rows[r].seconds);
		assert_int_equal(remote_status_fault(&answer, "The bank", now)->retry_after,
				 rows[r].seconds);
	}
	assert_int_equal(remote_retry_after(&(struct remote_answer){ 0 }, now), 0);
}

static void values_are_escaped_for_addresses(void **state)
{
	DEFER(arena_end) struct arena *arena = arena_open();

	(void)state;
	assert_string_equal(remote_escape(arena, S("a b/c?d=é~")).at, "a%20b%2Fc%3Fd%3D%C3%A9~");
	assert_int_equal(remote_escape(arena, S("")).len, 0);
}

static void a_header_that_is_no_text_is_not_there(void **state)
{
	struct remote_header headers[] = { { "Location", S("/caf\xe9"), false },
					   { "request-id", S("caf\xc3\xa9"), false } };
	struct remote_answer answer = { .headers = headers, .header_count = COUNT(headers) };

	(void)state;
	assert_true(str_is_none(remote_answer_header(&answer, "location")));
	assert_true(str_eq(remote_answer_header(&answer, "Request-Id"), headers[1].value));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_header_that_is_no_text_is_not_there),
		cmocka_unit_test(only_a_repeatable_call_on_a_broken_connection_is_repeated_once),
		cmocka_unit_test(calls_are_counted_by_name),
		cmocka_unit_test(every_status_has_its_meaning),
		cmocka_unit_test(the_wait_asked_for_is_read),
		cmocka_unit_test(values_are_escaped_for_addresses),
	};

	return cmocka_run_group_tests_name("remote", tests, NULL, NULL);
}
