#include "sandbox/partner_json.h"

const json_t *partner_json_member(const json_t *object, const char *name)
{
	void *at = json_object_iter((json_t *)(uintptr_t)object);

	while (at) {
		if (str_eq_nocase(str_of(json_object_iter_key(at)), str_of(name)))
			return json_object_iter_value(at);
		at = json_object_iter_next((json_t *)(uintptr_t)object, at);
	}
	return NULL;
}

str partner_json_text(struct arena *arena, const json_t *object, const char *name)
{
	const json_t *found = partner_json_member(object, name);

	if (!json_is_string(found) || json_string_length(found) > PARTNER_JSON_MOST)
		return STR_NONE;
	return str_copy(arena, str_of(json_string_value(found)));
}

bool partner_json_count(const json_t *object, const char *name, int64_t *count)
{
	const json_t *found = partner_json_member(object, name);

	if (!json_is_integer(found))
		return false;
	*count = json_integer_value(found);
	return true;
}
