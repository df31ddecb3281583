/* Selling to a tenant through Partner Center: relationship, catalogue, cart, order, subscription
 * (Partner Center v1, §3.4 to §3.9). */
#pragma once

#include "microsoft/microsoft.h"

/* The invitation: the same link for every customer, it identifies only us. */
MUST_USE fault *reseller_invitation(struct microsoft_work *w, str *url);

/* Whether the tenant has us as reseller; "not a customer" is an answer (404 60003, 403 20002). */
MUST_USE fault *reseller_of(struct microsoft_work *w, str tenant, bool *ours);

/* Whether the customer itself has accepted the Microsoft Customer Agreement (§3.10, route 1). Asked
 * as a person; without a relationship it is refused. */
MUST_USE fault *reseller_agreement(struct microsoft_work *w, str tenant, bool *is_signed);

/* A catalogue item that carries this SKU id as its provisioningId: not a trial, commercial,
 * purchasable in our country, with the term.  *found is false when there is none. */
struct reseller_offer {
	str catalog_item; /* product:sku:availability; fetched right before every cart */
	str product, title;
	str sku; /* the provisioningId it was found by */
	int64_t least, most;
	str term;    /* "P1Y" */
	str billing; /* "monthly" */
};
MUST_USE fault *reseller_offer_find(struct microsoft_work *w, str sku, str term, str billing,
				    struct reseller_offer *offer, bool *found);

struct reseller_line {
	str catalog_item;
	int64_t quantity;
	str term, billing;
	str note; /* friendlyName: carries the plan's key, so that an order can be found again */
};
/* A cart with these lines.  A second one after a lost answer does no harm: nothing is bought before
 * checkout.  So each is asked for with an MS-RequestId of its own: that of an older cart would be
 * answered with the older cart, which may be bought, undone or expired by now.  A line that cannot
 * be bought is FAULT_INPUT with the vendor's words and code. */
MUST_USE fault *reseller_cart(struct microsoft_work *w, str tenant,
			      const struct reseller_line *lines, size_t count, str *cart);

/* Buys the cart.  `request` is a GUID made from the plan; the MS-RequestId is made from it and the
 * cart, so that every retry of this cart is answered with the first result; the caller keeps both
 * before it calls.  A partial success is FAULT_INPUT with the vendor's words and *order set.
 * FAULT_CONFLICT: already submitted or in progress (800065, 800064, 800060): look for the order.
 * FAULT_MISSING (800008): the cart is gone. */
MUST_USE fault *reseller_checkout(struct microsoft_work *w, str tenant, str cart, str request,
				  str *order);

struct reseller_order_line {
	str catalog_item, subscription, note; /* subscription may be none until provisioned */
	int64_t quantity;
};
struct reseller_order_seen {
	str id, status; /* "pending", "completed", "cancelled" */
	instant created;
	struct reseller_order_line *lines;
	size_t line_count;
};
struct reseller_orders {
	struct reseller_order_seen *at;
	size_t len;
};
MUST_USE fault *reseller_orders_read(struct microsoft_work *w, str tenant,
				     struct reseller_orders *orders);
MUST_USE fault *reseller_order_read(struct microsoft_work *w, str tenant, str order,
				    struct reseller_order_seen *seen);

struct reseller_subscription {
	str id, offer, name;
	str status; /* "pending", "active", "suspended", "deleted", "expired", "disabled" */
	str order;
	int64_t quantity;
	instant started, ends, cancel_until; /* cancel_until none: it cannot be cancelled */
	str etag;
};
struct reseller_subscriptions {
	struct reseller_subscription *at;
	size_t len;
};
MUST_USE fault *reseller_subscriptions_read(struct microsoft_work *w, str tenant,
					    struct reseller_subscriptions *subscriptions);
/* NULL when it is not among them. */
const struct reseller_subscription *reseller_subscription_of(
	const struct reseller_subscriptions *all, str subscription);
bool reseller_is_cancelled(const struct reseller_subscription *subscription);

enum reseller_provisioning { PROVISION_PENDING, PROVISION_DONE, PROVISION_FAILED };
MUST_USE fault *reseller_provisioning(struct microsoft_work *w, str tenant, str subscription,
				      enum reseller_provisioning *state, str *sku,
				      int64_t *quantity);

/* Cancels inside the seven days (PATCH status deleted with If-Match).  Cancelling what is already
 * deleted is done.  FAULT_CONFLICT with code 900117 when the window has closed. */
MUST_USE fault *reseller_cancel(struct microsoft_work *w, str tenant, str subscription);
