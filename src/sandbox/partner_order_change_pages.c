#include "sandbox/partner_order_change_pages.h"

#include "sandbox/catalogue.h"
#include "sandbox/identity_json.h"
#include "sandbox/partner_answer.h"
#include "sandbox/partner_cart.h"
#include "sandbox/partner_json.h"
#include "sandbox/partner_order_pages.h"
#include "sandbox/partner_purchase.h"
#include "sandbox/partner_subscription_life.h"
#include "sandbox/sandbox_guid.h"

#define MOST_LINES 50

/* NULL, or what is wrong.  The billing cycle is the order's. */
static const char *line_read(struct arena *arena, const json_t *json, size_t index, str billing,
			     struct partner_cart_line *line)
{
	*line = (struct partner_cart_line){
		.position = (int64_t)index,
		.catalog_item = partner_json_text(arena, json, "offerId"),
		.friendly_name = partner_json_text(arena, json, "friendlyName"),
		.term = partner_json_text(arena, json, "termDuration"),
		.mpn = partner_json_text(arena, json, "partnerIdOnRecord"),
		.billing = billing,
	};
	if (!partner_json_count(json, "lineItemNumber", &line->position) ||
	    line->position != (int64_t)index)
		return "The lineItemNumbers count from 0 without a gap.";
	if (!partner_json_count(json, "quantity", &line->quantity))
		return "Each line item needs a whole quantity.";
	if (str_is_none(line->catalog_item) || str_is_none(line->term))
		return "Each line item needs offerId and termDuration.";
	return NULL;
}

static const char *order_read(const struct partner_call *call, const json_t *body,
			      struct partner_cart *cart)
{
	const json_t *lines = partner_json_member(body, "lineItems");
	str billing = partner_json_text(call->arena, body, "billingCycle");
	const char *wrong = NULL;

	cart->line_count = json_array_size(lines);
	if (str_is_none(billing) || cart->line_count == 0 || cart->line_count > MOST_LINES)
		return "An order needs billingCycle and up to 50 lineItems.";
	cart->lines = NEW_ARRAY(call->arena, struct partner_cart_line, cart->line_count);
	for (size_t i = 0; i < cart->line_count && !wrong; i++)
		wrong = line_read(call->arena, json_array_get(lines, i), i, billing,
				  &cart->lines[i]);
	return wrong;
}

/* *go_on is false when one of the lines cannot be bought, or its partner on record not taken. */
static fault *lines_check(const struct partner_call *call, const json_t *body,
			  struct partner_cart *cart, bool *go_on)
{
	bool attested = json_is_true(
		partner_json_member(body, "partnerOnRecordAttestationAccepted"));

	TRY(partner_cart_fill(call->tx, cart));
	*go_on = true;
	for (size_t i = 0; i < cart->line_count && *go_on; i++) {
		cart->lines[i].group = cart->lines[0].group;
		*go_on = cart->lines[i].error_code == 0;
		if (!*go_on)
			return partner_refuse_code(call, cart->lines[i].order_code);
		TRY(partner_purchase_check_record(call, cart->lines[i].mpn, attested, go_on));
	}
	return NULL;
}

/* The order that the cart became, or its refusal. */
static fault *order_reply(const struct partner_call *call, const struct partner_cart *cart)
{
	struct partner_cart_refusals refused;
	struct partner_orders orders;
	json_t *made;

	TRY(partner_cart_refused(call->tx, cart->id, &refused));
	if (refused.len > 0)
		return partner_refuse_code(call, refused.at[0].code);
	TRY(partner_subscription_orders(call->tx, cart->partner, cart->customer, &orders));
	for (size_t i = 0; i < orders.len; i++) {
		if (!str_eq(orders.at[i].cart, cart->id))
			continue;
		TRY(partner_order_json(call, &orders.at[i], &made));
		return partner_reply(call, 201, made);
	}
	return fault_new(FAULT_BUG, "An order was placed and is not there.");
}

