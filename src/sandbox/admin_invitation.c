/* The reseller invitation (vendor facts §3.4).  Its address ends in a # part that no server ever
 * sees, so the query alone decides.  It names the partner and nobody else: who accepts is whoever
 * signs in. */
#include "admin_invitation_html.h"
#include "sandbox/admin_door.h"
#include "sandbox/identity.h"
#include "sandbox/identity_pages.h"
#include "sandbox/relationship.h"
#include "web/html.h"

static fault *not_valid(struct request *rq, struct reply *to, str said)
{
	const struct identity_message_view view = { .title = S(
							    "This invitation cannot be accepted"),
						    .said = said,
						    .link = S("/admin"),
						    .link_said = S("Admin center") };
	return identity_message(rq, to, 400, &view);
}

/* *ready is false when something else was answered. */
static fault *find(struct request *rq, struct reply *to, struct admin *admin,
		   struct tenant_state *partner, bool *ready)
{
	str named = request_query(rq, "partnerId");
	bool found;
	*ready = false;
	if (str_is_none(request_query(rq, "invType")))
		return reply_go(to, "/admin");
	if (!str_eq_nocase(request_query(rq, "invType"), S("ResellerRelationship")))
		return not_valid(rq, to,
				 S("Its kind is not known here. Ask the partner for a new link."));
	TRY(tenant_state_find(request_tx(rq), str_is_none(named) ? S("") : named, partner, &found));
	if (!found || !partner->partner)
		return not_valid(rq, to, S("It names no partner. Ask the partner for a new link."));
	return admin_door(rq, to, ADMIN_GLOBAL, admin, ready);
}

static fault *show(struct request *rq, struct reply *to, const struct admin *admin,
		   const struct tenant_state *partner, str wrong)
{
	struct admin_invitation_view view = {
		.frame = admin_door_frame(admin, "Partner invitation", ADMIN_PARTNERS),
		.action = request_target(rq),
		.partner = partner->name,
		.partner_tenant = partner->id,
		.wrong = wrong,
	};
	TRY(relationship_exists(request_tx(rq), partner->id, admin->tenant.id, &view.already));
	struct html *out = html_open(request_arena(rq), rq);
	admin_invitation_page(out, &view);
	return reply_page(to, str_is_empty(wrong) ? 200 : 400, out);
}

static fault *page(struct request *rq, struct reply *to)
{
	struct admin admin;
	struct tenant_state partner;
	bool ready;
	TRY(find(rq, to, &admin, &partner, &ready));
	if (!ready)
		return NULL;
	if (admin.tenant.partner)
		return not_valid(rq, to,
				 S("You are signed in to a partner's own tenant. Sign in as "
				   "the customer's administrator."));
	return show(rq, to, &admin, &partner, S(""));
}

static fault *authorize(struct request *rq, struct reply *to)
{
	struct admin admin;
	struct tenant_state partner;
	bool ready;
	TRY(find(rq, to, &admin, &partner, &ready));
	if (!ready)
		return NULL;
	if (!str_eq(request_form(rq, "terms"), S("yes")))
		return show(rq, to, &admin, &partner,
			    S("Tick the box first: without the agreement the partner cannot sell "
			      "to you."));
	TRY(relationship_accept(request_tx(rq), partner.id, admin.tenant.id, admin.who.user.id));
	TRY(relationship_sign_agreement(request_tx(rq), admin.tenant.id));
	return reply_go(to, "/admin/settings/partners?done=authorized");
}

static const struct route routes[] = {
	{ GET, "/Adminportal/Home", page, .who = ANYONE, .about = "A reseller's invitation" },
	{ POST, "/Adminportal/Home", authorize, .who = ANYONE, .about = "Authorize CSP" },
};
const struct route_table admin_invitation_routes = { routes, COUNT(routes) };
