/* The token endpoint: every grant (vendor facts §1.2, client facts §2). */
#include "sandbox/fault_rule.h"
#include "sandbox/identity.h"
#include "sandbox/identity_access.h"
#include "sandbox/identity_device.h"
#include "sandbox/identity_exchange.h"
#include "sandbox/identity_issue.h"
#include "sandbox/identity_pkce.h"
#include "sandbox/identity_redirect.h"
#include "sandbox/identity_token.h"

static fault *client_credentials(struct identity_issue *g)
{
	bool known;

	if (g->place.any)
		return identity_issue_refuse(g, IDENTITY_TENANT_NEEDED, S(""));
	TRY(identity_application_is_known(request_tx(g->rq), &g->client.application,
					  g->place.tenant.id, &known));
	if (!known)
		return identity_issue_refuse(g, IDENTITY_NO_APPLICATION,
					     g->client.application.client_id);
	if (!g->client.proved)
		return identity_issue_refuse(g, IDENTITY_NO_SECRET, S(""));
	return identity_issue_application(g);
}

static fault *authorization_code(struct identity_issue *g)
{
	struct identity_code code;
	str given = identity_issue_form(g, "code");
	bool good;

	if (str_is_empty(given))
		return identity_issue_refuse(g, IDENTITY_MISSING, S("'code'."));
	TRY(identity_token_code_take(request_tx(g->rq), given, g->client.application.client_id,
				     &code, &good));
	if (!good)
		return identity_issue_refuse(g, IDENTITY_CODE_SPENT, S(""));
	if (!identity_redirect_is_same(identity_issue_form(g, "redirect_uri"), code.redirect))
		return identity_issue_refuse(g, IDENTITY_REDIRECT_CHANGED, S("'redirect_uri'."));
	if (!identity_pkce_matches(code.pkce, code.challenge,
				   identity_issue_form(g, "code_verifier")))
		return identity_issue_refuse(g, IDENTITY_BAD_VERIFIER, S("'code_verifier'."));
	return identity_issue_person(
		g, &(struct identity_person){ .user = code.user,
					      .scope = code.scope,
					      .nonce = code.nonce,
					      .hybrid = code.hybrid,
					      .single_page = identity_redirect_is_registered(
						      g->client.application.pages, code.redirect),
					      .refresh_ends = INSTANT_NONE,
					      .mfa = code.mfa });
}

/* Where the consent was taken back, that is what the person has to mend. */
static fault *refresh_spent(struct identity_issue *g, const struct identity_refresh *refresh)
{
	bool granted = true;
	if (refresh->revoked)
		TRY(identity_application_is_granted(request_tx(g->rq), refresh->client_id,
						    refresh->tenant, refresh->user, &granted));
	return granted ? identity_issue_refuse(g, IDENTITY_REFRESH_SPENT, S(""))
		       : identity_issue_refuse(g, IDENTITY_NO_CONSENT,
					       g->client.application.client_id);
}

static fault *refresh_token(struct identity_issue *g)
{
	struct identity_refresh refresh;
	struct tenant_state_user user;
	enum identity_access rule;
	str given = identity_issue_form(g, "refresh_token");
	bool good, found;

	if (str_is_empty(given))
		return identity_issue_refuse(g, IDENTITY_MISSING, S("'refresh_token'."));
	TRY(identity_token_refresh_read(request_tx(g->rq), given, g->client.application.client_id,
					&refresh, &good));
	if (!good)
		return refresh_spent(g, &refresh);
	/* A second factor came after this sign-in: the token cannot answer for it. */
	TRY(tenant_state_user(request_tx(g->rq), refresh.user, &user, &found));
	TRY(identity_access_of(request_tx(g->rq), refresh.user, &rule));
	if (rule == IDENTITY_ACCESS_ENROLL && !refresh.mfa)
		return identity_issue_refuse(g, IDENTITY_ENROLL, S(""));
	if (found && user.mfa && !refresh.mfa)
		return identity_issue_refuse(g, IDENTITY_INTERACTION, S(""));
	return identity_issue_person(g,
				     &(struct identity_person){ .user = refresh.user,
								.scope = refresh.scope,
								.single_page = refresh.single_page,
								.refresh_ends = refresh.expires,
								.mfa = refresh.mfa });
}

static fault *device_code(struct identity_issue *g)
{
	struct identity_device device;
	enum identity_error error;
	str given = identity_issue_form(g, "device_code");

	if (str_is_empty(given)) /* MSAL's older spelling of the same field */
		given = identity_issue_form(g, "code");
	if (str_is_empty(given))
		return identity_issue_refuse(g, IDENTITY_MISSING, S("'device_code'."));
	TRY(identity_device_take(request_tx(g->rq), given, g->client.application.client_id, &device,
				 &error));
	if (error != IDENTITY_FINE)
		return identity_issue_refuse(g, error, S(""));
	return identity_issue_person(g, &(struct identity_person){ .user = device.user,
								   .scope = device.scope,
								   .mfa = device.mfa });
}

static const struct {
	const char *word;
	fault *(*run)(struct identity_issue *g);
} grants[] = {
	{ "client_credentials", client_credentials },
	{ "authorization_code", authorization_code },
	{ "refresh_token", refresh_token },
	{ "urn:ietf:params:oauth:grant-type:device_code", device_code },
	{ "password", identity_exchange_password },
	{ "urn:ietf:params:oauth:grant-type:jwt-bearer", identity_exchange_behalf },
	{ "device_code", device_code }, /* MSAL for Node sends the short one */
};

static fault *answer(struct request *rq, struct reply *to, bool v1)
{
	struct identity_issue g = { .rq = rq, .to = to, .v1 = v1 };
	struct identity_refusal refusal;
	str word = identity_issue_form(&g, "grant_type");
	size_t i = 0;
	bool answered;

	TRY(fault_rule_apply(rq, to, "login", &answered));
	if (answered)
		return NULL;
	TRY(identity_place_of(rq, &g.place));
	if (!g.place.known)
		return identity_issue_refuse(&g, IDENTITY_NO_TENANT, g.place.given);
	if (str_is_empty(word))
		return identity_issue_refuse(&g, IDENTITY_MISSING, S("'grant_type'."));
	while (i < COUNT(grants) && !str_eq(word, str_of(grants[i].word)))
		i++;
	if (i == COUNT(grants))
		return identity_issue_refuse(&g, IDENTITY_BAD_GRANT_TYPE, word);
	TRY(identity_client_read(rq, &g.place, &g.client, &refusal));
	if (refusal.error != IDENTITY_FINE)
		return identity_error_reply(rq, to, &refusal);
	TRY(identity_token_lasts(request_tx(rq), &g.lasts));
	return grants[i].run(&g);
}

static fault *token(struct request *rq, struct reply *to)
{
	return answer(rq, to, false);
}
static fault *token_v1(struct request *rq, struct reply *to)
{
	return answer(rq, to, true);
}

static const struct route routes[] = {
	{ POST, "/:tenant/oauth2/v2.0/token", token, .who = ANYONE, .proof = BY_NOTHING,
	  .about = "Tokens, by every grant" },
	{ POST, "/:tenant/oauth2/token", token_v1, .who = ANYONE, .proof = BY_NOTHING,
	  .about = "The same in version 1, for one resource" },
};
const struct route_table identity_grant_routes = { routes, COUNT(routes) };
