/* Home, Billing, Licenses and Billing, Your products: what a person reads before and after. */
#include "admin_home_html.h"
#include "admin_licenses_html.h"
#include "admin_products_html.h"
#include "sandbox/admin_door.h"
#include "sandbox/directory_subscription.h"
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
	for (size_t i = 0; i < pools.len; i++)
		view.licenses.at[i] = (struct admin_license){
			.name = pools.at[i].title,
			.valid = license_pool_valid(&pools.at[i]),
			.expired = license_pool_expired(&pools.at[i]),
			.assigned = pools.at[i].consumed,
		};
	struct html *out = html_open(request_arena(rq), rq);
	admin_licenses_page(out, &view);
	return reply_page(to, 200, out);
}

/* The vendor's status in a person's words. */
static str state_said(str status)
{
	static const struct {
		const char *status, *said;
	} states[] = {
		{ "Enabled", "Active" },
		{ "Warning", "Expired: it can still be used for a while" },
		{ "Suspended", "Disabled: it is cancelled or was not renewed" },
		{ "LockedOut", "Disabled: it is locked" },
		{ "Deleted", "Deleted" },
	};
	for (size_t i = 0; i < COUNT(states); i++)
		if (str_eq(status, str_of(states[i].status)))
			return str_of(states[i].said);
	return status;
}

static const char *ends_said(const struct directory_subscription *subscription)
{
	if (str_eq(subscription->status, S("Enabled")))
		return subscription->recurring && !subscription->trial ? "Renews" : "Ends";
	return str_eq(subscription->status, S("Warning")) ? "Disabled" : "Data deletion";
}

static fault *product_of(struct request *rq, const struct directory_subscription *subscription,
			 struct admin_product *product)
{
	struct arena *keep = request_arena(rq);
	struct tenant_state partner;
	bool direct = str_is_none(subscription->owner_tenant), found = false;

	if (!direct)
		TRY(tenant_state_find(request_tx(rq), subscription->owner_tenant, &partner,
				      &found));
	*product = (struct admin_product){
		.name = subscription->title,
		.id = subscription->id,
		.state = state_said(subscription->status),
		.licenses = subscription->units,
		.bought_from = direct  ? S("Microsoft, directly")
			       : found ? partner.name
				       : S("Another partner"),
		.cancel = S(""),
	};
	if (subscription->trial && direct)
		product->bought_from = S("Microsoft, as a trial");
	product->has_end = !instant_is_none(subscription->next_lifecycle);
	product->ends_said = ends_said(subscription);
	if (product->has_end)
		product->ends = instant_day(subscription->next_lifecycle);
	if (direct && str_eq(subscription->status, S("Enabled")))
		product->cancel = str_format(keep, "/admin/billing/subscriptions/%.*s/cancel",
					     STR(subscription->id));
	return NULL;
}

static fault *products(struct request *rq, struct reply *to)
{
	struct admin admin;
	struct directory_subscriptions all;
	bool open;

	TRY(admin_door(rq, to, ADMIN_ANY, &admin, &open));
	if (!open)
		return NULL;
	TRY(directory_subscription_all(request_tx(rq), admin.tenant.id, &all));
	struct admin_products_view view = {
		.frame = admin_door_frame(&admin, "Your products", ADMIN_PRODUCTS),
		.products.at = NEW_ARRAY(request_arena(rq), struct admin_product, all.len + 1),
	};
	view.frame.said = admin_door_done(rq);
	for (size_t i = 0; i < all.len; i++) {
		if (str_eq(all.at[i].status, S("Deleted")))
			continue;
		TRY(product_of(rq, &all.at[i], &view.products.at[view.products.len++]));
	}
	struct html *out = html_open(request_arena(rq), rq);
	admin_products_page(out, &view);
	return reply_page(to, 200, out);
}

static const struct route routes[] = {
	{ GET, "/apps", apps, .who = ANYONE, .about = "The app launcher" },
	{ GET, "/admin", home, .who = ANYONE, .about = "The admin center" },
	{ GET, "/admin/billing/licenses", licenses, .who = ANYONE, .about = "Billing, Licenses" },
	{ GET, "/admin/billing/subscriptions", products, .who = ANYONE,
	  .about = "Billing, Your products" },
};
const struct route_table admin_billing_routes = { routes, COUNT(routes) };
