#include "sandbox/identity_jwt.h"

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
	    !identity_key_verifies(key, parts.text, parts.signature))
		return NULL;
	json_t *read = identity_json_part(keep, parts.claims);
	*state = read ? IDENTITY_JWT_GOOD : IDENTITY_JWT_MALFORMED;
	if (read)
		*claims = read;
	return NULL;
}
