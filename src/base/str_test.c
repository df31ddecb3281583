#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/base.h"
#include "base/world.h"

static void slices_are_compared_by_bytes(void **state)
{
	static const struct {
		str a, b;
		int sign;
		bool same_but_case;
	} rows[] = {
		{ { "a", 1 }, { "a", 1 }, 0, true },
		{ { "a", 1 }, { "b", 1 }, -1, false },
		{ { "ab", 2 }, { "a", 1 }, 1, false },
		{ { "", 0 }, { NULL, 0 }, 0, true },
		{ { "AZ", 2 }, { "az", 2 }, -1, true },
		{ { "\xff", 1 }, { "a", 1 }, 1, false },
		{ { "a\0b", 3 }, { "a\0c", 3 }, -1, false },
	};

	(void)state;
	for (size_t r = 0; r < COUNT(rows); r++) {
		int order = str_compare(rows[r].a, rows[r].b);

		assert_int_equal((order > 0) - (order < 0), rows[r].sign);
		assert_int_equal(str_eq(rows[r].a, rows[r].b), rows[r].sign == 0);
		assert_int_equal(str_eq_nocase(rows[r].a, rows[r].b), rows[r].same_but_case);
	}
}

static void parts_stay_inside(void **state)
{
	str s = S("abcdef");

	(void)state;
	assert_true(str_eq(str_part(s, 2, 2), S("cd")));
	assert_true(str_eq(str_part(s, 4, SIZE_MAX), S("ef")));
	assert_int_equal(str_part(s, 9, 1).len, 0);
	assert_true(str_is_none(str_part(STR_NONE, 0, 9)));
	assert_int_equal(str_find(s, S("cde")), 2);
	assert_int_equal(str_find(s, S("x")), -1);
	assert_int_equal(str_find(S("a"), s), -1);
	assert_true(str_starts(s, S("ab")) && str_ends(s, S("ef")));
	assert_false(str_starts(S("a"), s) || str_ends(S("f"), s));
	assert_true(str_eq(str_trim(S(" \t\xc2\xa0x y\xc2\xa0\n\0")), S("x y")));
	assert_int_equal(str_trim(S(" \xc2\xa0 ")).len, 0);
}

static void fields_are_taken_one_by_one(void **state)
{
	static const struct {
		const char *text, *joined;
		int count;
	} rows[] = { { "a,b,c", "[a][b][c]", 3 },
		     { "a,", "[a][]", 2 },
		     { ",", "[][]", 2 },
		     { "", "[]", 1 },
		     { "abc", "[abc]", 1 } };
	DEFER(arena_end) struct arena *arena = arena_open();

	(void)state;
	for (size_t r = 0; r < COUNT(rows); r++) {
		str rest = str_of(rows[r].text), field;
		struct text joined = text_open(arena);
		int count = 0;

		for (; str_next(&rest, ',', &field); count++)
			text_format(&joined, "[%.*s]", STR(field));
		assert_int_equal(count, rows[r].count);
		assert_string_equal(joined.at, rows[r].joined);
	}
}

static void whole_numbers_are_read(void **state)
{
	static const struct {
		const char *text;
		bool ok;
		int64_t number;
	} rows[] = {
		{ "0", true, 0 },
		{ "-0", true, 0 },
		{ "42", true, 42 },
		{ "-42", true, -42 },
		{ "9223372036854775807", true, INT64_MAX },
		{ "-9223372036854775808", true, INT64_MIN },
		{ "9223372036854775808", false, 7 },
		{ "-9223372036854775809", false, 7 },
		{ "", false, 7 },
		{ "-", false, 7 },
		{ "+1", false, 7 },
		{ "1 ", false, 7 },
		{ "1.0", false, 7 },
		{ "0x1", false, 7 },
	};

	(void)state;
	for (size_t r = 0; r < COUNT(rows); r++) {
		int64_t number = 7;

		assert_int_equal(str_to_int64(str_of(rows[r].text), &number), rows[r].ok);
		assert_int_equal(number, rows[r].number);
	}
}

static void only_well_formed_utf8_passes(void **state)
{
	static const struct {
		const char *bytes;
		bool ok;
	} rows[] = {
		{ "", true },
		{ "plain", true },
		{ "\xc3\xa9", true },
		{ "\xe2\x82\xac", true },
		{ "\xf0\x9f\x98\x80", true },
		{ "\xf4\x8f\xbf\xbf", true },
		{ "\xc0\x80", false },
		{ "\xe0\x80\x80", false },
		{ "\xed\xa0\x80", false },
		{ "\xf4\x90\x80\x80", false },
		{ "\x80", false },
		{ "\xc3", false },
		{ "\xe2\x82", false },
		{ "a\xff", false },
	};

	(void)state;
	for (size_t r = 0; r < COUNT(rows); r++)
		assert_int_equal(str_is_utf8(str_of(rows[r].bytes)), rows[r].ok);
}

