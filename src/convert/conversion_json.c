#include "convert/conversion_json.h"

#include "convert/json_say.h"

#include "convert/conversion_row.h"

static json_t *line_json(struct arena *scratch, const struct conversion *c, str door)
{
	json_t *line = json_object();

	json_object_set_new(line, "id", json_say_text(id_text(scratch, "cnv", c->id)));
	json_object_set_new(line, "domain", json_say_text(c->domain));
	json_object_set_new(line, "tenant", json_say_text(c->tenant));
	json_object_set_new(line, "tenant_name", json_say_text(c->tenant_name));
	json_object_set_new(line, "state", json_say_text(conversion_state_word(c->state)));
	json_object_set_new(line, "step", json_say_text(conversion_step_word(c->step)));
	json_object_set_new(line, "waits_for",
			    c->waits_for == WAITS_NOBODY
				    ? json_null()
				    : json_say_text(conversion_waits_word(c->waits_for)));
	json_object_set_new(line, "waits_since", json_say_when(scratch, c->waits_since));
	json_object_set_new(line, "why", json_say_text(c->why));
	json_object_set_new(line, "next_thing", json_say_text(c->next_thing));
	json_object_set_new(line, "plan_hash", json_say_text(c->plan_hash));
	json_object_set_new(line, "approved_hash", json_say_text(c->approved_hash));
	json_object_set_new(line, "order", json_say_text(c->order_id));
	json_object_set_new(line, "administrator_address", json_say_text(door));
	json_object_set_new(line, "started_at", json_say_when(scratch, c->started_at));
	json_object_set_new(line, "ended_at", json_say_when(scratch, c->ended_at));
	return line;
}

static json_t *plan_json(const struct conversion_shown *shown)
{
	json_t *list = json_array();

	for (size_t i = 0; i < shown->lines.len; i++) {
		const struct line_shown *l = &shown->lines.at[i];

		json_array_append_new(
			list, json_pack("{s:o, s:o, s:o, s:b, s:I, s:I, s:o, s:o, s:o}", "sku",
					json_say_text(l->sku), "title", json_say_text(l->title),
					"part_number", json_say_text(l->part_number), "buys",
					l->buys, "quantity", (json_int_t)l->quantity, "assigned",
					(json_int_t)l->assigned, "seat_month",
					json_say_text(l->price), "reason", json_say_text(l->reason),
					"term", json_say_text(l->term)));
		if (l->moves)
			json_object_update_new(json_array_get(list, i),
					       json_pack("{s:o, s:o, s:o}", "becomes",
							 json_say_text(l->target_part), "gained",
							 json_say_text(l->gained), "lost",
							 json_say_text(l->lost)));
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
						      json_say_text(row->part_number), "before",
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
						      json_say_when(scratch, history->at[i].at),
						      "step", json_say_text(history->at[i].step),
						      "who", json_say_text(history->at[i].who),
						      "said", json_say_text(history->at[i].said)));
	return list;
}

static json_t *findings_json(const struct conversion_shown *shown)
{
	json_t *list = json_array();

	for (size_t i = 0; i < shown->findings.len; i++)
		json_array_append_new(
			list, json_pack("{s:s, s:o, s:o}", "weight", shown->findings.at[i].word,
					"said", json_say_text(shown->findings.at[i].said), "mend",
					json_say_text(shown->findings.at[i].mend)));
	return list;
}

static json_t *sold_json(const struct conversion_shown *shown)
{
	json_t *list = json_array();

	for (size_t i = 0; i < shown->sold.len; i++) {
		const struct sold_shown *s = &shown->sold.at[i];

		json_array_append_new(
			list,
			json_pack("{s:o, s:o, s:I, s:o, s:o, s:s}", "id",
				  json_say_text(s->subscription), "title", json_say_text(s->title),
				  "units", (json_int_t)s->units, "owner", json_say_text(s->owner),
				  "reason", json_say_text(s->reason), "standing", s->standing));
	}
	return list;
}

