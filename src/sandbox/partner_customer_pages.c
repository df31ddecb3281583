#include "sandbox/partner_customer_pages.h"

#include "relationship_sql.h"
#include "sandbox/graph_answer.h"
#include "sandbox/identity_json.h"
#include "sandbox/partner_answer.h"
#include "sandbox/partner_json.h"
#include "sandbox/partner_page.h"
#include "sandbox/partner_subscription.h"

#define MOST_CUSTOMERS 500 /* a page, also when none is asked for */

static fault *invitation(struct request *rq, struct reply *to)
{
	struct partner_call call;
	bool go_on;

	TRY(partner_enter(rq, to, PARTNER_USER_ONLY, &call, &go_on));
	if (!go_on)
		return NULL;
	str url = str_format(call.arena,
			     "%.*s/Adminportal/Home?invType=ResellerRelationship&partnerId=%.*s"
			     "&msppId=0&DAP=false#/BillingAccounts/partner-invitation",
			     STR(call.setting.base_url), STR(call.partner.id));
	return partner_reply(&call, 200,
			     json_pack("{s:o, s:o}", "url", graph_text(url), "attributes",
				       partner_attributes("RelationshipRequest", STR_NONE)));
}

/* HEAD (and GET): 200 when a tenant uses the domain, 404 when it is free; no body either way. */
static fault *domain_head(struct request *rq, struct reply *to)
{
	struct partner_call call;
	struct tenant_state tenant;
	bool go_on, found;

	TRY(partner_enter(rq, to, PARTNER_ANY, &call, &go_on));
	if (!go_on)
		return NULL;
	TRY(tenant_state_find(call.tx, request_part(rq, "domain"), &tenant, &found));
	return reply_text(to, found ? 200 : 404, "application/json", S(""));
}

static json_t *profile_json(struct arena *arena, str customer, str name, str domain)
{
	return json_pack("{s:o, s:o, s:o, s:{s:o}, s:o}", "tenantId", graph_text(customer),
			 "domain", graph_text(domain), "companyName", graph_text(name), "links",
			 "self",
			 partner_link(arena, "/customers/%.*s/profiles/company", STR(customer)),
			 "attributes", partner_attributes("CustomerCompanyProfile", STR_NONE));
}

static json_t *customer_json(struct arena *arena, str customer, str name, str domain)
{
	return json_pack("{s:o, s:o, s:s, s:{s:o}, s:o}", "id", graph_text(customer),
			 "companyProfile", profile_json(arena, customer, name, domain),
			 "relationshipToPartner", "reseller", "links", "self",
			 partner_link(arena, "/customers/%.*s", STR(customer)), "attributes",
			 partner_attributes("Customer", STR_NONE));
}

static bool begins_nocase(struct arena *arena, str whole, str with)
{
	return str_starts(str_lower(arena, whole), str_lower(arena, with));
}

struct customer_filter {
	str field, value; /* STR_NONE: everybody */
};

static bool filter_read(const struct partner_call *call, struct customer_filter *filter)
{
	DEFER(identity_json_end) json_t *json = NULL;
	str text = request_query(call->rq, "filter");

	*filter = (struct customer_filter){ STR_NONE, STR_NONE };
	if (str_is_none(text) || str_is_empty(text))
		return true;
	json = json_loadb(text.at, text.len, 0, NULL);
	filter->field = partner_json_text(call->arena, json, "Field");
	filter->value = partner_json_text(call->arena, json, "Value");
	return str_eq_nocase(partner_json_text(call->arena, json, "Operator"), S("starts_with")) &&
	       !str_is_none(filter->value) &&
	       (str_eq_nocase(filter->field, S("Domain")) ||
		str_eq_nocase(filter->field, S("CompanyName")));
}

static bool filter_matches(struct arena *arena, const struct customer_filter *filter,
			   const struct relationship_by_partner *row)
{
	if (str_is_none(filter->value))
		return true;
	return begins_nocase(arena,
			     str_eq_nocase(filter->field, S("Domain")) ? row->domain : row->name,
			     filter->value);
}

/* A page of those that match; *next: the position of its last one, when there are more. */
static json_t *page_of(const struct partner_call *call,
		       const struct relationship_by_partner_list *rows,
		       const struct customer_filter *filter, int64_t size, int64_t after, str *next)
{
	json_t *items = json_array();
	int64_t last = 0;

	*next = STR_NONE;
	for (size_t i = 0; i < rows->len && str_is_none(*next); i++) {
		const struct relationship_by_partner *row = &rows->at[i];
		if (row->position <= after || !filter_matches(call->arena, filter, row))
			continue;
		if ((int64_t)json_array_size(items) == size) {
			*next = str_base64url(call->arena,
					      str_format(call->arena, "%lld", (long long)last));
			continue;
		}
		last = row->position;
		json_array_append_new(
			items, customer_json(call->arena, row->customer, row->name, row->domain));
	}
	return items;
}

static fault *customer_list(struct request *rq, struct reply *to)
{
	struct relationship_by_partner_list rows;
	struct customer_filter filter;
	struct partner_call call;
	int64_t size, after = INT64_MIN;
	str token, next;
	bool go_on;

	TRY(partner_enter(rq, to, PARTNER_ANY, &call, &go_on));
	if (go_on)
		TRY(partner_page_asked(&call, MOST_CUSTOMERS, &size, &token, &go_on));
	if (!go_on)
		return NULL;
	if (!filter_read(&call, &filter))
		return partner_refuse(&call, 400, 2000,
				      "The filter takes Field Domain or CompanyName, Value, and "
				      "Operator starts_with.");
	if (!str_is_none(token) && !str_to_int64(token, &after))
		return partner_refuse(&call, 400, 2000, "The MS-ContinuationToken is not ours.");
	TRY(relationship_by_partner(call.tx, call.partner.id, &rows));
	json_t *items = page_of(&call, &rows, &filter, size, after, &next);
	return partner_page_reply(&call, items, next);
}

