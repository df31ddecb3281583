/* The authorization endpoint of both versions: sign-in, consent, and the way back (vendor facts
 * §1.1, §1.7). */
#include "identity_account_html.h"
#include "identity_consent_html.h"
#include "remote/remote.h"
#include "sandbox/identity.h"
#include "sandbox/identity_front.h"
#include "sandbox/identity_pages.h"
#include "sandbox/identity_permission.h"
#include "sandbox/signin.h"
#include "web/html.h"

/* The same request without what asked for a fresh sign-in or for somebody: where the sign-in page
 * leads.  What asks for consent still has to be asked there. */
static str target_without_prompt(struct request *rq)
{
	struct arena *keep = request_arena(rq);
	str target = request_target(rq), path, pair;
	struct text kept = text_open(keep);
	if (!str_next(&target, '?', &path))
		return request_target(rq);
	text_add(&kept, path);
	char separator = '?';
	while (str_next(&target, '&', &pair)) {
		bool stays = str_eq(pair, S("prompt=consent")) ||
			     str_eq(pair, S("prompt=admin_consent"));
		if ((str_starts(pair, S("prompt=")) && !stays) ||
		    str_starts(pair, S("login_hint=")) || str_starts(pair, S("domain_hint=")))
			continue;
		text_add_char(&kept, separator);
		text_add(&kept, pair);
		separator = '&';
	}
	return text_str(&kept);
}

/* A person of another tenant is at the door: say so, and offer to change. */
static fault *other_tenant(struct request *rq, struct reply *to, const struct identity_ask *ask,
			   const struct signin *who)
{
	struct arena *keep = request_arena(rq);
	str back = remote_escape(keep, target_without_prompt(rq));
	const struct identity_message_view view = {
		.title = S("This account is not known here"),
		.said = str_format(keep,
				   "%.*s is not an account of %.*s. Sign in with an account of "
				   "that organization.",
				   STR(who->user.principal_name), STR(ask->place.tenant.name)),
		.number = S("AADSTS50020"),
		.link = str_format(keep, "/signin?go=%.*s", STR(back)),
		.link_said = S("Use another account"),
	};
	return identity_message(rq, to, 403, &view);
}

static fault *show_consent(struct request *rq, struct reply *to, const struct identity_ask *ask,
			   const struct signin *who, str values)
{
	struct identity_consent_view view = {
		.action = request_target(rq),
		.application = ask->application.name,
		.application_id = ask->application.client_id,
		.publisher = ask->application.publisher,
		.user = who->user.principal_name,
		.delegated = identity_permission_list(request_arena(rq), values),
	};
	struct html *out = html_open(request_arena(rq), rq);
	identity_consent_page(out, &view);
	return signin_reply(to, 200, out);
}

static bool may_decide(const struct identity_ask *ask, const struct identity_wish *wish)
{
	return wish->may_decide || (!wish->needs_admin && ask->prompt != IDENTITY_PROMPT_ADMIN);
}

static fault *approval_needed(struct request *rq, struct reply *to, const struct identity_ask *ask,
			      const struct signin *who)
{
	struct arena *keep = request_arena(rq);
	const struct identity_message_view view = {
		.title = S("Only an administrator can allow this"),
		.said = str_format(keep,
				   "%.*s asks for permissions over the whole organization. %.*s "
				   "cannot give them: ask a Global Administrator to sign in here.",
				   STR(ask->application.name), STR(who->user.principal_name)),
		.number = S("AADSTS90094"),
	};
	return identity_message(rq, to, 403, &view);
}

/* Whether somebody else is expected than who is signed in. */
static fault *is_other(struct tx *tx, const struct identity_ask *ask, const struct signin *who,
		       bool *other)
{
	struct tenant_state tenant;
	bool known;

	*other = ask->hint.len && !str_eq_nocase(ask->hint, who->user.principal_name);
	if (*other || ask->domain_hint.len == 0)
		return NULL;
	/* "organizations" and domains of nobody's expect nobody in particular. */
	TRY(tenant_state_find(tx, ask->domain_hint, &tenant, &known));
	*other = known && !str_eq(tenant.id, who->user.tenant);
	return NULL;
}

static fault *pick_account(struct request *rq, struct reply *to, const struct identity_ask *ask,
			   const struct signin *who)
{
	struct arena *keep = request_arena(rq);
	str back = target_without_prompt(rq), coded = remote_escape(keep, back);
	struct html *out = html_open(keep, rq);
	identity_account_page(out, &(struct identity_account_view){
					   .application = ask->application.name,
					   .user = who->user.principal_name,
					   .go_on = back,
					   .other = str_format(keep, "/signin?go=%.*s", STR(coded)),
				   });
	return signin_reply(to, 200, out);
}

static fault *blocked(struct request *rq, struct reply *to, const struct identity_ask *ask)
{
	const struct identity_refusal refusal = { IDENTITY_BLOCKED };
	if (ask->prompt == IDENTITY_PROMPT_NONE)
		return identity_front_refuse(rq, to, ask, &refusal);
	return identity_refuse_page(rq, to, &refusal);
}

