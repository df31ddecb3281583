#include "sandbox/identity_json.h"

#include <stdlib.h>

void identity_json_end(json_t **json)
{
	json_decref(*json);
}

json_t *identity_json_str(str s)
{
	return json_stringn_nocheck(s.at ? s.at : "", s.len);
}

json_t *identity_json_words(str words)
{
	json_t *list = json_array();
	for (str rest = words, word; str_next(&rest, ' ', &word);)
		if (word.len)
			json_array_append_new(list, identity_json_str(word));
	return list;
}

str identity_json_text(struct arena *keep, const json_t *json)
{
	char *made = json_dumps(json, JSON_COMPACT);
	str text = str_copy(keep, str_of(made ? made : "{}"));
	free(made);
	return text;
}

json_t *identity_json_part(struct arena *keep, str part)
{
	str text;
	if (!str_from_base64url(keep, part, &text))
		return NULL;
	json_t *json = json_loadb(text.at, text.len, JSON_REJECT_DUPLICATES, NULL);
	if (json_is_object(json))
		return json;
	json_decref(json);
	return NULL;
}

str identity_json_get(struct arena *keep, const json_t *json, const char *key)
{
	const json_t *member = json_object_get(json, key);
	if (!json_is_string(member))
		return S("");
	return str_copy(
		keep, (str){ .at = json_string_value(member), .len = json_string_length(member) });
}
