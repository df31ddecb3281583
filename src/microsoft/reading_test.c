#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "microsoft/reading.h"

static void vendors_json_is_read_leniently(void **state)
{
	static const char *const bodies[] = {
		"{\"id\":\"a\",\"quantity\":12,\"isTrial\":true,\"on\":\"2026-02-03T10:02:41Z\"}",
		"\xef\xbb\xbf{\"Id\":\"a\",\"Quantity\":\"12\",\"IsTrial\":\"True\","
		"\"On\":\"2026-02-03T10:02:41\"}",
		"{\"ID\":\"a\",\"QUANTITY\":12.0,\"ISTRIAL\":true,"
		"\"ON\":\"2026-02-03T10:02:41.0000000\"}",
	};
	DEFER(arena_end) struct arena *arena = arena_open();

	(void)state;
	for (size_t i = 0; i < COUNT(bodies); i++) {
		DEFER(reading_end) json_t *json = NULL;

		assert_null(reading_open(str_of(bodies[i]), "Partner Center", &json));
		assert_true(str_eq(reading_text(arena, json, "id"), S("a")));
		assert_int_equal(reading_number(json, "quantity", -1), 12);
		assert_true(reading_flag(json, "isTrial", false));
		assert_int_equal(reading_instant(json, "on").micros, INT64_C(1770112961000000));
	}
}

static void what_is_missing_or_null_is_none(void **state)
{
	DEFER(arena_end) struct arena *arena = arena_open();
	DEFER(reading_end) json_t *json = NULL;

	(void)state;
	assert_null(reading_open(S("{\"a\":null,\"list\":{},\"when\":\"soon\"}"), "X", &json));
	assert_true(str_is_none(reading_text(arena, json, "a")));
	assert_true(str_is_none(reading_text(arena, json, "b")));
	assert_true(str_is_none(reading_text(arena, NULL, "b")));
	assert_int_equal(reading_number(json, "a", 7), 7);
	assert_true(reading_flag(json, "a", true));
	assert_null(reading_list(json, "list"));
	assert_null(reading_list(NULL, "list"));
	assert_true(instant_is_none(reading_instant(json, "when")));
}

/* They would overflow where they are added up, or become microseconds. */
static void a_number_that_nobody_can_have_is_none(void **state)
{
	static const char *const bodies[] = { "{\"n\":9223372036854775807}",
					      "{\"n\":\"-9223372036854775808\"}",
					      "{\"n\":\"many\"}", "{\"n\":1e300}",
					      "{\"n\":1000000000001}" };

	(void)state;
	for (size_t i = 0; i < COUNT(bodies); i++) {
		DEFER(reading_end) json_t *json = NULL;

		assert_null(reading_open(str_of(bodies[i]), "X", &json));
		assert_int_equal(reading_number(json, "n", 7), 7);
	}
}

static void a_code_may_be_a_number(void **state)
{
	DEFER(arena_end) struct arena *arena = arena_open();
	DEFER(reading_end) json_t *json = NULL;

	(void)state;
	assert_null(reading_open(S("{\"code\":2002}"), "X", &json));
	assert_true(str_eq(reading_text(arena, json, "code"), S("2002")));
}

static void what_is_no_json_is_a_fault(void **state)
{
	static const char *const rows[] = { "", "<html>", "{", "{\"a\":}", "\xef\xbb\xbf" };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		DEFER(reading_end) json_t *json = NULL;
		fault *f = reading_open(str_of(rows[i]), "Partner Center", &json);

		assert_int_equal(f->kind, FAULT_REMOTE);
		assert_non_null(strstr(f->said, "Partner Center"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vendors_json_is_read_leniently),
		cmocka_unit_test(what_is_missing_or_null_is_none),
		cmocka_unit_test(a_number_that_nobody_can_have_is_none),
		cmocka_unit_test(a_code_may_be_a_number),
		cmocka_unit_test(what_is_no_json_is_a_fault),
	};

	return cmocka_run_group_tests_name("reading", tests, NULL, NULL);
}
