#include "convert/batch_json.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static json_t *text(str s)
{
	return str_is_none(s) ? json_null() : json_stringn(s.at, s.len);
}

static str conversion_of(struct arena *keep, const struct batch_line *l)
{
	return id_is_none(l->conversion) ? STR_NONE : id_text(keep, "cnv", l->conversion);
}

static json_t *batch_json(struct arena *keep, const struct batch *b)
{
	json_t *made = json_pack("{s:o, s:o, s:o, s:I}", "id", text(id_text(keep, "bat", b->id)),
				 "name", text(b->name), "made_at",
				 text(instant_rfc3339(keep, b->made_at)), "lines",
				 (json_int_t)b->lines);

	for (enum batch_outcome o = 0; o < BATCH_OUTCOME_COUNT; o++)
		json_object_set_new(made, str_cstr(keep, batch_outcome_word(o)),
				    json_integer((json_int_t)b->of[o]));
	return made;
}

static json_t *line_json(struct arena *keep, const struct batch_line *l)
{
	return json_pack("{s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "line", (json_int_t)l->line,
			 "domain", text(l->domain), "administrator", text(l->administrator),
			 "outcome", text(batch_outcome_word(l->outcome)), "said", text(l->said),
			 "conversion", text(conversion_of(keep, l)), "state", text(l->state),
			 "step", text(l->step));
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

fault *batch_json_one(struct arena *keep, const struct batch *batch,
		      const struct batch_lines *lines, str *json)
{
	json_t *made = batch_json(keep, batch), *report = json_array();

	for (size_t i = 0; i < lines->len; i++)
		json_array_append_new(report, line_json(keep, &lines->at[i]));
	json_object_set_new(made, "report", report);
	return dump(keep, made, json);
}

fault *batch_json_list(struct arena *keep, const struct batch_list *list, str *json)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < list->len; i++)
		json_array_append_new(rows, batch_json(keep, &list->at[i]));
	return dump(keep, rows, json);
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
