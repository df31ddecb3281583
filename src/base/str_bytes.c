/* Bytes as text and back: hexadecimal, base64, base64url (RFC 4648). */
#include <string.h>

#include "base/base.h"

static const char hex_digits[] = "0123456789abcdefABCDEF";
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
	const char *digit = memchr(hex_digits, c, 22);
	int value = digit ? (int)(digit - hex_digits) : -1;

	return value < 16 ? value : value - 6;
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
	uint32_t bits = 0;
	int held = 0;

	for (size_t i = 0; i < bytes.len; i++) {
		bits = bits << 8 | (unsigned char)bytes.at[i];
		for (held += 8; held >= 6;)
			at[len++] = alphabet[bits >> (held -= 6) & 63];
	}
	if (held)
		at[len++] = alphabet[bits << (6 - held) & 63];
	for (; padded && len % 4 != 0;)
		at[len++] = '=';
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
