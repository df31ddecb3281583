#include "sandbox/tenant_file_member.h"

#include <stdlib.h>

void tenant_file_json_end(json_t **json)
{
	json_decref(*json);
}

fault *tenant_file_parse(str file, str text, json_t **root)
{
	json_error_t where;

	*root = json_loadb(text.at, text.len, 0, &where);
	if (!*root)
		return fault_new(FAULT_INPUT, "%.*s:%d:%d: this is not JSON: %s.", STR(file),
				 where.line, where.column, where.text);
	if (!json_is_object(*root))
		return fault_new(FAULT_INPUT,
				 "%.*s: a tenant file holds one object with \"organization\", "
				 "\"users\" and so on.",
				 STR(file));
	return NULL;
}

fault *tenant_file_list(str file, const json_t *root, const char *member, const json_t **list)
{
	const json_t *found = json_object_get(root, member);

	if (json_is_object(found)) {
		found = json_object_get(found, "value");
		if (!json_is_array(found))
			return fault_new(FAULT_INPUT, "%.*s: %s.value is not an array.", STR(file),
					 member);
	} else if (found && !json_is_null(found) && !json_is_array(found)) {
		return fault_new(FAULT_INPUT, "%.*s: %s is neither an answer nor an array.",
				 STR(file), member);
	}
	*list = json_is_array(found) ? found : NULL;
	return NULL;
}

fault *tenant_file_wrong(const struct tenant_file_place *at, const char *member, const char *what)
{
	return fault_new(FAULT_INPUT, "%.*s: %s.value[%zu].%s %s.", STR(at->file), at->list,
			 at->index, member, what);
}

fault *tenant_file_text(const struct tenant_file_place *at, const char *member, bool must,
			str *text)
{
	const json_t *found = json_object_get(at->object, member);

	*text = STR_NONE;
	if (!found || json_is_null(found))
		return must ? tenant_file_wrong(at, member, "is missing") : NULL;
	if (!json_is_string(found))
		return tenant_file_wrong(at, member, "is not a text");
	*text = str_copy(at->keep,
			 (str){ .at = json_string_value(found), .len = json_string_length(found) });
	return must && str_is_empty(*text) ? tenant_file_wrong(at, member, "is empty") : NULL;
}

fault *tenant_file_guid(const struct tenant_file_place *at, const char *member, bool must,
			str *guid)
{
	TRY(tenant_file_text(at, member, must, guid));
	if (str_is_none(*guid))
		return NULL;
	*guid = str_lower(at->keep, str_trim(*guid));
	return str_is_guid(*guid) ? NULL : tenant_file_wrong(at, member, "is not a GUID");
}

fault *tenant_file_count(const struct tenant_file_place *at, const char *member, int64_t *count)
{
	const json_t *found = json_object_get(at->object, member);

	*count = 0;
	if (!found || json_is_null(found))
		return NULL;
	if (!json_is_integer(found) || json_integer_value(found) < 0 ||
	    json_integer_value(found) > INT32_MAX)
		return tenant_file_wrong(at, member, "is not a count");
	*count = json_integer_value(found);
	return NULL;
}

fault *tenant_file_instant(const struct tenant_file_place *at, const char *member,
			   instant otherwise, instant *when)
{
	str text;

	TRY(tenant_file_text(at, member, false, &text));
	*when = otherwise;
	if (str_is_none(text) || instant_from_rfc3339(text, when))
		return NULL;
	return tenant_file_wrong(at, member, "is not a date and time");
}

bool tenant_file_truth(const struct tenant_file_place *at, const char *member, bool otherwise)
{
	const json_t *found = json_object_get(at->object, member);

	return json_is_boolean(found) ? json_is_true(found) : otherwise;
}

static str source_of(struct arena *keep, const json_t *json)
{
	char *text = json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY);
	str copy = str_copy(keep, str_of(text));

	free(text);
	return copy;
}

str tenant_file_source(const struct tenant_file_place *at, const char *member, str otherwise)
{
	const json_t *found = json_object_get(at->object, member);

	return found && !json_is_null(found) ? source_of(at->keep, found) : otherwise;
}

str tenant_file_whole(const struct tenant_file_place *at)
{
	return source_of(at->keep, at->object);
}
