#include "microsoft/token.h"

#include <stdlib.h>
#include <string.h>

#include "microsoft/asking.h"
#include "microsoft/billing_access.h"
#include "microsoft/reading.h"
#include "microsoft/refusal.h"
#include "microsoft/sealing.h"
#include "microsoft/signin.h"
#include "refresh_sql.h"

/* A token is renewed this long before its end, so that none ends on its way. */
static const int64_t renewed_before = MINUTES(2);

static struct token_kept *kept_find(struct microsoft *ms, enum token_kind kind, str tenant)
{
	for (size_t i = 0; i < ms->token_count; i++)
		if (ms->tokens[i].kind == kind &&
		    str_eq_nocase(str_of(ms->tokens[i].tenant), tenant))
			return &ms->tokens[i];
	return NULL;
}

static void kept_remove(struct microsoft *ms, struct token_kept *kept)
{
	free(kept->access);
	*kept = ms->tokens[--ms->token_count];
}

/* The one that ends first makes room. */
static void make_room(struct microsoft *ms)
{
	struct token_kept *first = &ms->tokens[0];

	if (ms->token_count < TOKENS_KEPT)
		return;
	for (size_t i = 1; i < ms->token_count; i++)
		if (instant_before(ms->tokens[i].until, first->until))
			first = &ms->tokens[i];
	kept_remove(ms, first);
}

static bool cached(struct microsoft_work *w, enum token_kind kind, str tenant, str *access)
{
	struct microsoft *ms = w->ms;

	(void)pthread_mutex_lock(&ms->lock);

	struct token_kept *kept = kept_find(ms, kind, tenant);
	bool usable = kept && instant_before(microsoft_now(w), kept->until);

	if (usable)
		*access = str_copy(w->arena, str_of(kept->access));
	(void)pthread_mutex_unlock(&ms->lock);
	return usable;
}

static void kept_put(struct microsoft *ms, const struct token_kept *made)
{
	(void)pthread_mutex_lock(&ms->lock);

	struct token_kept *old = kept_find(ms, made->kind, str_of(made->tenant));

	if (old)
		kept_remove(ms, old);
	make_room(ms);
	ms->tokens[ms->token_count++] = *made;
	(void)pthread_mutex_unlock(&ms->lock);
}

static void keep_access(struct microsoft_work *w, enum token_kind kind, str tenant, str access,
			int64_t seconds)
{
	struct token_kept made = { .kind = kind };

	if (tenant.len >= sizeof(made.tenant))
		return; /* without a place to keep it, the next call asks again */
	memcpy(made.tenant, tenant.at, tenant.len);
	made.until = instant_after(microsoft_now(w), SECONDS(seconds) - renewed_before);
	made.access = strndup(access.at, access.len);
	if (made.access)
		kept_put(w->ms, &made);
}

/* The partner's own tokens are of our tenant, whoever is asked about. */
static str owner_of(const struct microsoft *ms, enum token_kind kind, str tenant)
{
	return kind == TOKEN_GRAPH || kind == TOKEN_BILLING ? tenant : ms->settings.partner_tenant;
}

void token_drop(struct microsoft *ms, enum token_kind kind, str tenant)
{
	(void)pthread_mutex_lock(&ms->lock);

	struct token_kept *kept = kept_find(ms, kind, owner_of(ms, kind, tenant));

	if (kept)
		kept_remove(ms, kept);
	(void)pthread_mutex_unlock(&ms->lock);
}

void token_forget_all(struct microsoft *ms)
{
	while (ms->token_count > 0)
		kept_remove(ms, &ms->tokens[0]);
}

fault *token_post(struct microsoft_work *w, const char *name, str tenant, const char *path,
		  const struct token_field *fields, size_t count, struct remote_answer *answer)
{
	const struct microsoft_settings *s = &w->ms->settings;
	struct text form = text_open(w->arena);
	struct remote_header headers[] = {
		{ "Content-Type", S("application/x-www-form-urlencoded"), false },
		{ "Accept", S("application/json"), false },
		{ "client-request-id", microsoft_new_guid(w), false },
	};
	struct remote_call call = {
		.name = name,
		.method = "POST",
		.url = str_format(w->arena, "%.*s/%.*s/oauth2/v2.0/%s", STR(s->login_url),
				  STR(remote_escape(w->arena, tenant)), path),
		.headers = headers,
		.header_count = COUNT(headers),
		.most = 1024 * 1024,
		.repeatable = true,
	};

	for (size_t i = 0; i < count; i++)
		text_format(&form, "%s%s=%.*s", i ? "&" : "", fields[i].name,
			    STR(remote_escape(w->arena, fields[i].value)));
	call.body = text_str(&form);
	return asking_send(w, w->arena, &call, headers[2].value, "x-ms-request-id", answer);
}

static fault *access_of(struct microsoft_work *w, const json_t *answer, str *access,
			int64_t *seconds)
{
	*access = reading_text(w->arena, answer, "access_token");
	/* v1 answers have it as text (§1.7). */
	*seconds = reading_number(answer, "expires_in", 0);
	if (str_is_empty(*access))
		return fault_new(FAULT_REMOTE,
				 "Microsoft's sign-in sent no token. It is tried again by itself.");
	return NULL;
}

