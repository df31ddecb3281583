/* Billing, Your products: each subscription, and under More actions what its account allows. */
#include "sandbox/admin_products.h"

#include "admin_products_html.h"
#include "sandbox/identity.h"
#include "sandbox/identity_pages.h"
#include "sandbox/sandbox_clock.h"
#include "web/html.h"

fault *admin_products_refuse(struct request *rq, struct reply *to, str said)
{
	const struct identity_message_view view = {
		.title = S("This cannot be done"),
		.said = said,
		.link = S(ADMIN_PRODUCTS_PATH),
		.link_said = S("Your products"),
	};
	return identity_message(rq, to, 409, &view);
}

fault *admin_products_find(struct request *rq, struct reply *to, struct admin *admin,
			   struct directory_subscription *which, bool *ready)
{
	bool found;

	TRY(admin_door(rq, to, ADMIN_BILLS, admin, ready));
	if (!*ready)
		return NULL;
	TRY(directory_subscription_find(request_tx(rq), admin->tenant.id, request_part(rq, "id"),
					which, &found));
	if (!found)
		return fault_new(FAULT_MISSING,
				 "Your organization has no such subscription. Choose one under "
				 "Your products.");
	*ready = str_is_none(which->owner_tenant);
	if (*ready)
		return NULL;
	return admin_products_refuse(
		rq, to, S("A partner sold this subscription. Only the partner can change it."));
}

/* The vendor's status in a person's words. */
static str state_said(const struct directory_subscription *which)
{
	static const struct {
		const char *status, *said;
	} states[] = {
		{ "Enabled", "Active" },
		{ "Warning", "Expired: it can still be used for a while" },
		{ "Suspended", "Disabled: it was not renewed" },
		{ "LockedOut", "Disabled: it is locked" },
		{ "Deleted", "Deleted" },
	};
	if (which->cancel_at_end)
		return S("Active until it is cancelled");
	if (str_eq(which->status, S("Suspended")) && !instant_is_none(which->cancelled))
		return S("Disabled: it is cancelled");
	for (size_t i = 0; i < COUNT(states); i++)
		if (str_eq(which->status, str_of(states[i].status)))
			return str_of(states[i].said);
	return which->status;
}

static const char *ends_said(const struct directory_subscription *which)
{
	if (which->cancel_at_end)
		return "Cancellation";
	if (str_eq(which->status, S("Enabled")))
		return which->recurring && !which->trial ? "Renews" : "Expires";
	return str_eq(which->status, S("Warning")) ? "Disabled" : "Data deletion";
}

static str deed_path(struct arena *keep, const struct directory_subscription *which,
		     const char *deed)
{
	return str_format(keep, ADMIN_PRODUCTS_PATH "/%.*s/%s", STR(which->id), deed);
}

/* What stands under More actions for a direct subscription. */
static fault *actions_put(struct tx *tx, const struct directory_subscription *which, instant now,
			  struct admin_product *product)
{
	bool active = str_eq(which->status, S("Enabled"));
	struct arena *keep = tx_arena(tx);
	str off;

	TRY(directory_subscription_uncancellable(tx, which, now, &off));
	if (active && str_is_none(off))
		product->cancel = deed_path(keep, which, "cancel");
	else if (active)
		product->cancel_off = off;
	if (active && !which->trial) {
		product->renewal = deed_path(keep, which, "renewal");
		product->renews = which->recurring;
		product->quantity = deed_path(keep, which, "quantity");
	}
	if (str_eq(which->status, S("Suspended")) || str_eq(which->status, S("LockedOut")))
		product->reactivate = deed_path(keep, which, "reactivate");
	product->has_actions = active || product->reactivate.len > 0;
	return NULL;
}

