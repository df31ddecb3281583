#include "microsoft/billing_access.h"

#include <sodium.h>

#include "billing_access_sql.h"
#include "microsoft/reading.h"
#include "microsoft/refusal.h"
#include "microsoft/sealing.h"
#include "microsoft/token.h"

/* `openid` because only an id_token says which tenant somebody signed in to: access tokens are the
 * resource's business (§1.2, §1.5). */
#define SCOPE S("openid offline_access https://management.azure.com/user_impersonation")

str billing_access_url(const struct microsoft *ms, struct arena *keep, str tenant, str redirect)
{
	const struct microsoft_settings *s = &ms->settings;

	return str_format(keep,
			  "%.*s/%.*s/oauth2/v2.0/authorize?client_id=%.*s&response_type=code"
			  "&response_mode=query&prompt=select_account&redirect_uri=%.*s&scope=%.*s",
			  STR(s->login_url), STR(remote_escape(keep, tenant)),
			  STR(remote_escape(keep, s->client_id)),
			  STR(remote_escape(keep, redirect)), STR(remote_escape(keep, SCOPE)));
}

str billing_access_go(struct arena *keep, str url, str state, str verifier)
{
	unsigned char hash[crypto_hash_sha256_BYTES];

	(void)crypto_hash_sha256(hash, (const unsigned char *)verifier.at, verifier.len);

	str challenge = str_base64url(keep, (str){ (const char *)hash, sizeof hash });

	return str_format(keep, "%.*s&state=%.*s&code_challenge=%.*s&code_challenge_method=S256",
			  STR(url), STR(remote_escape(keep, state)), STR(challenge));
}

struct keeping {
	str tenant, sealed;
	struct billing_access_kept row;
	bool found;
};

static fault *keep_body(struct tx *tx, void *with)
{
	const struct keeping *k = with;

	return billing_access_keep(tx, k->tenant, k->sealed, tx_now(tx));
}

static fault *load_body(struct tx *tx, void *with)
{
	struct keeping *k = with;

	return billing_access_kept(tx, k->tenant, &k->row, &k->found);
}

static fault *keep_refresh(struct microsoft_work *w, str tenant, str refresh)
{
	const struct microsoft_settings *s = &w->ms->settings;
	struct keeping k = { .tenant = tenant,
			     .sealed = sealing_shut(w->arena, s->world, s->seal_key, refresh) };

	return store_run(s->store, STORE_WRITE, w->arena, "billing.keep", keep_body, &k);
}

/* The tenant in an id_token.  It came from the sign-in itself over TLS in answer to our secret, so
 * its signature says nothing new (OpenID Connect Core §3.1.3.7). */
static str tenant_of(struct arena *keep, str id_token)
{
	DEFER(reading_end) json_t *claims = NULL;
	str head, payload, json;

	if (!str_next(&id_token, '.', &head) || !str_next(&id_token, '.', &payload) ||
	    !str_from_base64url(keep, payload, &json) ||
	    reading_open(json, "Microsoft's sign-in", &claims))
		return STR_NONE;
	return reading_guid(keep, claims, "tid");
}

static fault *keep_answer(struct microsoft_work *w, str tenant, str body,
			  enum billing_access_end *end)
{
	DEFER(reading_end) json_t *json = NULL;
	str access, refresh;

	TRY(reading_open(body, "Microsoft's sign-in", &json));
	refresh = reading_text(w->arena, json, "refresh_token");
	*end = BILLING_ACCESS_OTHER_TENANT;
	if (!str_eq(tenant_of(w->arena, reading_text(w->arena, json, "id_token")), tenant))
		return NULL;
	*end = BILLING_ACCESS_NOT_FOR_GOOD;
	if (str_is_empty(refresh))
		return NULL;
	TRY(keep_refresh(w, tenant, refresh));
	*end = BILLING_ACCESS_GIVEN;
	return token_keep_access(w, TOKEN_BILLING, tenant, json, &access);
}

