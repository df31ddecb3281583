#include "sandbox/billing_subscription.h"

#include "sandbox/billing_account.h"
#include "sandbox/catalogue.h"
#include "sandbox/graph_answer.h"

str billing_subscription_name(const struct directory_subscription *which)
{
	return str_is_none(which->commerce_id) ? which->id : which->commerce_id;
}

const char *billing_subscription_status(const struct directory_subscription *which)
{
	if (str_eq(which->status, S("Enabled")))
		return which->recurring ? "Active" : "Expiring";
	if (str_eq(which->status, S("Warning")))
		return "Expired";
	if (str_eq(which->status, S("LockedOut")))
		return "Suspended";
	if (str_eq(which->status, S("Suspended")))
		return instant_is_none(which->cancelled) ? "Disabled" : "Cancelled";
	return "Deleted";
}

static const struct catalogue_item *item_of(const struct catalogue *all, str sku)
{
	for (size_t i = 0; i < all->len; i++)
		if (str_eq_nocase(all->at[i].provisioning, sku) && !all->at[i].trial)
			return &all->at[i];
	return NULL;
}

static const char *term_of(const struct directory_subscription *which)
{
	int64_t long_is;

	if (instant_is_none(which->term_ends) || instant_is_none(which->term_started))
		return "P1Y";
	long_is = instant_since(which->term_ends, which->term_started);
	if (long_is <= DAYS(31))
		return "P1M";
	return long_is <= DAYS(366) ? "P1Y" : "P3Y";
}

static void product_put(const struct billing_call *call, const struct directory_subscription *which,
			json_t *of)
{
	struct catalogue all = catalogue_read(call->arena);
	const struct catalogue_item *item = item_of(&all, which->sku);

	json_object_set_new(of, "displayName", graph_text(which->title));
	json_object_set_new(of, "productCategory", json_string("SeatBased"));
	json_object_set_new(of, "productType", graph_text(which->title));
	json_object_set_new(of, "productTypeId", graph_text(item ? item->product : STR_NONE));
	json_object_set_new(of, "skuId", graph_text(item ? item->sku : STR_NONE));
	json_object_set_new(of, "skuDescription", graph_text(which->title));
}

static void term_put(const struct billing_call *call, const struct directory_subscription *which,
		     json_t *of)
{
	json_object_set_new(of, "termDuration", json_string(term_of(which)));
	json_object_set_new(of, "billingFrequency", json_string("P1M"));
	json_object_set_new(of, "purchaseDate", graph_instant(call->arena, which->created));
	json_object_set_new(of, "termStartDate", graph_instant(call->arena, which->term_started));
	json_object_set_new(of, "termEndDate", graph_instant(call->arena, which->term_ends));
	json_object_set_new(of, "autoRenew", json_string(which->recurring ? "On" : "Off"));
	json_object_set_new(of, "quantity", json_integer((json_int_t)which->units));
	if (which->recurring && str_eq(which->status, S("Enabled")))
		json_object_set_new(of, "renewalTermDetails",
				    json_pack("{s:O, s:O, s:O, s:s, s:I}", "productTypeId",
					      json_object_get(of, "productTypeId"), "skuId",
					      json_object_get(of, "skuId"), "termDuration",
					      json_object_get(of, "termDuration"),
					      "billingFrequency", "P1M", "quantity",
					      (json_int_t)which->units));
}

static fault *override_put(const struct billing_call *call,
			   const struct directory_subscription *which, json_t *of)
{
	instant until = directory_subscription_cancel_until(which);
	str said;

	TRY(directory_subscription_uncancellable(call->tx, which, call->now, &said));

	json_object_set_new(of, "systemOverrides",
			    json_pack("{s:s, s:o}", "cancellation",
				      str_is_none(said) ? "Allowed" : "NotAllowed",
				      "cancellationAllowedEndDate",
				      graph_instant(call->arena, until)));
	return NULL;
}

static void reasons_put(const struct billing_call *call, const struct directory_subscription *which,
			json_t *of)
{
	bool cancelled = !instant_is_none(which->cancelled);
	const char *reason = cancelled ? "Cancelled" : "Expired";
	instant from = cancelled ? which->cancelled : which->term_ends;

	if (str_eq(which->status, S("Enabled")) || str_eq(which->status, S("Warning"))) {
		json_object_set_new(of, "suspensionReasons", json_array());
		json_object_set_new(of, "suspensionReasonDetails", json_array());
		return;
	}
	json_object_set_new(of, "suspensionReasons", json_pack("[s]", reason));
	json_object_set_new(of, "suspensionReasonDetails",
			    json_pack("[{s:s, s:o}]", "reason", reason, "effectiveDate",
				      graph_instant(call->arena, from)));
}

static void place_put(const struct billing_call *call, const struct directory_subscription *which,
		      json_t *of)
{
	str profile = str_format(call->arena,
				 "/providers/Microsoft.Billing/billingAccounts/%.*s/"
				 "billingProfiles/%.*s",
				 STR(call->account), STR(str_part(call->account, 0, 8)));

	json_object_set_new(of, "beneficiaryTenantId", graph_text(which->tenant));
	json_object_set_new(of, "beneficiary",
			    json_pack("{s:o, s:o}", "tenantId", graph_text(which->tenant),
				      "objectId", graph_text(which->owner)));
	json_object_set_new(of, "provisioningTenantId", graph_text(which->tenant));
	json_object_set_new(of, "billingProfileId", graph_text(profile));
	json_object_set_new(of, "billingProfileName", graph_text(str_part(call->account, 0, 8)));
	json_object_set_new(of, "billingProfileDisplayName", graph_text(call->tenant.name));
}

/* Only a partner's sale has one. */
static fault *reseller_put(const struct billing_call *call,
			   const struct directory_subscription *which, json_t *of)
{
	struct tenant_state partner;
	bool found;

	if (str_is_none(which->owner_tenant))
		return NULL;
	TRY(tenant_state_find(call->tx, which->owner_tenant, &partner, &found));
	json_object_set_new(of, "reseller",
			    json_pack("{s:o, s:o}", "resellerId", graph_text(which->owner_tenant),
				      "description",
				      graph_text(found ? partner.name : S("Another partner"))));
	return NULL;
}

fault *billing_subscription_json(const struct billing_call *call,
				 const struct directory_subscription *which, bool reseller,
				 json_t **made)
{
	str name = billing_subscription_name(which);
	str path = str_format(call->arena,
			      "/providers/Microsoft.Billing/billingAccounts/%.*s/"
			      "billingSubscriptions/%.*s",
			      STR(call->account), STR(name));
	json_t *of = json_object();
	bool busy;

	*made = json_pack("{s:o, s:o, s:s, s:o}", "id", graph_text(path), "name", graph_text(name),
			  "type", "Microsoft.Billing/billingAccounts/billingSubscriptions",
			  "properties", of);
	TRY(billing_account_is_busy(call->tx, which->id, &busy));
	json_object_set_new(of, "subscriptionId", graph_text(name));
	json_object_set_new(of, "status", json_string(billing_subscription_status(which)));
	json_object_set_new(of, "operationStatus", json_string(busy ? "LockedForUpdate" : "None"));
	json_object_set_new(of, "provisioningState", json_string(busy ? "Pending" : "Succeeded"));
	product_put(call, which, of);
	term_put(call, which, of);
	TRY(override_put(call, which, of));
	reasons_put(call, which, of);
	place_put(call, which, of);
	return reseller ? reseller_put(call, which, of) : NULL;
}
