#include "sandbox/identity_ask.h"

#include "sandbox/identity_permission.h"

static str parameter(struct request *rq, const char *name)
{
	str value = request_query(rq, name);
	return str_is_none(value) ? S("") : value;
}

/* Who asks, and where the answer goes: a refusal here is shown, never sent. */
static fault *read_application(struct request *rq, struct identity_ask *ask,
			       struct identity_refusal *refusal)
{
	str client_id = parameter(rq, "client_id");
	bool found;

	if (str_is_empty(client_id)) {
		*refusal = (struct identity_refusal){ IDENTITY_MISSING, S("'client_id'.") };
		return NULL;
	}
	if (!ask->place.known) {
		*refusal = (struct identity_refusal){ IDENTITY_NO_TENANT, ask->place.given };
		return NULL;
	}
	TRY(identity_application_find(request_tx(rq), client_id, &ask->application, &found));
	if (!found) {
		*refusal = (struct identity_refusal){ IDENTITY_NO_APPLICATION, client_id };
		return NULL;
	}
	*refusal = (struct identity_refusal){ identity_place_admits(&ask->place, &ask->application),
					      client_id };
	if (refusal->error != IDENTITY_FINE)
		return NULL;
	ask->redirect = parameter(rq, "redirect_uri");
	/* It may be left out when there is exactly one (RFC 6749 §3.1.2.3). */
	str lines = ask->application.redirects, only, more;
	if (str_is_empty(ask->redirect) && str_next(&lines, '\n', &only) &&
	    (!str_next(&lines, '\n', &more) || more.len == 0))
		ask->redirect = only;
	ask->redirect_good = identity_redirect_is_registered(ask->application.redirects,
							     ask->redirect);
	if (!ask->redirect_good)
		*refusal = (struct identity_refusal){ IDENTITY_BAD_REDIRECT, ask->redirect };
	return NULL;
}

static bool read_prompt(str word, bool v1, enum identity_prompt *prompt)
{
	static const struct {
		const char *word;
		enum identity_prompt prompt;
		bool v1_only;
	} words[] = {
		{ "", IDENTITY_PROMPT_DEFAULT, false },
		{ "login", IDENTITY_PROMPT_LOGIN, false },
		{ "select_account", IDENTITY_PROMPT_ACCOUNT, false },
		{ "none", IDENTITY_PROMPT_NONE, false },
		{ "consent", IDENTITY_PROMPT_CONSENT, false },
		{ "create", IDENTITY_PROMPT_LOGIN, false },
		{ "admin_consent", IDENTITY_PROMPT_ADMIN, true },
	};
	for (size_t i = 0; i < COUNT(words); i++) {
		if (!str_eq(word, str_of(words[i].word)) || (words[i].v1_only && !v1))
			continue;
		*prompt = words[i].prompt;
		return true;
	}
	return false;
}

/* "code", "id_token" or both, in any order; "token" is not on offer. */
static bool read_type(str type, struct identity_ask *ask)
{
	for (str rest = type, word; str_next(&rest, ' ', &word);) {
		if (str_eq(word, S("code")))
			ask->wants_code = true;
		else if (str_eq(word, S("id_token")))
			ask->wants_id_token = true;
		else if (word.len)
			return false;
	}
	return ask->wants_code || ask->wants_id_token;
}

/* An id token never stands in a query, where servers' logs would keep it. */
static bool read_mode(str word, struct identity_ask *ask)
{
	bool known = identity_response_mode_from(word, &ask->mode);
	bool fits = !ask->wants_id_token || ask->mode != IDENTITY_QUERY || word.len == 0;
	if (ask->wants_id_token && ask->mode == IDENTITY_QUERY)
		ask->mode = IDENTITY_FRAGMENT;
	return known && fits;
}

fault *identity_ask_resource(struct tx *tx, const struct identity_scope *scope,
			     enum identity_scope_state *state)
{
	const struct identity_scope_part *part = &scope->of[IDENTITY_API];
	struct identity_application serves;
	bool found;

	if (*state != IDENTITY_SCOPE_GOOD || (!part->all && str_is_empty(part->names)))
		return NULL;
	TRY(identity_application_find(tx, scope->api, &serves, &found));
	if (!found)
		*state = IDENTITY_SCOPE_NO_RESOURCE;
	return NULL;
}

fault *identity_ask_scope(struct request *rq, str asked, str own, struct identity_scope *made,
			  struct identity_refusal *refusal)
{
	enum identity_scope_state state = identity_scope_read(request_arena(rq), asked, own, made);

	TRY(identity_ask_resource(request_tx(rq), made, &state));
	*refusal = (struct identity_refusal){ state == IDENTITY_SCOPE_GOOD  ? IDENTITY_FINE
					      : state == IDENTITY_SCOPE_BAD ? IDENTITY_BAD_SCOPE
									    : IDENTITY_NO_RESOURCE,
					      state == IDENTITY_SCOPE_GOOD ? S("") : asked };
	return NULL;
}

/* In version 1 a resource stands in place of scopes; without one it is scopes again. */
static fault *read_scope(struct request *rq, struct identity_ask *ask,
			 struct identity_refusal *refusal)
{
	str scope = parameter(rq, "scope"), asked = scope;
	if (ask->v1)
		asked = identity_scope_of_resource(request_arena(rq), parameter(rq, "resource"),
						   scope);
	*refusal = (struct identity_refusal){ IDENTITY_MISSING, S("'scope'.") };
	if (str_is_empty(asked))
		return NULL;
	TRY(identity_ask_scope(rq, asked, ask->place.base_url, &ask->scope, refusal));
	if (refusal->error == IDENTITY_FINE && ask->wants_id_token && !ask->scope.openid)
		*refusal = (struct identity_refusal){ IDENTITY_BAD_SCOPE, S("'openid'.") };
	return NULL;
}

