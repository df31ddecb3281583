#include "base/str.h"

#include <ctype.h>
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

	return first ? first : (a.len > b.len) - (a.len < b.len);
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
	if (find.len == 0 || s.len < find.len)
		return find.len == 0 ? 0 : -1;

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

str str_cut(str s, size_t most)
{
	if (s.len <= most)
		return s;
	while (most && ((unsigned char)s.at[most] & 0xc0) == 0x80)
		most--;
	return str_part(s, 0, most);
}

/* How long the white space is that `s` has at its start or end. */
static size_t blank(str s, bool (*has)(str, str))
{
	static const str blanks[] = { { " ", 1 },  { "\t", 1 }, { "\n", 1 }, { "\v", 1 },
				      { "\f", 1 }, { "\r", 1 }, { "\0", 1 }, { "\xc2\xa0", 2 } };

	for (size_t i = 0; i < sizeof(blanks) / sizeof(blanks[0]); i++)
		if (has(s, blanks[i]))
			return blanks[i].len;
	return 0;
}

str str_trim(str s)
{
	for (size_t n; (n = blank(s, str_starts)) > 0;)
		s = str_part(s, n, s.len);
	for (size_t n; (n = blank(s, str_ends)) > 0;)
		s.len -= n;
	return s;
}

bool str_next(str *rest, char separator, str *field)
{
	if (!rest->at)
		return false;

	const char *at = rest->len ? memchr(rest->at, separator, rest->len) : NULL;

	*field = at ? (str){ .at = rest->at, .len = (size_t)(at - rest->at) } : *rest;
	*rest = at ? str_part(*rest, field->len + 1, rest->len) : STR_NONE;
	return true;
}

str str_of(const char *nul_ended)
{
	return (str){ .at = nul_ended, .len = nul_ended ? strlen(nul_ended) : 0 };
}

/* NUL-ended as well, which costs a byte and lets a copy be handed to a C library. */
const char *str_cstr(struct arena *keep, str s)
{
	char *at = arena_take(keep, s.len + 1, 1, 1);

	if (s.len)
		memcpy(at, s.at, s.len);
	return at;
}

str str_copy(struct arena *keep, str s)
{
	return s.at ? (str){ .at = str_cstr(keep, s), .len = s.len } : STR_NONE;
}

str str_lower(struct arena *keep, str s)
{
	char *at = s.at ? arena_take(keep, s.len + 1, 1, 1) : NULL;

	for (size_t i = 0; at && i < s.len; i++)
		at[i] = lower(s.at[i]);
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
	str digits = str_part(s, minus ? 1 : 0, s.len);
	int64_t n = 0;

	if (!digits.at || str_is_empty(digits))
		return false;
	for (size_t i = 0; i < digits.len; i++) {
		int digit = digits.at[i] - '0';

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

/* The well-formed sequences of RFC 3629 §4: the bounds of the second byte keep out overlong forms,
 * surrogates and what lies above U+10FFFF. */
static size_t utf8_sequence(const unsigned char *at, size_t left)
{
	unsigned char first = at[0];
	unsigned char least = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
	unsigned char most = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
	size_t len = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;

	if (first < 0x80)
		return 1;
	if (first < 0xc2 || first > 0xf4 || len > left || at[1] < least || at[1] > most)
		return 0;
	for (size_t i = 2; i < len; i++)
		if ((at[i] & 0xc0) != 0x80)
			return 0;
	return len;
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
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? s.at[i] != '-' : !isxdigit((unsigned char)s.at[i]))
			return false;
	}
	return true;
}
