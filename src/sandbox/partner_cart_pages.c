#include "sandbox/partner_cart_pages.h"

#include "base/world.h"
#include "sandbox/graph_answer.h"
#include "sandbox/identity_json.h"
#include "sandbox/partner_answer.h"
#include "sandbox/partner_cart.h"
#include "sandbox/partner_json.h"
#include "sandbox/partner_order_pages.h"
#include "sandbox/partner_purchase.h"
#include "sandbox/partner_subscription.h"
#include "sandbox/sandbox_guid.h"

#define MOST_LINES 50

static json_t *line_json(const struct partner_cart_line *line)
{
	json_t *made = json_pack(
		"{s:I, s:o, s:I, s:o, s:o, s:o, s:s, s:o}", "id", (json_int_t)line->position,
		"catalogItemId", graph_text(line->catalog_item), "quantity",
		(json_int_t)line->quantity, "friendlyName", graph_text(line->friendly_name),
		"billingCycle", graph_text(line->billing), "termDuration", graph_text(line->term),
		"currencyCode", "USD", "orderGroup", graph_text(line->group));

	if (!str_is_none(line->mpn))
		json_object_set_new(made, "participants",
				    json_pack("[{s:s, s:o}]", "key", "transaction_reseller",
					      "value", graph_text(line->mpn)));
	if (line->error_code != 0)
		json_object_set_new(made, "error",
				    json_pack("{s:I, s:o}", "errorCode",
					      (json_int_t)line->error_code, "errorDescription",
					      graph_text(line->error_said)));
	return made;
}

static str etag_of(struct arena *arena, const struct partner_cart *cart)
{
	return str_base64(arena, str_format(arena, "%.*s/%lld", STR(cart->id),
					    (long long)cart->modified.micros));
}

static fault *cart_reply(const struct partner_call *call, int status,
			 const struct partner_cart *cart)
{
	json_t *lines = json_array();

	for (size_t i = 0; i < cart->line_count; i++)
		json_array_append_new(lines, line_json(&cart->lines[i]));
	return partner_reply(
		call, status,
		json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:{s:o}, s:o}", "id",
			  graph_text(cart->id), "creationTimestamp",
			  graph_instant(call->arena, cart->created), "lastModifiedTimestamp",
			  graph_instant(call->arena, cart->modified), "expirationTimestamp",
			  graph_instant(call->arena, cart->expires), "lastModifiedUser",
			  graph_text(cart->modified_by), "status", graph_text(cart->status),
			  "lineItems", lines, "links", "self",
			  partner_link(call->arena, "/customers/%.*s/carts/%.*s",
				       STR(cart->customer), STR(cart->id)),
			  "attributes", partner_attributes("Cart", etag_of(call->arena, cart))));
}

static str reseller_of(struct arena *arena, const json_t *line)
{
	const json_t *participants = partner_json_member(line, "participants");

	for (size_t i = 0; i < json_array_size(participants); i++) {
		const json_t *one = json_array_get(participants, i);
		if (str_eq_nocase(partner_json_text(arena, one, "key"), S("transaction_reseller")))
			return partner_json_text(arena, one, "value");
	}
	return STR_NONE;
}

static void wishes_read(struct arena *arena, const json_t *json, struct partner_cart_line *line)
{
	str currency = partner_json_text(arena, json, "currencyCode");

	line->other_currency = !str_is_empty(currency) && !str_eq_nocase(currency, S("USD"));
	line->promoted = !str_is_empty(partner_json_text(arena, json, "promotionId"));
	line->own_end = !str_is_empty(partner_json_text(arena, json, "customTermEndDate"));
	line->with_addons = json_array_size(partner_json_member(json, "addonItems")) > 0;
}

/* NULL, or what is wrong with the line. */
static const char *line_read(struct arena *arena, const json_t *json, size_t index,
			     struct partner_cart_line *line)
{
	*line = (struct partner_cart_line){
		.position = (int64_t)index,
		.catalog_item = partner_json_text(arena, json, "catalogItemId"),
		.friendly_name = partner_json_text(arena, json, "friendlyName"),
		.billing = partner_json_text(arena, json, "billingCycle"),
		.term = partner_json_text(arena, json, "termDuration"),
		.mpn = reseller_of(arena, json),
	};
	wishes_read(arena, json, line);
	if (!partner_json_count(json, "id", &line->position) || line->position != (int64_t)index)
		return "The ids of the line items count from 0 without a gap.";
	if (!partner_json_count(json, "quantity", &line->quantity))
		return "Each line item needs a whole quantity.";
	if (str_is_none(line->catalog_item) || str_is_none(line->billing) ||
	    str_is_none(line->term))
		return "Each line item needs catalogItemId, billingCycle and termDuration.";
	return NULL;
}

static const char *lines_read(const struct partner_call *call, const json_t *body,
			      struct partner_cart *cart)
{
	const json_t *lines = partner_json_member(body, "lineItems");
	const char *wrong = NULL;

	cart->line_count = json_array_size(lines);
	if (cart->line_count == 0)
		return "A cart needs lineItems.";
	if (cart->line_count > MOST_LINES)
		return "A cart has at most 50 lines.";
	cart->lines = NEW_ARRAY(call->arena, struct partner_cart_line, cart->line_count);
	for (size_t i = 0; i < cart->line_count && !wrong; i++)
		wrong = line_read(call->arena, json_array_get(lines, i), i, &cart->lines[i]);
	return wrong;
}

