/* Home, the app launcher, and Billing, Licenses: what a person reads before and after. */
#include "admin_home_html.h"
#include "admin_licenses_html.h"
#include "sandbox/admin_door.h"
#include "sandbox/license_pool.h"
#include "web/html.h"

static fault *home(struct request *rq, struct reply *to)
{
	struct admin admin;
	bool open;
	TRY(admin_door(rq, to, ADMIN_ANY, &admin, &open));
	if (!open)
		return NULL;
	struct admin_frame_view frame = admin_door_frame(&admin, "Home", ADMIN_HOME);
	struct html *out = html_open(request_arena(rq), rq);
	admin_home_page(out, &frame);
	return reply_page(to, 200, out);
}

static fault *apps(struct request *rq, struct reply *to)
{
	struct admin admin;
	bool open;
	TRY(admin_door(rq, to, ADMIN_SIGNED, &admin, &open));
	if (!open)
		return NULL;
	struct admin_frame_view frame = admin_door_frame(&admin, "Apps", ADMIN_NOWHERE);
	struct html *out = html_open(request_arena(rq), rq);
	admin_apps_page(out, &frame, admin.administrator);
	return reply_page(to, 200, out);
}

static fault *licenses(struct request *rq, struct reply *to)
{
	struct admin admin;
	struct license_pools pools;
	bool open;

	TRY(admin_door(rq, to, ADMIN_ANY, &admin, &open));
	if (!open)
		return NULL;
	TRY(license_pool_all(request_tx(rq), admin.tenant.id, &pools));
	struct admin_licenses_view view = {
		.frame = admin_door_frame(&admin, "Licenses", ADMIN_LICENSES),
		.licenses.at = NEW_ARRAY(request_arena(rq), struct admin_license, pools.len + 1),
		.licenses.len = pools.len,
	};
	for (size_t i = 0; i < pools.len; i++) {
		int64_t spare = license_pool_spare(&pools.at[i]);
		view.licenses.at[i] = (struct admin_license){
			.name = pools.at[i].title,
			.valid = license_pool_valid(&pools.at[i]),
			.expired = license_pool_expired(&pools.at[i]),
			.assigned = pools.at[i].consumed,
			.available = spare > 0 ? spare : 0,
		};
	}
	struct html *out = html_open(request_arena(rq), rq);
	admin_licenses_page(out, &view);
	return reply_page(to, 200, out);
}

static const struct route routes[] = {
	{ GET, "/apps", apps, .who = ANYONE, .about = "The app launcher" },
	{ GET, "/admin", home, .who = ANYONE, .about = "The admin center" },
	{ GET, "/admin/billing/licenses", licenses, .who = ANYONE, .about = "Billing, Licenses" },
};
const struct route_table admin_billing_routes = { routes, COUNT(routes) };
