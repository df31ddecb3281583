#include "web/form.h"

#include <string.h>

#include "web/exchange.h"

enum { ERRORS_MOST = 64 };

struct form form_open(const struct request *rq, const struct field *fields)
{
	return (struct form){ .fields = fields, .from = rq };
}

/* One sentence a field: the first is the one to mend. */
void form_refuse(struct form *form, const char *field, str said)
{
	struct arena *keep = request_arena(form->from);

	if (!str_is_none(form_said(form, field)) || form->error_count == ERRORS_MOST)
		return;
	if (!form->errors)
		form->errors = NEW_ARRAY(keep, struct form_error, ERRORS_MOST);
	form->errors[form->error_count++] = (struct form_error){ .field = field,
								 .said = str_copy(keep, said) };
}

str form_said(const struct form *form, const char *field)
{
	for (size_t i = 0; i < form->error_count; i++)
		if (strcmp(form->errors[i].field, field) == 0)
			return form->errors[i].said;
	return STR_NONE;
}

const struct field *form_field_named(const struct form *form, const char *field)
{
	for (const struct field *f = form->fields; f && f->name; f++)
		if (strcmp(f->name, field) == 0)
			return f;
	return NULL;
}

/* A password is never sent back. */
str form_value(const struct form *form, const char *field)
{
	const struct field *f = form_field_named(form, field);

	if (!f || f->kind == FIELD_PASSWORD || !form->from)
		return STR_NONE;
	return request_form(form->from, field);
}
