/* Bytes as text and back: hexadecimal, base64, base64url (RFC 4648). */
#include <string.h>

#include "base/base.h"

static const char hex_digits[] = "0123456789abcdef";
static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char for_urls[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

str str_hex(struct arena *keep, str bytes)
{
	char *at = NEW_ARRAY(keep, char, bytes.len * 2 + 1);

	for (size_t i = 0; i < bytes.len; i++) {
		unsigned char byte = (unsigned char)bytes.at[i];

		at[i * 2] = hex_digits[byte >> 4];
		at[i * 2 + 1] = hex_digits[byte & 15];
	}
	return (str){ .at = at, .len = bytes.len * 2 };
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool str_from_hex(struct arena *keep, str text, str *bytes)
{
	char *at = NEW_ARRAY(keep, char, text.len / 2 + 1);

	if (text.len % 2 != 0)
		return false;
	for (size_t i = 0; i < text.len; i += 2) {
		int high = hex_value(text.at[i]), low = hex_value(text.at[i + 1]);

		if (high < 0 || low < 0)
			return false;
		at[i / 2] = (char)(high * 16 + low);
	}
	*bytes = (str){ .at = at, .len = text.len / 2 };
	return true;
}

static str base64_with(struct arena *keep, str bytes, const char *alphabet, bool padded)
{
	char *at = NEW_ARRAY(keep, char, (bytes.len + 2) / 3 * 4 + 1);
	size_t len = 0;

	for (size_t i = 0; i < bytes.len; i += 3) {
		size_t have = bytes.len - i < 3 ? bytes.len - i : 3;
		unsigned char b[3] = { 0 };

		memcpy(b, bytes.at + i, have);
		at[len++] = alphabet[b[0] >> 2];
		at[len++] = alphabet[(b[0] & 3) << 4 | b[1] >> 4];
		if (have > 1)
			at[len++] = alphabet[(b[1] & 15) << 2 | b[2] >> 6];
		if (have > 2)
			at[len++] = alphabet[b[2] & 63];
		for (; padded && len % 4 != 0;)
			at[len++] = '=';
	}
	return (str){ .at = at, .len = len };
}

str str_base64(struct arena *keep, str bytes)
{
	return base64_with(keep, bytes, plain, true);
}

str str_base64url(struct arena *keep, str bytes)
{
	return base64_with(keep, bytes, for_urls, false);
}

static bool base64_read(struct arena *keep, str text, const char *alphabet, str *bytes)
{
	char *at = NEW_ARRAY(keep, char, text.len / 4 * 3 + 3);
	size_t len = 0;
	uint32_t bits = 0;
	int held = 0;

	if (text.len % 4 == 1)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		const char *digit = memchr(alphabet, text.at[i], 64);

		if (!digit)
			return false;
		bits = bits << 6 | (uint32_t)(digit - alphabet);
		held += 6;
		if (held < 8)
			continue;
		held -= 8;
		at[len++] = (char)(bits >> held & 255);
	}
	/* Bits left over must be zero, or two texts would mean the same bytes. */
	if ((bits & ((1U << held) - 1)) != 0)
		return false;
	*bytes = (str){ .at = at, .len = len };
	return true;
}

bool str_from_base64url(struct arena *keep, str text, str *bytes)
{
	return base64_read(keep, text, for_urls, bytes);
}

bool str_from_base64(struct arena *keep, str text, str *bytes)
{
	if (text.len % 4 != 0)
		return false;
	for (int i = 0; i < 2 && str_ends(text, S("=")); i++)
		text.len--;
	return base64_read(keep, text, plain, bytes);
}
