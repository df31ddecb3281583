#include "sandbox/graph_organization.h"

#include "sandbox/graph_answer.h"
#include "tenant_state_sql.h"

#define NEVER 2147483647 /* days: how Graph says that passwords do not expire */

/* What the file left out is there all the same: null, or an empty list (vendor facts §2.4). */
static void fill(json_t *object, const char *const *names, bool list)
{
	for (; *names; names++)
		if (!json_object_get(object, *names))
			json_object_set_new(object, *names, list ? json_array() : json_null());
}

static json_t *organization_json(const struct graph_call *call)
{
	static const char *const values[] = { "createdDateTime",
					      "partnerTenantType",
					      "defaultUsageLocation",
					      "countryLetterCode",
					      "country",
					      "state",
					      "city",
					      "street",
					      "postalCode",
					      "preferredLanguage",
					      "onPremisesSyncEnabled",
					      "onPremisesLastSyncDateTime",
					      NULL };
	static const char *const lists[] = { "businessPhones", "technicalNotificationMails",
					     "marketingNotificationEmails",
					     "securityComplianceNotificationMails", NULL };
	json_t *made = graph_stored(call->tenant.organization);

	json_object_set_new(made, "id", graph_text(call->tenant.id));
	json_object_set_new(made, "displayName", graph_text(call->tenant.name));
	json_object_set_new(made, "tenantType", graph_text(call->tenant.type));
	fill(made, values, false);
	fill(made, lists, true);
	graph_select(call, made);
	return made;
}

static fault *organization_list(struct request *rq, struct reply *to)
{
	struct graph_call call;
	bool go_on;

	TRY(graph_enter(rq, to, "Organization.Read.All Directory.Read.All User.Read", &call,
			&go_on));
	if (!go_on)
		return NULL;
	json_t *value = json_array();
	json_array_append_new(value, organization_json(&call));
	return graph_reply(&call, 200, graph_collection(&call, "organization", value));
}

static fault *organization_one(struct request *rq, struct reply *to)
{
	struct graph_call call;
	bool go_on;

	TRY(graph_enter(rq, to, "Organization.Read.All Directory.Read.All User.Read", &call,
			&go_on));
	if (!go_on)
		return NULL;
	str wanted = request_part(rq, "id");
	if (!str_eq_nocase(wanted, call.tenant.id))
		return graph_missing(&call, wanted);
	json_t *made = organization_json(&call);
	graph_context(&call, "organization/$entity", made);
	return graph_reply(&call, 200, made);
}

static void set_absent(json_t *object, const char *name, json_t *value)
{
	if (json_object_get(object, name))
		json_decref(value);
	else
		json_object_set_new(object, name, value);
}

/* "Email, OfficeCommunicationsOnline" */
static json_t *services_json(const json_t *capabilities)
{
	str rest = str_of(json_string_value(capabilities)), word;
	json_t *list = json_array();

	while (rest.len > 0 && str_next(&rest, ',', &word))
		json_array_append_new(list, graph_text(str_trim(word)));
	return list;
}

/* A domain that came only as one of verifiedDomains says the same in other words. */
static json_t *domain_json(const struct graph_call *call, const struct tenant_state_domains *row)
{
	static const char *const values[] = { "availabilityStatus", "state", NULL };
	json_t *made = graph_stored(row->source), *type = json_object_get(made, "type");

	json_object_set_new(made, "id", graph_text(row->name));
	json_object_set_new(made, "isVerified", json_true());
	set_absent(made, "authenticationType", type ? json_incref(type) : json_string("Managed"));
	set_absent(made, "supportedServices", services_json(json_object_get(made, "capabilities")));
	set_absent(made, "isAdminManaged", json_true());
	set_absent(made, "isRoot", json_true());
	set_absent(made, "passwordValidityPeriodInDays", json_integer(NEVER));
	set_absent(made, "passwordNotificationWindowInDays", json_integer(14));
	fill(made, values, false);
	json_object_del(made, "name");
	json_object_del(made, "type");
	json_object_del(made, "capabilities");
	graph_select(call, made);
	return made;
}

static fault *domain_list(struct request *rq, struct reply *to)
{
	struct tenant_state_domains_list rows;
	struct graph_call call;
	bool go_on;

	TRY(graph_enter(rq, to, "Domain.Read.All Directory.Read.All", &call, &go_on));
	if (!go_on)
		return NULL;
	TRY(tenant_state_domains(call.tx, call.tenant.id, &rows));
	json_t *value = json_array();
	for (size_t i = 0; i < rows.len; i++)
		json_array_append_new(value, domain_json(&call, &rows.at[i]));
	return graph_reply(&call, 200, graph_collection(&call, "domains", value));
}

static fault *tenant_information(struct request *rq, struct reply *to)
{
	const str by_domain = S("findTenantInformationByDomainName(domainName='"),
		  by_tenant = S("findTenantInformationByTenantId(tenantId='");
	struct graph_call call;
	struct tenant_state other;
	bool go_on, found = false;

	TRY(graph_enter(rq, to, "CrossTenantInformation.ReadBasic.All", &call, &go_on));
	if (!go_on)
		return NULL;
	str function = request_part(rq, "function"), wanted = STR_NONE;
	if (str_starts(function, by_domain))
		wanted = str_part(function, by_domain.len, function.len);
	else if (str_starts(function, by_tenant))
		wanted = str_part(function, by_tenant.len, function.len);
	if (!str_ends(wanted, S("')")))
		return graph_refuse(&call, 400, "BadRequest", "The request is malformed.");
	wanted.len -= 2;
	TRY(tenant_state_find(call.tx, wanted, &other, &found));
	if (!found)
		return graph_missing(&call, wanted);
	json_t *made = json_pack("{s:o, s:n, s:o, s:o}", "tenantId", graph_text(other.id),
				 "federationBrandName", "displayName", graph_text(other.name),
				 "defaultDomainName", graph_text(other.domain));
	graph_context(&call, "microsoft.graph.tenantInformation", made);
	return graph_reply(&call, 200, made);
}

static const struct route routes[] = {
	{ GET, "/v1.0/organization", organization_list, ANYONE, BY_BEARER },
	{ GET, "/v1.0/organization/:id", organization_one, ANYONE, BY_BEARER },
	{ GET, "/v1.0/domains", domain_list, ANYONE, BY_BEARER },
	{ GET, "/v1.0/tenantRelationships/:function", tenant_information, ANYONE, BY_BEARER },
};

const struct route_table graph_organization_routes = { routes, COUNT(routes) };
