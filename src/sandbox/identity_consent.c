/* Admin consent: one person decides for a whole organization (vendor facts §1.6). */
#include "identity_consent_html.h"
#include "remote/remote.h"
#include "sandbox/identity.h"
#include "sandbox/identity_ask.h"
#include "sandbox/identity_pages.h"
#include "sandbox/identity_permission.h"
#include "sandbox/signin.h"
#include "web/html.h"

struct consent {
	struct identity_place place;
	struct identity_application application;
	struct identity_scope scope;
	bool everything; /* no scope was named: every resource */
	str asked, redirect, state;
	bool redirect_good;
	struct signin who;
	str roles, scopes; /* what accepting grants */
};

static str parameter(struct request *rq, const char *name)
{
	str value = request_query(rq, name);
	return str_is_none(value) ? S("") : value;
}

static fault *answer(struct request *rq, struct reply *to, const struct consent *c,
		     const struct identity_answer *answers, size_t count)
{
	str address = identity_redirect_address(request_arena(rq), c->redirect, IDENTITY_QUERY,
						answers, count);
	return reply_go(to, "%.*s", STR(address));
}

static fault *refuse(struct request *rq, struct reply *to, const struct consent *c,
		     const struct identity_refusal *refusal)
{
	if (!c->redirect_good)
		return identity_refuse_page(rq, to, refusal);
	const struct identity_answer answers[] = {
		{ "error", str_of(identity_error_word(refusal->error)) },
		{ "error_description", identity_error_said(request_arena(rq), refusal) },
		{ "state", c->state },
	};
	return answer(rq, to, c, answers, COUNT(answers));
}

/* Without a scope: everything the registration lists (the older form of the address). */
static fault *read_scope(struct request *rq, struct consent *c, struct identity_refusal *refusal)
{
	c->asked = parameter(rq, "scope");
	c->everything = str_is_empty(c->asked);
	*refusal = (struct identity_refusal){ IDENTITY_FINE };
	return c->everything
		       ? NULL
		       : identity_ask_scope(rq, c->asked, c->place.base_url, &c->scope, refusal);
}

static fault *read_application(struct request *rq, struct consent *c,
			       struct identity_refusal *refusal)
{
	str client_id = parameter(rq, "client_id");
	bool found;
	if (!c->place.known || str_eq_nocase(c->place.given, S("common"))) {
		*refusal = (struct identity_refusal){ IDENTITY_NO_TENANT, c->place.given };
		return NULL;
	}
	TRY(identity_application_find(request_tx(rq), client_id, &c->application, &found));
	if (!found) {
		*refusal = (struct identity_refusal){ IDENTITY_NO_APPLICATION, client_id };
		return NULL;
	}
	*refusal = (struct identity_refusal){ identity_place_admits(&c->place, &c->application),
					      client_id };
	if (refusal->error != IDENTITY_FINE)
		return NULL;
	c->redirect = parameter(rq, "redirect_uri");
	c->redirect_good = identity_redirect_is_registered(c->application.redirects, c->redirect);
	if (c->redirect_good)
		return read_scope(rq, c, refusal);
	*refusal = (struct identity_refusal){ IDENTITY_BAD_REDIRECT, c->redirect };
	return NULL;
}

static bool is_asked(const struct consent *c, int resource)
{
	const struct identity_scope_part *part = &c->scope.of[resource];
	return c->everything || part->all || part->names.len > 0;
}

/* What the registration lists for the resources that were asked for whole. */
static fault *read_wish(struct tx *tx, struct consent *c)
{
	struct arena *keep = tx_arena(tx);
	c->roles = c->scopes = S("");
	for (int i = 0; i < IDENTITY_RESOURCE_COUNT; i++) {
		enum identity_resource resource = (enum identity_resource)i;
		str roles, scopes;
		if (!is_asked(c, i))
			continue;
		c->scopes = identity_scope_join(keep, c->scopes, c->scope.of[i].names);
		if (!c->everything && !c->scope.of[i].all)
			continue;
		TRY(identity_application_wants(tx, &c->application, resource, IDENTITY_ROLE,
					       &roles));
		TRY(identity_application_wants(tx, &c->application, resource, IDENTITY_SCOPE,
					       &scopes));
		c->roles = identity_scope_join(keep, c->roles, roles);
		c->scopes = identity_scope_join(keep, c->scopes, scopes);
	}
	return NULL;
}

