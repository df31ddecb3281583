/* No value leaves the place it was shown in. */
#include "fuzz.h"

#include <string.h>

#include "web/html.h"

static void holds_no(const struct html *out, const char *bytes)
{
	for (size_t i = 0; i < out->out.len; i++)
		HOLDS(!strchr(bytes, out->out.at[i]) || out->out.at[i] == '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	DEFER(arena_end) struct arena *a = arena_open();
	str value = fuzz_input(at, len);
	struct html *text = html_open(a, NULL), *attr = html_open(a, NULL);
	struct html *url = html_open(a, NULL), *part = html_open(a, NULL);

	html_put(text, value);
	holds_no(text, "<>");
	html_put_attr(attr, value);
	holds_no(attr, "<>\"'");
	html_put_url(url, value);
	holds_no(url, "<>\"' \t\r\n\\");
	str shown = text_str(&url->out);
	HOLDS(str_starts(shown, S("/")) || str_starts(shown, S("#")) || str_starts(shown, S("?")) ||
	      str_starts(shown, S("https://")) || str_starts(shown, S("http://localhost")) ||
	      str_starts(shown, S("http://127.0.0.1")));
	HOLDS(!str_starts(shown, S("//")));
	html_put_url_part(part, value);
	holds_no(part, "<>\"'/?#&:@ \\");
	return 0;
}
