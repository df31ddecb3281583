#include "sandbox/partner_subscription_pages.h"

#include <ctype.h>

#include "sandbox/graph_answer.h"
#include "sandbox/identity_json.h"
#include "sandbox/partner_answer.h"
#include "sandbox/partner_subscription.h"

static str etag_of(struct arena *arena, const struct partner_subscription *one)
{
	return str_base64(arena,
			  str_format(arena, "%.*s/%lld", STR(one->id), (long long)one->revision));
}

/* None once the window is over: nothing can be cancelled or given back any more. */
static bool window_open(const struct partner_call *call, const struct partner_subscription *one)
{
	return !instant_is_none(one->cancel_until) &&
	       !instant_before(one->cancel_until, call->now) && !str_eq(one->status, S("deleted"));
}

static void dates_put(const struct partner_call *call, const struct partner_subscription *one,
		      json_t *made)
{
	instant start = instant_is_none(one->started) ? one->created : one->started;
	instant ends = instant_is_none(one->ends) ? partner_subscription_term_end(start, one->term)
						  : one->ends;
	instant until = window_open(call, one) ? one->cancel_until : INSTANT_NONE;
	json_t *details = json_array();

	json_object_set_new(made, "creationDate", graph_instant(call->arena, one->created));
	json_object_set_new(made, "effectiveStartDate", graph_instant(call->arena, start));
	json_object_set_new(made, "commitmentEndDate", graph_instant(call->arena, ends));
	json_object_set_new(made, "commitmentEndDateTime", graph_instant(call->arena, ends));
	json_object_set_new(made, "cancellationAllowedUntilDate",
			    graph_instant(call->arena, until));
	if (!instant_is_none(until))
		json_array_append_new(details,
				      json_pack("{s:I, s:o}", "quantity", (json_int_t)one->quantity,
						"allowedUntilDateTime",
						graph_instant(call->arena, until)));
	json_object_set_new(made, "refundableQuantity",
			    json_pack("{s:I, s:o}", "totalQuantity",
				      (json_int_t)(instant_is_none(until) ? 0 : one->quantity),
				      "details", details));
}

static json_t *subscription_json(const struct partner_call *call,
				 const struct partner_subscription *one)
{
	str name = str_is_none(one->friendly_name) ? one->title : one->friendly_name;
	json_t *made = json_pack(
		"{s:o, s:o, s:o, s:o, s:{s:s, s:s}, s:I, s:s, s:o, s:b, s:s, s:o, s:o, s:o}", "id",
		graph_text(one->id), "offerId", graph_text(one->catalog_item), "offerName",
		graph_text(one->title), "friendlyName", graph_text(name), "productType", "id",
		"OnlineServicesNCE", "displayName", "OnlineServicesNCE", "quantity",
		(json_int_t)one->quantity, "unitType", "Licenses", "status",
		graph_text(one->status), "autoRenewEnabled", one->auto_renew, "billingType",
		"license", "billingCycle", graph_text(one->billing), "termDuration",
		graph_text(one->term), "renewalTermDuration", graph_text(one->term));

	json_object_set_new(made, "isTrial", json_boolean(one->trial));
	json_object_set_new(made, "isMicrosoftProduct", json_true());
	json_object_set_new(made, "publisherName", json_string("Microsoft Corporation"));
	json_object_set_new(made, "contractType", json_string("subscription"));
	json_object_set_new(made, "orderId", graph_text(one->order));
	json_object_set_new(made, "attentionNeeded", json_false());
	json_object_set_new(made, "actionTaken", json_false());
	json_object_set_new(made, "suspensionReasons", json_array());
	if (!str_is_none(one->mpn))
		json_object_set_new(made, "partnerId", graph_text(one->mpn));
	dates_put(call, one, made);
	json_object_set_new(
		made, "links",
		json_pack("{s:o}", "self",
			  partner_link(call->arena, "/customers/%.*s/subscriptions/%.*s",
				       STR(one->customer), STR(one->id))));
	json_object_set_new(made, "attributes",
			    partner_attributes("Subscription", etag_of(call->arena, one)));
	return made;
}

static bool wanted(struct request *rq, const struct partner_subscription *one)
{
	str order = request_query(rq, "order_id"), mpn = request_query(rq, "mpn_id");

	return (str_is_none(order) || str_eq_nocase(order, one->order)) &&
	       (str_is_none(mpn) || str_eq(mpn, one->mpn));
}

static fault *subscription_list(struct request *rq, struct reply *to)
{
	struct partner_call call;
	struct tenant_state customer;
	struct partner_subscriptions all;
	bool go_on;

	TRY(partner_enter_customer(rq, to, PARTNER_ANY, &call, &customer, &go_on));
	if (!go_on)
		return NULL;
	TRY(partner_subscription_all(call.tx, call.partner.id, customer.id, &all));
	json_t *items = json_array();
	for (size_t i = 0; i < all.len; i++)
		if (wanted(rq, &all.at[i]))
			json_array_append_new(items, subscription_json(&call, &all.at[i]));
	return partner_reply_items(&call, items);
}

static fault *enter(struct request *rq, struct reply *to, enum partner_token token,
		    struct partner_call *call, struct partner_subscription *one, bool *go_on)
{
	struct tenant_state customer;
	bool found;

	TRY(partner_enter_customer(rq, to, token, call, &customer, go_on));
	if (!*go_on)
		return NULL;
	TRY(partner_subscription_find(call->tx, call->partner.id, customer.id,
				      request_part(rq, "subscription"), one, &found));
	if (found)
		return NULL;
	*go_on = false;
	return partner_refuse(call, 404, 20003, "The subscription was not found.");
}

