#include "delegation_sql.h"
#include "sandbox/graph_answer.h"
#include "sandbox/graph_delegation.h"

/* One entry a customer: sold to, or only advised.  Its id is made of the customer's. */
static json_t *contract_json(const struct graph_call *call, const struct delegation_contracts *row)
{
	str other = str_part(call->tenant.id, 0, 8);
	str key = str_format(call->arena, "%.*s%.*s", STR(other),
			     STR(str_part(row->customer, 8, row->customer.len)));
	json_t *made = json_pack("{s:o, s:n, s:s, s:o, s:o, s:o}", "id", graph_text(key),
				 "deletedDateTime", "contractType",
				 row->sells ? "ResellerPartner" : "BreadthPartner", "customerId",
				 graph_text(row->customer), "defaultDomainName",
				 graph_text(row->domain), "displayName", graph_text(row->name));

	graph_select(call, made);
	return made;
}

static fault *contract_list(struct request *rq, struct reply *to)
{
	struct delegation_contracts_list rows;
	struct graph_call call;
	bool go_on;

	TRY(graph_enter(rq, to, "Directory.Read.All Directory.ReadWrite.All", &call, &go_on));
	if (!go_on)
		return NULL;
	TRY(delegation_contracts(call.tx, call.tenant.id, &rows));
	json_t *value = json_array();
	for (size_t i = 0; i < rows.len; i++)
		json_array_append_new(value, contract_json(&call, &rows.at[i]));
	return graph_reply(&call, 200, graph_collection(&call, "contracts", value));
}

static const struct route routes[] = {
	{ GET, "/v1.0/contracts", contract_list, ANYONE, BY_BEARER },
};

const struct route_table graph_contract_routes = { routes, COUNT(routes) };
