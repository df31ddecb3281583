#include "base/str.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"

bool str_eq(str a, str b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool str_eq_nocase(str a, str b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (lower(a.at[i]) != lower(b.at[i]))
			return false;
	return true;
}

int str_compare(str a, str b)
{
	size_t shared = a.len < b.len ? a.len : b.len;
	int first = shared ? memcmp(a.at, b.at, shared) : 0;

	if (first != 0)
		return first;
	return (a.len > b.len) - (a.len < b.len);
}

bool str_starts(str s, str with)
{
	return s.len >= with.len && str_eq(str_part(s, 0, with.len), with);
}

bool str_ends(str s, str with)
{
	return s.len >= with.len && str_eq(str_part(s, s.len - with.len, with.len), with);
}

ptrdiff_t str_find(str s, str find)
{
	if (find.len == 0)
		return 0;
	if (s.len < find.len)
		return -1;

	const char *at = memmem(s.at, s.len, find.at, find.len);

	return at ? at - s.at : -1;
}

str str_part(str s, size_t from, size_t len)
{
	if (from > s.len)
		from = s.len;
	if (len > s.len - from)
		len = s.len - from;
	return (str){ .at = s.at ? s.at + from : NULL, .len = len };
}

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == '\0';
}

static size_t blank_at_start(str s)
{
	if (str_starts(s, S("\xc2\xa0")))
		return 2;
	return s.len > 0 && is_blank(s.at[0]) ? 1 : 0;
}

static size_t blank_at_end(str s)
{
	if (str_ends(s, S("\xc2\xa0")))
		return 2;
	return s.len > 0 && is_blank(s.at[s.len - 1]) ? 1 : 0;
}

str str_trim(str s)
{
	for (size_t n; (n = blank_at_start(s)) > 0;)
		s = str_part(s, n, s.len);
	for (size_t n; (n = blank_at_end(s)) > 0;)
		s.len -= n;
	return s;
}

bool str_next(str *rest, char separator, str *field)
{
	if (!rest->at)
		return false;

	const char *at = rest->len ? memchr(rest->at, separator, rest->len) : NULL;

	if (!at) {
		*field = *rest;
		*rest = STR_NONE;
		return true;
	}
	*field = (str){ .at = rest->at, .len = (size_t)(at - rest->at) };
	*rest = str_part(*rest, field->len + 1, rest->len);
	return true;
}

str str_of(const char *nul_ended)
{
	return (str){ .at = nul_ended, .len = nul_ended ? strlen(nul_ended) : 0 };
}

/* NUL-ended as well, which costs a byte and lets a copy be handed to a C library. */
static char *copy(struct arena *keep, str s)
{
	char *at = arena_take(keep, s.len + 1, 1, 1);

	if (s.len)
		memcpy(at, s.at, s.len);
	return at;
}

str str_copy(struct arena *keep, str s)
{
	if (!s.at)
		return STR_NONE;
	return (str){ .at = copy(keep, s), .len = s.len };
}

const char *str_cstr(struct arena *keep, str s)
{
	return copy(keep, s);
}

str str_lower(struct arena *keep, str s)
{
	if (!s.at)
		return STR_NONE;

	char *at = copy(keep, s);

	for (size_t i = 0; i < s.len; i++)
		at[i] = lower(at[i]);
	return (str){ .at = at, .len = s.len };
}

str str_format(struct arena *keep, const char *format, ...)
{
	va_list args;

	va_start(args, format);

	str made = str_vformat(keep, format, args);

	va_end(args);
	return made;
}

str str_vformat(struct arena *keep, const char *format, va_list args)
{
	va_list again;

	va_copy(again, args);

	int len = vsnprintf(NULL, 0, format, again);

	va_end(again);
	if (len < 0)
		return S("");

	char *at = arena_take(keep, (size_t)len + 1, 1, 1);

	(void)vsnprintf(at, (size_t)len + 1, format, args);
	return (str){ .at = at, .len = (size_t)len };
}

bool str_to_int64(str s, int64_t *number)
{
	bool minus = str_starts(s, S("-"));
	int64_t n = 0;

	if (minus)
		s = str_part(s, 1, s.len);
	if (s.len == 0)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		int digit = s.at[i] - '0';

		/* Counted downwards, because the smallest number has no positive twin. */
		if (digit < 0 || digit > 9 || __builtin_mul_overflow(n, 10, &n) ||
		    __builtin_sub_overflow(n, digit, &n))
			return false;
	}
	if (!minus && n == INT64_MIN)
		return false;
	*number = minus ? n : -n;
	return true;
}

/* The well-formed sequences of RFC 3629 §4: least and most value of the second byte keep out
 * overlong forms, surrogates and what lies above U+10FFFF. */
static size_t utf8_sequence(const unsigned char *at, size_t left)
{
	static const struct {
		unsigned char first, last, second_least, second_most;
		size_t len;
	} rows[] = {
		{ 0x00, 0x7f, 0, 0, 1 },       { 0xc2, 0xdf, 0x80, 0xbf, 2 },
		{ 0xe0, 0xe0, 0xa0, 0xbf, 3 }, { 0xe1, 0xec, 0x80, 0xbf, 3 },
		{ 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 },
		{ 0xf0, 0xf0, 0x90, 0xbf, 4 }, { 0xf1, 0xf3, 0x80, 0xbf, 4 },
		{ 0xf4, 0xf4, 0x80, 0x8f, 4 },
	};

	for (size_t r = 0; r < sizeof(rows) / sizeof(rows[0]); r++) {
		if (at[0] < rows[r].first || at[0] > rows[r].last)
			continue;
		if (rows[r].len > left)
			return 0;
		if (rows[r].len > 1 &&
		    (at[1] < rows[r].second_least || at[1] > rows[r].second_most))
			return 0;
		for (size_t i = 2; i < rows[r].len; i++)
			if ((at[i] & 0xc0) != 0x80)
				return 0;
		return rows[r].len;
	}
	return 0;
}

bool str_is_utf8(str s)
{
	for (size_t i = 0; i < s.len;) {
		size_t len = utf8_sequence((const unsigned char *)s.at + i, s.len - i);

		if (len == 0)
			return false;
		i += len;
	}
	return true;
}

bool str_is_guid(str s)
{
	if (s.len != 36)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		char c = lower(s.at[i]);
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? c != '-' : !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
			return false;
	}
	return true;
}
