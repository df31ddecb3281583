#include "sandbox/identity_pkce.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>

static const struct {
	const char *word;
} kinds[] = { [IDENTITY_PKCE_NONE] = { "" },
	      [IDENTITY_PKCE_PLAIN] = { "plain" },
	      [IDENTITY_PKCE_S256] = { "S256" } };

const char *identity_pkce_word(enum identity_pkce kind)
{
	return kinds[kind].word;
}

enum identity_pkce identity_pkce_of_word(str word)
{
	for (size_t i = COUNT(kinds) - 1; i > 0; i--)
		if (str_eq(word, str_of(kinds[i].word)))
			return (enum identity_pkce)i;
	return IDENTITY_PKCE_NONE;
}

bool identity_pkce_is_verifier(str verifier)
{
	if (verifier.len < 43 || verifier.len > 128)
		return false;
	for (size_t i = 0; i < verifier.len; i++) {
		char c = verifier.at[i];
		bool fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			    (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
		if (!fine)
			return false;
	}
	return true;
}

bool identity_pkce_from(str challenge, str method, enum identity_pkce *kind)
{
	if (str_is_empty(challenge)) {
		*kind = IDENTITY_PKCE_NONE;
		return str_is_empty(method);
	}
	enum identity_pkce found = str_is_empty(method) ? IDENTITY_PKCE_PLAIN
							: identity_pkce_of_word(method);
	if (found == IDENTITY_PKCE_NONE || !identity_pkce_is_verifier(challenge))
		return false;
	if (found == IDENTITY_PKCE_S256 && challenge.len != 43)
		return false;
	*kind = found;
	return true;
}

static bool same(str a, str b)
{
	return a.len == b.len && CRYPTO_memcmp(a.at, b.at, a.len) == 0;
}

static bool matches_hash(str challenge, str verifier)
{
	unsigned char hash[SHA256_DIGEST_LENGTH];
	DEFER(arena_end) struct arena *scratch = arena_open();
	SHA256((const unsigned char *)verifier.at, verifier.len, hash);
	return same(challenge,
		    str_base64url(scratch, (str){ .at = (const char *)hash, .len = sizeof(hash) }));
}

bool identity_pkce_matches(enum identity_pkce kind, str challenge, str verifier)
{
	switch (kind) {
	case IDENTITY_PKCE_NONE: return str_is_empty(verifier);
	case IDENTITY_PKCE_PLAIN:
		return identity_pkce_is_verifier(verifier) && same(challenge, verifier);
	case IDENTITY_PKCE_S256:
		return identity_pkce_is_verifier(verifier) && matches_hash(challenge, verifier);
	}
	return false;
}
