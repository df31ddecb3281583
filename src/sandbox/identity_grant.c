/* The token endpoint: every grant (vendor facts §1.2, client facts §2). */
#include "sandbox/fault_rule.h"
#include "sandbox/identity.h"
#include "sandbox/identity_ask.h"
#include "sandbox/identity_client.h"
#include "sandbox/identity_device.h"
#include "sandbox/identity_json.h"
#include "sandbox/identity_mint.h"
#include "sandbox/identity_token.h"

/* One request at the token endpoint. */
struct grant {
	struct request *rq;
	struct reply *to;
	struct identity_place place;
	struct identity_client client;
	int64_t lasts; /* of the tokens it gets, in microseconds */
};

/* A person's grant, whatever it came by. */
struct person {
	str user, scope;
	str nonce;
	bool mfa;
};

static fault *refuse(struct grant *g, enum identity_error error, str about)
{
	return identity_error_reply(g->rq, g->to, &(struct identity_refusal){ error, about });
}

static str form(struct grant *g, const char *name)
{
	str value = request_form(g->rq, name);
	return str_is_none(value) ? S("") : value;
}

static fault *answer(struct grant *g, json_t *says)
{
	reply_header(g->to, "Cache-Control", S("no-store"));
	reply_header(g->to, "Pragma", S("no-cache"));
	return reply_json(g->to, 200, identity_json_text(request_arena(g->rq), says));
}

/* What every answer has. */
static json_t *answer_of(const struct grant *g, str access_token)
{
	int64_t lasts = g->lasts / SECONDS(1) - 1;
	return json_pack("{s:s, s:I, s:I, s:o}", "token_type", "Bearer", "expires_in",
			 (json_int_t)lasts, "ext_expires_in", (json_int_t)lasts, "access_token",
			 identity_json_str(access_token));
}

static fault *refuse_scope(struct grant *g, enum identity_scope_state state, str scope)
{
	switch (state) {
	case IDENTITY_SCOPE_NO_RESOURCE: return refuse(g, IDENTITY_NO_RESOURCE, scope);
	case IDENTITY_SCOPE_GOOD:
	case IDENTITY_SCOPE_BAD: break;
	}
	return refuse(g, IDENTITY_BAD_SCOPE, scope);
}

static bool is_default_scope(const struct identity_scope *scope)
{
	const struct identity_scope_part *part = identity_scope_main(scope);
	return part->all && str_is_empty(part->names) && str_find(scope->asked, S(" ")) < 0;
}

static fault *roles_of(struct grant *g, enum identity_resource resource, str *roles)
{
	struct tx *tx = request_tx(g->rq);
	const struct identity_application *application = &g->client.application;
	/* At home the registration itself is the consent. */
	if (str_eq(application->tenant, g->place.tenant.id))
		return identity_application_wants(tx, application, resource, IDENTITY_ROLE, roles);
	return identity_application_granted(tx, application, g->place.tenant.id, resource,
					    IDENTITY_ROLE, STR_NONE, roles);
}

static fault *application_token(struct grant *g, const struct identity_scope *scope)
{
	str roles, token;
	struct tx *tx = request_tx(g->rq);
	DEFER(identity_key_end) struct identity_key *key = NULL;

	TRY(roles_of(g, scope->resource, &roles));
	TRY(identity_token_key(tx, &key));
	TRY(identity_mint_access(tx,
				 &(struct identity_mint){ .key = key,
							  .base_url = g->place.base_url,
							  .tenant = &g->place.tenant,
							  .application = &g->client.application,
							  .resource = scope->resource,
							  .lasts = g->lasts,
							  .permissions = roles },
				 &token));
	DEFER(identity_json_end) json_t *says = answer_of(g, token);
	return answer(g, says);
}

static fault *client_credentials(struct grant *g)
{
	struct identity_scope scope;
	str asked = form(g, "scope");
	bool known;

	if (g->place.any)
		return refuse(g, IDENTITY_TENANT_NEEDED, S(""));
	TRY(identity_application_is_known(request_tx(g->rq), &g->client.application,
					  g->place.tenant.id, &known));
	if (!known)
		return refuse(g, IDENTITY_NO_APPLICATION, g->client.application.client_id);
	if (!g->client.proved)
		return refuse(g, IDENTITY_NO_SECRET, S(""));
	if (str_is_empty(asked))
		return refuse(g, IDENTITY_MISSING, S("'scope'."));
	enum identity_scope_state state = identity_scope_read(request_arena(g->rq), asked,
							      g->place.base_url, &scope);
	if (state == IDENTITY_SCOPE_NO_RESOURCE)
		return refuse(g, IDENTITY_NO_RESOURCE, asked);
	if (state != IDENTITY_SCOPE_GOOD || !is_default_scope(&scope))
		return refuse(g, IDENTITY_NOT_DEFAULT_SCOPE, asked);
	return application_token(g, &scope);
}

