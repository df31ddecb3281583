#include "web/pairs.h"

#include <string.h>

bool pairs_add(struct pairs *pairs, struct arena *keep, str name, str value)
{
	if (pairs->len == PAIRS_MOST)
		return false;
	if (pairs->len == pairs->room) {
		size_t room = pairs->room ? pairs->room * 2 : 8;
		struct pair *at = NEW_ARRAY(keep, struct pair, room);
		if (pairs->len)
			memcpy(at, pairs->at, pairs->len * sizeof(*at));
		pairs->at = at;
		pairs->room = room;
	}
	pairs->at[pairs->len++] = (struct pair){ .name = name, .value = value };
	return true;
}

str pairs_find(const struct pairs *pairs, str name)
{
	for (size_t i = 0; i < pairs->len; i++)
		if (str_eq(pairs->at[i].name, name))
			return pairs->at[i].value;
	return STR_NONE;
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static bool is_control(char c)
{
	unsigned char byte = (unsigned char)c;

	return (byte < 0x20 && byte != '\t' && byte != '\r' && byte != '\n') || byte == 0x7f;
}

bool pairs_decode(struct arena *keep, str raw, bool form, str *decoded)
{
	char *at = NEW_ARRAY(keep, char, raw.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < raw.len; i++) {
		char c = raw.at[i];
		if (c == '%') {
			if (raw.len - i < 3 || digit(raw.at[i + 1]) < 0 || digit(raw.at[i + 2]) < 0)
				return false;
			c = (char)(digit(raw.at[i + 1]) * 16 + digit(raw.at[i + 2]));
			i += 2;
		} else if (c == '+' && form) {
			c = ' ';
		}
		if (is_control(c))
			return false;
		at[len++] = c;
	}
	*decoded = (str){ .at = at, .len = len };
	return str_is_utf8(*decoded);
}

bool pairs_urlencoded(struct arena *keep, str text, struct pairs *read)
{
	str field;

	while (str_next(&text, '&', &field)) {
		str name, value = S("");
		if (str_is_empty(field))
			continue;
		ptrdiff_t equals = str_find(field, S("="));
		str raw_name = equals < 0 ? field : str_part(field, 0, (size_t)equals);
		if (!pairs_decode(keep, raw_name, true, &name))
			return false;
		if (equals >= 0 &&
		    !pairs_decode(keep, str_part(field, (size_t)equals + 1, field.len), true,
				  &value))
			return false;
		if (!pairs_add(read, keep, name, value))
			return false;
	}
	return true;
}

static bool is_cookie_value(str s)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.at[i];
		if (c <= 0x20 || c >= 0x7f || strchr("\",;\\", s.at[i]))
			return false;
	}
	return true;
}

bool pairs_cookies(struct arena *keep, str header, struct pairs *read)
{
	str piece;

	while (str_next(&header, ';', &piece)) {
		piece = str_trim(piece);
		ptrdiff_t equals = str_find(piece, S("="));
		if (equals <= 0)
			continue;
		str value = str_part(piece, (size_t)equals + 1, piece.len);
		if (!is_cookie_value(value))
			continue;
		if (!pairs_add(read, keep, str_part(piece, 0, (size_t)equals), value))
			return false;
	}
	return true;
}
