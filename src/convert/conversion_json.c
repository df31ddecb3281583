#include "convert/conversion_json.h"

#include <jansson.h>
#include <stdlib.h>

#include "convert/conversion_row.h"

static void json_end(json_t **json)
{
	json_decref(*json);
}

static json_t *text(str s)
{
	return str_is_none(s) ? json_null() : json_stringn(s.at, s.len);
}

static json_t *when(struct arena *scratch, instant at)
{
	return instant_is_none(at) ? json_null() : text(instant_rfc3339(scratch, at));
}

static json_t *line_json(struct arena *scratch, const struct conversion *c, str door)
{
	json_t *line = json_object();

	json_object_set_new(line, "id", text(id_text(scratch, "cnv", c->id)));
	json_object_set_new(line, "domain", text(c->domain));
	json_object_set_new(line, "tenant", text(c->tenant));
	json_object_set_new(line, "tenant_name", text(c->tenant_name));
	json_object_set_new(line, "state", text(conversion_state_word(c->state)));
	json_object_set_new(line, "step", text(conversion_step_word(c->step)));
	json_object_set_new(line, "waits_for",
			    c->waits_for == WAITS_NOBODY
				    ? json_null()
				    : text(conversion_waits_word(c->waits_for)));
	json_object_set_new(line, "waits_since", when(scratch, c->waits_since));
	json_object_set_new(line, "why", text(c->why));
	json_object_set_new(line, "next_thing", text(c->next_thing));
	json_object_set_new(line, "plan_hash", text(c->plan_hash));
	json_object_set_new(line, "approved_hash", text(c->approved_hash));
	json_object_set_new(line, "order", text(c->order_id));
	json_object_set_new(line, "administrator_address", text(door));
	json_object_set_new(line, "started_at", when(scratch, c->started_at));
	json_object_set_new(line, "ended_at", when(scratch, c->ended_at));
	return line;
}

static json_t *plan_json(const struct conversion_shown *shown)
{
	json_t *list = json_array();

	for (size_t i = 0; i < shown->lines.len; i++) {
		const struct line_shown *l = &shown->lines.at[i];

		json_array_append_new(
			list,
			json_pack("{s:o, s:o, s:b, s:I, s:I, s:o, s:o}", "title", text(l->title),
				  "part_number", text(l->part_number), "buys", l->buys, "quantity",
				  (json_int_t)l->quantity, "assigned", (json_int_t)l->assigned,
				  "seat_month", text(l->price), "reason", text(l->reason)));
	}
	return list;
}

static json_t *moment_json(const struct moment_shown *m)
{
	if (!m->seen)
		return json_null();
	return json_pack("{s:I, s:I, s:I}", "valid", (json_int_t)m->valid, "expired",
			 (json_int_t)m->expired, "assigned", (json_int_t)m->assigned);
}

static json_t *counts_json(const struct conversion_shown *shown)
{
	json_t *list = json_array();

	for (size_t i = 0; i < shown->counts.len; i++) {
		const struct count_shown *row = &shown->counts.at[i];

		json_array_append_new(list, json_pack("{s:o, s:o, s:o, s:o}", "part_number",
						      text(row->part_number), "before",
						      moment_json(&row->before), "between",
						      moment_json(&row->between), "after",
						      moment_json(&row->after)));
	}
	return list;
}

static json_t *history_json(struct arena *scratch, const struct conversion_history *history)
{
	json_t *list = json_array();

	for (size_t i = 0; i < history->len; i++)
		json_array_append_new(list, json_pack("{s:o, s:o, s:o, s:o}", "at",
						      when(scratch, history->at[i].at), "step",
						      text(history->at[i].step), "who",
						      text(history->at[i].who), "said",
						      text(history->at[i].said)));
	return list;
}

static fault *dump(struct arena *keep, const json_t *json, str *out)
{
	char *dumped = json_dumps(json, JSON_COMPACT);

	if (!dumped)
		return fault_new(FAULT_BUG, "The answer could not be written as JSON.");
	*out = str_copy(keep, str_of(dumped));
	free(dumped);
	return NULL;
}

fault *conversion_json_one(struct arena *keep, const struct conversion *c,
			   const struct conversion_shown *shown, str *json)
{
	DEFER(json_end) json_t *one = line_json(keep, c, shown->door);

	json_object_set_new(one, "plan", plan_json(shown));
	json_object_set_new(one, "licenses", counts_json(shown));
	json_object_set_new(one, "history", history_json(keep, &shown->history));
	json_object_set_new(one, "certificate_sha256", text(shown->certificate_sha256));
	return dump(keep, one, json);
}

fault *conversion_json_lines(struct arena *keep, const struct conversion_lines *lines,
			     str public_url, str *json)
{
	DEFER(json_end) json_t *rows = json_array();

	for (size_t i = 0; i < lines->len; i++) {
		const struct conversion_line *l = &lines->at[i];
		str door = str_format(keep, "%.*s/c/%.*s", STR(public_url), STR(l->c.door));
		json_t *row = line_json(keep, &l->c, door);

		json_object_set_new(row, "partner", text(l->partner_name));
		json_object_set_new(row, "since", when(keep, l->since));
		json_array_append_new(rows, row);
	}
	return dump(keep, rows, json);
}

static json_t *step_json(struct arena *keep, const struct standing *s, enum conversion_step step)
{
	json_t *waits = json_object();

	for (enum conversion_waits w = WAITS_ADMINISTRATOR; w <= WAITS_OPERATOR; w++) {
		const struct standing_cell *cell = &s->at[step][w];

		if (cell->count)
			json_object_set_new(waits, str_cstr(keep, conversion_row_waits(w)),
					    json_pack("{s:I, s:o}", "count",
						      (json_int_t)cell->count, "oldest",
						      when(keep, cell->oldest)));
	}
	return json_pack("{s:o, s:I, s:o}", "step", text(conversion_step_word(step)), "count",
			 (json_int_t)standing_at_step(s, step), "waits_for", waits);
}

fault *conversion_json_standing(struct arena *keep, const struct standing *standing, str *json)
{
	DEFER(json_end) json_t *board = json_object();
	json_t *states = json_object(), *steps = json_array();

	for (enum conversion_state s = 0; s < CONVERSION_STATE_COUNT; s++)
		json_object_set_new(states, str_cstr(keep, conversion_state_word(s)),
				    json_integer((json_int_t)standing->of_state[s]));
	for (enum conversion_step s = 0; s < CONVERSION_STEP_COUNT; s++)
		json_array_append_new(steps, step_json(keep, standing, s));
	json_object_set_new(board, "all", json_integer((json_int_t)standing_all(standing)));
	json_object_set_new(board, "states", states);
	json_object_set_new(board, "steps", steps);
	return dump(keep, board, json);
}
