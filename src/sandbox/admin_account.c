/* Billing, Billing accounts: which kind it is, what that allows, and the customer agreement. */
#include "admin_account_html.h"
#include "sandbox/admin_door.h"
#include "sandbox/billing_account.h"
#include "sandbox/relationship.h"
#include "web/html.h"

#define PATH "/admin/billing/accounts"

/* The first look gives the account its name. */
static fault *name_of(struct request *rq, const struct tenant_state *tenant, str *name)
{
	bool found;

	TRY(billing_account_find(request_tx(rq), tenant->id, name, &found));
	if (found)
		return NULL;
	TRY(request_must_write(rq));
	return billing_account_make(request_tx(rq), tenant, name);
}

static fault *show(struct request *rq, struct reply *to, const struct admin *admin, str wrong)
{
	const struct tenant_state *tenant = &admin->tenant;
	bool modern = str_eq(tenant->account_type, S("MicrosoftCustomerAgreement"));
	struct admin_account_view view = {
		.frame = admin_door_frame(admin, "Billing accounts", ADMIN_ACCOUNTS),
		.type = modern ? S("Microsoft Customer Agreement")
			       : S("Microsoft Online Subscription Agreement"),
		.cancelling = modern ? S("A subscription can be cancelled for seven days from its "
					 "start or renewal. After that, turn recurring billing off "
					 "and it ends with its term.")
				     : S("A subscription can be cancelled at any time, at once or "
					 "before its next renewal."),
		.sold_to = str_is_none(tenant->country) ? S("") : tenant->country,
		.is_signed = !instant_is_none(tenant->agreement_signed),
		.wrong = wrong,
	};

	if (view.is_signed)
		view.signed_on = instant_day(tenant->agreement_signed);
	view.frame.said = admin_door_done(rq);
	TRY(name_of(rq, tenant, &view.name));
	TRY(admin_door_may(rq, admin, ADMIN_GLOBAL, &view.may_sign));
	struct html *out = html_open(request_arena(rq), rq);
	admin_account_page(out, &view);
	return reply_page(to, str_is_empty(wrong) ? 200 : 400, out);
}

static fault *page(struct request *rq, struct reply *to)
{
	struct admin admin;
	bool open;

	TRY(admin_door(rq, to, ADMIN_ANY, &admin, &open));
	return open ? show(rq, to, &admin, S("")) : NULL;
}

static fault *sign(struct request *rq, struct reply *to)
{
	struct admin admin;
	bool open;

	TRY(admin_door(rq, to, ADMIN_GLOBAL, &admin, &open));
	if (!open)
		return NULL;
	if (!str_eq(request_form(rq, "terms"), S("yes")))
		return show(rq, to, &admin, S("Tick the box first: nothing is signed yet."));
	TRY(relationship_sign_agreement(request_tx(rq), admin.tenant.id));
	return reply_go(to, PATH "?done=signed");
}

static const struct route routes[] = {
	{ GET, PATH, page, .who = ANYONE, .about = "Billing, Billing accounts" },
	{ POST, PATH "/agreement", sign, .who = ANYONE, .about = "Signs the customer agreement" },
};
const struct route_table admin_account_routes = { routes, COUNT(routes) };
