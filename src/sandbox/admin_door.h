/* The way into the administrator's pages: somebody signed in, with a role in the own tenant.
 *
 * Each page's handler calls this before anything else; there is no other way to a tenant's
 * pages, and the tenant is never taken from the address. */
#pragma once

#include "sandbox/admin_pages.h"
#include "sandbox/signin.h"
#include "web/web.h"

/* What a page may be for. */
enum admin_right {
	ADMIN_ANY,     /* any administrator */
	ADMIN_BILLS,   /* Global or Billing Administrator */
	ADMIN_LICENSE, /* Global, License or User Administrator */
	ADMIN_GLOBAL,  /* Global Administrator alone */
	ADMIN_SIGNED,  /* whoever is signed in */
};

struct admin {
	struct signin who;
	struct tenant_state tenant;
	bool administrator;
};

/* *open is false when the answer is the sign-in page, or a refusal. */
MUST_USE fault *admin_door(struct request *rq, struct reply *to, enum admin_right right,
			   struct admin *admin, bool *open);

struct admin_frame_view admin_door_frame(const struct admin *admin, const char *title,
					 enum admin_place place);

/* Whether the person in hand may do what another right is for. */
MUST_USE fault *admin_door_may(struct request *rq, const struct admin *admin,
			       enum admin_right right, bool *may);

/* "/admin/billing/subscriptions?done=cancelled" says so in words on that page. */
str admin_door_done(struct request *rq);

extern const struct route_table admin_account_routes;
extern const struct route_table admin_billing_routes;
extern const struct route_table admin_cancel_routes;
extern const struct route_table admin_invitation_routes;
extern const struct route_table admin_delegations_routes;
extern const struct route_table admin_groups_routes;
extern const struct route_table admin_products_routes;
extern const struct route_table admin_quantity_routes;
extern const struct route_table admin_settings_routes;
extern const struct route_table admin_users_routes;
