#include "sandbox/partner_subscription_pages.h"

#include <ctype.h>

#include "sandbox/graph_answer.h"
#include "sandbox/identity_json.h"
#include "sandbox/partner_answer.h"
#include "sandbox/partner_code.h"
#include "sandbox/partner_json.h"
#include "sandbox/partner_purchase.h"
#include "sandbox/partner_subscription.h"
#include "sandbox/partner_subscription_json.h"

#define MOST_INSTRUCTIONS 4000

/* What is new may show in lists later than by its own address (vendor facts §3.8). */
static bool is_listed(const struct partner_call *call, const struct partner_subscription *one)
{
	str order = request_query(call->rq, "order_id"), mpn = request_query(call->rq, "mpn_id");

	return !instant_before(call->now,
			       instant_after(one->created, call->behaviour.lists_late)) &&
	       (str_is_none(order) || str_eq_nocase(order, one->order)) &&
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
	for (size_t i = 0; i < all.len; i++) {
		json_t *made;
		if (!is_listed(&call, &all.at[i]))
			continue;
		TRY(partner_subscription_json(&call, &all.at[i], &made));
		json_array_append_new(items, made);
	}
	return partner_reply_items(&call, items);
}

static fault *enter(struct request *rq, struct reply *to, enum partner_token token,
		    struct partner_call *call, struct tenant_state *customer,
		    struct partner_subscription *one, bool *go_on)
{
	bool found;

	TRY(partner_enter_customer(rq, to, token, call, customer, go_on));
	if (!*go_on)
		return NULL;
	TRY(partner_subscription_find(call->tx, call->partner.id, customer->id,
				      request_part(rq, "subscription"), one, &found));
	if (found)
		return NULL;
	*go_on = false;
	return partner_refuse(call, 404, 20003, "The subscription was not found.");
}

static fault *subscription_one(struct request *rq, struct reply *to)
{
	struct partner_call call;
	struct tenant_state customer;
	struct partner_subscription one;
	json_t *made;
	bool go_on;

	TRY(enter(rq, to, PARTNER_ANY, &call, &customer, &one, &go_on));
	if (!go_on)
		return NULL;
	TRY(partner_subscription_json(&call, &one, &made));
	return partner_reply(&call, 200, made);
}

static str upper(struct arena *arena, str s)
{
	struct text made = text_open(arena);

	for (size_t i = 0; i < s.len; i++)
		text_add_char(&made, (char)toupper((unsigned char)s.at[i]));
	return text_str(&made);
}

/* What happened is seen at the next look, every so often (vendor facts §3.9). */
static bool is_seen(const struct partner_call *call, instant happened)
{
	int64_t every = call->behaviour.provisioning_refresh;

	return every == 0 || call->now.micros / every > happened.micros / every;
}

static fault *provisioning_status(const struct partner_call *call,
				  const struct partner_subscription *one, const char **status)
{
	bool under_way;

	TRY(partner_subscription_change_under_way(call->tx, one->id, &under_way));
	*status = one->failed ? "failed" : "success";
	if (str_eq(one->status, S("pending")) || under_way ||
	    (!instant_is_none(one->settled) && !is_seen(call, one->settled)))
		*status = "pending";
	return NULL;
}

static fault *provisioning(struct request *rq, struct reply *to)
{
	struct partner_call call;
	struct tenant_state customer;
	struct partner_subscription one;
	const char *status;
	bool go_on;

	TRY(enter(rq, to, PARTNER_USER_ONLY, &call, &customer, &one, &go_on));
	if (!go_on)
		return NULL;
	TRY(provisioning_status(&call, &one, &status));
	instant ends = instant_is_none(one.ends)
			       ? partner_subscription_term_end(one.created, one.term)
			       : one.ends;
	return partner_reply(
		&call, 200,
		json_pack("{s:o, s:s, s:I, s:o, s:o}", "skuId",
			  graph_text(upper(call.arena, partner_subscription_given_sku(&one))),
			  "status", status, "quantity",
			  (json_int_t)partner_subscription_given_units(&one), "endDate",
			  graph_instant(call.arena, ends), "attributes",
			  partner_attributes("SubscriptionProvisioningStatus", STR_NONE)));
}