static fault *access_read(struct microsoft_work *w, str body, json_t **json, str *access,
			  int64_t *seconds)
{
	TRY(reading_open(body, "Microsoft's sign-in", json));
	return access_of(w, *json, access, seconds);
}

fault *token_keep_access(struct microsoft_work *w, enum token_kind kind, str tenant,
			 const json_t *answer, str *access)
{
	int64_t seconds;

	TRY(access_of(w, answer, access, &seconds));
	keep_access(w, kind, tenant, *access, seconds);
	return NULL;
}

static fault *app_token(struct microsoft_work *w, enum token_kind kind, str tenant, str *access)
{
	const struct microsoft_settings *s = &w->ms->settings;
	const struct token_field fields[] = {
		{ "grant_type", S("client_credentials") },
		{ "client_id", s->client_id },
		{ "client_secret", s->client_secret },
		{ "scope", kind == TOKEN_GRAPH
				   ? S("https://graph.microsoft.com/.default")
				   : S("https://api.partnercenter.microsoft.com/.default") },
	};
	DEFER(reading_end) json_t *json = NULL;
	struct remote_answer answer;
	int64_t seconds;

	TRY(token_post(w, "signin.token", tenant, "token", fields, COUNT(fields), &answer));
	if (answer.status != 200)
		return refusal_of_signin(w->arena, &answer, microsoft_now(w));
	TRY(access_read(w, answer.body, &json, access, &seconds));
	keep_access(w, kind, tenant, *access, seconds);
	return NULL;
}

struct keeping {
	str tenant, sealed;
	struct refresh_kept row;
	bool found;
};

static fault *refresh_store(struct tx *tx, void *with)
{
	const struct keeping *k = with;

	return refresh_keep(tx, k->tenant, k->sealed, tx_now(tx));
}

fault *token_keep_user(struct microsoft_work *w, str body)
{
	const struct microsoft_settings *s = &w->ms->settings;
	DEFER(reading_end) json_t *json = NULL;
	str access, refresh;
	int64_t seconds;

	TRY(access_read(w, body, &json, &access, &seconds));
	keep_access(w, TOKEN_PARTNER_USER, s->partner_tenant, access, seconds);
	refresh = reading_text(w->arena, json, "refresh_token");
	if (str_is_empty(refresh))
		return NULL; /* the one we hold stays good */

	struct keeping k = { .tenant = s->partner_tenant,
			     .sealed = sealing_shut(w->arena, s->world, s->seal_key, refresh) };

	return store_run(s->store, STORE_WRITE, w->arena, "signin.keep", refresh_store, &k);
}

static fault *refresh_load(struct tx *tx, void *with)
{
	struct keeping *k = with;

	return refresh_kept(tx, k->tenant, &k->row, &k->found);
}

static fault *refresh_token(struct microsoft_work *w, str *refresh)
{
	const struct microsoft_settings *s = &w->ms->settings;
	struct keeping k = { .tenant = s->partner_tenant };

	TRY(store_run(s->store, STORE_READ, w->arena, "signin.kept", refresh_load, &k));
	if (!k.found)
		return fault_new(FAULT_DENIED,
				 "Nobody has signed in to Partner Center yet. Sign in once with "
				 "\"novate connect\".");
	if (!sealing_open(w->arena, s->seal_key, k.row.sealed, refresh))
		return fault_new(FAULT_DENIED, "Our sign-in at Microsoft was sealed with another "
					       "key. Sign in again with \"novate connect\".");
	return NULL;
}

static fault *user_token(struct microsoft_work *w, str *access)
{
	const struct microsoft_settings *s = &w->ms->settings;
	struct remote_answer answer;
	str refresh;

	TRY(refresh_token(w, &refresh));

	const struct token_field fields[] = {
		{ "grant_type", S("refresh_token") },
		{ "client_id", s->client_id },
		{ "client_secret", s->client_secret },
		{ "refresh_token", refresh },
		{ "scope", S("https://api.partnercenter.microsoft.com/user_impersonation "
			     "offline_access") },
	};

	TRY(token_post(w, "signin.refresh", s->partner_tenant, "token", fields, COUNT(fields),
		       &answer));
	if (answer.status != 200)
		return refusal_of_signin(w->arena, &answer, microsoft_now(w));
	TRY(token_keep_user(w, answer.body));
	if (!cached(w, TOKEN_PARTNER_USER, s->partner_tenant, access)) {
		DEFER(reading_end) json_t *json = NULL;
		int64_t seconds;

		return access_read(w, answer.body, &json, access, &seconds);
	}
	return NULL;
}

fault *token_take(struct microsoft_work *w, enum token_kind kind, str tenant, str *access)
{
	tenant = owner_of(w->ms, kind, tenant);
	if (cached(w, kind, tenant, access))
		return NULL;
	switch (kind) {
	case TOKEN_GRAPH:
	case TOKEN_PARTNER_APP: return app_token(w, kind, tenant, access);
	case TOKEN_PARTNER_USER: return user_token(w, access);
	case TOKEN_BILLING: return billing_access_token(w, tenant, access);
	}
	return fault_new(FAULT_BUG, "There is no token of this kind.");
}