static void bytes_survive_their_written_forms(void **state)
{
	DEFER(arena_end) struct arena *arena = arena_open();
	struct world_seeded w;

	(void)state;
	world_seeded_open(&w, 9, (instant){ 0 });
	for (size_t len = 0; len < 300; len++) {
		char *at = NEW_ARRAY(arena, char, len);
		str bytes = { at, len }, back;

		world_random(&w.world, at, len);
		assert_true(str_from_hex(arena, str_hex(arena, bytes), &back));
		assert_true(str_eq(bytes, back));
		assert_true(str_from_base64(arena, str_base64(arena, bytes), &back));
		assert_true(str_eq(bytes, back));
		assert_true(str_from_base64url(arena, str_base64url(arena, bytes), &back));
		assert_true(str_eq(bytes, back));
	}
	assert_string_equal(str_base64(arena, S("\xfb\xff\xfe?")).at, "+//+Pw==");
	assert_string_equal(str_base64url(arena, S("\xfb\xff\xfe?")).at, "-__-Pw");
	assert_string_equal(str_hex(arena, S("\x0f\xa0")).at, "0fa0");
}

static void malformed_bytes_are_refused(void **state)
{
	DEFER(arena_end) struct arena *arena = arena_open();
	str back;

	(void)state;
	assert_false(str_from_hex(arena, S("abc"), &back));
	assert_false(str_from_hex(arena, S("zz"), &back));
	assert_false(str_from_base64(arena, S("QQ"), &back));
	assert_false(str_from_base64(arena, S("Q==="), &back));
	assert_false(str_from_base64(arena, S("QR=="), &back));
	assert_false(str_from_base64(arena, S("Q-=="), &back));
	assert_false(str_from_base64url(arena, S("Q"), &back));
	assert_false(str_from_base64url(arena, S("Q+"), &back));
	assert_false(str_from_base64url(arena, S("QQ=="), &back));
}

static void guids_are_known_by_shape(void **state)
{
	(void)state;
	assert_true(str_is_guid(S("f30db892-07e9-47e9-837c-80727f46fd3d")));
	assert_true(str_is_guid(S("F30DB892-07E9-47E9-837C-80727F46FD3D")));
	assert_false(str_is_guid(S("f30db892-07e9-47e9-837c-80727f46fd3")));
	assert_false(str_is_guid(S("f30db89-207e9-47e9-837c-80727f46fd3d")));
	assert_false(str_is_guid(S("g30db892-07e9-47e9-837c-80727f46fd3d")));
}

static void copies_are_nul_ended(void **state)
{
	DEFER(arena_end) struct arena *arena = arena_open();
	str s = str_part(S("HELLO"), 0, 4);

	(void)state;
	assert_string_equal(str_copy(arena, s).at, "HELL");
	assert_string_equal(str_cstr(arena, s), "HELL");
	assert_string_equal(str_lower(arena, s).at, "hell");
	assert_true(str_is_none(str_copy(arena, STR_NONE)));
	assert_string_equal(str_cstr(arena, STR_NONE), "");
	assert_int_equal(str_format(arena, "%d-%s", 7, "x").len, 3);
}

static void a_text_grows(void **state)
{
	DEFER(arena_end) struct arena *arena = arena_open();
	struct text text = text_open(arena);

	(void)state;
	assert_false(str_is_none(text_str(&text)));
	for (int i = 0; i < 5000; i++)
		text_add_char(&text, (char)('a' + i % 26));
	assert_int_equal(text_str(&text).len, 5000);
	for (int i = 0; i < 5000; i++)
		assert_int_equal(text.at[i], 'a' + i % 26);
	assert_int_equal(text.at[5000], '\0');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slices_are_compared_by_bytes),
		cmocka_unit_test(parts_stay_inside),
		cmocka_unit_test(fields_are_taken_one_by_one),
		cmocka_unit_test(whole_numbers_are_read),
		cmocka_unit_test(only_well_formed_utf8_passes),
		cmocka_unit_test(bytes_survive_their_written_forms),
		cmocka_unit_test(malformed_bytes_are_refused),
		cmocka_unit_test(guids_are_known_by_shape),
		cmocka_unit_test(copies_are_nul_ended),
		cmocka_unit_test(a_text_grows),
	};

	return cmocka_run_group_tests_name("str", tests, NULL, NULL);
}