static fault *nobody_at_the_door(struct request *rq, struct reply *to,
				 const struct identity_ask *ask, const struct signin *who)
{
	enum identity_error silent = !who->half ? IDENTITY_LOGIN_REQUIRED
				     : who->access == IDENTITY_ACCESS_ENROLL ? IDENTITY_ENROLL
									     : IDENTITY_INTERACTION;
	if (ask->prompt == IDENTITY_PROMPT_NONE)
		return identity_front_refuse(rq, to, ask, &(struct identity_refusal){ silent });
	return signin_go(rq, to, target_without_prompt(rq), ask->hint);
}

/* Who is signed in, as this request wants it; *answered when the reply says something else. */
static fault *at_the_door(struct request *rq, struct reply *to, const struct identity_ask *ask,
			  struct signin *who, bool *answered)
{
	bool found, other;
	*answered = true;
	TRY(signin_find(rq, who, &found));
	if (!found && ask->prompt != IDENTITY_PROMPT_LOGIN)
		return nobody_at_the_door(rq, to, ask, who);
	TRY(is_other(request_tx(rq), ask, who, &other));
	if (other && ask->prompt == IDENTITY_PROMPT_NONE)
		return identity_front_refuse(rq, to, ask,
					     &(struct identity_refusal){ IDENTITY_LOGIN_REQUIRED });
	if (other || ask->prompt == IDENTITY_PROMPT_LOGIN)
		return signin_again(rq, to, target_without_prompt(rq), ask->hint);
	if (who->access == IDENTITY_ACCESS_BLOCK)
		return blocked(rq, to, ask);
	if (ask->prompt == IDENTITY_PROMPT_ACCOUNT)
		return pick_account(rq, to, ask, who);
	if (!ask->place.any && !str_eq(ask->place.tenant.id, who->user.tenant))
		return other_tenant(rq, to, ask, who);
	*answered = false;
	return NULL;
}

/* Where the request came in good order; *answered when it was refused. */
static fault *read(struct request *rq, struct reply *to, bool v1, struct identity_ask *ask,
		   struct signin *who, bool *answered)
{
	struct identity_refusal refusal;
	*answered = true;
	TRY(identity_ask_read(rq, v1, ask, &refusal));
	if (refusal.error != IDENTITY_FINE)
		return identity_front_refuse(rq, to, ask, &refusal);
	return at_the_door(rq, to, ask, who, answered);
}

static fault *ask_person(struct request *rq, struct reply *to, bool v1)
{
	struct identity_ask ask;
	struct signin who;
	struct identity_wish wish;
	bool answered;

	TRY(read(rq, to, v1, &ask, &who, &answered));
	if (answered)
		return NULL;
	TRY(identity_ask_wish(request_tx(rq), &ask.application, &ask.scope, who.user.tenant,
			      &who.user, &wish));
	bool must = ask.prompt == IDENTITY_PROMPT_CONSENT || ask.prompt == IDENTITY_PROMPT_ADMIN;
	if (wish.consented && !must)
		return identity_front_send(rq, to, &ask, &who);
	if (ask.prompt == IDENTITY_PROMPT_NONE)
		return identity_front_refuse(
			rq, to, &ask, &(struct identity_refusal){ IDENTITY_CONSENT_REQUIRED });
	if (!may_decide(&ask, &wish))
		return approval_needed(rq, to, &ask, &who);
	return show_consent(rq, to, &ask, &who, must ? wish.shown : wish.missing);
}

static fault *decide(struct request *rq, struct reply *to, bool v1)
{
	struct identity_ask ask;
	struct signin who;
	struct identity_wish wish;
	bool answered;

	TRY(read(rq, to, v1, &ask, &who, &answered));
	if (answered)
		return NULL;
	if (!str_eq(request_form(rq, "decision"), S("accept")))
		return identity_front_refuse(rq, to, &ask,
					     &(struct identity_refusal){ IDENTITY_DECLINED });
	TRY(identity_ask_wish(request_tx(rq), &ask.application, &ask.scope, who.user.tenant,
			      &who.user, &wish));
	if (!may_decide(&ask, &wish))
		return approval_needed(rq, to, &ask, &who);
	TRY(identity_ask_grant(request_tx(rq), &ask.application, &wish, who.user.tenant,
			       ask.prompt == IDENTITY_PROMPT_ADMIN ? STR_NONE : who.user.id));
	return identity_front_send(rq, to, &ask, &who);
}

static fault *page(struct request *rq, struct reply *to)
{
	return ask_person(rq, to, false);
}
static fault *page_v1(struct request *rq, struct reply *to)
{
	return ask_person(rq, to, true);
}
static fault *decision(struct request *rq, struct reply *to)
{
	return decide(rq, to, false);
}
static fault *decision_v1(struct request *rq, struct reply *to)
{
	return decide(rq, to, true);
}

/* Authorizing writes on GET: the code is made when nothing is left to ask. */
static const struct route routes[] = {
	{ GET, "/:tenant/oauth2/v2.0/authorize", page, .who = ANYONE, .mode = STORE_WRITE,
	  .about = "Sign-in for an application" },
	{ POST, "/:tenant/oauth2/v2.0/authorize", decision, .who = ANYONE,
	  .about = "A person accepts or declines what an application asks" },
	{ GET, "/:tenant/oauth2/authorize", page_v1, .who = ANYONE, .mode = STORE_WRITE,
	  .about = "Sign-in for an application in version 1, which names a resource" },
	{ POST, "/:tenant/oauth2/authorize", decision_v1, .who = ANYONE,
	  .about = "A person accepts or declines it" },
};
const struct route_table identity_authorize_routes = { routes, COUNT(routes) };
