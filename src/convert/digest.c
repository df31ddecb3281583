#include "convert/digest.h"

#include <sodium.h>

str digest_sha256(struct arena *keep, str text)
{
	unsigned char hash[crypto_hash_sha256_BYTES];

	crypto_hash_sha256(hash, (const unsigned char *)text.at, text.len);
	return str_hex(keep, (str){ .at = (const char *)hash, .len = sizeof hash });
}

str digest_key(struct arena *keep, str text)
{
	unsigned char hash[16];

	(void)crypto_generichash(hash, sizeof hash, (const unsigned char *)text.at, text.len, NULL,
				 0);
	return str_hex(keep, (str){ .at = (const char *)hash, .len = sizeof hash });
}

/* Version and variant as a GUID made of a name has them; the rest is the digest. */
str digest_guid(struct arena *keep, str digits)
{
	return str_format(keep, "%.8s-%.4s-4%.3s-8%.3s-%.12s", digits.at, digits.at + 8,
			  digits.at + 12, digits.at + 16, digits.at + 20);
}
