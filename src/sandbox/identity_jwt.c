#include "sandbox/identity_jwt.h"

#include <openssl/sha.h>
#include <pthread.h>
#include <string.h>

#include "sandbox/identity_json.h"

static str encoded(struct arena *keep, const json_t *json)
{
	return str_base64url(keep, identity_json_text(keep, json));
}

fault *identity_jwt_make(const struct identity_key *key, struct arena *keep, const json_t *claims,
			 str *token)
{
	struct identity_key_public shown;
	str signature;

	TRY(identity_key_publish(key, keep, &shown));
	DEFER(identity_json_end)
	json_t *header = json_pack("{s:s, s:s, s:o}", "typ", "JWT", "alg", "RS256", "kid",
				   identity_json_str(shown.kid));
	str header_text = encoded(keep, header), claims_text = encoded(keep, claims);
	str text = str_format(keep, "%.*s.%.*s", STR(header_text), STR(claims_text));
	TRY(identity_key_sign(key, keep, text, &signature));
	signature = str_base64url(keep, signature);
	*token = str_format(keep, "%.*s.%.*s", STR(text), STR(signature));
	return NULL;
}

struct parts {
	str text, header, claims, signature;
};

/* Tokens whose signature was found good, by hash: a client sends the same one with every call.
 * Whether it is still in date is looked at each time, elsewhere. */
enum { KNOWN_MOST = 4096 };
static struct {
	pthread_mutex_t lock;
	unsigned char hash[KNOWN_MOST][SHA256_DIGEST_LENGTH];
} known = { .lock = PTHREAD_MUTEX_INITIALIZER };

static unsigned char *place_of(const unsigned char *hash)
{
	return known.hash[(hash[0] << 8 | hash[1]) % KNOWN_MOST];
}

static bool signed_by(const struct identity_key *key, struct arena *keep, str kid,
		      const struct parts *parts)
{
	const str pieces[] = { kid, S(" "), parts->text, S(" "), parts->signature };
	unsigned char hash[SHA256_DIGEST_LENGTH];
	struct text all = text_open(keep);

	for (size_t i = 0; i < COUNT(pieces); i++)
		text_add(&all, pieces[i]);
	str whole = text_str(&all);
	SHA256((const unsigned char *)whole.at, whole.len, hash);
	(void)pthread_mutex_lock(&known.lock);
	bool good = memcmp(place_of(hash), hash, sizeof(hash)) == 0;
	(void)pthread_mutex_unlock(&known.lock);
	if (good)
		return true;
	if (!identity_key_verifies(key, parts->text, parts->signature))
		return false;
	(void)pthread_mutex_lock(&known.lock);
	memcpy(place_of(hash), hash, sizeof(hash));
	(void)pthread_mutex_unlock(&known.lock);
	return true;
}

static bool split(struct arena *keep, str token, struct parts *parts)
{
	str rest = token, signature, more;
	if (token.len > IDENTITY_JWT_MOST || !str_next(&rest, '.', &parts->header) ||
	    !str_next(&rest, '.', &parts->claims) || !str_next(&rest, '.', &signature) ||
	    str_next(&rest, '.', &more))
		return false;
	parts->text = str_part(token, 0, parts->header.len + 1 + parts->claims.len);
	return str_from_base64url(keep, signature, &parts->signature);
}

str identity_jwt_kid(struct arena *keep, str token)
{
	str rest = token, part;
	if (token.len > IDENTITY_JWT_MOST || !str_next(&rest, '.', &part))
		return S("");
	DEFER(identity_json_end) json_t *header = identity_json_part(keep, part);
	return identity_json_get(keep, header, "kid");
}

fault *identity_jwt_open(const struct identity_key *key, struct arena *keep, str token,
			 json_t **claims, enum identity_jwt_state *state)
{
	struct parts parts;
	struct identity_key_public shown;

	*state = IDENTITY_JWT_MALFORMED;
	if (!split(keep, token, &parts))
		return NULL;
	DEFER(identity_json_end) json_t *header = identity_json_part(keep, parts.header);
	if (!header)
		return NULL;

	/* The algorithm is ours, never the token's (RFC 8725 §3.1). */
	*state = IDENTITY_JWT_FORGED;
	TRY(identity_key_publish(key, keep, &shown));
	if (!str_eq(identity_json_get(keep, header, "alg"), S("RS256")) ||
	    !str_eq(identity_json_get(keep, header, "kid"), shown.kid) ||
	    !signed_by(key, keep, shown.kid, &parts))
		return NULL;
	json_t *read = identity_json_part(keep, parts.claims);
	*state = read ? IDENTITY_JWT_GOOD : IDENTITY_JWT_MALFORMED;
	if (read)
		*claims = read;
	return NULL;
}