static fault *seller_of(struct request *rq, const struct directory_subscription *which, str *name)
{
	struct tenant_state partner;
	bool found;

	*name = which->trial ? S("Microsoft, as a trial") : S("Microsoft, directly");
	if (str_is_none(which->owner_tenant))
		return NULL;
	TRY(tenant_state_find(request_tx(rq), which->owner_tenant, &partner, &found));
	*name = found ? partner.name : S("Another partner");
	return NULL;
}

static fault *product_of(struct request *rq, const struct directory_subscription *which,
			 instant now, struct admin_product *product)
{
	bool switched = str_eq(which->status, S("Enabled")) && !which->trial &&
			str_is_none(which->owner_tenant);

	*product = (struct admin_product){
		.name = which->title,
		.id = which->id,
		.state = state_said(which),
		.licenses = which->units,
		.has_end = !instant_is_none(which->next_lifecycle),
		.ends_said = ends_said(which),
		.recurring = !switched		? NULL
			     : which->recurring ? "On"
						: "Off",
		.cancel = S(""),
		.cancel_off = S(""),
		.renewal = S(""),
		.reactivate = S(""),
		.quantity = S(""),
	};
	if (product->has_end)
		product->ends = instant_day(which->next_lifecycle);
	TRY(seller_of(rq, which, &product->bought_from));
	if (!str_is_none(which->owner_tenant))
		return NULL;
	return actions_put(request_tx(rq), which, now, product);
}

static fault *products(struct request *rq, struct reply *to)
{
	struct directory_subscriptions all;
	struct admin admin;
	instant now;
	bool open;

	TRY(admin_door(rq, to, ADMIN_ANY, &admin, &open));
	if (!open)
		return NULL;
	TRY(sandbox_clock_now(request_tx(rq), &now));
	TRY(directory_subscription_all(request_tx(rq), admin.tenant.id, &all));
	struct admin_products_view view = {
		.frame = admin_door_frame(&admin, "Your products", ADMIN_PRODUCTS),
		.products.at = NEW_ARRAY(request_arena(rq), struct admin_product, all.len + 1),
	};
	view.frame.said = admin_door_done(rq);
	for (size_t i = 0; i < all.len; i++)
		TRY(product_of(rq, &all.at[i], now, &view.products.at[view.products.len++]));
	struct html *out = html_open(request_arena(rq), rq);
	admin_products_page(out, &view);
	return reply_page(to, 200, out);
}

/* A deed of the rule; its no is shown as a page. */
static fault *done(struct request *rq, struct reply *to, fault *f, const char *word)
{
	if (!f)
		return reply_go(to, ADMIN_PRODUCTS_PATH "?done=%s", word);
	return f->kind == FAULT_CONFLICT ? admin_products_refuse(rq, to, str_of(f->said)) : f;
}

static fault *renewal(struct request *rq, struct reply *to)
{
	bool on = str_eq(request_form(rq, "recurring"), S("on")), ready;
	struct directory_subscription which;
	struct admin admin;

	TRY(admin_products_find(rq, to, &admin, &which, &ready));
	if (!ready)
		return NULL;
	return done(rq, to, directory_subscription_recur(request_tx(rq), &which, on),
		    on ? "renews" : "ends");
}

static fault *reactivate(struct request *rq, struct reply *to)
{
	struct directory_subscription which;
	struct admin admin;
	bool ready;

	TRY(admin_products_find(rq, to, &admin, &which, &ready));
	if (!ready)
		return NULL;
	return done(rq, to, directory_subscription_reactivate(request_tx(rq), &which),
		    "reactivated");
}

static const struct route routes[] = {
	{ GET, ADMIN_PRODUCTS_PATH, products, .who = ANYONE, .about = "Billing, Your products" },
	{ POST, ADMIN_PRODUCTS_PATH "/:id/renewal", renewal, .who = ANYONE,
	  .about = "Turns recurring billing on or off" },
	{ POST, ADMIN_PRODUCTS_PATH "/:id/reactivate", reactivate, .who = ANYONE,
	  .about = "Takes a cancellation back" },
};
const struct route_table admin_products_routes = { routes, COUNT(routes) };
