/* Signing out at an application's wish, in either version (client facts §2). */
#include "sandbox/identity.h"
#include "sandbox/identity_json.h"
#include "sandbox/identity_jwt.h"
#include "sandbox/identity_pages.h"
#include "sandbox/identity_redirect.h"
#include "sandbox/identity_token.h"
#include "sandbox/signin.h"

/* Who asks: named, or known by an id token that was made for it.  One that ran out still tells. */
static fault *asking(struct request *rq, str *client_id)
{
	str hint = request_query(rq, "id_token_hint");
	struct arena *keep = request_arena(rq);
	enum identity_jwt_state state;
	bool found;

	*client_id = request_query(rq, "client_id");
	if (!str_is_empty(*client_id) || str_is_empty(hint))
		return NULL;
	DEFER(identity_key_end) struct identity_key *key = NULL;
	TRY(identity_token_key_by(request_tx(rq), identity_jwt_kid(keep, hint), &key, &found));
	if (!found)
		return NULL;
	DEFER(identity_json_end) json_t *claims = NULL;
	TRY(identity_jwt_open(key, keep, hint, &claims, &state));
	if (state == IDENTITY_JWT_GOOD)
		*client_id = identity_json_get(keep, claims, "aud");
	return NULL;
}

/* An application is told where to send a person after signing out only among its own addresses. */
static fault *logout(struct request *rq, struct reply *to)
{
	struct identity_application application;
	str back = request_query(rq, "post_logout_redirect_uri"), client_id;
	bool found;

	TRY(signin_end(rq, to));
	TRY(asking(rq, &client_id));
	TRY(identity_application_find(request_tx(rq), client_id, &application, &found));
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

static const struct route routes[] = {
	{ GET, "/:tenant/oauth2/v2.0/logout", logout, .who = ANYONE, .mode = STORE_WRITE,
	  .about = "Sign-out" },
	{ GET, "/:tenant/oauth2/logout", logout, .who = ANYONE, .mode = STORE_WRITE,
	  .about = "The same in version 1" },
};
const struct route_table identity_logout_routes = { routes, COUNT(routes) };
