#include "convert/batch_json.h"

#include "convert/json_say.h"

static str conversion_of(struct arena *keep, const struct batch_line *l)
{
	return id_is_none(l->conversion) ? STR_NONE : id_text(keep, "cnv", l->conversion);
}

static json_t *batch_json(struct arena *keep, const struct batch *b)
{
	json_t *made = json_pack(
		"{s:o, s:o, s:o, s:I}", "id", json_say_text(id_text(keep, "bat", b->id)), "name",
		json_say_text(b->name), "made_at", json_say_text(instant_rfc3339(keep, b->made_at)),
		"lines", (json_int_t)b->lines);

	for (enum batch_outcome o = 0; o < BATCH_OUTCOME_COUNT; o++)
		json_object_set_new(made, str_cstr(keep, batch_outcome_word(o)),
				    json_integer((json_int_t)b->of[o]));
	return made;
}

static json_t *line_json(struct arena *keep, const struct batch_line *l)
{
	return json_pack(
		"{s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "line", (json_int_t)l->line, "domain",
		json_say_text(l->domain), "administrator", json_say_text(l->administrator),
		"outcome", json_say_text(batch_outcome_word(l->outcome)), "said",
		json_say_text(l->said), "conversion", json_say_text(conversion_of(keep, l)),
		"state", json_say_text(l->state), "step", json_say_text(l->step));
}

fault *batch_json_one(struct arena *keep, const struct batch *batch,
		      const struct batch_lines *lines, str *json)
{
	DEFER(json_say_end) json_t *made = batch_json(keep, batch);
	json_t *report = json_array();

	for (size_t i = 0; i < lines->len; i++)
		json_array_append_new(report, line_json(keep, &lines->at[i]));
	json_object_set_new(made, "report", report);
	return json_say_dump(keep, made, JSON_COMPACT, json);
}

fault *batch_json_list(struct arena *keep, const struct batch_list *list, str *json)
{
	DEFER(json_say_end) json_t *rows = json_array();

	for (size_t i = 0; i < list->len; i++)
		json_array_append_new(rows, batch_json(keep, &list->at[i]));
	return json_say_dump(keep, rows, JSON_COMPACT, json);
}

/* Quoted always (RFC 4180); what a spreadsheet would take for a formula gets a mark before it. */
static void put(struct text *out, str value, char end)
{
	text_add_char(out, '"');
	if (value.len && strchr("=+-@\t\r", value.at[0]))
		text_add_char(out, '\'');
	for (size_t i = 0; i < value.len; i++) {
		if (value.at[i] == '"')
			text_add_char(out, '"');
		text_add_char(out, value.at[i]);
	}
	text_add_char(out, '"');
	if (end == '\n')
		text_add_char(out, '\r');
	text_add_char(out, end);
}

str batch_json_csv(struct arena *keep, const struct batch_lines *lines)
{
	struct text out = text_open(keep);

	text_add(&out, S("line,domain,administrator,outcome,said,conversion,state,step\r\n"));
	for (size_t i = 0; i < lines->len; i++) {
		const struct batch_line *l = &lines->at[i];

		put(&out, str_format(keep, "%lld", (long long)l->line), ',');
		put(&out, l->domain, ',');
		put(&out, l->administrator, ',');
		put(&out, batch_outcome_word(l->outcome), ',');
		put(&out, l->said, ',');
		put(&out, conversion_of(keep, l), ',');
		put(&out, l->state, ',');
		put(&out, l->step, '\n');
	}
	return text_str(&out);
}
