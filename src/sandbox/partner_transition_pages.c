#include "sandbox/partner_transition_pages.h"

#include "sandbox/catalogue.h"
#include "sandbox/graph_answer.h"
#include "sandbox/identity_json.h"
#include "sandbox/partner_answer.h"
#include "sandbox/partner_json.h"
#include "sandbox/partner_purchase.h"
#include "sandbox/partner_transition.h"
#include "sandbox/partner_trouble.h"

#define MOVES "transition_with_license_transfer"

static fault *enter(struct request *rq, struct reply *to, struct partner_call *call,
		    struct tenant_state *customer, struct partner_subscription *one, bool *go_on)
{
	bool found;

	TRY(partner_enter_customer(rq, to, PARTNER_ANY, call, customer, go_on));
	if (!*go_on)
		return NULL;
	TRY(partner_subscription_find(call->tx, call->partner.id, customer->id,
				      request_part(rq, "subscription"), one, &found));
	if (found)
		return NULL;
	*go_on = false;
	return partner_refuse(call, 404, 20003, "The subscription was not found.");
}

static json_t *eligibility_json(const char *type, bool eligible)
{
	return json_pack(
		"{s:b, s:s, s:o}", "isEligible", eligible, "transitionType", type, "errors",
		eligible ? json_array()
			 : json_pack("[{s:i, s:s}]", "code", 3, "description",
				     "Moving licenses needs a signed-in user who has a role "
				     "at the customer."));
}

static json_t *target_json(const struct partner_call *call, const struct catalogue_item *item,
			   int64_t quantity, bool may_move)
{
	str availability = catalogue_availability(call->arena, item, call->now);

	return json_pack("{s:o, s:o, s:o, s:I, s:[o, o], s:o}", "catalogItemId",
			 graph_text(str_format(call->arena, "%.*s:%.*s:%.*s", STR(item->product),
					       STR(item->sku), STR(availability))),
			 "title", graph_text(item->title), "description", graph_text(item->title),
			 "quantity", (json_int_t)quantity, "eligibilities",
			 eligibility_json("transition_only", true),
			 eligibility_json(MOVES, may_move), "attributes",
			 partner_attributes("TransitionEligibility", STR_NONE));
}

static fault *eligibility_list(struct request *rq, struct reply *to)
{
	struct partner_call call;
	struct tenant_state customer;
	struct partner_subscription one;
	str type = request_query(rq, "eligibilityType");
	bool go_on, may_move;

	TRY(enter(rq, to, &call, &customer, &one, &go_on));
	if (!go_on)
		return NULL;
	if (!str_is_none(type) && !str_eq_nocase(type, S("immediate")) &&
	    !str_eq_nocase(type, S("scheduled")))
		return partner_refuse(&call, 400, 2000,
				      "The eligibilityType is immediate or scheduled.");
	TRY(partner_user_has_rights(&call, &may_move));
	struct catalogue all = catalogue_read(call.arena);
	TRY(partner_trouble_withdrawn(call.tx, &all));
	const struct catalogue_item *from = catalogue_of(&all, one.catalog_item);
	json_t *items = json_array();
	for (size_t i = 0; i < all.len && from && str_eq(one.status, S("active")); i++)
		if (all.at[i].sold && !all.at[i].withdrawn && catalogue_upgrades(from, &all.at[i]))
			json_array_append_new(
				items, target_json(&call, &all.at[i], one.quantity, may_move));
	return partner_reply_items(&call, items);
}

static json_t *event_json(const struct partner_call *call, const char *name, const char *status,
			  instant at, str failed)
{
	json_t *made = json_pack("{s:s, s:s, s:o}", "name", name, "status", status, "timestamp",
				 graph_instant(call->arena, at));

	if (!str_is_none(failed))
		json_object_set_new(
			made, "errors",
			json_pack("[{s:i, s:o}]", "code", 3, "description", graph_text(failed)));
	return made;
}

/* Seats are reassigned once the conversion is through. */
static json_t *events_json(const struct partner_call *call, const struct partner_transition *one)
{
	json_t *events = json_array();
	bool done = !instant_is_none(one->done);

	json_array_append_new(events,
			      event_json(call, "Conversion", "Started", one->asked, STR_NONE));
	if (done)
		json_array_append_new(events,
				      event_json(call, "Conversion",
						 one->converted ? "Completed" : "Failed", one->done,
						 one->converted ? STR_NONE : one->failed));
	else
		json_array_append_new(
			events, event_json(call, "Conversion", "InProgress", one->asked, STR_NONE));
	if (one->moves_licenses && one->converted)
		json_array_append_new(events,
				      event_json(call, "SeatReassignment",
						 str_is_none(one->failed) ? "Completed" : "Failed",
						 one->done, one->failed));
	return events;
}

