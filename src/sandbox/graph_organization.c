#include "sandbox/graph_organization.h"

#include "sandbox/graph_answer.h"
#include "tenant_state_sql.h"

static json_t *organization_json(const struct graph_call *call)
{
	json_t *made = graph_stored(call->tenant.organization);

	json_object_set_new(made, "id", graph_text(call->tenant.id));
	json_object_set_new(made, "displayName", graph_text(call->tenant.name));
	json_object_set_new(made, "tenantType", graph_text(call->tenant.type));
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

/* A domain that came only as one of verifiedDomains has `name` instead of `id`. */
static json_t *domain_json(const struct graph_call *call, const struct tenant_state_domains *row)
{
	json_t *made = graph_stored(row->source);

	json_object_set_new(made, "id", graph_text(row->name));
	json_object_set_new(made, "isVerified", json_true());
	if (!json_object_get(made, "authenticationType"))
		json_object_set_new(made, "authenticationType", json_string("Managed"));
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
