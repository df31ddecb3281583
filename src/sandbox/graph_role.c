#include "sandbox/graph_role.h"

#include "sandbox/delegation.h"
#include "sandbox/graph_answer.h"

/* Directory roles by name and by the template that a relationship names. */
static const struct {
	const char *name, *template;
	bool writes;
} roles[] = {
	{ "Global Administrator", "62e90394-69f5-4237-9190-012177145e10", true },
	{ "License Administrator", "4d6ac14f-3453-41d0-bef9-a3e0c569773a", true },
	{ "User Administrator", "fe930be7-5e62-47db-91af-98c3a49a38b1", true },
	{ "Global Reader", "f2ef992c-3afb-46b9-b7cf-a126ee74c451", false },
	{ "Directory Readers", "88d8e3e3-8f55-4a1e-953a-9b9898b8876b", false },
	{ "Billing Administrator", "b0f54661-2d74-4c50-afa3-1ec803f12efe", false },
};

static fault *has_one(const struct graph_call *call, bool writes, bool *has)
{
	bool guest = !str_eq(call->caller.home_tenant, call->tenant.id);

	*has = false;
	for (size_t i = 0; i < COUNT(roles) && !*has; i++) {
		if (writes && !roles[i].writes)
			continue;
		if (guest)
			TRY(delegation_grants(call->tx, call->tenant.id, call->caller.user,
					      str_of(roles[i].template), has));
		else
			TRY(tenant_state_has_role(call->tx, call->caller.user,
						  str_of(roles[i].name), has));
	}
	return NULL;
}

fault *graph_role(const struct graph_call *call, bool *may)
{
	bool guest = !str_eq(call->caller.home_tenant, call->tenant.id);
	bool reads = request_method(call->rq) == GET;
	str path = request_path(call->rq);

	*may = call->caller.application || str_eq(path, S("/v1.0/$batch")) ||
	       (reads && !guest && !str_starts(path, S("/v1.0/directory/")));
	return *may ? NULL : has_one(call, !reads, may);
}
