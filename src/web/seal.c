#include "web/seal.h"

#include <sodium.h>

#include "web/exchange.h"

str seal_proof(const struct site *site, struct arena *keep, const char *purpose, str value)
{
	unsigned char proof[24];
	crypto_generichash_state state;

	/* The purpose's own NUL keeps "a" + "bc" apart from "ab" + "c". */
	crypto_generichash_init(&state, site->key, sizeof(site->key), sizeof(proof));
	crypto_generichash_update(&state, (const unsigned char *)purpose, str_of(purpose).len + 1);
	crypto_generichash_update(&state, (const unsigned char *)value.at, value.len);
	crypto_generichash_final(&state, proof, sizeof(proof));
	return str_base64url(keep, (str){ .at = (const char *)proof, .len = sizeof(proof) });
}

str seal_close(const struct site *site, struct arena *keep, const char *purpose, str value)
{
	return str_format(keep, "%.*s.%.*s", STR(str_base64url(keep, value)),
			  STR(seal_proof(site, keep, purpose, value)));
}

bool seal_open(const struct site *site, struct arena *keep, const char *purpose, str sealed,
	       str *value)
{
	ptrdiff_t dot = str_find(sealed, S("."));
	str opened;

	if (dot < 0 || !str_from_base64url(keep, str_part(sealed, 0, (size_t)dot), &opened))
		return false;
	if (!seal_same(str_part(sealed, (size_t)dot + 1, sealed.len),
		       seal_proof(site, keep, purpose, opened)))
		return false;
	*value = opened;
	return true;
}

bool seal_same(str a, str b)
{
	return a.len == b.len && (a.len == 0 || sodium_memcmp(a.at, b.at, a.len) == 0);
}