/* The permissions a person's token gets; *consented is false when one of them was never granted. */
static fault *scopes_of(struct grant *g, const struct identity_scope *scope,
			const struct tenant_state_user *user, str *scopes, bool *consented)
{
	struct tx *tx = request_tx(g->rq);
	struct identity_wish wish;
	TRY(identity_ask_wish(tx, &g->client.application, scope, user, &wish));
	*consented = wish.consented;
	*scopes = wish.shown;
	if (!identity_scope_main(scope)->all)
		return NULL;
	return identity_application_granted(tx, &g->client.application, user->tenant,
					    scope->resource, IDENTITY_SCOPE, user->id, scopes);
}

static fault *add_refresh(struct grant *g, json_t *says, const struct person *person,
			  const struct tenant_state_user *user)
{
	str token;
	TRY(identity_token_refresh(
		request_tx(g->rq),
		&(struct identity_refresh){ .client_id = g->client.application.client_id,
					    .tenant = user->tenant,
					    .user = user->id,
					    .scope = person->scope,
					    .mfa = person->mfa },
		&token));
	json_object_set_new(says, "refresh_token", identity_json_str(token));
	return NULL;
}

static fault *add_id_token(struct grant *g, json_t *says, const struct identity_mint *mint)
{
	str token;
	TRY(identity_mint_id(request_tx(g->rq), mint, &token));
	json_object_set_new(says, "id_token", identity_json_str(token));
	return NULL;
}

static fault *person_answer(struct grant *g, const struct person *person,
			    const struct identity_scope *scope, const struct identity_mint *mint)
{
	struct arena *keep = request_arena(g->rq);
	str access;
	TRY(identity_mint_access(request_tx(g->rq), mint, &access));
	DEFER(identity_json_end) json_t *says = answer_of(g, access);
	bool all = identity_scope_main(scope)->all;
	str said = all ? identity_scope_join(keep, scope->asked, mint->permissions) : scope->asked;
	json_object_set_new(says, "scope", identity_json_str(said));
	if (scope->openid)
		TRY(add_id_token(g, says, mint));
	if (scope->offline)
		TRY(add_refresh(g, says, person, mint->user));
	if (str_eq(form(g, "client_info"), S("1")))
		json_object_set_new(says, "client_info",
				    identity_json_str(identity_mint_client_info(keep, mint->user)));
	return answer(g, says);
}

static fault *person_token(struct grant *g, const struct person *person,
			   const struct identity_scope *scope, const struct tenant_state_user *user)
{
	struct tenant_state tenant;
	struct tx *tx = request_tx(g->rq);
	str scopes;
	bool found, consented;

	TRY(tenant_state_find(tx, user->tenant, &tenant, &found));
	if (!g->place.any && !str_eq(g->place.tenant.id, user->tenant))
		return refuse(g, IDENTITY_OTHER_TENANT, user->principal_name);
	TRY(scopes_of(g, scope, user, &scopes, &consented));
	if (!consented)
		return refuse(g, IDENTITY_NO_CONSENT, g->client.application.client_id);
	DEFER(identity_key_end) struct identity_key *key = NULL;
	TRY(identity_token_key(tx, &key));
	const struct identity_mint mint = { .key = key,
					    .base_url = g->place.base_url,
					    .tenant = &tenant,
					    .application = &g->client.application,
					    .resource = scope->resource,
					    .permissions = scopes,
					    .user = user,
					    .lasts = g->lasts,
					    .mfa = person->mfa,
					    .email = scope->email,
					    .nonce = person->nonce };
	return person_answer(g, person, scope, &mint);
}

/* What is asked now, with openid and offline_access of the sign-in still standing. */
static fault *issue(struct grant *g, const struct person *person)
{
	struct identity_scope first, scope;
	struct tenant_state_user user;
	struct arena *keep = request_arena(g->rq);
	str asked = form(g, "scope");
	bool found;

	if (str_is_empty(asked))
		asked = person->scope;
	enum identity_scope_state state = identity_scope_read(keep, asked, g->place.base_url,
							      &scope);
	if (state != IDENTITY_SCOPE_GOOD)
		return refuse_scope(g, state, asked);
	if (identity_scope_read(keep, person->scope, g->place.base_url, &first) ==
	    IDENTITY_SCOPE_GOOD) {
		scope.openid = scope.openid || first.openid;
		scope.offline = scope.offline || first.offline;
	}
	scope = identity_scope_one(&scope);
	TRY(tenant_state_user(request_tx(g->rq), person->user, &user, &found));
	if (!found || !user.enabled)
		return refuse(g, IDENTITY_REFRESH_SPENT, S(""));
	return person_token(g, person, &scope, &user);
}

