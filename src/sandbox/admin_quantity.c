/* Change quantity: seats bought, or given back where the account allows it (vendor facts §5.3). */
#include "admin_quantity_html.h"
#include "sandbox/admin_products.h"
#include "sandbox/license_pool.h"
#include "sandbox/sandbox_clock.h"
#include "web/html.h"

static fault *pool_of(struct request *rq, const struct directory_subscription *which,
		      struct license_pool *pool)
{
	struct license_pools all;

	*pool = (struct license_pool){ 0 };
	TRY(license_pool_all(request_tx(rq), which->tenant, &all));
	for (size_t i = 0; i < all.len; i++)
		if (str_eq(all.at[i].sku, which->sku))
			*pool = all.at[i];
	return NULL;
}

static fault *show(struct request *rq, struct reply *to, const struct admin *admin,
		   const struct directory_subscription *which, str asked, str wrong)
{
	struct arena *keep = request_arena(rq);
	struct license_pool pool;
	instant now;

	TRY(pool_of(rq, which, &pool));
	TRY(sandbox_clock_now(request_tx(rq), &now));
	struct admin_quantity_view view = {
		.frame = admin_door_frame(admin, "Change quantity", ADMIN_PRODUCTS),
		.name = which->title,
		.action = str_format(keep, ADMIN_PRODUCTS_PATH "/%.*s/quantity", STR(which->id)),
		.licenses = which->units,
		.assigned = pool.consumed,
		.asked = asked,
		.bound = S(""),
		.wrong = wrong,
	};
	if (directory_subscription_units_allowed(which, now, which->units - 1))
		view.bound = S("Licenses can be added at any time. Fewer are possible within seven "
			       "days of the start or renewal alone.");
	struct html *out = html_open(keep, rq);
	admin_quantity_page(out, &view);
	return reply_page(to, str_is_empty(wrong) ? 200 : 400, out);
}

static fault *page(struct request *rq, struct reply *to)
{
	struct directory_subscription which;
	struct admin admin;
	bool ready;

	TRY(admin_products_find(rq, to, &admin, &which, &ready));
	if (!ready)
		return NULL;
	if (!str_eq(which.status, S("Enabled")))
		return admin_products_refuse(rq, to, S("This subscription is not running."));
	str now = str_format(request_arena(rq), "%lld", (long long)which.units);
	return show(rq, to, &admin, &which, now, S(""));
}

/* The pages do not let a user go without: that many are to be unassigned first. */
static fault *short_said(struct request *rq, const struct directory_subscription *which,
			 int64_t units, str *said)
{
	struct license_pool pool;
	int64_t left;

	TRY(pool_of(rq, which, &pool));
	left = license_pool_spare(&pool) - which->units + units;
	*said = S("");
	if (units < which->units && left < 0)
		*said = str_format(request_arena(rq),
				   "That is %lld fewer than are assigned. Unassign them first.",
				   (long long)-left);
	return NULL;
}

static fault *change(struct request *rq, struct reply *to)
{
	str asked = str_trim(request_form(rq, "quantity")), said;
	struct directory_subscription which;
	struct admin admin;
	int64_t units;
	instant now;
	bool ready;

	TRY(admin_products_find(rq, to, &admin, &which, &ready));
	if (!ready)
		return NULL;
	if (!str_to_int64(asked, &units))
		return show(rq, to, &admin, &which, asked, S("Type a whole number."));
	TRY(sandbox_clock_now(request_tx(rq), &now));
	fault *f = directory_subscription_units_allowed(&which, now, units);
	if (f && f->kind != FAULT_CONFLICT && f->kind != FAULT_INPUT)
		return f;
	if (f)
		return show(rq, to, &admin, &which, asked,
			    str_copy(request_arena(rq), str_of(f->said)));
	TRY(short_said(rq, &which, units, &said));
	if (said.len)
		return show(rq, to, &admin, &which, asked, said);
	TRY(directory_subscription_change_units(request_tx(rq), &which, now, units));
	return reply_go(to, ADMIN_PRODUCTS_PATH "?done=resized");
}

static const struct route routes[] = {
	{ GET, ADMIN_PRODUCTS_PATH "/:id/quantity", page, .who = ANYONE,
	  .about = "How many licenses a subscription has" },
	{ POST, ADMIN_PRODUCTS_PATH "/:id/quantity", change, .who = ANYONE,
	  .about = "Buys licenses, or gives some back" },
};
const struct route_table admin_quantity_routes = { routes, COUNT(routes) };
