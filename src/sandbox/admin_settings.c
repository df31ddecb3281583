/* Settings: partner relationships, and the applications that were consented to. */
#include "admin_applications_html.h"
#include "admin_partners_html.h"
#include "delegation_sql.h"
#include "sandbox/admin_door.h"
#include "sandbox/identity_application.h"
#include "sandbox/relationship.h"
#include "web/html.h"

/* Resellers, then who only advises: the customer named them itself and pays Microsoft. */
static fault *partners_find(struct request *rq, const struct admin *admin,
			    struct admin_partners_view *view)
{
	struct delegation_advisers_list advisers;
	struct relationships all;
	bool may;

	TRY(admin_door_may(rq, admin, ADMIN_GLOBAL, &may));
	TRY(relationship_of_customer(request_tx(rq), admin->tenant.id, &all));
	TRY(delegation_advisers(request_tx(rq), admin->tenant.id, &advisers));
	view->partners.at = NEW_ARRAY(request_arena(rq), struct admin_partner,
				      all.len + advisers.len + 1);
	for (size_t i = 0; i < all.len; i++)
		view->partners.at[view->partners.len++] = (struct admin_partner){
			.name = all.at[i].partner_name,
			.tenant = all.at[i].partner,
			.relation = S("Reseller"),
			.since = instant_day(all.at[i].since),
			.sells = true,
			.remove = may ? str_format(request_arena(rq),
						   "/admin/settings/partners/%.*s/remove",
						   STR(all.at[i].partner))
				      : S(""),
		};
	for (size_t i = 0; i < advisers.len; i++)
		view->partners.at[view->partners.len++] = (struct admin_partner){
			.name = str_is_none(advisers.at[i].name) ? S("Another partner")
								 : advisers.at[i].name,
			.tenant = advisers.at[i].partner,
			.relation = S("Adviser"),
			.remove = S(""),
		};
	return NULL;
}

static fault *partners(struct request *rq, struct reply *to)
{
	struct admin admin;
	bool open;

	TRY(admin_door(rq, to, ADMIN_ANY, &admin, &open));
	if (!open)
		return NULL;
	struct admin_partners_view view = {
		.frame = admin_door_frame(&admin, "Partner relationships", ADMIN_PARTNERS),
	};
	view.frame.said = admin_door_done(rq);
	TRY(partners_find(rq, &admin, &view));
	struct html *out = html_open(request_arena(rq), rq);
	admin_partners_page(out, &view);
	return reply_page(to, 200, out);
}

static fault *end_partner(struct request *rq, struct reply *to)
{
	struct admin admin;
	bool open, was;

	TRY(admin_door(rq, to, ADMIN_GLOBAL, &admin, &open));
	if (!open)
		return NULL;
	TRY(relationship_remove(request_tx(rq), request_part(rq, "id"), admin.tenant.id, &was));
	if (!was)
		return fault_new(FAULT_MISSING, "That partner is no reseller of yours.");
	return reply_go(to, "/admin/settings/partners?done=ended");
}

static fault *applications(struct request *rq, struct reply *to)
{
	struct admin admin;
	struct identity_grants all;
	bool open;

	TRY(admin_door(rq, to, ADMIN_ANY, &admin, &open));
	if (!open)
		return NULL;
	TRY(identity_application_grants(request_tx(rq), admin.tenant.id, &all));
	struct admin_applications_view view = {
		.frame = admin_door_frame(&admin, "Applications", ADMIN_APPLICATIONS),
		.applications.at = NEW_ARRAY(request_arena(rq), struct admin_application,
					     all.len + 1),
		.applications.len = all.len,
	};
	view.frame.said = admin_door_done(rq);
	for (size_t i = 0; i < all.len; i++)
		view.applications.at[i] = (struct admin_application){
			.name = all.at[i].name,
			.id = all.at[i].client_id,
			.publisher = all.at[i].publisher,
			.permissions = all.at[i].values,
			.remove = str_format(request_arena(rq),
					     "/admin/settings/applications/%.*s/remove",
					     STR(all.at[i].client_id)),
		};
	struct html *out = html_open(request_arena(rq), rq);
	admin_applications_page(out, &view);
	return reply_page(to, 200, out);
}

static fault *take_back(struct request *rq, struct reply *to)
{
	struct admin admin;
	bool open;
	TRY(admin_door(rq, to, ADMIN_GLOBAL, &admin, &open));
	if (!open)
		return NULL;
	TRY(identity_application_forget(request_tx(rq), request_part(rq, "id"), admin.tenant.id));
	return reply_go(to, "/admin/settings/applications?done=removed");
}

static const struct route routes[] = {
	{ GET, "/admin/settings/partners", partners, .who = ANYONE,
	  .about = "Settings, Partner relationships" },
	{ POST, "/admin/settings/partners/:id/remove", end_partner, .who = ANYONE,
	  .about = "Ends a reseller's relationship" },
	{ GET, "/admin/settings/applications", applications, .who = ANYONE,
	  .about = "Settings, Applications" },
	{ POST, "/admin/settings/applications/:id/remove", take_back, .who = ANYONE,
	  .about = "Takes an application's consent back" },
};
const struct route_table admin_settings_routes = { routes, COUNT(routes) };
