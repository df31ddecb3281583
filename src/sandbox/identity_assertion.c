#include "sandbox/identity_assertion.h"

#include "identity_assertion_sql.h"
#include "sandbox/identity_json.h"
#include "sandbox/identity_token.h"

/* Seconds of a NumericDate; whole ones in 1970 to 9999. */
static bool time_of(const json_t *claims, const char *name, instant *at)
{
	const json_t *member = json_object_get(claims, name);
	double seconds = json_number_value(member);
	if (!json_is_number(member) || !(seconds > 0 && seconds < 253402300800.0))
		return false;
	*at = (instant){ .micros = SECONDS((int64_t)seconds) };
	return true;
}

static bool read_header(struct arena *keep, str part, struct identity_assertion *made)
{
	DEFER(identity_json_end) json_t *header = identity_json_part(keep, part);
	str word = identity_json_get(keep, header, "alg");
	made->algorithm = str_eq(word, S("PS256")) ? IDENTITY_PS256 : IDENTITY_RS256;
	made->x5t = identity_json_get(keep, header, "x5t");
	made->x5t_s256 = identity_json_get(keep, header, "x5t#S256");
	return (made->algorithm == IDENTITY_PS256 || str_eq(word, S("RS256"))) &&
	       made->x5t.len + made->x5t_s256.len > 0;
}

static bool read_claims(struct arena *keep, str part, struct identity_assertion *made)
{
	DEFER(identity_json_end) json_t *claims = identity_json_part(keep, part);
	made->issuer = identity_json_get(keep, claims, "iss");
	made->subject = identity_json_get(keep, claims, "sub");
	made->audience = identity_json_get(keep, claims, "aud");
	made->id = identity_json_get(keep, claims, "jti");
	made->not_before = INSTANT_NONE;
	if (json_object_get(claims, "nbf") && !time_of(claims, "nbf", &made->not_before))
		return false;
	return made->id.len > 0 && made->id.len <= 256 && time_of(claims, "exp", &made->expires);
}

bool identity_assertion_read(struct arena *keep, str token, struct identity_assertion *made)
{
	str rest = token, header, claims, signature;
	*made = (struct identity_assertion){ .whole = token };
	if (token.len > IDENTITY_ASSERTION_MOST || !str_next(&rest, '.', &header) ||
	    !str_next(&rest, '.', &claims))
		return false;
	made->text = str_part(token, 0, header.len + 1 + claims.len);
	return str_next(&rest, '.', &signature) && rest.len == 0 && signature.len > 0 &&
	       str_from_base64url(keep, signature, &made->signature) &&
	       read_header(keep, header, made) && read_claims(keep, claims, made);
}

enum identity_error identity_assertion_weigh(const struct identity_assertion *assertion,
					     str client_id, instant now)
{
	instant late = instant_after(now, -IDENTITY_ASSERTION_SKEW);
	instant early = instant_after(now, IDENTITY_ASSERTION_SKEW);
	if (!str_eq_nocase(assertion->issuer, client_id) ||
	    !str_eq_nocase(assertion->subject, client_id))
		return IDENTITY_ASSERTION_STRANGER;
	if (!instant_before(late, assertion->expires) ||
	    (!instant_is_none(assertion->not_before) &&
	     instant_before(early, assertion->not_before)))
		return IDENTITY_ASSERTION_TIME;
	return IDENTITY_FINE;
}

str identity_assertion_tenant(str audience, str base_url)
{
	str rest = audience, tenant;
	if (base_url.len == 0 || !str_starts(audience, base_url))
		return S("");
	rest = str_part(rest, base_url.len, rest.len);
	if (!str_starts(rest, S("/")))
		return S("");
	rest = str_part(rest, 1, rest.len);
	if (!str_next(&rest, '/', &tenant) ||
	    (!str_eq(rest, S("oauth2/v2.0/token")) && !str_eq(rest, S("oauth2/token"))))
		return S("");
	return tenant;
}

/* The tenant may be named by id in one place and by a domain in the other, and the sandbox may be
 * reached under the vendor's own name (client facts §1). */
static fault *is_for(struct tx *tx, const struct identity_place *place, str audience, bool *fits)
{
	struct tenant_state tenant;
	str name = identity_assertion_tenant(audience, place->base_url);
	bool found;

	if (name.len == 0)
		name = identity_assertion_tenant(audience, S(IDENTITY_REAL_HOST));
	*fits = name.len > 0 && str_eq_nocase(name, place->given);
	if (*fits || name.len == 0 || place->any)
		return NULL;
	TRY(tenant_state_find(tx, name, &tenant, &found));
	*fits = found && str_eq(tenant.id, place->tenant.id);
	return NULL;
}

static bool is_named(const struct identity_assertion *assertion,
		     const struct identity_certificate *certificate)
{
	if (assertion->x5t_s256.len)
		return str_eq(assertion->x5t_s256, certificate->thumbprint);
	return str_eq(assertion->x5t, certificate->thumbprint_sha1);
}

static fault *is_signed(struct tx *tx, str client_id, const struct identity_assertion *assertion,
			bool *good)
{
	struct identity_certificates all;
	TRY(identity_certificate_all(tx, client_id, &all));
	*good = false;
	for (size_t i = 0; i < all.len && !*good; i++)
		*good = is_named(assertion, &all.at[i]) &&
			!instant_before(tx_now(tx), all.at[i].not_before) &&
			instant_before(tx_now(tx), all.at[i].not_after) &&
			identity_certificate_verifies(&all.at[i], assertion->algorithm,
						      assertion->text, assertion->signature);
	return NULL;
}

/* MSAL sends one assertion with every request until it runs out, so only a second assertion under
 * the id of an earlier one is a forgery or a fault. */
static fault *is_first(struct tx *tx, str client_id, const struct identity_assertion *assertion,
		       bool *first)
{
	struct identity_assertion_get seen;
	str digest = identity_token_hash(tx_arena(tx), assertion->whole);
	int64_t added;
	bool found;

	TRY(identity_assertion_sweep(tx, tx_now(tx)));
	TRY(identity_assertion_put(tx, client_id, assertion->id, digest,
				   instant_after(assertion->expires, IDENTITY_ASSERTION_SKEW),
				   &added));
	*first = added == 1;
	if (*first)
		return NULL;
	TRY(identity_assertion_get(tx, client_id, assertion->id, &seen, &found));
	*first = found && str_eq(seen.digest, digest);
	return NULL;
}

fault *identity_assertion_check(struct tx *tx, const struct identity_place *place, str client_id,
				str token, struct identity_refusal *refusal)
{
	struct identity_assertion assertion;
	bool good;

	*refusal = (struct identity_refusal){ IDENTITY_ASSERTION_MALFORMED };
	if (!identity_assertion_read(tx_arena(tx), token, &assertion))
		return NULL;
	*refusal = (struct identity_refusal){ identity_assertion_weigh(&assertion, client_id,
								       tx_now(tx)) };
	if (refusal->error != IDENTITY_FINE)
		return NULL;
	*refusal = (struct identity_refusal){ IDENTITY_ASSERTION_AUDIENCE, assertion.audience };
	TRY(is_for(tx, place, assertion.audience, &good));
	if (!good)
		return NULL;
	*refusal = (struct identity_refusal){ IDENTITY_ASSERTION_REFUSED };
	TRY(is_signed(tx, client_id, &assertion, &good));
	if (good)
		TRY(is_first(tx, client_id, &assertion, &good));
	if (good)
		*refusal = (struct identity_refusal){ IDENTITY_FINE };
	return NULL;
}
