#include "sandbox/identity_issue.h"

#include "sandbox/delegation.h"
#include "sandbox/identity_access.h"
#include "sandbox/identity_ask.h"
#include "sandbox/identity_json.h"
#include "sandbox/identity_mint.h"
#include "sandbox/identity_token.h"

fault *identity_issue_refuse(struct identity_issue *g, enum identity_error error, str about)
{
	return identity_error_reply(g->rq, g->to, &(struct identity_refusal){ error, about });
}

str identity_issue_form(const struct identity_issue *g, const char *name)
{
	str value = request_form(g->rq, name);
	return str_is_none(value) ? S("") : value;
}

static fault *answer(struct identity_issue *g, json_t *says)
{
	reply_header(g->to, "Cache-Control", S("no-store"));
	reply_header(g->to, "Pragma", S("no-cache"));
	return reply_json(g->to, 200, identity_json_text(request_arena(g->rq), says));
}

/* Version 1 writes its numbers as strings. */
static void put_number(const struct identity_issue *g, json_t *says, const char *name,
		       int64_t number)
{
	json_object_set_new(says, name,
			    g->v1 ? identity_json_str(str_format(request_arena(g->rq), "%lld",
								 (long long)number))
				  : json_integer(number));
}

/* What every answer has. */
static json_t *answer_of(const struct identity_issue *g, str access_token,
			 enum identity_resource resource)
{
	int64_t lasts = g->lasts / SECONDS(1), now = tx_now(request_tx(g->rq)).micros / SECONDS(1);
	json_t *says = json_pack("{s:s, s:o}", "token_type", "Bearer", "access_token",
				 identity_json_str(access_token));
	put_number(g, says, "expires_in", lasts - 1);
	put_number(g, says, "ext_expires_in", lasts - 1);
	if (!g->v1)
		return says;
	put_number(g, says, "expires_on", now + lasts);
	put_number(g, says, "not_before", now);
	str asked = identity_issue_form(g, "resource");
	json_object_set_new(says, "resource",
			    identity_json_str(asked.len ? asked : identity_resource_url(resource)));
	return says;
}

/* The scope a request names, in either version's words; empty when it names none. */
static str asked_scope(const struct identity_issue *g, bool application)
{
	struct arena *keep = request_arena(g->rq);
	str resource = identity_issue_form(g, "resource"), scope = identity_issue_form(g, "scope");
	if (!g->v1 || resource.len == 0)
		return scope;
	return application ? identity_scope_default(keep, resource)
			   : identity_scope_of_resource(keep, resource, scope);
}

static fault *refuse_scope(struct identity_issue *g, enum identity_scope_state state, str scope)
{
	return identity_issue_refuse(
		g, state == IDENTITY_SCOPE_NO_RESOURCE ? IDENTITY_NO_RESOURCE : IDENTITY_BAD_SCOPE,
		scope);
}

static bool is_default_scope(const struct identity_scope *scope)
{
	const struct identity_scope_part *part = identity_scope_main(scope);
	return part->all && str_is_empty(part->names) && str_find(scope->asked, S(" ")) < 0;
}

static fault *roles_of(struct identity_issue *g, enum identity_resource resource, str *roles)
{
	struct tx *tx = request_tx(g->rq);
	const struct identity_application *application = &g->client.application;
	/* At home the registration itself is the consent. */
	if (str_eq(application->tenant, g->place.tenant.id))
		return identity_application_wants(tx, application, resource, IDENTITY_ROLE, roles);
	return identity_application_granted(tx, application, g->place.tenant.id, resource,
					    IDENTITY_ROLE, STR_NONE, roles);
}

static fault *application_token(struct identity_issue *g, const struct identity_scope *scope)
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
							  .api = scope->api,
							  .lasts = g->lasts,
							  .v1 = g->v1,
							  .permissions = roles },
				 &token));
	DEFER(identity_json_end) json_t *says = answer_of(g, token, scope->resource);
	return answer(g, says);
}

fault *identity_issue_application(struct identity_issue *g)
{
	struct identity_scope scope;
	str asked = asked_scope(g, true);

	if (str_is_empty(asked))
		return identity_issue_refuse(g, IDENTITY_MISSING,
					     g->v1 ? S("'resource'.") : S("'scope'."));
	enum identity_scope_state state = identity_scope_read(request_arena(g->rq), asked,
							      g->place.base_url, &scope);
	TRY(identity_ask_resource(request_tx(g->rq), &scope, &state));
	if (state == IDENTITY_SCOPE_NO_RESOURCE)
		return identity_issue_refuse(g, IDENTITY_NO_RESOURCE, asked);
	if (state != IDENTITY_SCOPE_GOOD || !is_default_scope(&scope))
		return identity_issue_refuse(g, IDENTITY_NOT_DEFAULT_SCOPE, asked);
	return application_token(g, &scope);
}

/* The permissions a person's token gets; *consented is false when one of them was never granted. */
static fault *scopes_of(struct identity_issue *g, const struct identity_scope *scope, str tenant,
			const struct tenant_state_user *user, str *scopes, bool *consented)
{
	struct tx *tx = request_tx(g->rq);
	struct identity_wish wish;
	TRY(identity_ask_wish(tx, &g->client.application, scope, tenant, user, &wish));
	*consented = wish.consented;
	/* The words of OpenID are Graph's. */
	*scopes = scope->resource == IDENTITY_GRAPH ? wish.shown : wish.values[scope->resource];
	if (!identity_scope_main(scope)->all)
		return NULL;
	return identity_application_granted(tx, &g->client.application, tenant, scope->resource,
					    IDENTITY_SCOPE, user->id, scopes);
}

