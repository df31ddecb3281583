#include "people/secret.h"

#include <sodium.h>

str secret_make(const struct world *world, struct arena *keep)
{
	return world_token(world, keep, 32);
}

str secret_hash(struct arena *keep, str secret)
{
	unsigned char *hash = NEW_ARRAY(keep, unsigned char, crypto_hash_sha256_BYTES);

	(void)crypto_hash_sha256(hash, (const unsigned char *)secret.at, secret.len);
	return (str){ .at = (const char *)hash, .len = crypto_hash_sha256_BYTES };
}
