#include "microsoft/group.h"

#include "microsoft/asking.h"

fault *group_gives(struct microsoft_work *w, str tenant, str group, str sku, bool *gives)
{
	DEFER(reading_end) json_t *json = NULL;
	struct asking asking = {
		.name = "graph.groupLicenses",
		.as = TOKEN_GRAPH,
		.tenant = tenant,
		.path = str_format(w->arena, "/v1.0/groups/%.*s?$select=id,assignedLicenses",
				   STR(remote_escape(w->arena, group))),
	};
	fault *f = asking_json(w, &asking, &json);
	size_t i;
	json_t *one;

	*gives = f && f->kind == FAULT_DENIED;
	if (f && (f->kind == FAULT_DENIED || f->kind == FAULT_MISSING))
		return NULL;
	TRY(f);
	json_array_foreach(reading_list(json, "assignedLicenses"), i,
			   one) *gives |= str_eq(reading_guid(w->arena, one, "skuId"), sku);
	return NULL;
}

fault *group_name(struct microsoft_work *w, str tenant, str group, str *name)
{
	DEFER(reading_end) json_t *json = NULL;
	struct asking asking = {
		.name = "graph.group",
		.as = TOKEN_GRAPH,
		.tenant = tenant,
		.path = str_format(w->arena, "/v1.0/groups/%.*s?$select=id,displayName",
				   STR(remote_escape(w->arena, group))),
	};
	fault *f = asking_json(w, &asking, &json);

	*name = STR_NONE;
	if (f && (f->kind == FAULT_DENIED || f->kind == FAULT_MISSING))
		return NULL; /* the id has to do */
	TRY(f);
	*name = reading_text(w->arena, json, "displayName");
	return NULL;
}