static fault *subscription_one(struct request *rq, struct reply *to)
{
	struct partner_call call;
	struct partner_subscription one;
	bool go_on;

	TRY(enter(rq, to, PARTNER_ANY, &call, &one, &go_on));
	return go_on ? partner_reply(&call, 200, subscription_json(&call, &one)) : NULL;
}

static str upper(struct arena *arena, str s)
{
	struct text made = text_open(arena);

	for (size_t i = 0; i < s.len; i++)
		text_add_char(&made, (char)toupper((unsigned char)s.at[i]));
	return text_str(&made);
}

static const char *provisioning_status(const struct partner_subscription *one)
{
	if (str_eq(one->status, S("pending")))
		return "pending";
	return one->failed ? "failed" : "success";
}

static fault *provisioning(struct request *rq, struct reply *to)
{
	struct partner_call call;
	struct partner_subscription one;
	bool go_on;

	TRY(enter(rq, to, PARTNER_USER_ONLY, &call, &one, &go_on));
	if (!go_on)
		return NULL;
	instant ends = instant_is_none(one.ends)
			       ? partner_subscription_term_end(one.created, one.term)
			       : one.ends;
	return partner_reply(
		&call, 200,
		json_pack("{s:o, s:s, s:I, s:o, s:o}", "skuId",
			  graph_text(upper(call.arena, partner_subscription_given_sku(&one))),
			  "status", provisioning_status(&one), "quantity",
			  (json_int_t)partner_subscription_given_units(&one), "endDate",
			  graph_instant(call.arena, ends), "attributes",
			  partner_attributes("SubscriptionProvisioningStatus", STR_NONE)));
}

/* What a member left out means: auto-renewal falls back to on (§3.9), the rest stays. */
static struct partner_subscription_change change_of(const struct partner_call *call,
						    const json_t *body,
						    const struct partner_subscription *one)
{
	const json_t *renew = partner_member(body, "autoRenewEnabled");
	struct partner_subscription_change change = {
		.status = partner_member_text(call->arena, body, "status"),
		.friendly_name = partner_member_text(call->arena, body, "friendlyName"),
		.quantity = one->quantity,
		.auto_renew = json_is_boolean(renew) ? json_is_true(renew) : true,
	};

	if (str_is_none(change.status))
		change.status = one->status;
	if (str_is_none(change.friendly_name))
		change.friendly_name = one->friendly_name;
	(void)partner_member_count(body, "quantity", &change.quantity);
	return change;
}

static fault *refuse(const struct partner_call *call, enum partner_subscription_refusal refusal)
{
	switch (refusal) {
	case SUBSCRIPTION_FINE: break;
	case SUBSCRIPTION_PENDING:
		return partner_refuse(call, 409, refusal,
				      "An operation on the subscription is pending: try later.");
	case SUBSCRIPTION_WINDOW_OVER:
		return partner_refuse(
			call, 400, refusal,
			"The time in which the subscription could be cancelled is over.");
	case SUBSCRIPTION_BAD_QUANTITY:
		return partner_refuse(call, 400, refusal,
				      "Quantity must lie between the offer's minimum and maximum.");
	case SUBSCRIPTION_NO_REDUCING:
		return partner_refuse(call, 400, refusal,
				      "The quantity cannot be reduced any more.");
	case SUBSCRIPTION_BAD_STATUS:
		return partner_refuse(call, 400, refusal, "The status cannot be changed to this.");
	case SUBSCRIPTION_GONE:
		return partner_refuse(call, 400, refusal,
				      "The subscription takes no more updates.");
	}
	return fault_new(FAULT_BUG, "A change was refused without a reason.");
}

static str unquoted(str etag)
{
	if (str_starts(etag, S("\"")) && str_ends(etag, S("\"")) && etag.len >= 2)
		return str_part(etag, 1, etag.len - 2);
	return etag;
}

static fault *subscription_patch(struct request *rq, struct reply *to)
{
	DEFER(identity_json_end) json_t *body = NULL;
	enum partner_subscription_refusal refusal;
	struct partner_call call;
	struct partner_subscription one;
	bool go_on, found;

	TRY(enter(rq, to, PARTNER_ANY, &call, &one, &go_on));
	if (!go_on)
		return NULL;
	str match = unquoted(str_trim(request_header(rq, "If-Match")));
	if (!str_is_empty(match) && !str_eq(match, S("*")) &&
	    !str_eq(match, etag_of(call.arena, &one)))
		return partner_refuse(&call, 412, 2055,
				      "The etag is stale: read the subscription again.");
	body = partner_body(&call);
	if (!body)
		return partner_refuse(&call, 400, 2000, "The body is not a JSON object.");
	struct partner_subscription_change change = change_of(&call, body, &one);
	TRY(partner_subscription_change(call.tx, &one, &change, &refusal));
	if (refusal != SUBSCRIPTION_FINE)
		return refuse(&call, refusal);
	TRY(partner_subscription_find(call.tx, one.partner, one.customer, one.id, &one, &found));
	return partner_reply(&call, 200, subscription_json(&call, &one));
}

static const struct route routes[] = {
	{ GET, "/v1/customers/:customer/subscriptions", subscription_list, ANYONE, BY_BEARER },
	{ GET, "/v1/customers/:customer/subscriptions/:subscription", subscription_one, ANYONE,
	  BY_BEARER },
	{ GET, "/v1/customers/:customer/subscriptions/:subscription/provisioningstatus",
	  provisioning, ANYONE, BY_BEARER },
	{ PATCH, "/v1/customers/:customer/subscriptions/:subscription", subscription_patch, ANYONE,
	  BY_BEARER },
};

const struct route_table partner_subscription_routes = { routes, COUNT(routes) };