static fault *grant(struct tx *tx, const struct consent *c)
{
	str tenant = c->who.user.tenant;
	for (int i = 0; i < IDENTITY_RESOURCE_COUNT; i++) {
		enum identity_resource resource = (enum identity_resource)i;
		if (!is_asked(c, i))
			continue;
		if (c->everything || c->scope.of[i].all)
			TRY(identity_application_consent_listed(tx, &c->application, tenant,
								resource));
		TRY(identity_application_consent(tx, &c->application, tenant, resource,
						 c->scope.of[i].names, STR_NONE));
	}
	return NULL;
}

static fault *not_an_administrator(struct request *rq, struct reply *to, const struct consent *c)
{
	struct arena *keep = request_arena(rq);
	str back = remote_escape(keep, request_target(rq));
	const struct identity_message_view view = {
		.title = S("Only a Global Administrator can decide this"),
		.said = str_format(keep,
				   "%.*s asks to be allowed for a whole organization, and %.*s may "
				   "not allow that. Sign in as its Global Administrator.",
				   STR(c->application.name), STR(c->who.user.principal_name)),
		.number = S("AADSTS90094"),
		.link = str_format(keep, "/signin?go=%.*s", STR(back)),
		.link_said = S("Use another account"),
	};
	return identity_message(rq, to, 403, &view);
}

/* *ready is false when something else was answered. */
static fault *read(struct request *rq, struct reply *to, struct consent *c, bool *ready)
{
	struct identity_refusal refusal;
	bool found, global;

	*ready = false;
	*c = (struct consent){ .state = parameter(rq, "state") };
	TRY(identity_place_of(rq, &c->place));
	TRY(read_application(rq, c, &refusal));
	if (refusal.error != IDENTITY_FINE)
		return refuse(rq, to, c, &refusal);
	TRY(signin_find(rq, &c->who, &found));
	if (!found)
		return signin_go(rq, to, request_target(rq), parameter(rq, "login_hint"));
	TRY(identity_ask_is_global(request_tx(rq), &c->who.user, &global));
	if (!global || (!c->place.any && !str_eq(c->place.tenant.id, c->who.user.tenant)))
		return not_an_administrator(rq, to, c);
	*ready = true;
	return read_wish(request_tx(rq), c);
}

static fault *page(struct request *rq, struct reply *to)
{
	struct consent c;
	struct tenant_state tenant;
	bool ready, found;

	TRY(read(rq, to, &c, &ready));
	if (!ready)
		return NULL;
	TRY(tenant_state_find(request_tx(rq), c.who.user.tenant, &tenant, &found));
	const struct identity_consent_view view = {
		.action = request_target(rq),
		.application = c.application.name,
		.application_id = c.application.client_id,
		.publisher = c.application.publisher,
		.organization = tenant.name,
		.user = c.who.user.principal_name,
		.application_permissions = identity_permission_list(request_arena(rq), c.roles),
		.delegated = identity_permission_list(request_arena(rq), c.scopes),
	};
	struct html *out = html_open(request_arena(rq), rq);
	identity_consent_page(out, &view);
	return signin_reply(to, 200, out);
}

static fault *decide(struct request *rq, struct reply *to)
{
	struct tx *tx = request_tx(rq);
	struct consent c;
	bool ready;

	TRY(read(rq, to, &c, &ready));
	if (!ready)
		return NULL;
	if (!str_eq(request_form(rq, "decision"), S("accept")))
		return refuse(rq, to, &c, &(struct identity_refusal){ IDENTITY_ADMIN_DECLINED });
	TRY(grant(tx, &c));
	const struct identity_answer answers[] = {
		{ "admin_consent", S("True") },
		{ "tenant", c.who.user.tenant },
		{ "scope", c.asked },
		{ "state", c.state },
	};
	return answer(rq, to, &c, answers, COUNT(answers));
}

static const struct route routes[] = {
	{ GET, "/:tenant/v2.0/adminconsent", page, .who = ANYONE,
	  .about = "What an application asks of a whole organization" },
	{ POST, "/:tenant/v2.0/adminconsent", decide, .who = ANYONE,
	  .about = "An administrator accepts or declines it" },
	{ GET, "/:tenant/adminconsent", page, .who = ANYONE, .about = "The same, older address" },
	{ POST, "/:tenant/adminconsent", decide, .who = ANYONE,
	  .about = "The same, older address" },
};
const struct route_table identity_consent_routes = { routes, COUNT(routes) };