/* A member of the tenant's organization, as it came. */
static json_t *of_organization(const json_t *organization, const char *name)
{
	json_t *found = json_object_get(organization, name);

	return found ? json_incref(found) : json_null();
}

static json_t *address_json(const struct tenant_state *customer, const json_t *organization)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o}", "country", graph_text(customer->country),
			 "city", of_organization(organization, "city"), "state",
			 of_organization(organization, "state"), "addressLine1",
			 of_organization(organization, "street"), "postalCode",
			 of_organization(organization, "postalCode"));
}

static json_t *email_of(const json_t *organization)
{
	json_t *mails = json_object_get(organization, "technicalNotificationMails");

	return json_array_size(mails) > 0 ? json_incref(json_array_get(mails, 0)) : json_null();
}

static json_t *billing_json(const struct partner_call *call, const struct tenant_state *customer,
			    const json_t *organization)
{
	return json_pack("{s:o, s:o, s:o, s:s, s:o, s:o, s:o}", "id", graph_text(customer->id),
			 "companyName", graph_text(customer->name), "email", email_of(organization),
			 "culture", "en-US", "language",
			 of_organization(organization, "preferredLanguage"), "defaultAddress",
			 address_json(customer, organization), "attributes",
			 partner_attributes("CustomerBillingProfile",
					    str_base64(call->arena, customer->id)));
}

/* Where the user has no role at the customer, what tells of people is left out (§3.5). */
static json_t *company_json(const struct partner_call *call, const struct tenant_state *customer,
			    const json_t *organization)
{
	json_t *made = profile_json(call->arena, customer->id, customer->name,
				    customer->initial_domain);

	if (call->behaviour.no_user_rights)
		return made;
	json_object_set_new(made, "address", address_json(customer, organization));
	json_object_set_new(made, "email", email_of(organization));
	return made;
}

static fault *customer_one(struct request *rq, struct reply *to)
{
	DEFER(identity_json_end) json_t *organization = NULL;
	struct partner_call call;
	struct tenant_state customer;
	bool go_on;

	TRY(partner_enter_customer(rq, to, PARTNER_ANY, &call, &customer, &go_on));
	if (!go_on)
		return NULL;
	organization = graph_stored(customer.organization);
	json_t *made = customer_json(call.arena, customer.id, customer.name,
				     customer.initial_domain);
	json_object_set_new(made, "commerceId", graph_text(customer.id));
	json_object_set_new(made, "allowDelegatedAccess", json_false());
	json_object_set_new(made, "companyProfile", company_json(&call, &customer, organization));
	json_object_set_new(made, "billingProfile", billing_json(&call, &customer, organization));
	if (!call.behaviour.no_user_rights)
		json_object_set_new(made, "customDomains",
				    json_pack("[o]", graph_text(customer.domain)));
	return partner_reply(&call, 200, made);
}

static fault *company_profile(struct request *rq, struct reply *to)
{
	DEFER(identity_json_end) json_t *organization = NULL;
	struct partner_call call;
	struct tenant_state customer;
	bool go_on;

	TRY(partner_enter_customer(rq, to, PARTNER_ANY, &call, &customer, &go_on));
	if (!go_on)
		return NULL;
	organization = graph_stored(customer.organization);
	return partner_reply(&call, 200, company_json(&call, &customer, organization));
}

/* The only change: relationshipToPartner "none" ends the relationship. */
static fault *customer_patch(struct request *rq, struct reply *to)
{
	DEFER(identity_json_end) json_t *body = NULL;
	struct partner_call call;
	struct tenant_state customer;
	int64_t ended;
	bool go_on, busy;

	TRY(partner_enter_customer(rq, to, PARTNER_USER_ONLY, &call, &customer, &go_on));
	if (!go_on)
		return NULL;
	body = partner_body(&call);
	if (!str_eq_nocase(partner_json_text(call.arena, body, "relationshipToPartner"), S("none")))
		return partner_refuse(&call, 400, 2000,
				      "Only relationshipToPartner can be changed, to none.");
	TRY(partner_subscription_any_active(call.tx, call.partner.id, customer.id, &busy));
	if (busy)
		return partner_refuse(&call, 400, 2000,
				      "The customer has active subscriptions: suspend them first.");
	TRY(relationship_end(call.tx, call.partner.id, customer.id, &ended));
	return partner_reply(&call, 200,
			     json_pack("{s:o, s:n, s:s, s:o}", "Id", graph_text(customer.id),
				       "CompanyProfile", "RelationshipToPartner", "none",
				       "Attributes", partner_attributes("Customer", STR_NONE)));
}

static const struct route routes[] = {
	{ GET, "/v1/customers/relationshiprequests", invitation, ANYONE, BY_BEARER },
	{ GET, "/v1/domains/:domain", domain_head, ANYONE, BY_BEARER },
	{ GET, "/v1/customers", customer_list, ANYONE, BY_BEARER },
	{ GET, "/v1/customers/:customer", customer_one, ANYONE, BY_BEARER },
	{ GET, "/v1/customers/:customer/profiles/company", company_profile, ANYONE, BY_BEARER },
	{ PATCH, "/v1/customers/:customer", customer_patch, ANYONE, BY_BEARER },
};

const struct route_table partner_customer_routes = { routes, COUNT(routes) };
