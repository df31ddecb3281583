#include "web/html.h"

#include <string.h>

#include "time_mark_html.h"

struct html *html_open(struct arena *in, const struct request *for_request)
{
	struct html *out = NEW(in, struct html);

	out->in = in;
	out->for_request = for_request;
	out->out = text_open(in);
	return out;
}

void html_raw(struct html *out, const char *literal, size_t len)
{
	text_add(&out->out, (str){ .at = literal, .len = len });
}

static str entity(char c)
{
	switch (c) {
	case '&': return S("&amp;");
	case '<': return S("&lt;");
	case '>': return S("&gt;");
	case '"': return S("&quot;");
	case '\'': return S("&#39;");
	default: return STR_NONE;
	}
}

/* One rule for text and quoted attributes: it is right in both. */
static void escape(struct html *out, str s)
{
	size_t from = 0;

	for (size_t i = 0; i < s.len; i++) {
		str word = entity(s.at[i]);
		if (str_is_none(word))
			continue;
		text_add(&out->out, str_part(s, from, i - from));
		text_add(&out->out, word);
		from = i + 1;
	}
	text_add(&out->out, str_part(s, from, s.len - from));
}

void html_str(struct html *out, str s)
{
	escape(out, s);
}

void html_cstr(struct html *out, const char *s)
{
	escape(out, str_of(s));
}

void html_int64(struct html *out, int64_t n)
{
	text_format(&out->out, "%lld", (long long)n);
}

void html_money(struct html *out, money m)
{
	escape(out, money_text(out->in, m));
}

/* The machine's form is for scripts that show the reader's own zone. */
void html_instant(struct html *out, instant at)
{
	if (instant_is_none(at))
		return;
	time_mark(out, instant_rfc3339(out->in, at), instant_for_people(out->in, at));
}

void html_day(struct html *out, day d)
{
	time_mark(out, day_text(out->in, d), day_for_people(out->in, d));
}

void html_safe(struct html *out, struct safe_html s)
{
	text_add(&out->out, s.text);
}

void html_attr_str(struct html *out, str s)
{
	escape(out, s);
}

void html_attr_cstr(struct html *out, const char *s)
{
	escape(out, str_of(s));
}

void html_attr_int64(struct html *out, int64_t n)
{
	html_int64(out, n);
}

static bool has_control_bytes(str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.at[i] <= 0x20 || s.at[i] == 0x7f || s.at[i] == '\\')
			return true;
	return false;
}

/* A port at most may follow: "localhost.example.com" and "localhost:x@example.com" are elsewhere.
 */
static bool is_at_loopback(str s)
{
	static const str hosts[] = { { "http://localhost", 16 }, { "http://127.0.0.1", 16 } };
	size_t at = 16;

	if (!str_starts(s, hosts[0]) && !str_starts(s, hosts[1]))
		return false;
	if (at < s.len && s.at[at] == ':')
		do
			at++;
		while (at < s.len && s.at[at] >= '0' && s.at[at] <= '9');
	return at == s.len || (s.at[at] != '\0' && strchr("/?#", s.at[at]));
}

/* "//elsewhere" would leave us, and browsers read "/\elsewhere" the same way. */
static bool leads_somewhere_safe(str s)
{
	if (has_control_bytes(s))
		return false;
	if (str_starts(s, S("/")))
		return !str_starts(s, S("//"));
	return str_starts(s, S("https://")) || str_starts(s, S("#")) || str_starts(s, S("?")) ||
	       is_at_loopback(s);
}

void html_url_str(struct html *out, str s)
{
	escape(out, leads_somewhere_safe(s) ? s : S("#"));
}

void html_url_cstr(struct html *out, const char *s)
{
	html_url_str(out, str_of(s));
}

static bool is_unreserved(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c != '\0' && strchr("-._~", c));
}

/* RFC 3986 §2.1; what is left needs no escaping in an attribute. */
void html_url_part_str(struct html *out, str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (is_unreserved(s.at[i]))
			text_add_char(&out->out, s.at[i]);
		else
			text_format(&out->out, "%%%02X", (unsigned)(unsigned char)s.at[i]);
	}
}

void html_url_part_cstr(struct html *out, const char *s)
{
	html_url_part_str(out, str_of(s));
}
