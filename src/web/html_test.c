#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "web/html.h"

static struct html *page;

static int open_page(void **state)
{
	*state = arena_open();
	page = html_open(*state, NULL);
	return 0;
}

static int close_page(void **state)
{
	arena_close(*state);
	return 0;
}

static void wants(const char *want)
{
	assert_string_equal(text_str(&page->out).at, want);
	page->out.len = 0;
}

static void markup_in_a_value_stays_text(void **state)
{
	(void)state;
	html_put(page, S("<b onclick='x'>\"&\"</b>"));
	wants("&lt;b onclick=&#39;x&#39;&gt;&quot;&amp;&quot;&lt;/b&gt;");
	html_put_attr(page, S("\"><script>"));
	wants("&quot;&gt;&lt;script&gt;");
}

static void numbers_and_times_have_their_own_form(void **state)
{
	(void)state;
	html_put(page, 3);
	html_put(page, (int64_t)-4);
	html_put(page, (size_t)5);
	wants("3-45");
	html_put(page, ((day){ .year = 2026, .month = 2, .date = 3 }));
	wants("<time datetime=\"2026-02-03\">3 February 2026</time>");
	html_put(page, INSTANT_NONE);
	assert_int_equal(page->out.len, 0);
}

static void an_address_leads_to_us_or_to_https(void **state)
{
	static const struct {
		const char *url, *want;
	} rows[] = {
		{ "/partner?a=1&b=2", "/partner?a=1&amp;b=2" },
		{ "https://admin.microsoft.com/x", "https://admin.microsoft.com/x" },
		{ "#top", "#top" },
		{ "http://localhost:8080/x", "http://localhost:8080/x" },
		{ "http://127.0.0.1", "http://127.0.0.1" },
		{ "http://localhost.example.com/", "#" },
		{ "http://localhost:x@example.com/", "#" },
		{ "http://127.0.0.1:8@example.com/", "#" },
		{ "http://127.0.0.1:8/@", "http://127.0.0.1:8/@" },
		{ "http://example.com/", "#" },
		{ "//example.com", "#" },
		{ "/\\example.com", "#" },
		{ "/\t/example.com", "#" },
		{ "javascript:alert(1)", "#" },
		{ "JavaScript:alert(1)", "#" },
		{ "java\nscript:alert(1)", "#" },
		{ " javascript:alert(1)", "#" },
		{ "data:text/html,x", "#" },
		{ "", "#" },
	};

	(void)state;
	for (size_t r = 0; r < COUNT(rows); r++) {
		html_put_url(page, rows[r].url);
		wants(rows[r].want);
	}
}

static void a_part_of_an_address_cannot_leave_its_segment(void **state)
{
	(void)state;
	html_put_url_part(page, S("a/b?c#d&e=\"\xc3\xa9"));
	wants("a%2Fb%3Fc%23d%26e%3D%22%C3%A9");
	html_put_url_part(page, 7);
	wants("7");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(t) cmocka_unit_test_setup_teardown(t, open_page, close_page)
		TEST(markup_in_a_value_stays_text),
		TEST(numbers_and_times_have_their_own_form),
		TEST(an_address_leads_to_us_or_to_https),
		TEST(a_part_of_an_address_cannot_leave_its_segment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