static json_t *transition_json(const struct partner_call *call,
			       const struct partner_transition *one)
{
	json_t *made = json_pack(
		"{s:o, s:o, s:o, s:o, s:I, s:s, s:o, s:o, s:o, s:o}", "id", graph_text(one->id),
		"fromSubscriptionId", graph_text(one->subscription), "fromCatalogItemId",
		graph_text(one->from_item), "toCatalogItemId", graph_text(one->to_item), "quantity",
		(json_int_t)one->quantity, "transitionType",
		one->moves_licenses ? MOVES : "transition_only", "termDuration",
		graph_text(one->term), "billingCycle", graph_text(one->billing), "events",
		events_json(call, one), "attributes", partner_attributes("Transition", STR_NONE));

	if (!str_is_none(one->to_subscription))
		json_object_set_new(made, "toSubscriptionId", graph_text(one->to_subscription));
	return made;
}

static fault *transition_list(struct request *rq, struct reply *to)
{
	struct partner_call call;
	struct tenant_state customer;
	struct partner_subscription one;
	struct partner_transitions all;
	bool go_on;

	TRY(enter(rq, to, &call, &customer, &one, &go_on));
	if (!go_on)
		return NULL;
	TRY(partner_transition_all(call.tx, one.id, &all));
	json_t *items = json_array();
	for (size_t i = 0; i < all.len; i++)
		json_array_append_new(items, transition_json(&call, &all.at[i]));
	return partner_reply_items(&call, items);
}

static bool wanted_read(const struct partner_call *call, const json_t *body,
			const struct partner_subscription *from, struct partner_transition *wanted)
{
	str type = partner_json_text(call->arena, body, "transitionType");

	*wanted = (struct partner_transition){
		.to_item = partner_json_text(call->arena, body, "toCatalogItemId"),
		.to_subscription = partner_json_text(call->arena, body, "toSubscriptionId"),
		.quantity = from->quantity,
		.moves_licenses = str_eq_nocase(type, S(MOVES)),
		.billing = partner_json_text(call->arena, body, "billingCycle"),
		.term = partner_json_text(call->arena, body, "termDuration"),
	};
	(void)partner_json_count(body, "quantity", &wanted->quantity);
	return !str_is_none(wanted->to_item) &&
	       (wanted->moves_licenses || str_eq_nocase(type, S("transition_only")));
}

/* Before it begins: *go_on is false when it is refused. */
static fault *wanted_check(const struct partner_call *call, const struct tenant_state *customer,
			   const struct partner_transition *wanted, bool *go_on)
{
	TRY(partner_purchase_check(call, customer, go_on));
	if (!*go_on)
		return NULL;
	if (wanted->moves_licenses)
		TRY(partner_user_has_rights(call, go_on));
	if (!*go_on)
		return partner_refuse(
			call, 403, 900308,
			"Moving licenses needs a signed-in user who has a role at the "
			"customer.");
	return NULL;
}

static fault *transition_create(struct request *rq, struct reply *to)
{
	DEFER(identity_json_end) json_t *body = NULL;
	enum partner_transition_refusal refusal;
	struct partner_call call;
	struct tenant_state customer;
	struct partner_subscription from;
	struct partner_transition wanted;
	bool go_on;

	TRY(enter(rq, to, &call, &customer, &from, &go_on));
	if (!go_on)
		return NULL;
	body = partner_body(&call);
	if (!wanted_read(&call, body, &from, &wanted))
		return partner_refuse(&call, 400, 2000,
				      "Say toCatalogItemId, and transition_only or " MOVES
				      " as transitionType.");
	TRY(wanted_check(&call, &customer, &wanted, &go_on));
	if (!go_on)
		return NULL;
	TRY(partner_transition_begin(call.tx, &from, &wanted, call.setting.provisioning, &refusal));
	if (refusal == TRANSITION_NO_TARGET)
		return partner_refuse(&call, 404, refusal,
				      "There is no running subscription of that product.");
	if (refusal != TRANSITION_FINE)
		return partner_refuse_code(&call, refusal);
	return partner_reply(&call, 201, transition_json(&call, &wanted));
}

static const struct route routes[] = {
	{ GET, "/v1/customers/:customer/subscriptions/:subscription/transitionEligibilities",
	  eligibility_list, ANYONE, BY_BEARER },
	{ GET, "/v1/customers/:customer/subscriptions/:subscription/transitions", transition_list,
	  ANYONE, BY_BEARER },
	{ POST, "/v1/customers/:customer/subscriptions/:subscription/transitions",
	  transition_create, ANYONE, BY_BEARER },
};

const struct route_table partner_transition_routes = { routes, COUNT(routes) };