static fault *records_check(const struct partner_call *call, const json_t *body,
			    const struct partner_cart *cart, bool *go_on)
{
	bool attested = json_is_true(
		partner_json_member(body, "partnerOnRecordAttestationAccepted"));

	*go_on = true;
	for (size_t i = 0; i < cart->line_count && *go_on; i++)
		TRY(partner_purchase_check_record(call, cart->lines[i].mpn, attested, go_on));
	return NULL;
}

static fault *cart_fill(const struct partner_call *call, struct partner_cart *cart, int status)
{
	DEFER(identity_json_end) json_t *body = partner_body(call);
	const char *wrong = lines_read(call, body, cart);
	bool go_on;

	if (wrong)
		return partner_refuse(call, 400, 800071, "%s", wrong);
	TRY(records_check(call, body, cart, &go_on));
	if (!go_on)
		return NULL;
	cart->modified = call->now;
	cart->modified_by = str_is_none(call->caller.user) ? call->caller.client_id
							   : call->caller.user;
	TRY(partner_cart_fill(call->tx, cart));
	TRY(partner_cart_save(call->tx, cart));
	return cart_reply(call, status, cart);
}

static fault *cart_create(struct request *rq, struct reply *to)
{
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
		.expires = instant_after(call.now, DAYS(7)),
	};
	return cart_fill(&call, &cart, 201);
}

static fault *cart_enter(struct request *rq, struct reply *to, struct partner_call *call,
			 struct tenant_state *customer, struct partner_cart *cart, bool *go_on)
{
	bool found;

	TRY(partner_enter_customer(rq, to, PARTNER_ANY, call, customer, go_on));
	if (!*go_on)
		return NULL;
	TRY(partner_cart_find(call->tx, call->partner.id, customer->id, request_part(rq, "cart"),
			      cart, &found));
	if (found)
		return NULL;
	*go_on = false;
	return partner_refuse(call, 404, 800008, "The cart was not found or has expired.");
}

static fault *cart_read(struct request *rq, struct reply *to)
{
	struct partner_call call;
	struct tenant_state customer;
	struct partner_cart cart;
	bool go_on;

	TRY(cart_enter(rq, to, &call, &customer, &cart, &go_on));
	return go_on ? cart_reply(&call, 200, &cart) : NULL;
}

static fault *cart_update(struct request *rq, struct reply *to)
{
	struct partner_call call;
	struct tenant_state customer;
	struct partner_cart cart;
	bool go_on;

	TRY(cart_enter(rq, to, &call, &customer, &cart, &go_on));
	if (!go_on)
		return NULL;
	if (str_eq(cart.status, S("Ordered")))
		return partner_refuse(&call, 400, 800065, "The cart was submitted already.");
	if (partner_is_stale(&call, etag_of(call.arena, &cart)))
		return partner_refuse_stale(&call);
	return cart_fill(&call, &cart, 200);
}

static fault *orders_json(const struct partner_call *call, const struct partner_cart *cart,
			  json_t **made)
{
	struct partner_orders orders;

	*made = json_array();
	TRY(partner_subscription_orders(call->tx, cart->partner, cart->customer, &orders));
	for (size_t i = 0; i < orders.len; i++) {
		json_t *order;
		if (!str_eq(orders.at[i].cart, cart->id))
			continue;
		TRY(partner_order_json(call, &orders.at[i], &order));
		json_array_append_new(*made, order);
	}
	return NULL;
}

static fault *result_reply(const struct partner_call *call, const struct partner_cart *cart)
{
	struct partner_cart_refusals refused;
	json_t *orders, *errors = json_array();

	TRY(partner_cart_refused(call->tx, cart->id, &refused));
	for (size_t i = 0; i < refused.len; i++)
		json_array_append_new(errors,
				      json_pack("{s:o, s:I, s:o}", "orderGroupId",
						graph_text(refused.at[i].group), "code",
						(json_int_t)refused.at[i].code, "description",
						graph_text(refused.at[i].said)));
	TRY(orders_json(call, cart, &orders));
	return partner_reply(call, 201,
			     json_pack("{s:o, s:o, s:o}", "orders", orders, "orderErrors", errors,
				       "attributes",
				       partner_attributes("CartCheckoutResult", STR_NONE)));
}

/* Asked again for the same cart it answers with the first result: nothing is bought twice. */
static fault *checkout(struct request *rq, struct reply *to)
{
	struct partner_call call;
	struct tenant_state customer;
	struct partner_cart cart;
	bool go_on;

	TRY(cart_enter(rq, to, &call, &customer, &cart, &go_on));
	if (!go_on)
		return NULL;
	if (str_eq(cart.status, S("Ordered")))
		return result_reply(&call, &cart);
	TRY(partner_purchase_check(&call, &customer, &go_on));
	if (!go_on)
		return NULL;
	if (partner_cart_is_clean(&cart))
		TRY(partner_cart_check(call.tx, &cart));
	if (!partner_cart_is_clean(&cart))
		return partner_refuse(&call, 400, 800009, "The cart has items with errors.");
	TRY(partner_cart_order(call.tx, &cart, call.setting.provisioning));
	return result_reply(&call, &cart);
}

static const struct route routes[] = {
	{ POST, "/v1/customers/:customer/carts", cart_create, ANYONE, BY_BEARER },
	{ GET, "/v1/customers/:customer/carts/:cart", cart_read, ANYONE, BY_BEARER },
	{ PUT, "/v1/customers/:customer/carts/:cart", cart_update, ANYONE, BY_BEARER },
	{ POST, "/v1/customers/:customer/carts/:cart/checkout", checkout, ANYONE, BY_BEARER },
};

const struct route_table partner_cart_routes = { routes, COUNT(routes) };
