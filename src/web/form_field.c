#include "form_field_html.h"
#include "web/exchange.h"
#include "web/layout.h"
#include "web/layout_view.h"

static const char *type_of(enum field_kind kind)
{
	switch (kind) {
	case FIELD_EMAIL: return "email";
	case FIELD_PASSWORD: return "password";
	case FIELD_TEXT:
	case FIELD_COUNT:
	case FIELD_DOMAIN:
	case FIELD_CHOICE:
	case FIELD_TICK:
	case FIELD_HIDDEN: break;
	}
	return "text";
}

static str id_of(struct arena *keep, const char *field)
{
	return str_format(keep, "field-%s", field);
}

static str described_by(struct arena *keep, const struct field_view *v)
{
	struct text ids = text_open(keep);

	if (v->field->help)
		text_format(&ids, "%.*s-help", STR(v->id));
	if (v->said.len)
		text_format(&ids, "%s%.*s-said", ids.len ? " " : "", STR(v->id));
	return text_str(&ids);
}

static void fill_choices(struct arena *keep, struct field_view *v)
{
	size_t count = 0;

	while (v->field->choices && v->field->choices[count])
		count++;
	v->choices.at = NEW_ARRAY(keep, struct field_choice, count + 1);
	for (; v->choices.len < count; v->choices.len++) {
		str word = str_of(v->field->choices[v->choices.len]);
		v->choices.at[v->choices.len] = (struct field_choice){
			.word = word, .chosen = str_eq(word, v->value)
		};
	}
}

/* A form that was sent without the tick says no, even where yes was the beginning. */
static bool was_sent(const struct form *form)
{
	return form->from && form->from->form.len > 0;
}

void form_field_with(struct html *out, const struct form *form, const char *name, str value)
{
	const struct field *field = form_field_named(form, name);
	struct field_view v = { .field = field };

	assert(field);
	if (was_sent(form))
		value = form_value(form, name);
	v.id = id_of(out->in, name);
	v.value = value.at ? value : S("");
	v.said = form_said(form, name);
	v.type = str_of(type_of(field->kind));
	v.described = described_by(out->in, &v);
	v.ticked = v.value.len > 0;
	fill_choices(out->in, &v);
	form_field_row(out, &v);
}

void form_field(struct html *out, const struct form *form, const char *name)
{
	form_field_with(out, form, name, STR_NONE);
}

void form_errors(struct html *out, const struct form *form)
{
	struct field_faults v = { .len = form->error_count };

	if (v.len == 0)
		return;
	v.at = NEW_ARRAY(out->in, struct field_fault, v.len);
	for (size_t i = 0; i < v.len; i++)
		v.at[i] = (struct field_fault){ .id = id_of(out->in, form->errors[i].field),
						.said = form->errors[i].said };
	form_faults(out, &v);
}
