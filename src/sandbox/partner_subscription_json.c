#include "sandbox/partner_subscription_json.h"

#include "sandbox/graph_answer.h"
#include "sandbox/partner_order_pages.h"
#include "sandbox/partner_seat.h"

str partner_subscription_json_etag(struct arena *arena, const struct partner_subscription *one)
{
	return str_base64(arena,
			  str_format(arena, "%.*s/%lld", STR(one->id), (long long)one->revision));
}

static bool is_running(const struct partner_subscription *one)
{
	return str_eq(one->status, S("pending")) || str_eq(one->status, S("active")) ||
	       str_eq(one->status, S("suspended"));
}

/* None once the window is over: then it cannot be cancelled any more. */
static instant cancel_until(const struct partner_call *call, const struct partner_subscription *one)
{
	bool open = is_running(one) && !instant_is_none(one->cancel_until) &&
		    !instant_before(one->cancel_until, call->now);

	return open ? one->cancel_until : INSTANT_NONE;
}

/* A month or a year from the start on, until after now; not behind the end of the term. */
static instant cycle_end(const struct partner_subscription *one, instant start, instant ends,
			 instant now)
{
	str cycle = str_eq(one->billing, S("monthly")) ? S("P1M") : one->term;
	instant at = partner_subscription_term_end(start, cycle);

	while (instant_before(at, now) && instant_before(at, ends))
		at = partner_subscription_term_end(at, cycle);
	return instant_before(ends, at) ? ends : at;
}

static void dates_put(const struct partner_call *call, const struct partner_subscription *one,
		      json_t *made)
{
	instant start = instant_is_none(one->started) ? one->created : one->started;
	instant ends = instant_is_none(one->ends) ? partner_subscription_term_end(start, one->term)
						  : one->ends;
	instant until = cancel_until(call, one);
	instant cycle = cycle_end(one, start, ends, call->now);
	const struct {
		const char *name;
		instant at;
	} dates[] = {
		{ "creationDate", one->created },
		{ "effectiveStartDate", start },
		{ "commitmentEndDate", ends },
		{ "commitmentEndDateTime", ends },
		{ "cancellationAllowedUntilDate", until },
		{ "billingCycleEndDate", cycle },
		{ "billingCycleEndDateTime", cycle },
	};

	for (size_t i = 0; i < COUNT(dates); i++)
		json_object_set_new(made, dates[i].name, graph_instant(call->arena, dates[i].at));
	json_t *refunds = json_array();
	if (!instant_is_none(until))
		json_array_append_new(refunds, json_pack("{s:s, s:o}", "type", "Full", "expiresAt",
							 graph_instant(call->arena, until)));
	json_object_set_new(made, "refundOptions", refunds);
}

static fault *refundable(const struct partner_call *call, const struct partner_subscription *one,
			 json_t *made)
{
	struct partner_seats open = { 0 };
	json_t *details = json_array();

	if (is_running(one))
		TRY(partner_seat_open(call->tx, one->id, call->now, &open));
	for (size_t i = 0; i < open.len; i++)
		json_array_append_new(
			details, json_pack("{s:I, s:o}", "quantity",
					   (json_int_t)open.at[i].quantity, "allowedUntilDateTime",
					   graph_instant(call->arena, open.at[i].until)));
	json_object_set_new(made, "refundableQuantity",
			    json_pack("{s:I, s:o}", "totalQuantity", (json_int_t)open.total,
				      "details", details));
	return NULL;
}

static void flags_put(const struct partner_call *call, const struct partner_subscription *one,
		      json_t *made)
{
	json_t *actions = json_array();

	if (is_running(one))
		json_array_append_new(actions, json_string("edit"));
	if (!instant_is_none(cancel_until(call, one)))
		json_array_append_new(actions, json_string("cancel"));
	json_object_set_new(made, "actions", actions);
	json_object_set_new(made, "isTrial", json_boolean(one->trial));
	json_object_set_new(made, "isMicrosoftProduct", json_true());
	json_object_set_new(made, "publisherName", json_string("Microsoft Corporation"));
	json_object_set_new(made, "contractType", json_string("subscription"));
	json_object_set_new(made, "orderId", graph_text(one->order));
	json_object_set_new(made, "attentionNeeded", json_false());
	json_object_set_new(made, "actionTaken", json_false());
	json_object_set_new(made, "suspensionReasons",
			    str_eq(one->status, S("suspended")) ? json_pack("[s]", "Partner")
								: json_array());
	if (!str_is_none(one->mpn))
		json_object_set_new(made, "partnerId", graph_text(one->mpn));
	if (!str_is_none(one->next_term))
		json_object_set_new(made, "scheduledNextTermInstructions",
				    graph_stored(one->next_term));
}

fault *partner_subscription_json(const struct partner_call *call,
				 const struct partner_subscription *one, json_t **made)
{
	str name = str_is_none(one->friendly_name) ? one->title : one->friendly_name;

	*made = json_pack(
		"{s:o, s:o, s:o, s:o, s:{s:s, s:s}, s:I, s:s, s:o, s:b, s:s, s:o, s:o, s:o}", "id",
		graph_text(one->id), "offerId", graph_text(one->catalog_item), "offerName",
		graph_text(one->title), "friendlyName", graph_text(name), "productType", "id",
		"OnlineServicesNCE", "displayName", "OnlineServicesNCE", "quantity",
		(json_int_t)one->quantity, "unitType", "Licenses", "status",
		graph_text(one->status), "autoRenewEnabled", one->auto_renew, "billingType",
		"license", "billingCycle", graph_text(one->billing), "termDuration",
		graph_text(one->term), "renewalTermDuration", graph_text(one->term));
	flags_put(call, one, *made);
	dates_put(call, one, *made);
	json_t *links = partner_order_item_links(call->arena, one->catalog_item);
	json_object_set_new(links, "self",
			    partner_link(call->arena, "/customers/%.*s/subscriptions/%.*s",
					 STR(one->customer), STR(one->id)));
	json_object_set_new(*made, "links", links);
	json_object_set_new(*made, "attributes",
			    partner_attributes("Subscription",
					       partner_subscription_json_etag(call->arena, one)));
	return refundable(call, one, *made);
}
