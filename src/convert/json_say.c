#include "convert/json_say.h"

#include <stdlib.h>

json_t *json_say_text(str s)
{
	return str_is_none(s) ? json_null() : json_stringn(s.at, s.len);
}

json_t *json_say_when(struct arena *scratch, instant at)
{
	return instant_is_none(at) ? json_null() : json_say_text(instant_rfc3339(scratch, at));
}

fault *json_say_dump(struct arena *keep, const json_t *json, size_t flags, str *out)
{
	char *dumped = json_dumps(json, flags);

	if (!dumped)
		return fault_new(FAULT_BUG, "A value of ours could not be written as JSON.");
	*out = str_copy(keep, str_of(dumped));
	free(dumped);
	return NULL;
}

void json_say_end(json_t **json)
{
	json_decref(*json);
}
