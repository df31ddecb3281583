/* What the identity platform keeps about its tokens: the signing key, authorization codes and
 * refresh tokens.  Codes and tokens are kept as hashes; their times go by tx_now, because
 * callers compare them with their own clocks. */
#pragma once

#include "sandbox/identity_key.h"
#include "sandbox/identity_pkce.h"
#include "store/store.h"

#define IDENTITY_ACCESS_LASTS  HOURS(1)
#define IDENTITY_CODE_LASTS    MINUTES(10)
#define IDENTITY_REFRESH_LASTS DAYS(90)
#define IDENTITY_PAGE_LASTS    HOURS(24)
#define IDENTITY_DEVICE_LASTS  MINUTES(15)

/* The key that signs; made when there is none yet, so the transaction must write. */
MUST_USE fault *identity_token_key(struct tx *tx, struct identity_key **key);
/* The same for readers; *found is false before anything was signed. */
MUST_USE fault *identity_token_key_find(struct tx *tx, struct identity_key **key, bool *found);

/* A key that is published, by its name; *found is false when it is unknown or retired. */
MUST_USE fault *identity_token_key_by(struct tx *tx, str kid, struct identity_key **key,
				      bool *found);
/* A new key signs from now on; those before it stay published, and tokens of theirs are taken,
 * for `keep` microseconds at the longest. */
MUST_USE fault *identity_token_rotate(struct tx *tx, int64_t keep, str *kid);

/* What a JWKS shows of a key. */
struct identity_token_public {
	struct identity_key_public key;
	str x5c, x5t; /* its certificate, base64 of the DER form, and that one's SHA-1 */
};
struct identity_token_publics {
	struct identity_token_public *at;
	size_t len;
};
/* All published keys, the signing one first; made when there is none yet. */
MUST_USE fault *identity_token_published(struct tx *tx, struct identity_token_publics *all);

/* How long access tokens and id tokens last, in microseconds: an hour unless it was set. */
MUST_USE fault *identity_token_lasts(struct tx *tx, int64_t *micros);
/* FAULT_INPUT outside one second to a day. */
MUST_USE fault *identity_token_set_lasts(struct tx *tx, int64_t micros);

/* The hash a secret is kept under. */
str identity_token_hash(struct arena *keep, str secret);

/* What a code stands for. */
struct identity_code {
	str client_id, tenant, user, redirect, scope;
	str nonce; /* or none */
	str challenge;
	enum identity_pkce pkce;
	bool mfa;
	bool hybrid; /* an id token went with it */
};
MUST_USE fault *identity_token_code(struct tx *tx, const struct identity_code *of, str *code);
/* *good is false for a code that is unknown, expired, used, or another application's.  A good
 * one is used up by this. */
MUST_USE fault *identity_token_code_take(struct tx *tx, str code, str client_id,
					 struct identity_code *of, bool *good);

struct identity_refresh {
	str client_id, tenant, user, scope;
	bool mfa;
	bool single_page; /* ends a day after the sign-in, however often it is renewed */
	instant expires;  /* read, or for a renewed one of a single page: the first one's end */
	bool revoked;	  /* only told of a token that is not good */
};
MUST_USE fault *identity_token_refresh(struct tx *tx, const struct identity_refresh *of,
				       str *token);
/* *good is false for a token that is unknown, expired, revoked, or another application's; of a
 * revoked one it is still told whose it was.  Reading does not use it up (vendor facts §1.2). */
MUST_USE fault *identity_token_refresh_read(struct tx *tx, str token, str client_id,
					    struct identity_refresh *of, bool *good);
/* All refresh tokens an application holds in a tenant. */
MUST_USE fault *identity_token_revoke(struct tx *tx, str client_id, str tenant);
/* All refresh tokens of a person. */
MUST_USE fault *identity_token_revoke_user(struct tx *tx, str user);
