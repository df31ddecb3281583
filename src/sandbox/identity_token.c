#include "sandbox/identity_token.h"

#include <openssl/sha.h>

#include "identity_token_sql.h"

fault *identity_token_key_find(struct tx *tx, struct identity_key **key, bool *found)
{
	struct identity_token_key_get row;
	TRY(identity_token_key_get(tx, &row, found));
	return *found ? identity_key_from(row.pem, key) : NULL;
}

fault *identity_token_key(struct tx *tx, struct identity_key **key)
{
	struct identity_key_public shown;
	bool found;
	str pem;
	TRY(identity_token_key_find(tx, key, &found));
	if (found)
		return NULL;
	DEFER(identity_key_end) struct identity_key *made = NULL;
	TRY(identity_key_make(&made));
	TRY(identity_key_publish(made, tx_arena(tx), &shown));
	TRY(identity_key_pem(made, tx_arena(tx), &pem));
	TRY(identity_token_key_put(tx, shown.kid, pem, tx_now(tx)));
	return identity_key_from(pem, key);
}

str identity_token_hash(struct arena *keep, str secret)
{
	unsigned char hash[SHA256_DIGEST_LENGTH];
	SHA256((const unsigned char *)(secret.at ? secret.at : ""), secret.len, hash);
	return str_hex(keep, (str){ .at = (const char *)hash, .len = sizeof(hash) });
}

/* Which kind of secret it is can be seen at its beginning, as with the vendor's. */
static str secret_new(struct tx *tx, const char *kind)
{
	str random = world_token(tx_world(tx), tx_arena(tx), 32);
	return str_format(tx_arena(tx), "%s.%.*s", kind, STR(random));
}

fault *identity_token_code(struct tx *tx, const struct identity_code *of, str *code)
{
	str made = secret_new(tx, "0");
	TRY(identity_token_code_sweep(tx, tx_now(tx)));
	TRY(identity_token_code_put(
		tx, &(struct identity_token_code_put_in){
			    .code = identity_token_hash(tx_arena(tx), made),
			    .client_id = of->client_id,
			    .tenant = of->tenant,
			    .user = of->user,
			    .redirect = of->redirect,
			    .scope = of->scope,
			    .nonce = of->nonce,
			    .challenge = of->challenge,
			    .method = str_of(identity_pkce_word(of->pkce)),
			    .mfa = of->mfa,
			    .expires = instant_after(tx_now(tx), IDENTITY_CODE_LASTS) }));
	*code = made;
	return NULL;
}

fault *identity_token_code_take(struct tx *tx, str code, str client_id, struct identity_code *of,
				bool *good)
{
	struct identity_token_code_get row;
	str hash = identity_token_hash(tx_arena(tx), code);
	bool found;
	int64_t used;

	*good = false;
	TRY(identity_token_code_get(tx, hash, &row, &found));
	if (!found || !str_eq(row.client_id, client_id) || !instant_before(tx_now(tx), row.expires))
		return NULL;
	TRY(identity_token_code_use(tx, hash, tx_now(tx), &used));
	*good = used == 1;
	*of = (struct identity_code){ .client_id = row.client_id,
				      .tenant = row.tenant,
				      .user = row.user,
				      .redirect = row.redirect,
				      .scope = row.scope,
				      .nonce = row.nonce,
				      .challenge = row.challenge,
				      .pkce = identity_pkce_of_word(row.method),
				      .mfa = row.mfa };
	return NULL;
}

fault *identity_token_refresh(struct tx *tx, const struct identity_refresh *of, str *token)
{
	str made = secret_new(tx, "1");
	TRY(identity_token_refresh_sweep(tx, tx_now(tx)));
	TRY(identity_token_refresh_put(
		tx, &(struct identity_token_refresh_put_in){
			    .token = identity_token_hash(tx_arena(tx), made),
			    .client_id = of->client_id,
			    .tenant = of->tenant,
			    .user = of->user,
			    .scope = of->scope,
			    .mfa = of->mfa,
			    .expires = instant_after(tx_now(tx), IDENTITY_REFRESH_LASTS) }));
	*token = made;
	return NULL;
}

fault *identity_token_refresh_read(struct tx *tx, str token, str client_id,
				   struct identity_refresh *of, bool *good)
{
	struct identity_token_refresh_get row;
	bool found;
	*good = false;
	*of = (struct identity_refresh){ .revoked = false };
	TRY(identity_token_refresh_get(tx, identity_token_hash(tx_arena(tx), token), &row, &found));
	if (!found || !str_eq(row.client_id, client_id) || !instant_before(tx_now(tx), row.expires))
		return NULL;
	*of = (struct identity_refresh){ .client_id = row.client_id,
					 .tenant = row.tenant,
					 .user = row.user,
					 .scope = row.scope,
					 .mfa = row.mfa,
					 .revoked = !instant_is_none(row.revoked) };
	*good = !of->revoked;
	return NULL;
}

fault *identity_token_revoke(struct tx *tx, str client_id, str tenant)
{
	return identity_token_refresh_drop(tx, client_id, tenant, tx_now(tx));
}