static fault *authorization_code(struct grant *g)
{
	struct identity_code code;
	str given = form(g, "code");
	bool good;

	if (str_is_empty(given))
		return refuse(g, IDENTITY_MISSING, S("'code'."));
	TRY(identity_token_code_take(request_tx(g->rq), given, g->client.application.client_id,
				     &code, &good));
	if (!good)
		return refuse(g, IDENTITY_CODE_SPENT, S(""));
	if (!identity_redirect_is_same(form(g, "redirect_uri"), code.redirect))
		return refuse(g, IDENTITY_REDIRECT_CHANGED, S("'redirect_uri'."));
	if (!identity_pkce_matches(code.pkce, code.challenge, form(g, "code_verifier")))
		return refuse(g, IDENTITY_BAD_VERIFIER, S("'code_verifier'."));
	return issue(g, &(struct person){ .user = code.user,
					  .scope = code.scope,
					  .nonce = code.nonce,
					  .mfa = code.mfa });
}

/* Where the consent was taken back, that is what the person has to mend. */
static fault *refresh_spent(struct grant *g, const struct identity_refresh *refresh)
{
	bool granted = true;
	if (refresh->revoked)
		TRY(identity_application_is_granted(request_tx(g->rq), refresh->client_id,
						    refresh->tenant, refresh->user, &granted));
	return granted ? refuse(g, IDENTITY_REFRESH_SPENT, S(""))
		       : refuse(g, IDENTITY_NO_CONSENT, g->client.application.client_id);
}

static fault *refresh_token(struct grant *g)
{
	struct identity_refresh refresh;
	struct tenant_state_user user;
	str given = form(g, "refresh_token");
	bool good, found;

	if (str_is_empty(given))
		return refuse(g, IDENTITY_MISSING, S("'refresh_token'."));
	TRY(identity_token_refresh_read(request_tx(g->rq), given, g->client.application.client_id,
					&refresh, &good));
	if (!good)
		return refresh_spent(g, &refresh);
	/* A second factor came after this sign-in: the token cannot answer for it. */
	TRY(tenant_state_user(request_tx(g->rq), refresh.user, &user, &found));
	if (found && user.mfa && !refresh.mfa)
		return refuse(g, IDENTITY_INTERACTION, S(""));
	return issue(g, &(struct person){
				.user = refresh.user, .scope = refresh.scope, .mfa = refresh.mfa });
}

static fault *device_code(struct grant *g)
{
	struct identity_device device;
	enum identity_error error;
	str given = form(g, "device_code");

	if (str_is_empty(given)) /* MSAL's older spelling of the same field */
		given = form(g, "code");
	if (str_is_empty(given))
		return refuse(g, IDENTITY_MISSING, S("'device_code'."));
	TRY(identity_device_take(request_tx(g->rq), given, g->client.application.client_id, &device,
				 &error));
	if (error != IDENTITY_FINE)
		return refuse(g, error, S(""));
	return issue(g, &(struct person){
				.user = device.user, .scope = device.scope, .mfa = device.mfa });
}

static const struct {
	const char *word;
	fault *(*run)(struct grant *g);
} grants[] = {
	{ "client_credentials", client_credentials },
	{ "authorization_code", authorization_code },
	{ "refresh_token", refresh_token },
	{ "urn:ietf:params:oauth:grant-type:device_code", device_code },
	{ "device_code", device_code }, /* MSAL for Node sends the short one */
};

static fault *token(struct request *rq, struct reply *to)
{
	struct grant g = { .rq = rq, .to = to };
	struct identity_refusal refusal;
	str word = form(&g, "grant_type");
	size_t i = 0;
	bool answered;

	TRY(fault_rule_apply(rq, to, "login", &answered));
	if (answered)
		return NULL;
	TRY(identity_place_of(rq, &g.place));
	if (!g.place.known)
		return refuse(&g, IDENTITY_NO_TENANT, g.place.given);
	if (str_is_empty(word))
		return refuse(&g, IDENTITY_MISSING, S("'grant_type'."));
	while (i < COUNT(grants) && !str_eq(word, str_of(grants[i].word)))
		i++;
	if (i == COUNT(grants))
		return refuse(&g, IDENTITY_BAD_GRANT_TYPE, word);
	TRY(identity_client_read(rq, &g.place, &g.client, &refusal));
	if (refusal.error != IDENTITY_FINE)
		return identity_error_reply(rq, to, &refusal);
	TRY(identity_token_lasts(request_tx(rq), &g.lasts));
	return grants[i].run(&g);
}

static const struct route routes[] = {
	{ POST, "/:tenant/oauth2/v2.0/token", token, .who = ANYONE, .proof = BY_NOTHING,
	  .about = "Tokens, by every grant" },
};
const struct route_table identity_grant_routes = { routes, COUNT(routes) };