/* What a member left out means: auto-renewal falls back to on, and the instructions for the next
 * term are gone (§3.9); the rest stays. */
static struct partner_subscription_change change_of(const struct partner_call *call,
						    const json_t *body,
						    const struct partner_subscription *one)
{
	const json_t *renew = partner_json_member(body, "autoRenewEnabled");
	const json_t *next = partner_json_member(body, "scheduledNextTermInstructions");
	struct partner_subscription_change change = {
		.status = partner_json_text(call->arena, body, "status"),
		.friendly_name = partner_json_text(call->arena, body, "friendlyName"),
		.quantity = one->quantity,
		.auto_renew = json_is_boolean(renew) ? json_is_true(renew) : true,
	};

	if (str_is_none(change.status))
		change.status = one->status;
	if (str_is_none(change.friendly_name))
		change.friendly_name = one->friendly_name;
	if (json_is_object(next))
		change.next_term = identity_json_text(call->arena, next);
	(void)partner_json_count(body, "quantity", &change.quantity);
	return change;
}

/* Before anything is changed: *go_on is false when the body cannot be taken. */
static fault *body_check(const struct partner_call *call, const struct tenant_state *customer,
			 const struct partner_subscription *one, const json_t *body, bool *go_on)
{
	str billing = partner_json_text(call->arena, body, "billingCycle");
	int64_t quantity = one->quantity;

	*go_on = false;
	if (!body)
		return partner_refuse(call, 400, 2000, "The body is not a JSON object.");
	if (!str_is_none(billing) && !str_eq_nocase(billing, one->billing))
		return partner_refuse(call, 400, 2054,
				      "The billing cycle is changed with the order, not here.");
	if (identity_json_text(call->arena,
			       partner_json_member(body, "scheduledNextTermInstructions"))
		    .len > MOST_INSTRUCTIONS)
		return partner_refuse(call, 400, 2000, "The instructions are too long.");
	(void)partner_json_count(body, "quantity", &quantity);
	*go_on = true;
	return quantity == one->quantity ? NULL : partner_purchase_check(call, customer, go_on);
}

static fault *change_reply(const struct partner_call *call, struct partner_subscription *one,
			   bool later)
{
	json_t *made;
	bool found;

	TRY(partner_subscription_find(call->tx, one->partner, one->customer, one->id, one, &found));
	TRY(partner_subscription_json(call, one, &made));
	if (later)
		reply_header(call->to, "Location",
			     str_format(call->arena, "/v1/customers/%.*s/subscriptions/%.*s",
					STR(one->customer), STR(one->id)));
	return partner_reply(call, later ? 202 : 200, made);
}

static fault *subscription_patch(struct request *rq, struct reply *to)
{
	DEFER(identity_json_end) json_t *body = NULL;
	enum partner_subscription_refusal refusal;
	struct partner_call call;
	struct tenant_state customer;
	struct partner_subscription one;
	bool go_on, later;

	TRY(enter(rq, to, PARTNER_ANY, &call, &customer, &one, &go_on));
	if (!go_on)
		return NULL;
	if (partner_is_stale(&call, partner_subscription_json_etag(call.arena, &one)))
		return partner_refuse_stale(&call);
	body = partner_body(&call);
	TRY(body_check(&call, &customer, &one, body, &go_on));
	if (!go_on)
		return NULL;
	struct partner_subscription_change change = change_of(&call, body, &one);
	TRY(partner_subscription_change(call.tx, &one, &change, &refusal, &later));
	if (refusal != SUBSCRIPTION_FINE)
		return partner_refuse_code(&call, refusal);
	return change_reply(&call, &one, later);
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