/* Kept as a cart that nobody is told of: what was bought has one way into the house. */
static fault *order_create(struct request *rq, struct reply *to)
{
	DEFER(identity_json_end) json_t *body = NULL;
	struct partner_call call;
	struct tenant_state customer;
	bool go_on;

	TRY(partner_enter_customer(rq, to, PARTNER_ANY, &call, &customer, &go_on));
	if (!go_on)
		return NULL;
	struct partner_cart cart = {
		.id = sandbox_guid(tx_world(call.tx), call.arena),
		.partner = call.partner.id,
		.customer = customer.id,
		.status = S("Active"),
		.created = call.now,
		.modified = call.now,
		.modified_by = call.caller.client_id,
		.expires = instant_after(call.now, DAYS(7)),
	};
	body = partner_body(&call);
	const char *wrong = order_read(&call, body, &cart);
	if (wrong)
		return partner_refuse(&call, 400, 2000, "%s", wrong);
	TRY(partner_purchase_check(&call, &customer, &go_on));
	if (go_on)
		TRY(lines_check(&call, body, &cart, &go_on));
	if (!go_on)
		return NULL;
	TRY(partner_cart_save(call.tx, &cart));
	TRY(partner_cart_order(call.tx, &cart, call.setting.provisioning));
	return order_reply(&call, &cart);
}

/* Every line must be sold with that billing cycle, in the term it has. */
static bool all_have_cycle(struct arena *arena, const struct partner_subscriptions *lines,
			   str billing)
{
	struct catalogue all = catalogue_read(arena);

	for (size_t i = 0; i < lines->len; i++) {
		const struct catalogue_item *item = catalogue_of(&all, lines->at[i].catalog_item);
		if (!item || !catalogue_has_term(item, lines->at[i].term, billing))
			return false;
	}
	return lines->len > 0;
}

static fault *any_under_way(struct tx *tx, const struct partner_subscriptions *lines, bool *any)
{
	*any = false;
	for (size_t i = 0; i < lines->len && !*any; i++)
		TRY(partner_subscription_change_under_way(tx, lines->at[i].id, any));
	return NULL;
}

static fault *lines_rebill(struct tx *tx, const struct partner_subscriptions *lines, str billing)
{
	for (size_t i = 0; i < lines->len; i++) {
		lines->at[i].billing = billing;
		TRY(partner_subscription_life_keep(tx, &lines->at[i]));
	}
	return NULL;
}

/* The only change of an order: its billing cycle. */
static fault *order_patch(struct request *rq, struct reply *to)
{
	DEFER(identity_json_end) json_t *body = NULL;
	struct partner_call call;
	struct partner_order order;
	struct partner_subscriptions lines;
	json_t *made;
	bool go_on, busy;

	TRY(partner_order_enter(rq, to, &call, &order, &go_on));
	if (!go_on)
		return NULL;
	if (partner_is_stale(&call, partner_order_etag(call.arena, &order)))
		return partner_refuse_stale(&call);
	body = partner_body(&call);
	str billing = str_lower(call.arena, partner_json_text(call.arena, body, "billingCycle"));
	TRY(partner_subscription_of_order(call.tx, order.id, &lines));
	if (!all_have_cycle(call.arena, &lines, billing))
		return partner_refuse(&call, 400, 2000,
				      "The billingCycle is none that all lines are sold with.");
	if (str_eq(order.status, S("pending")))
		return partner_refuse_code(&call, 800060);
	TRY(any_under_way(call.tx, &lines, &busy));
	if (busy)
		return partner_refuse_code(&call, 900278);
	TRY(lines_rebill(call.tx, &lines, billing));
	TRY(partner_subscription_order_bill(call.tx, order.id, billing));
	order.billing = billing;
	TRY(partner_order_json(&call, &order, &made));
	return partner_reply(&call, 200, made);
}

static const struct route routes[] = {
	{ POST, "/v1/customers/:customer/orders", order_create, ANYONE, BY_BEARER },
	{ PATCH, "/v1/customers/:customer/orders/:order", order_patch, ANYONE, BY_BEARER },
};

const struct route_table partner_order_change_routes = { routes, COUNT(routes) };