/* The sign-in's word for a refusal; its numbers are too many to list (§1.2). */
static bool says(struct arena *keep, const struct remote_answer *answer, const char *word)
{
	DEFER(reading_end) json_t *body = NULL;

	return !reading_open(answer->body, "Microsoft's sign-in", &body) &&
	       str_eq(reading_text(keep, body, "error"), str_of(word));
}

fault *billing_access_redeem(struct microsoft_work *w, const struct billing_access_code *with,
			     enum billing_access_end *end)
{
	const struct microsoft_settings *s = &w->ms->settings;
	const struct token_field fields[] = {
		{ "grant_type", S("authorization_code") },
		{ "client_id", s->client_id },
		{ "client_secret", s->client_secret },
		{ "code", with->code },
		{ "redirect_uri", with->redirect },
		{ "code_verifier", with->verifier },
		{ "scope", SCOPE },
	};
	struct remote_answer answer;

	TRY(token_post(w, "signin.billing", with->tenant, "token", fields, COUNT(fields), &answer));
	if (answer.status == 200)
		return keep_answer(w, with->tenant, answer.body, end);
	if (!says(w->arena, &answer, "invalid_grant"))
		return refusal_of_signin(w->arena, &answer, microsoft_now(w));
	*end = BILLING_ACCESS_TOO_LATE;
	return NULL;
}

fault *billing_access_known(struct tx *tx, str tenant, bool *known)
{
	struct billing_access_kept row;

	return billing_access_kept(tx, tenant, &row, known);
}

fault *billing_access_forget(struct microsoft *ms, struct tx *tx, str tenant)
{
	if (ms)
		token_drop(ms, TOKEN_BILLING, tenant);
	return billing_access_drop(tx, tenant);
}

static fault *ended(str why)
{
	fault *f = fault_new(FAULT_DENIED, "The permission to act on the billing account has "
					   "ended. It can be given again on the administrator's "
					   "page, or everything done by hand.");

	return fault_note(fault_code(f, S(BILLING_ACCESS_ENDED)), "%.*s", STR(why));
}

/* What only the person who gave the permission can mend; the usual sentences speak of our own
 * sign-in. */
static fault *refresh_refused(struct microsoft_work *w, const struct remote_answer *answer)
{
	static const char *const words[] = { "invalid_grant", "interaction_required",
					     "consent_required" };
	fault *f = refusal_of_signin(w->arena, answer, microsoft_now(w));

	for (size_t i = 0; i < COUNT(words); i++)
		if (says(w->arena, answer, words[i]))
			return ended(f->code ? str_of(f->code) : S("no code"));
	return f;
}

static fault *refresh_of(struct microsoft_work *w, str tenant, str *refresh)
{
	const struct microsoft_settings *s = &w->ms->settings;
	struct keeping k = { .tenant = tenant };

	TRY(store_run(s->store, STORE_READ, w->arena, "billing.kept", load_body, &k));
	if (!k.found)
		return ended(S("none is kept"));
	if (!sealing_open(w->arena, s->seal_key, k.row.sealed, refresh))
		return ended(S("sealed with another key"));
	return NULL;
}

fault *billing_access_token(struct microsoft_work *w, str tenant, str *access)
{
	const struct microsoft_settings *s = &w->ms->settings;
	DEFER(reading_end) json_t *json = NULL;
	struct remote_answer answer;
	str refresh;

	TRY(refresh_of(w, tenant, &refresh));

	const struct token_field fields[] = {
		{ "grant_type", S("refresh_token") },
		{ "client_id", s->client_id },
		{ "client_secret", s->client_secret },
		{ "refresh_token", refresh },
		{ "scope", S("https://management.azure.com/user_impersonation offline_access") },
	};

	TRY(token_post(w, "signin.billing", tenant, "token", fields, COUNT(fields), &answer));
	if (answer.status != 200)
		return refresh_refused(w, &answer);
	TRY(reading_open(answer.body, "Microsoft's sign-in", &json));
	refresh = reading_text(w->arena, json, "refresh_token");
	if (!str_is_empty(refresh))
		TRY(keep_refresh(w, tenant, refresh));
	return token_keep_access(w, TOKEN_BILLING, tenant, json, access);
}
