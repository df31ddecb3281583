#include <setjmp.h>

#include "base/base.h"
#include "base/world.h"

#include <cmocka.h>

static void slices_are_compared_by_bytes(void **state)
{
	static const struct {
		str a, b;
		int sign, same_but_case;
	} rows[] = { { { "a", 1 }, { "a", 1 }, 0, 1 },	     { { "a", 1 }, { "b", 1 }, -1, 0 },
		     { { "ab", 2 }, { "a", 1 }, 1, 0 },	     { { "", 0 }, { NULL, 0 }, 0, 1 },
		     { { "AZ", 2 }, { "az", 2 }, -1, 1 },    { { "\xff", 1 }, { "a", 1 }, 1, 0 },
		     { { "a\0b", 3 }, { "a\0c", 3 }, -1, 0 } };

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
	assert_true(str_find(s, S("x")) == -1 && str_find(S("a"), s) == -1);
	assert_true(str_starts(s, S("ab")) && str_ends(s, S("ef")));
	assert_false(str_starts(S("a"), s) || str_ends(S("f"), s));
	assert_true(str_eq(str_trim(S(" \t\xc2\xa0x y\xc2\xa0\n\0")), S("x y")));
	assert_int_equal(str_trim(S(" \xc2\xa0 ")).len, 0);
}

static void a_cut_leaves_characters_whole(void **state)
{
	static const size_t lens[] = {
		0, 1, 1, 3, 3, 3, 3, 7, 7, 7
	}; /* a, é and a clef, cut at each byte */
	str s = S("a\xc3\xa9\xf0\x9d\x84\x9e");

	(void)state;
	for (size_t i = 0; i < COUNT(lens); i++)
		assert_int_equal(str_cut(s, i).len, lens[i]);
	assert_true(str_is_none(str_cut(STR_NONE, 3)));
}

static void fields_are_taken_one_by_one(void **state)
{
	static const char *const rows[] = { "a,b,c", "a,", ",", "", "abc" };
	static const char *const want[] = { "[a][b][c]", "[a][]", "[][]", "[]", "[abc]" };
	DEFER(arena_end) struct arena *arena = arena_open();

	(void)state;
	for (size_t r = 0; r < COUNT(rows); r++) {
		str rest = str_of(rows[r]), field;
		struct text joined = text_open(arena);

		while (str_next(&rest, ',', &field))
			text_format(&joined, "[%.*s]", STR(field));
		assert_string_equal(joined.at, want[r]);
	}
}

static void whole_numbers_are_read(void **state)
{
	static const int64_t rows[] = { 0, 42, -42, INT64_MAX, INT64_MIN };
	DEFER(arena_end) struct arena *arena = arena_open();
	str bad = S("9223372036854775808|-9223372036854775809||-|+1|1 |1.0|0x1|--1"), text;
	int64_t number = 7;

	(void)state;
	while (str_next(&bad, '|', &text))
		assert_false(str_to_int64(text, &number));
	assert_int_equal(number, 7);
	for (size_t r = 0; r < COUNT(rows); r++) {
		str written = str_format(arena, "%lld", (long long)rows[r]);

		assert_true(str_to_int64(written, &number));
		assert_int_equal(number, rows[r]);
	}
	assert_true(str_to_int64(S("-0"), &number) && number == 0);
}

static void only_well_formed_utf8_passes(void **state)
{
	str good = S("|plain|\xc3\xa9|\xe0\xa0\x80|\xe2\x82\xac|\xed\x9f\xbf|\xf0\x9f\x98\x80|"
		     "\xf4\x8f\xbf\xbf");
	str bad = S("\xc0\x80|\xe0\x80\x80|\xed\xa0\x80|\xf0\x8f\xbf\xbf|\xf4\x90\x80\x80|"
		    "\xf5\x80\x80\x80|\x80|\xc3|\xe2\x82|\xe2\x82z|a\xff");
	str text;

	(void)state;
	while (str_next(&good, '|', &text))
		assert_true(str_is_utf8(text));
	while (str_next(&bad, '|', &text))
		assert_false(str_is_utf8(text));
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
		bool read = str_from_hex(arena, str_hex(arena, bytes), &back);
		assert_true(read && str_eq(bytes, back));
		read = str_from_base64(arena, str_base64(arena, bytes), &back);
		assert_true(read && str_eq(bytes, back));
		read = str_from_base64url(arena, str_base64url(arena, bytes), &back);
		assert_true(read && str_eq(bytes, back));
	}
	assert_string_equal(str_base64(arena, S("\xfb\xff\xfe?")).at, "+//+Pw==");
	assert_string_equal(str_base64url(arena, S("\xfb\xff\xfe?")).at, "-__-Pw");
	assert_string_equal(str_hex(arena, S("\x0f\xa0")).at, "0fa0");
}

static void malformed_bytes_are_refused(void **state)
{
	DEFER(arena_end) struct arena *arena = arena_open();
	str hex = S("abc|zz|a "), base64 = S("QQ|Q===|QR==|Q-=="), for_urls = S("Q|Q+|QQ==|QR");
	str text, back;

	(void)state;
	while (str_next(&hex, '|', &text))
		assert_false(str_from_hex(arena, text, &back));
	while (str_next(&base64, '|', &text))
		assert_false(str_from_base64(arena, text, &back));
	while (str_next(&for_urls, '|', &text))
		assert_false(str_from_base64url(arena, text, &back));
}

static void guids_are_known_by_shape(void **state)
{
	str guid = S("f30db892-07e9-47e9-837c-80727f46fd3d");

	(void)state;
	assert_true(str_is_guid(guid));
	assert_true(str_is_guid(S("F30DB892-07E9-47E9-837C-80727F46FD3D")));
	assert_false(str_is_guid(str_part(guid, 1, 36)));
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
	assert_true(str_is_none(str_lower(arena, STR_NONE)));
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
		cmocka_unit_test(a_cut_leaves_characters_whole),
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
