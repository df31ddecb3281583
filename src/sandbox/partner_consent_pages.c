#include "sandbox/partner_consent_pages.h"

#include "sandbox/graph_answer.h"
#include "sandbox/identity_application.h"
#include "sandbox/identity_json.h"
#include "sandbox/partner_answer.h"
#include "sandbox/partner_json.h"

#define MOST_GRANTS 20
#define MOST_SCOPE  4000

/* The facts give no numbers for these; callers look at the status. */
#define CODE_INVALID 2000
#define CODE_EXISTS  409

/* "User.Read.All,Directory.Read.All" as words, each of a permission's form; empty otherwise. */
static str words_of(struct arena *keep, str list)
{
	str words = S("");
	for (str rest = list, one; str_next(&rest, ',', &one);)
		words = identity_scope_join(keep, words, str_trim(one));
	struct identity_scope read;
	return list.len <= MOST_SCOPE &&
			       identity_scope_read(keep, words, S(""), &read) == IDENTITY_SCOPE_GOOD
		       ? words
		       : S("");
}

struct grants {
	str scopes[IDENTITY_RESOURCE_COUNT];
};

/* NULL, or what is wrong. */
static const char *grants_read(const struct partner_call *call, const json_t *body,
			       struct grants *grants)
{
	const json_t *list = partner_json_member(body, "applicationGrants"), *one;
	size_t i;

	for (i = 0; i < IDENTITY_RESOURCE_COUNT; i++)
		grants->scopes[i] = S("");
	if (json_array_size(list) == 0 || json_array_size(list) > MOST_GRANTS)
		return "applicationGrants holds 1 to 20 grants.";
	json_array_foreach(list, i, one)
	{
		enum identity_resource resource;
		str scope = words_of(call->arena, partner_json_text(call->arena, one, "scope"));
		if (!identity_resource_from(
			    partner_json_text(call->arena, one, "enterpriseApplicationId"),
			    &resource))
			return "An enterpriseApplicationId is not known.";
		if (str_is_empty(scope))
			return "A scope lists permissions, separated by commas.";
		grants->scopes[resource] = identity_scope_join(call->arena,
							       grants->scopes[resource], scope);
	}
	return NULL;
}

/* Grants what is new; *news is false when all of it was there. */
static fault *grant(const struct partner_call *call, const struct identity_application *application,
		    str customer, const struct grants *grants, bool *news)
{
	*news = false;
	for (int i = 0; i < IDENTITY_RESOURCE_COUNT; i++) {
		enum identity_resource resource = (enum identity_resource)i;
		str there;
		TRY(identity_application_granted(call->tx, application, customer, resource,
						 IDENTITY_SCOPE, STR_NONE, &there));
		*news = *news || !identity_scope_covers(there, grants->scopes[i]);
		TRY(identity_application_consent(call->tx, application, customer, resource,
						 grants->scopes[i], STR_NONE));
	}
	return NULL;
}

static fault *consent(struct request *rq, struct reply *to)
{
	struct identity_application application;
	struct tenant_state customer;
	struct partner_call call;
	struct grants grants;
	bool go_on, found, news;

	TRY(partner_enter_customer(rq, to, PARTNER_USER_WITH_RIGHTS, &call, &customer, &go_on));
	if (!go_on)
		return NULL;
	DEFER(identity_json_end) json_t *body = partner_body(&call);
	str client_id = partner_json_text(call.arena, body, "applicationId");
	const char *wrong = body ? grants_read(&call, body, &grants) : "The body is no object.";
	if (wrong)
		return partner_refuse(&call, 400, CODE_INVALID, "%s", wrong);
	TRY(identity_application_find(call.tx, client_id, &application, &found));
	if (!found || !application.multi_tenant)
		return partner_refuse(&call, 404, CODE_INVALID,
				      "There is no application of this id for other tenants.");
	TRY(grant(&call, &application, customer.id, &grants, &news));
	if (!news)
		return partner_refuse(&call, 409, CODE_EXISTS,
				      "The permission entry already exists.");
	return partner_reply(&call, 201,
			     json_pack("{s:o, s:o, s:O, s:o}", "applicationId",
				       graph_text(application.client_id), "displayName",
				       graph_text(application.name), "applicationGrants",
				       partner_json_member(body, "applicationGrants"), "attributes",
				       partner_attributes("ApplicationConsent", STR_NONE)));
}

static fault *withdraw(struct request *rq, struct reply *to)
{
	struct tenant_state customer;
	struct partner_call call;
	str client_id = str_lower(request_arena(rq), request_part(rq, "application"));
	bool go_on, granted;

	TRY(partner_enter_customer(rq, to, PARTNER_USER_WITH_RIGHTS, &call, &customer, &go_on));
	if (!go_on)
		return NULL;
	TRY(identity_application_is_granted(call.tx, client_id, customer.id, S(""), &granted));
	if (!granted)
		return partner_refuse(&call, 404, CODE_INVALID,
				      "The customer lets no application of this id in.");
	TRY(identity_application_forget(call.tx, client_id, customer.id));
	return reply_text(to, 204, "application/json", S(""));
}

static const struct route routes[] = {
	{ POST, "/v1/customers/:customer/applicationconsents", consent, .who = ANYONE,
	  .proof = BY_NOTHING, .about = "Lets an application into a customer's tenant" },
	{ DELETE, "/v1/customers/:customer/applicationconsents/:application", withdraw,
	  .who = ANYONE, .proof = BY_NOTHING, .about = "Takes that back" },
};
const struct route_table partner_consent_routes = { routes, COUNT(routes) };