static struct identity_refusal read_rest(struct request *rq, struct identity_ask *ask)
{
	str type = parameter(rq, "response_type"), method = parameter(rq, "code_challenge_method");
	bool typed = read_type(type, ask), sent = read_mode(parameter(rq, "response_mode"), ask);
	if (str_is_empty(type))
		return (struct identity_refusal){ IDENTITY_MISSING, S("'response_type'.") };
	if (!typed)
		return (struct identity_refusal){ IDENTITY_BAD_RESPONSE_TYPE, type };
	if (!sent)
		return (struct identity_refusal){ IDENTITY_BAD_REQUEST, S("'response_mode'.") };
	if (ask->wants_id_token && str_is_empty(ask->nonce))
		return (struct identity_refusal){ IDENTITY_MISSING, S("'nonce'.") };
	if (!identity_pkce_from(ask->challenge, method, &ask->pkce))
		return (struct identity_refusal){ IDENTITY_BAD_REQUEST,
						  S("'code_challenge' and "
						    "'code_challenge_method'.") };
	if (ask->wants_code && ask->pkce == IDENTITY_PKCE_NONE &&
	    identity_redirect_is_registered(ask->application.pages, ask->redirect))
		return (struct identity_refusal){ IDENTITY_PKCE_NEEDED, S("'code_challenge'.") };
	if (!read_prompt(parameter(rq, "prompt"), ask->v1, &ask->prompt))
		return (struct identity_refusal){ IDENTITY_BAD_REQUEST, S("'prompt'.") };
	return (struct identity_refusal){ IDENTITY_FINE };
}

fault *identity_ask_read(struct request *rq, bool v1, struct identity_ask *ask,
			 struct identity_refusal *refusal)
{
	*ask = (struct identity_ask){ .v1 = v1,
				      .state = parameter(rq, "state"),
				      .nonce = request_query(rq, "nonce"),
				      .challenge = parameter(rq, "code_challenge"),
				      .hint = parameter(rq, "login_hint"),
				      .domain_hint = parameter(rq, "domain_hint") };
	*refusal = (struct identity_refusal){ IDENTITY_FINE };
	TRY(identity_place_of(rq, &ask->place));
	TRY(read_application(rq, ask, refusal));
	if (refusal->error == IDENTITY_FINE)
		*refusal = read_rest(rq, ask);
	return refusal->error == IDENTITY_FINE ? read_scope(rq, ask, refusal) : NULL;
}

fault *identity_ask_is_global(struct tx *tx, const struct tenant_state_user *user, bool *global)
{
	return tenant_state_has_role(tx, user->id, S("Global Administrator"), global);
}

static str openid_words(struct arena *keep, const struct identity_scope *scope)
{
	struct text words = text_open(keep);
	if (scope->openid)
		text_add(&words, S("openid "));
	if (scope->profile)
		text_add(&words, S("profile "));
	if (scope->email)
		text_add(&words, S("email "));
	if (scope->offline)
		text_add(&words, S("offline_access "));
	return text_str(&words);
}

/* What one resource is asked for, and which of it nobody granted yet. */
static fault *wish_of(struct tx *tx, const struct identity_application *application,
		      const struct identity_scope *scope, enum identity_resource resource,
		      str tenant, const struct tenant_state_user *user, struct identity_wish *wish)
{
	const struct identity_scope_part *part = &scope->of[resource];
	struct arena *keep = tx_arena(tx);
	str granted, listed = S(""), values = part->names;

	TRY(identity_application_granted(tx, application, tenant, resource, IDENTITY_SCOPE,
					 user->id, &granted));
	/* "/.default" asks only where nothing was granted: for all that is registered. */
	if (part->all && str_is_empty(granted))
		TRY(identity_application_wants(tx, application, resource, IDENTITY_SCOPE, &listed));
	values = identity_scope_join(keep, values, listed);
	/* Who only signs in consents to that as to reading the own profile. */
	if (str_is_empty(values) && resource == scope->resource &&
	    (!part->all || str_is_empty(granted)))
		values = resource == IDENTITY_API ? S("access_as_user") : S("User.Read");
	str missing = identity_scope_minus(keep, values, granted);
	wish->values[resource] = values;
	wish->shown = identity_scope_join(keep, wish->shown, values);
	wish->missing = identity_scope_join(keep, wish->missing, missing);
	for (str rest = missing, value; str_next(&rest, ' ', &value);)
		wish->needs_admin = wish->needs_admin || identity_permission_needs_admin(value);
	return NULL;
}

fault *identity_ask_wish(struct tx *tx, const struct identity_application *application,
			 const struct identity_scope *scope, str tenant,
			 const struct tenant_state_user *user, struct identity_wish *wish)
{
	*wish = (struct identity_wish){ .shown = openid_words(tx_arena(tx), scope),
					.missing = S("") };
	for (int i = 0; i < IDENTITY_RESOURCE_COUNT; i++)
		TRY(wish_of(tx, application, scope, (enum identity_resource)i, tenant, user, wish));
	wish->consented = str_is_empty(wish->missing);
	return identity_ask_is_global(tx, user, &wish->may_decide);
}

fault *identity_ask_grant(struct tx *tx, const struct identity_application *application,
			  const struct identity_wish *wish, str tenant, str user)
{
	for (int i = 0; i < IDENTITY_RESOURCE_COUNT; i++)
		TRY(identity_application_consent(tx, application, tenant, (enum identity_resource)i,
						 wish->values[i], user));
	return NULL;
}
