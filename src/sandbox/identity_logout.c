/* Signing out at an application's wish, in either version (client facts §2). */
#include "sandbox/identity.h"
#include "sandbox/identity_pages.h"
#include "sandbox/identity_redirect.h"
#include "sandbox/signin.h"

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

static const struct route routes[] = {
	{ GET, "/:tenant/oauth2/v2.0/logout", logout, .who = ANYONE, .mode = STORE_WRITE,
	  .about = "Sign-out" },
	{ GET, "/:tenant/oauth2/logout", logout, .who = ANYONE, .mode = STORE_WRITE,
	  .about = "The same in version 1" },
};
const struct route_table identity_logout_routes = { routes, COUNT(routes) };
