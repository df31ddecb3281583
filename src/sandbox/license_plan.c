#include "sandbox/license_plan.h"

#include <jansson.h>

#include "sandbox/identity_json.h"
#include "sandbox/sandbox_file.h"

/* The row that begins with `key`, behind its comma. */
static str row_of(str key)
{
	str rest = sandbox_file(S("license_plans.csv")), line, first;

	while (str_next(&rest, '\n', &line))
		if (str_next(&line, ',', &first) && str_eq_nocase(first, key))
			return line;
	return STR_NONE;
}

str license_plan_list(struct arena *keep, str sku)
{
	DEFER(identity_json_end) json_t *list = json_array();
	str names = row_of(sku), name;

	while (!str_is_none(names) && str_next(&names, ';', &name))
		json_array_append_new(list,
				      json_pack("{s:o, s:o, s:s, s:s}", "servicePlanId",
						identity_json_str(row_of(name)), "servicePlanName",
						identity_json_str(name), "provisioningStatus",
						"Success", "appliesTo", "User"));
	return identity_json_text(keep, list);
}
