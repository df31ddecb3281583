#include "sandbox/identity_token.h"

#include <openssl/sha.h>

#include "identity_token_sql.h"
#include "sandbox/identity_certificate.h"
#include "sandbox/sandbox_setting.h"

#define CERTIFICATE_LASTS DAYS(1825)

fault *identity_token_key_find(struct tx *tx, struct identity_key **key, bool *found)
{
	struct identity_token_key_get row;
	TRY(identity_token_key_get(tx, &row, found));
	return *found ? identity_key_from(row.pem, key) : NULL;
}

fault *identity_token_key_by(struct tx *tx, str kid, struct identity_key **key, bool *found)
{
	struct identity_token_key_named row;
	TRY(identity_token_key_named(tx, kid, tx_now(tx), &row, found));
	return *found ? identity_key_from(row.pem, key) : NULL;
}

static fault *key_new(struct tx *tx, struct identity_key **key, str *kid)
{
	struct identity_key_public shown;
	DEFER(identity_key_end) struct identity_key *made = NULL;
	str pem, certificate;
	TRY(identity_key_make(&made));
	TRY(identity_key_publish(made, tx_arena(tx), &shown));
	TRY(identity_key_pem(made, tx_arena(tx), &pem));
	TRY(identity_key_certificate(made, tx_arena(tx), "novate-sandbox sign-in", tx_now(tx),
				     CERTIFICATE_LASTS, &certificate));
	*kid = shown.kid;
	TRY(identity_token_key_put(tx, shown.kid, pem, certificate, tx_now(tx)));
	return identity_key_from(pem, key);
}

fault *identity_token_key(struct tx *tx, struct identity_key **key)
{
	bool found;
	str kid;
	TRY(identity_token_key_find(tx, key, &found));
	return found ? NULL : key_new(tx, key, &kid);
}

fault *identity_token_rotate(struct tx *tx, int64_t keep, str *kid)
{
	DEFER(identity_key_end) struct identity_key *key = NULL;
	TRY(identity_token_key_retire(tx, instant_after(tx_now(tx), keep)));
	return key_new(tx, &key, kid);
}

/* What stands between the lines of a PEM text is the base64 of the DER form. */
static str inside(struct arena *keep, str pem)
{
	struct text out = text_open(keep);
	for (str rest = pem, line; str_next(&rest, '\n', &line);)
		if (line.len && !str_starts(line, S("-----")))
			text_add(&out, line);
	return text_str(&out);
}

static fault *published(struct tx *tx, const struct identity_token_key_list *row,
			struct identity_token_public *made)
{
	struct identity_certificate certificate;
	DEFER(identity_key_end) struct identity_key *key = NULL;
	TRY(identity_key_from(row->pem, &key));
	TRY(identity_key_publish(key, tx_arena(tx), &made->key));
	made->x5c = made->x5t = S("");
	if (str_is_none(row->certificate)) /* of a state file made by an older program */
		return NULL;
	TRY(identity_certificate_read(tx_arena(tx), row->certificate, &certificate));
	made->x5c = inside(tx_arena(tx), row->certificate);
	made->x5t = certificate.thumbprint_sha1;
	return NULL;
}

fault *identity_token_published(struct tx *tx, struct identity_token_publics *all)
{
	struct identity_token_key_list_list rows;
	DEFER(identity_key_end) struct identity_key *key = NULL;
	TRY(identity_token_key(tx, &key));
	TRY(identity_token_key_list(tx, tx_now(tx), &rows));
	all->len = rows.len;
	all->at = NEW_ARRAY(tx_arena(tx), struct identity_token_public, rows.len + 1);
	for (size_t i = 0; i < rows.len; i++)
		TRY(published(tx, &rows.at[i], &all->at[i]));
	return NULL;
}

fault *identity_token_lasts(struct tx *tx, int64_t *micros)
{
	str value;
	TRY(sandbox_setting_get(tx, S("token_lifetime"), &value));
	if (!str_to_int64(value, micros))
		*micros = IDENTITY_ACCESS_LASTS;
	return NULL;
}

fault *identity_token_set_lasts(struct tx *tx, int64_t micros)
{
	if (micros < SECONDS(1) || micros > DAYS(1))
		return fault_new(FAULT_INPUT, "Tokens last one second to a day.");
	return sandbox_setting_put(tx, S("token_lifetime"),
				   str_format(tx_arena(tx), "%lld", (long long)micros));
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
			    .hybrid = of->hybrid,
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
				      .mfa = row.mfa,
				      .hybrid = row.hybrid };
	return NULL;
}

static instant refresh_end(const struct identity_refresh *of, instant now)
{
	if (!of->single_page)
		return instant_after(now, IDENTITY_REFRESH_LASTS);
	return instant_is_none(of->expires) ? instant_after(now, IDENTITY_PAGE_LASTS) : of->expires;
}

fault *identity_token_refresh(struct tx *tx, const struct identity_refresh *of, str *token)
{
	str made = secret_new(tx, "1");
	TRY(identity_token_refresh_sweep(tx, tx_now(tx)));
	TRY(identity_token_refresh_put(tx, &(struct identity_token_refresh_put_in){
						   .token = identity_token_hash(tx_arena(tx), made),
						   .client_id = of->client_id,
						   .tenant = of->tenant,
						   .user = of->user,
						   .scope = of->scope,
						   .mfa = of->mfa,
						   .page = of->single_page,
						   .expires = refresh_end(of, tx_now(tx)) }));
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
					 .single_page = row.single_page,
					 .expires = row.expires,
					 .revoked = !instant_is_none(row.revoked) };
	*good = !of->revoked;
	return NULL;
}

fault *identity_token_revoke(struct tx *tx, str client_id, str tenant)
{
	return identity_token_refresh_drop(tx, client_id, tenant, tx_now(tx));
}

fault *identity_token_revoke_user(struct tx *tx, str user)
{
	return identity_token_refresh_drop_user(tx, user, tx_now(tx));
}
