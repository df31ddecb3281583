#include "microsoft/sealing.h"

#include <sodium.h>

enum { NONCE = crypto_secretbox_NONCEBYTES, MAC = crypto_secretbox_MACBYTES };

static const unsigned char *bytes_of(str s)
{
	return (const unsigned char *)s.at;
}

str sealing_shut(struct arena *keep, const struct world *world, str key, str secret)
{
	size_t len = NONCE + MAC + secret.len;
	unsigned char *at = NEW_ARRAY(keep, unsigned char, len);

	assert(key.len == crypto_secretbox_KEYBYTES);
	world_random(world, at, NONCE);
	(void)crypto_secretbox_easy(at + NONCE, bytes_of(secret), secret.len, at, bytes_of(key));
	return (str){ .at = (const char *)at, .len = len };
}

bool sealing_open(struct arena *keep, str key, str sealed, str *secret)
{
	if (key.len != crypto_secretbox_KEYBYTES || sealed.len < NONCE + MAC)
		return false;

	size_t len = sealed.len - NONCE - MAC;
	unsigned char *at = NEW_ARRAY(keep, unsigned char, len + 1);

	if (crypto_secretbox_open_easy(at, bytes_of(sealed) + NONCE, sealed.len - NONCE,
				       bytes_of(sealed), bytes_of(key)) != 0)
		return false;
	*secret = (str){ .at = (const char *)at, .len = len };
	return true;
}
