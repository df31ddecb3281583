#include "sandbox/identity_mint.h"

#include <openssl/sha.h>

#include "sandbox/identity_json.h"
#include "sandbox/identity_jwt.h"

str identity_mint_issuer(struct arena *keep, str base_url, str tenant, bool v1)
{
	return str_format(keep, "%.*s/%.*s/%s", STR(base_url), STR(tenant), v1 ? "" : "v2.0");
}

/* c_hash and at_hash: the left half of the hash (OpenID Connect Core §3.3.2.11). */
static str half_hash(struct arena *keep, str text)
{
	unsigned char hash[SHA256_DIGEST_LENGTH];
	SHA256((const unsigned char *)text.at, text.len, hash);
	return str_base64url(keep, (str){ .at = (const char *)hash, .len = sizeof(hash) / 2 });
}

/* The same person has another subject in every application, and always the same one there. */
static str subject(struct arena *keep, const struct identity_mint *mint)
{
	unsigned char hash[SHA256_DIGEST_LENGTH];
	str who = str_format(keep, "%.*s %.*s", STR(mint->application->client_id),
			     STR(mint->user->id));
	SHA256((const unsigned char *)who.at, who.len, hash);
	return str_base64url(keep, (str){ .at = (const char *)hash, .len = sizeof(hash) });
}

static void set(json_t *claims, const char *name, str value)
{
	json_object_set_new(claims, name, identity_json_str(value));
}

/* The claims every token has. */
static json_t *claims_for(struct tx *tx, const struct identity_mint *mint, str audience)
{
	struct arena *keep = tx_arena(tx);
	int64_t now = tx_now(tx).micros / SECONDS(1);
	json_t *claims = json_object();
	set(claims, "aud", audience);
	set(claims, "iss", identity_mint_issuer(keep, mint->base_url, mint->tenant->id, mint->v1));
	json_object_set_new(claims, "iat", json_integer(now));
	json_object_set_new(claims, "nbf", json_integer(now));
	json_object_set_new(claims, "exp", json_integer(now + mint->lasts / SECONDS(1)));
	set(claims, "tid", mint->tenant->id);
	set(claims, "uti", world_token(tx_world(tx), keep, 16));
	set(claims, "ver", mint->v1 ? S("1.0") : S("2.0"));
	return claims;
}

static void set_person(struct tx *tx, const struct identity_mint *mint, bool profile,
		       json_t *claims)
{
	set(claims, "oid", mint->user->id);
	set(claims, "sub", subject(tx_arena(tx), mint));
	if (profile) {
		set(claims, "name", mint->user->display_name);
		set(claims, "preferred_username", mint->user->principal_name);
	}
	if (!mint->v1)
		return;
	set(claims, "upn", mint->user->principal_name);
	set(claims, "unique_name", mint->user->principal_name);
	json_object_set_new(claims, "amr",
			    identity_json_words(mint->mfa ? S("pwd mfa") : S("pwd")));
}

fault *identity_mint_access(struct tx *tx, const struct identity_mint *mint, str *token)
{
	DEFER(identity_json_end)
	json_t *claims = claims_for(
		tx, mint,
		mint->resource == IDENTITY_API ? mint->api : identity_resource_url(mint->resource));
	const struct identity_application *application = mint->application;

	set(claims, "appid", application->client_id);
	set(claims, "azp", application->client_id);
	set(claims, "app_displayname", application->name);
	if (mint->user) {
		set_person(tx, mint, true, claims);
		set(claims, "upn", mint->user->principal_name);
		set(claims, "scp", mint->permissions);
		set(claims, "idtyp", S("user"));
		json_object_set_new(claims, "amr",
				    identity_json_words(mint->mfa ? S("pwd mfa") : S("pwd")));
	} else {
		set(claims, "oid", application->client_id);
		set(claims, "sub", application->client_id);
		set(claims, "idtyp", S("app"));
		if (!str_is_empty(mint->permissions))
			json_object_set_new(claims, "roles",
					    identity_json_words(mint->permissions));
	}
	return identity_jwt_make(mint->key, tx_arena(tx), claims, token);
}

fault *identity_mint_id(struct tx *tx, const struct identity_mint *mint, str *token)
{
	DEFER(identity_json_end)
	json_t *claims = claims_for(tx, mint, mint->application->client_id);

	set_person(tx, mint, mint->profile, claims);
	if (mint->email)
		set(claims, "email", mint->user->principal_name);
	if (!str_is_none(mint->nonce))
		set(claims, "nonce", mint->nonce);
	if (!str_is_none(mint->code))
		set(claims, "c_hash", half_hash(tx_arena(tx), mint->code));
	if (!str_is_none(mint->access))
		set(claims, "at_hash", half_hash(tx_arena(tx), mint->access));
	return identity_jwt_make(mint->key, tx_arena(tx), claims, token);
}

str identity_mint_client_info(struct arena *keep, const struct tenant_state_user *user)
{
	DEFER(identity_json_end)
	json_t *who = json_pack("{s:o, s:o}", "uid", identity_json_str(user->id), "utid",
				identity_json_str(user->tenant));
	return str_base64url(keep, identity_json_text(keep, who));
}
