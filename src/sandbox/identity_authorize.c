/* The authorization endpoint: sign-in, consent, and a code on its way back (vendor facts §1.1).
 *
 * A refusal goes to the redirect address only once that is known to be the application's own;
 * before that it is shown here. */
#include "identity_consent_html.h"
#include "identity_form_post_html.h"
#include "remote/remote.h"
#include "sandbox/identity.h"
#include "sandbox/identity_ask.h"
#include "sandbox/identity_pages.h"
#include "sandbox/identity_permission.h"
#include "sandbox/identity_token.h"
#include "sandbox/signin.h"
#include "web/html.h"

static fault *answer(struct request *rq, struct reply *to, const struct identity_ask *ask,
		     struct identity_answer *answers, size_t count)
{
	struct arena *keep = request_arena(rq);
	reply_header(to, "Cache-Control", S("no-store"));
	if (ask->mode != IDENTITY_FORM_POST) {
		str address = identity_redirect_address(keep, ask->redirect, ask->mode, answers,
							count);
		return reply_go(to, "%.*s", STR(address));
	}
	struct html *out = html_open(keep, rq);
	identity_form_post_page(out, &(struct identity_post_view){ .address = ask->redirect,
								   .at = answers,
								   .len = count });
	return signin_reply(to, 200, out);
}

static fault *refuse(struct request *rq, struct reply *to, const struct identity_ask *ask,
		     const struct identity_refusal *refusal)
{
	if (!ask->redirect_good)
		return identity_refuse_page(rq, to, refusal);
	struct identity_answer answers[] = {
		{ "error", str_of(identity_error_word(refusal->error)) },
		{ "error_description", identity_error_said(request_arena(rq), refusal) },
		{ "state", ask->state },
	};
	return answer(rq, to, ask, answers, COUNT(answers));
}

static fault *send_code(struct request *rq, struct reply *to, const struct identity_ask *ask,
			const struct signin *who)
{
	str code;
	TRY(identity_token_code(request_tx(rq),
				&(struct identity_code){ .client_id = ask->application.client_id,
							 .tenant = who->user.tenant,
							 .user = who->user.id,
							 .redirect = ask->redirect,
							 .scope = ask->scope.asked,
							 .nonce = ask->nonce,
							 .challenge = ask->challenge,
							 .pkce = ask->pkce,
							 .mfa = who->mfa },
				&code));
	struct identity_answer answers[] = {
		{ "code", code },
		{ "state", ask->state },
		{ "session_state", identity_token_hash(request_arena(rq), who->user.id) },
	};
	return answer(rq, to, ask, answers, COUNT(answers));
}

/* The same request without what asked for a fresh sign-in: where the sign-in page leads. */
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
		if (str_starts(pair, S("prompt=")) || str_starts(pair, S("login_hint=")))
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
		.action = target_without_prompt(rq),
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

/* Who is signed in, as this request wants it; *answered when the reply says something else. */
static fault *at_the_door(struct request *rq, struct reply *to, const struct identity_ask *ask,
			  struct signin *who, bool *answered)
{
	bool found;
	TRY(signin_find(rq, who, &found));
	bool fresh = ask->prompt == IDENTITY_PROMPT_LOGIN ||
		     (found && ask->hint.len &&
		      !str_eq_nocase(ask->hint, who->user.principal_name));
	*answered = true;
	if (!found || fresh) {
		enum identity_error silent = who->half ? IDENTITY_INTERACTION
						       : IDENTITY_LOGIN_REQUIRED;
		str back = target_without_prompt(rq);
		if (ask->prompt == IDENTITY_PROMPT_NONE)
			return refuse(rq, to, ask, &(struct identity_refusal){ silent });
		return fresh ? signin_again(rq, to, back, ask->hint)
			     : signin_go(rq, to, back, ask->hint);
	}
	if (!ask->place.any && !str_eq(ask->place.tenant.id, who->user.tenant))
		return other_tenant(rq, to, ask, who);
	*answered = false;
	return NULL;
}

