/* No value leaves the place it was shown in, wherever a page may have one. */
#include "fuzz.h"

#include <string.h>

#include "fuzz_page_html.h"
#include "web/html.h"

static void holds_no(const struct html *out, const char *bytes)
{
	for (size_t i = 0; i < out->out.len; i++)
		HOLDS(!strchr(bytes, out->out.at[i]) || out->out.at[i] == '\0');
}

static size_t count_of(str s, char c)
{
	size_t count = 0;

	for (size_t i = 0; i < s.len; i++)
		count += s.at[i] == c;
	return count;
}

/* A page has as many tags and attributes as were written in it, whatever they are filled with. */
static void check_whole(struct arena *a, str value)
{
	for (int more = 0; more < 2; more++) {
		struct html *page = html_open(a, NULL), *plain = html_open(a, NULL);

		fuzz_page(page, value, more);
		fuzz_page(plain, S("/x"), more);
		for (const char *c = "<>\"'"; *c; c++)
			HOLDS(count_of(text_str(&page->out), *c) ==
			      count_of(text_str(&plain->out), *c));
	}
}

static void check_url(struct arena *a, str value)
{
	struct html *url = html_open(a, NULL);

	html_put_url(url, value);
	holds_no(url, "<>\"' \t\r\n\\");
	str shown = text_str(&url->out);
	HOLDS(str_starts(shown, S("/")) || str_starts(shown, S("#")) || str_starts(shown, S("?")) ||
	      str_starts(shown, S("https://")) || str_starts(shown, S("http://localhost")) ||
	      str_starts(shown, S("http://127.0.0.1")));
	HOLDS(!str_starts(shown, S("//")));
	if (str_starts(shown, S("http://"))) {
		/* Who is signed in where stands before an @: the host would be behind it. */
		str host = str_part(shown, 7, shown.len), before;

		(void)str_next(&host, '/', &before);
		HOLDS(str_find(before, S("@")) < 0 || str_find(before, S("?")) >= 0 ||
		      str_find(before, S("#")) >= 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	DEFER(arena_end) struct arena *a = arena_open();
	str value = fuzz_input(at, len);
	struct html *text = html_open(a, NULL), *attr = html_open(a, NULL);
	struct html *part = html_open(a, NULL);

	html_put(text, value);
	holds_no(text, "<>");
	html_put_attr(attr, value);
	holds_no(attr, "<>\"'");
	html_put_url_part(part, value);
	holds_no(part, "<>\"'/?#&:@ \\");
	check_url(a, value);
	check_whole(a, value);
	return 0;
}