static fault *add_refresh(struct identity_issue *g, json_t *says,
			  const struct identity_person *person,
			  const struct tenant_state_user *user)
{
	str token;
	TRY(identity_token_refresh(
		request_tx(g->rq),
		&(struct identity_refresh){ .client_id = g->client.application.client_id,
					    .tenant = user->tenant,
					    .user = user->id,
					    .scope = person->scope,
					    .mfa = person->mfa,
					    .single_page = person->single_page,
					    .expires = person->refresh_ends },
		&token));
	json_object_set_new(says, "refresh_token", identity_json_str(token));
	return NULL;
}

/* Only where the code came with an id token does the next one name the access token (vendor
 * facts §1.5). */
static fault *add_id_token(struct identity_issue *g, json_t *says,
			   const struct identity_person *person, const struct identity_mint *mint,
			   str access)
{
	struct identity_mint made = *mint;
	str token;
	made.access = person->hybrid ? access : STR_NONE;
	TRY(identity_mint_id(request_tx(g->rq), &made, &token));
	json_object_set_new(says, "id_token", identity_json_str(token));
	return NULL;
}

static fault *person_answer(struct identity_issue *g, const struct identity_person *person,
			    const struct identity_scope *scope, const struct identity_mint *mint)
{
	struct arena *keep = request_arena(g->rq);
	str access;
	TRY(identity_mint_access(request_tx(g->rq), mint, &access));
	DEFER(identity_json_end) json_t *says = answer_of(g, access, scope->resource);
	bool all = identity_scope_main(scope)->all;
	str said = all ? identity_scope_join(keep, scope->asked, mint->permissions) : scope->asked;
	if (g->v1 && identity_issue_form(g, "resource").len)
		said = mint->permissions;
	json_object_set_new(says, "scope", identity_json_str(said));
	if (scope->openid)
		TRY(add_id_token(g, says, person, mint, access));
	if (scope->offline)
		TRY(add_refresh(g, says, person, mint->user));
	if (str_eq(identity_issue_form(g, "client_info"), S("1")))
		json_object_set_new(says, "client_info",
				    identity_json_str(identity_mint_client_info(keep, mint->user)));
	return answer(g, says);
}

/* The tenant a person's token is for: their own, or one where a delegated admin relationship gives
 * them a role (vendor facts §1.2: one refresh token, other tenants' endpoints). */
static fault *tenant_for(struct identity_issue *g, const struct tenant_state_user *user,
			 struct tenant_state *tenant, bool *allowed)
{
	struct tx *tx = request_tx(g->rq);
	bool found;

	*allowed = true;
	if (g->place.any || str_eq(g->place.tenant.id, user->tenant))
		return tenant_state_find(tx, user->tenant, tenant, &found);
	*tenant = g->place.tenant;
	return delegation_reaches(tx, tenant->id, user->id, allowed);
}

static fault *person_token(struct identity_issue *g, const struct identity_person *person,
			   const struct identity_scope *scope, const struct tenant_state_user *user)
{
	struct tenant_state tenant;
	struct tx *tx = request_tx(g->rq);
	str scopes;
	bool allowed, consented;

	TRY(tenant_for(g, user, &tenant, &allowed));
	if (!allowed)
		return identity_issue_refuse(g, IDENTITY_OTHER_TENANT, user->principal_name);
	TRY(scopes_of(g, scope, tenant.id, user, &scopes, &consented));
	if (!consented)
		return identity_issue_refuse(g, IDENTITY_NO_CONSENT,
					     g->client.application.client_id);
	DEFER(identity_key_end) struct identity_key *key = NULL;
	TRY(identity_token_key(tx, &key));
	const struct identity_mint mint = { .key = key,
					    .base_url = g->place.base_url,
					    .tenant = &tenant,
					    .application = &g->client.application,
					    .resource = scope->resource,
					    .api = scope->api,
					    .permissions = scopes,
					    .user = user,
					    .lasts = g->lasts,
					    .v1 = g->v1,
					    .mfa = person->mfa,
					    .profile = scope->profile,
					    .email = scope->email,
					    .nonce = person->nonce };
	return person_answer(g, person, scope, &mint);
}

fault *identity_issue_person(struct identity_issue *g, const struct identity_person *person)
{
	struct identity_scope first, scope;
	struct tenant_state_user user;
	enum identity_access rule;
	struct arena *keep = request_arena(g->rq);
	str asked = asked_scope(g, false);
	bool found;

	if (str_is_empty(asked))
		asked = person->scope;
	enum identity_scope_state state = identity_scope_read(keep, asked, g->place.base_url,
							      &scope);
	TRY(identity_ask_resource(request_tx(g->rq), &scope, &state));
	if (state != IDENTITY_SCOPE_GOOD)
		return refuse_scope(g, state, asked);
	if (identity_scope_read(keep, person->scope, g->place.base_url, &first) ==
	    IDENTITY_SCOPE_GOOD) {
		scope.openid = scope.openid || first.openid;
		scope.offline = scope.offline || first.offline;
		scope.profile = scope.profile || first.profile;
		scope.email = scope.email || first.email;
	}
	scope = identity_scope_one(&scope);
	TRY(tenant_state_user(request_tx(g->rq), person->user, &user, &found));
	if (!found)
		return identity_issue_refuse(g, IDENTITY_REFRESH_SPENT, S(""));
	if (!user.enabled)
		return identity_issue_refuse(g, IDENTITY_DISABLED, user.principal_name);
	TRY(identity_access_of(request_tx(g->rq), user.id, &rule));
	if (rule == IDENTITY_ACCESS_BLOCK)
		return identity_issue_refuse(g, IDENTITY_BLOCKED, user.principal_name);
	return person_token(g, person, &scope, &user);
}
