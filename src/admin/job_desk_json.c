#include "admin/job_desk_json.h"

#include <jansson.h>
#include <stdlib.h>

static json_t *text(str s)
{
	return str_is_none(s) ? json_null() : json_stringn(s.at, s.len);
}

static json_t *when(struct arena *scratch, instant at)
{
	return instant_is_none(at) ? json_null() : text(instant_rfc3339(scratch, at));
}

static json_t *job_json(struct arena *scratch, const struct job_shown *j)
{
	json_t *made = json_object();

	json_object_set_new(made, "id", text(id_text(scratch, "job", j->job)));
	json_object_set_new(made, "kind", text(j->kind));
	json_object_set_new(made, "about", text(job_desk_about(scratch, j)));
	json_object_set_new(made, "state", json_string(job_state_word(j->state)));
	json_object_set_new(made, "why", text(j->why));
	json_object_set_new(made, "attempts", json_integer((json_int_t)j->attempts));
	json_object_set_new(made, "failed_in_a_row", json_integer((json_int_t)j->tries));
	json_object_set_new(made, "made_at", when(scratch, j->made));
	json_object_set_new(made, "due", when(scratch, j->due));
	json_object_set_new(made, "failing_since", when(scratch, j->failing_since));
	json_object_set_new(made, "taken_at", when(scratch, j->taken_at));
	json_object_set_new(made, "ended_at", when(scratch, j->ended_at));
	json_object_set_new(made, "worker", text(j->worker));
	json_object_set_new(made, "correlation", text(j->correlation));
	return made;
}

static fault *dump(struct arena *keep, json_t *json, str *out)
{
	char *dumped = json_dumps(json, JSON_COMPACT);

	json_decref(json);
	if (!dumped)
		return fault_new(FAULT_BUG, "The answer could not be written as JSON.");
	*out = str_copy(keep, str_of(dumped));
	free(dumped);
	return NULL;
}

fault *job_desk_json_list(struct arena *keep, const struct job_list *jobs, str *json)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < jobs->len; i++)
		json_array_append_new(rows, job_json(keep, &jobs->at[i]));
	return dump(keep, rows, json);
}

fault *job_desk_json_one(struct arena *keep, const struct job_desk_one *one, str *json)
{
	json_t *made = job_json(keep, &one->job), *failures = json_array();

	for (size_t i = 0; i < one->failures.len; i++) {
		const struct job_failure *f = &one->failures.at[i];

		json_array_append_new(
			failures, json_pack("{s:I, s:o, s:o}", "attempt", (json_int_t)f->attempt,
					    "at", when(keep, f->at), "said", text(f->said)));
	}
	json_object_set_new(made, "failures", failures);
	return dump(keep, made, json);
}