static json_t *overlap_json(struct arena *scratch, const struct conversion_shown *shown)
{
	json_t *list = json_array();

	for (size_t i = 0; i < shown->overlap.len; i++) {
		const struct overlap_shown *o = &shown->overlap.at[i];

		json_array_append_new(
			list, json_pack("{s:o, s:I, s:o, s:o}", "title", json_say_text(o->title),
					"units", (json_int_t)o->units, "term_ends",
					json_say_text(o->ends), "how", json_say_text(o->how)));
	}
	return json_pack("{s:o, s:o, s:o, s:o}", "direct_subscriptions", list, "cost_now",
			 json_say_text(shown->cost_now), "best_at",
			 json_say_when(scratch, shown->best_at), "cost_then",
			 json_say_text(shown->cost_best));
}

static json_t *question_json(const struct question_shown *q)
{
	json_t *options = json_array();

	if (!q->asked) {
		json_decref(options);
		return json_null();
	}
	for (size_t i = 0; i < q->options.len; i++)
		json_array_append_new(options,
				      json_pack("{s:s, s:s, s:s}", "answer", q->options.at[i].word,
						"label", q->options.at[i].label, "means",
						q->options.at[i].means));
	return json_pack("{s:o, s:o, s:o}", "question", json_say_text(q->key), "said",
			 json_say_text(q->text), "answers", options);
}

fault *conversion_json_one(struct arena *keep, const struct conversion *c,
			   const struct conversion_shown *shown, str *json)
{
	DEFER(json_say_end) json_t *one = line_json(keep, c, shown->door);

	json_object_set_new(one, "plan", plan_json(shown));
	json_object_set_new(one, "findings", findings_json(shown));
	json_object_set_new(one, "subscriptions", sold_json(shown));
	json_object_set_new(one, "overlap", overlap_json(keep, shown));
	json_object_set_new(one, "question", question_json(&shown->question));
	json_object_set_new(one, "buy_at", json_say_when(keep, c->buy_at));
	json_object_set_new(one, "undo_until", json_say_when(keep, shown->undo_until));
	json_object_set_new(one, "licenses", counts_json(shown));
	json_object_set_new(one, "history", history_json(keep, &shown->history));
	json_object_set_new(one, "certificate_sha256", json_say_text(shown->certificate_sha256));
	return json_say_dump(keep, one, JSON_COMPACT, json);
}

fault *conversion_json_lines(struct arena *keep, const struct conversion_lines *lines,
			     str public_url, str *json)
{
	DEFER(json_say_end) json_t *rows = json_array();

	for (size_t i = 0; i < lines->len; i++) {
		const struct conversion_line *l = &lines->at[i];
		str door = str_format(keep, "%.*s/c/%.*s", STR(public_url), STR(l->c.door));
		json_t *row = line_json(keep, &l->c, door);

		json_object_set_new(row, "partner", json_say_text(l->partner_name));
		json_object_set_new(row, "since", json_say_when(keep, l->since));
		json_array_append_new(rows, row);
	}
	return json_say_dump(keep, rows, JSON_COMPACT, json);
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
						      json_say_when(keep, cell->oldest)));
	}
	return json_pack("{s:o, s:I, s:o}", "step", json_say_text(conversion_step_word(step)),
			 "count", (json_int_t)standing_at_step(s, step), "waits_for", waits);
}

fault *conversion_json_standing(struct arena *keep, const struct standing *standing, str *json)
{
	DEFER(json_say_end) json_t *board = json_object();
	json_t *states = json_object(), *steps = json_array();

	for (enum conversion_state s = 0; s < CONVERSION_STATE_COUNT; s++)
		json_object_set_new(states, str_cstr(keep, conversion_state_word(s)),
				    json_integer((json_int_t)standing->of_state[s]));
	for (enum conversion_step s = 0; s < CONVERSION_STEP_COUNT; s++)
		json_array_append_new(steps, step_json(keep, standing, s));
	json_object_set_new(board, "all", json_integer((json_int_t)standing_all(standing)));
	json_object_set_new(board, "states", states);
	json_object_set_new(board, "steps", steps);
	return json_say_dump(keep, board, JSON_COMPACT, json);
}
