#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "market/csv.h"

/* Rows are written "line:field|field;" so that a case is one line. */
static str flatten(struct arena *arena, str text, fault **f)
{
	struct text out = text_open(arena);
	struct csv csv;
	struct csv_row row;
	bool more = true;

	*f = csv_open(arena, text, &csv);
	while (!*f && more) {
		*f = csv_next(&csv, &row, &more);
		if (*f || !more)
			break;
		text_format(&out, "%lld:", (long long)csv.line);
		for (size_t i = 0; i < row.count; i++)
			text_format(&out, "%s%.*s", i ? "|" : "", STR(row.field[i]));
		text_add(&out, S(";"));
	}
	return text_str(&out);
}

static void rows_are_read_as_rfc_4180_has_them(void **state)
{
	static const struct {
		str text;
		const char *want;
	} cases[] = {
		{ S(""), "" },
		{ S("\n\r\n"), "" },
		{ S("a,b\nc,d\n"), "1:a|b;2:c|d;" },
		{ S("a,b\r\nc,d"), "1:a|b;2:c|d;" },
		{ S("\xef\xbb\xbf"
		    "a\n"),
		  "1:a;" },
		{ S("\"a,\"\"b\"\"\",c\n"), "1:a,\"b\"|c;" },
		{ S("\"two\nlines\",x\ny,z\n"), "1:two\nlines|x;3:y|z;" },
		{ S("a,,\n\n,b\n"), "1:a||;3:|b;" },
		{ S("\"\",\"\"\n"), "1:|;" },
		{ S("a\rb\n"), "1:a\rb;" },
		{ S(" a ,\tb\n"), "1: a |\tb;" },
	};
	(void)state;

	for (size_t i = 0; i < COUNT(cases); i++) {
		DEFER(arena_end) struct arena *arena = arena_open();
		fault *f;
		str got = flatten(arena, cases[i].text, &f);

		assert_null(f);
		assert_string_equal(str_cstr(arena, got), cases[i].want);
	}
}

static void what_cannot_be_read_names_its_line(void **state)
{
	static const struct {
		str text;
		const char *begins;
	} cases[] = {
		{ S("a\n\"b"), "Line 2: a quote is opened" },
		{ S("a\n\"b\"c\n"), "Line 2: something follows" },
		{ S("a\nb\"c\n"), "Line 2: a quote stands inside" },
		{ S("a\n\n\xff\n"), "Line 3: a field is not UTF-8" },
		{ S("a\0b\n"), "Line 1: a field is not UTF-8" },
	};
	(void)state;

	for (size_t i = 0; i < COUNT(cases); i++) {
		DEFER(arena_end) struct arena *arena = arena_open();
		fault *f;

		(void)flatten(arena, cases[i].text, &f);
		if (!f || strncmp(f->said, cases[i].begins, strlen(cases[i].begins)) != 0)
			fail_msg("case %zu: %s", i, f ? f->said : "accepted");
	}
}

static str repeated(struct arena *arena, char c, size_t count)
{
	char *at = NEW_ARRAY(arena, char, count);

	memset(at, c, count);
	return (str){ .at = at, .len = count };
}

static void sizes_are_bounded(void **state)
{
	DEFER(arena_end) struct arena *arena = arena_open();
	str field = repeated(arena, 'x', CSV_MOST_FIELD + 1);
	fault *f;
	(void)state;

	(void)flatten(arena, str_part(field, 0, CSV_MOST_FIELD), &f);
	assert_null(f);
	(void)flatten(arena, field, &f);
	assert_non_null(f);
	(void)flatten(arena, str_format(arena, "\"%.*s\"", STR(field)), &f);
	assert_non_null(f);
	(void)flatten(arena, repeated(arena, ',', CSV_MOST_COLUMNS), &f);
	assert_non_null(f);
	(void)flatten(arena, repeated(arena, 'x', CSV_MOST_BYTES + 1), &f);
	assert_non_null(f);
}

static void a_column_is_found_by_its_heading(void **state)
{
	struct csv_row heading = { .field = { S("GUID "), S("String_Id") }, .count = 2 };
	(void)state;

	assert_int_equal(csv_column(&heading, "guid"), 0);
	assert_int_equal(csv_column(&heading, "String_Id"), 1);
	assert_int_equal(csv_column(&heading, "price"), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_read_as_rfc_4180_has_them),
		cmocka_unit_test(what_cannot_be_read_names_its_line),
		cmocka_unit_test(sizes_are_bounded),
		cmocka_unit_test(a_column_is_found_by_its_heading),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