/* Where the request came in good order; *answered when it was refused. */
static fault *read(struct request *rq, struct reply *to, struct identity_ask *ask,
		   struct signin *who, bool *answered)
{
	struct identity_refusal refusal;
	*answered = true;
	TRY(identity_ask_read(rq, ask, &refusal));
	if (refusal.error != IDENTITY_FINE)
		return refuse(rq, to, ask, &refusal);
	return at_the_door(rq, to, ask, who, answered);
}

static fault *page(struct request *rq, struct reply *to)
{
	struct identity_ask ask;
	struct signin who;
	struct identity_wish wish;
	bool answered;

	TRY(read(rq, to, &ask, &who, &answered));
	if (answered)
		return NULL;
	TRY(identity_ask_wish(request_tx(rq), &ask.application, &ask.scope, &who.user, &wish));
	if (wish.consented && ask.prompt != IDENTITY_PROMPT_CONSENT)
		return send_code(rq, to, &ask, &who);
	if (ask.prompt == IDENTITY_PROMPT_NONE)
		return refuse(rq, to, &ask,
			      &(struct identity_refusal){ IDENTITY_CONSENT_REQUIRED });
	if (wish.needs_admin && !wish.may_decide)
		return approval_needed(rq, to, &ask, &who);
	return show_consent(rq, to, &ask, &who, wish.consented ? wish.shown : wish.missing);
}

static fault *decide(struct request *rq, struct reply *to)
{
	struct identity_ask ask;
	struct signin who;
	struct identity_wish wish;
	bool answered;

	TRY(read(rq, to, &ask, &who, &answered));
	if (answered)
		return NULL;
	if (!str_eq(request_form(rq, "decision"), S("accept")))
		return refuse(rq, to, &ask, &(struct identity_refusal){ IDENTITY_DECLINED });
	TRY(identity_ask_wish(request_tx(rq), &ask.application, &ask.scope, &who.user, &wish));
	if (wish.needs_admin && !wish.may_decide)
		return approval_needed(rq, to, &ask, &who);
	TRY(identity_ask_grant(request_tx(rq), &ask.application, &wish, who.user.tenant,
			       who.user.id));
	return send_code(rq, to, &ask, &who);
}

/* An application is told where to send a person after signing out only among its own addresses. */
static fault *logout(struct request *rq, struct reply *to)
{
	struct identity_application application;
	str back = request_query(rq, "post_logout_redirect_uri");
	bool found;

	TRY(signin_end(rq, to));
	TRY(identity_application_find(request_tx(rq), request_query(rq, "client_id"), &application,
				      &found));
	if (found && identity_redirect_is_registered(application.redirects, back)) {
		struct identity_answer state[] = { { "state", request_query(rq, "state") } };
		str address = identity_redirect_address(request_arena(rq), back, IDENTITY_QUERY,
							state, COUNT(state));
		return reply_go(to, "%.*s", STR(address));
	}
	const struct identity_message_view view = {
		.title = S("You are signed out"),
		.said = S("Nobody is signed in here any more in this browser."),
		.link = S("/signin"),
		.link_said = S("Sign in again"),
	};
	return identity_message(rq, to, 200, &view);
}

/* Authorizing writes on GET: the code is made when nothing is left to ask. */
static const struct route routes[] = {
	{ GET, "/:tenant/oauth2/v2.0/authorize", page, .who = ANYONE, .mode = STORE_WRITE,
	  .about = "Sign-in for an application" },
	{ POST, "/:tenant/oauth2/v2.0/authorize", decide, .who = ANYONE,
	  .about = "A person accepts or declines what an application asks" },
	{ GET, "/:tenant/oauth2/v2.0/logout", logout, .who = ANYONE, .mode = STORE_WRITE,
	  .about = "Sign-out" },
};
const struct route_table identity_authorize_routes = { routes, COUNT(routes) };
