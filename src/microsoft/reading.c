#include "microsoft/reading.h"

#include <stdlib.h>
#include <strings.h>

fault *reading_open(str body, const char *who, json_t **made)
{
	json_error_t error;

	if (str_starts(body, S("\xef\xbb\xbf")))
		body = str_part(body, 3, body.len);
	*made = json_loadb(body.at ? body.at : "", body.len, 0, &error);
	if (*made)
		return NULL;
	return fault_note(fault_new(FAULT_REMOTE,
				    "%s sent an answer that cannot be read. It is tried again by "
				    "itself.",
				    who),
			  "JSON, line %d: %s", error.line, error.text);
}

void reading_end(json_t **json)
{
	json_decref(*json);
	*json = NULL;
}

json_t *reading_member(const json_t *of, const char *key)
{
	json_t *exact = json_object_get(of, key);

	if (exact || !json_is_object(of))
		return exact;
	/* jansson's iterator is not const, though it changes nothing. */
	json_t *object = json_incref((json_t *)(uintptr_t)of);
	json_t *found = NULL;

	for (void *at = json_object_iter(object); at && !found;
	     at = json_object_iter_next(object, at))
		if (strcasecmp(json_object_iter_key(at), key) == 0)
			found = json_object_iter_value(at);
	json_decref(object);
	return found;
}

json_t *reading_list(const json_t *of, const char *key)
{
	json_t *list = reading_member(of, key);

	return json_is_array(list) ? list : NULL;
}

str reading_text(struct arena *keep, const json_t *of, const char *key)
{
	const json_t *value = reading_member(of, key);

	if (json_is_string(value))
		return str_copy(keep, (str){ .at = json_string_value(value),
					     .len = json_string_length(value) });
	if (json_is_integer(value))
		return str_format(keep, "%lld", (long long)json_integer_value(value));
	return STR_NONE;
}

str reading_guid(struct arena *keep, const json_t *of, const char *key)
{
	return str_lower(keep, reading_text(keep, of, key));
}

int64_t reading_number(const json_t *of, const char *key, int64_t otherwise)
{
	/* Nobody has more of anything; and sums of them, or seconds in microseconds, still fit. */
	static const int64_t most = INT64_C(1000000000000);
	const json_t *value = reading_member(of, key);
	int64_t number = INT64_MAX;

	if (json_is_integer(value))
		number = json_integer_value(value);
	else if (json_is_string(value))
		(void)str_to_int64(str_of(json_string_value(value)), &number);
	/* 12.0 is a whole number to some serializers. */
	else if (json_is_real(value) && json_real_value(value) >= -(double)most &&
		 json_real_value(value) <= (double)most)
		number = (int64_t)json_real_value(value);
	return number >= -most && number <= most ? number : otherwise;
}

bool reading_flag(const json_t *of, const char *key, bool otherwise)
{
	const json_t *value = reading_member(of, key);

	if (json_is_string(value))
		return strcasecmp(json_string_value(value), "true") == 0;
	return json_is_boolean(value) ? json_is_true(value) : otherwise;
}

instant reading_instant(const json_t *of, const char *key)
{
	const json_t *value = reading_member(of, key);
	instant at;

	if (!json_is_string(value) || !instant_from_rfc3339(str_of(json_string_value(value)), &at))
		return INSTANT_NONE;
	return at;
}

str reading_written(struct arena *keep, const json_t *json)
{
	char *text = json_dumps(json, JSON_COMPACT);
	str kept = str_copy(keep, str_of(text));

	free(text);
	return kept;
}
