#include "sandbox/partner_order_pages.h"

#include "sandbox/graph_answer.h"
#include "sandbox/partner_answer.h"
#include "sandbox/partner_subscription.h"

json_t *partner_order_item_links(struct arena *arena, str catalog_item)
{
	str product = STR_NONE, sku = STR_NONE;

	(void)(str_next(&catalog_item, ':', &product) && str_next(&catalog_item, ':', &sku));
	return json_pack(
		"{s:o, s:o, s:o}", "product",
		partner_link(arena, "/products/%.*s?country=US", STR(product)), "sku",
		partner_link(arena, "/products/%.*s/skus/%.*s?country=US", STR(product), STR(sku)),
		"availability",
		partner_link(arena, "/products/%.*s/skus/%.*s/availabilities/%.*s?country=US",
			     STR(product), STR(sku), STR(catalog_item)));
}

/* Where lists are late, a line's subscription is not known either until it runs (§3.8). */
static json_t *line_json(struct arena *arena, const struct partner_subscription *line, bool late)
{
	json_t *made = json_pack(
		"{s:I, s:o, s:o, s:o, s:s, s:o, s:I, s:o}", "lineItemNumber",
		(json_int_t)line->position, "offerId", graph_text(line->catalog_item),
		"subscriptionId", graph_text(line->id), "termDuration", graph_text(line->term),
		"transactionType", "New", "friendlyName",
		graph_text(str_is_none(line->friendly_name) ? line->title : line->friendly_name),
		"quantity", (json_int_t)line->quantity, "links",
		partner_order_item_links(arena, line->catalog_item));

	if (!str_is_none(line->mpn))
		json_object_set_new(made, "partnerIdOnRecord", graph_text(line->mpn));
	if (late && str_eq(line->status, S("pending")))
		json_object_del(made, "subscriptionId");
	return made;
}

str partner_order_etag(struct arena *arena, const struct partner_order *order)
{
	return str_base64(arena, str_format(arena, "%.*s/%.*s/%.*s", STR(order->id),
					    STR(order->status), STR(order->billing)));
}

fault *partner_order_json(const struct partner_call *call, const struct partner_order *order,
			  json_t **made)
{
	struct partner_subscriptions lines;
	json_t *items = json_array();

	TRY(partner_subscription_of_order(call->tx, order->id, &lines));
	for (size_t i = 0; i < lines.len; i++)
		json_array_append_new(items, line_json(call->arena, &lines.at[i],
						       call->behaviour.lists_late > 0));
	*made = json_pack(
		"{s:o, s:o, s:o, s:o, s:s, s:s, s:o, s:o, s:o, s:s, s:{s:o, s:o, s:o}, s:o}", "id",
		graph_text(order->id), "alternateId", graph_text(order->id), "referenceCustomerId",
		graph_text(order->customer), "billingCycle", graph_text(order->billing),
		"currencyCode", "USD", "currencySymbol", "$", "lineItems", items, "creationDate",
		graph_instant(call->arena, order->created), "status", graph_text(order->status),
		"transactionType", "UserPurchase", "links", "patchOperation",
		partner_link(call->arena, "/customers/%.*s/orders/%.*s", STR(order->customer),
			     STR(order->id)),
		"self",
		partner_link(call->arena, "/customers/%.*s/orders/%.*s", STR(order->customer),
			     STR(order->id)),
		"provisioningStatus",
		partner_link(call->arena, "/customers/%.*s/orders/%.*s/provisioningstatus",
			     STR(order->customer), STR(order->id)),
		"attributes", partner_attributes("Order", partner_order_etag(call->arena, order)));
	json_object_set_new(json_object_get(json_object_get(*made, "links"), "patchOperation"),
			    "method", json_string("PATCH"));
	return NULL;
}

static fault *order_list(struct request *rq, struct reply *to)
{
	struct partner_call call;
	struct tenant_state customer;
	struct partner_orders orders;
	bool go_on;

	TRY(partner_enter_customer(rq, to, PARTNER_ANY, &call, &customer, &go_on));
	if (!go_on)
		return NULL;
	TRY(partner_subscription_orders(call.tx, call.partner.id, customer.id, &orders));
	json_t *items = json_array();
	for (size_t i = 0; i < orders.len; i++) {
		json_t *made;
		if (instant_before(call.now,
				   instant_after(orders.at[i].created, call.behaviour.lists_late)))
			continue;
		TRY(partner_order_json(&call, &orders.at[i], &made));
		json_array_append_new(items, made);
	}
	return partner_reply_items(&call, items);
}

fault *partner_order_enter(struct request *rq, struct reply *to, struct partner_call *call,
			   struct partner_order *order, bool *go_on)
{
	struct tenant_state customer;
	struct partner_orders orders;

	TRY(partner_enter_customer(rq, to, PARTNER_ANY, call, &customer, go_on));
	if (!*go_on)
		return NULL;
	TRY(partner_subscription_orders(call->tx, call->partner.id, customer.id, &orders));
	for (size_t i = 0; i < orders.len; i++)
		if (str_eq_nocase(orders.at[i].id, request_part(rq, "order"))) {
			*order = orders.at[i];
			return NULL;
		}
	*go_on = false;
	return partner_refuse(call, 404, 20000, "The order was not found.");
}

static fault *order_one(struct request *rq, struct reply *to)
{
	struct partner_call call;
	struct partner_order order;
	json_t *made;
	bool go_on;

	TRY(partner_order_enter(rq, to, &call, &order, &go_on));
	if (!go_on)
		return NULL;
	TRY(partner_order_json(&call, &order, &made));
	return partner_reply(&call, 200, made);
}

static fault *order_provisioning(struct request *rq, struct reply *to)
{
	struct partner_call call;
	struct partner_order order;
	struct partner_subscriptions lines;
	bool go_on;

	TRY(partner_order_enter(rq, to, &call, &order, &go_on));
	if (!go_on)
		return NULL;
	TRY(partner_subscription_of_order(call.tx, order.id, &lines));
	json_t *items = json_array();
	for (size_t i = 0; i < lines.len; i++) {
		bool pending = str_eq(lines.at[i].status, S("pending"));
		const char *status = pending || lines.at[i].failed ? "Unfulfilled" : "Fulfilled";
		json_array_append_new(
			items,
			json_pack("{s:I, s:s, s:[{s:I, s:s}], s:o}", "lineItemNumber",
				  (json_int_t)lines.at[i].position, "status", status,
				  "quantityProvisioningInformation", "quantity",
				  (json_int_t)lines.at[i].quantity, "status", status, "attributes",
				  partner_attributes("OrderLineItemProvisioningStatus", STR_NONE)));
	}
	return partner_reply_items(&call, items);
}

static const struct route routes[] = {
	{ GET, "/v1/customers/:customer/orders", order_list, ANYONE, BY_BEARER },
	{ GET, "/v1/customers/:customer/orders/:order", order_one, ANYONE, BY_BEARER },
	{ GET, "/v1/customers/:customer/orders/:order/provisioningstatus", order_provisioning,
	  ANYONE, BY_BEARER },
};

const struct route_table partner_order_routes = { routes, COUNT(routes) };
