/* A form's values held against its table. */
#include <string.h>

#include "web/exchange.h"
#include "web/form.h"

static int64_t characters(str s)
{
	int64_t count = 0;

	for (size_t i = 0; i < s.len; i++)
		count += ((unsigned char)s.at[i] & 0xc0) != 0x80;
	return count;
}

static bool is_one_line(str s)
{
	return str_find(s, S("\n")) < 0 && str_find(s, S("\r")) < 0 && str_find(s, S("\t")) < 0;
}

/* Labels of letters, digits and hyphens with a dot between two of them; any script. */
static bool is_domain(str s)
{
	str rest = s, label;
	int labels = 0;

	if (s.len > 253)
		return false;
	while (str_next(&rest, '.', &label)) {
		labels++;
		if (label.len == 0 || label.len > 63 || str_starts(label, S("-")) ||
		    str_ends(label, S("-")))
			return false;
		for (size_t i = 0; i < label.len; i++)
			if ((unsigned char)label.at[i] < 0x80 &&
			    strchr(" !\"#$%&'()*+,/:;<=>?@[\\]^_`{|}~", label.at[i]))
				return false;
	}
	return labels >= 2;
}

/* What can be delivered is found out by a letter; this refuses what cannot be an address. */
static bool is_email(str s)
{
	ptrdiff_t at = str_find(s, S("@"));

	if (at <= 0 || at > 64)
		return false;
	str local = str_part(s, 0, (size_t)at);
	for (size_t i = 0; i < local.len; i++)
		if ((unsigned char)local.at[i] <= 0x20 || strchr("()<>,;:\\\"[]", local.at[i]))
			return false;
	return is_domain(str_part(s, (size_t)at + 1, s.len));
}

static bool is_choice(const struct field *f, str value)
{
	for (const char *const *word = f->choices; word && *word; word++)
		if (str_eq(str_of(*word), value))
			return true;
	return false;
}

static void check_length(struct form *form, const struct field *f, str value)
{
	struct arena *keep = request_arena(form->from);
	int64_t count = characters(value);

	if (f->most && count > f->most)
		form_refuse(form, f->name,
			    str_format(keep, "%s may have at most %lld characters; this has %lld.",
				       f->label, (long long)f->most, (long long)count));
	else if (count < f->least)
		form_refuse(form, f->name,
			    str_format(keep, "%s needs at least %lld characters.", f->label,
				       (long long)f->least));
}

static void check_number(struct form *form, const struct field *f, str value)
{
	struct arena *keep = request_arena(form->from);
	int64_t number;

	if (!str_to_int64(value, &number))
		form_refuse(form, f->name,
			    str_format(keep, "%s must be a whole number.", f->label));
	else if (number < f->least || (f->most && number > f->most))
		form_refuse(form, f->name,
			    str_format(keep, "%s must be from %lld to %lld.", f->label,
				       (long long)f->least, (long long)f->most));
}

static void check_shape(struct form *form, const struct field *f, str value)
{
	struct arena *keep = request_arena(form->from);

	switch (f->kind) {
	case FIELD_COUNT: check_number(form, f, value); return;
	case FIELD_CHOICE:
		if (!is_choice(f, value))
			form_refuse(form, f->name,
				    str_format(keep, "Choose one of the offered: %s.", f->label));
		return;
	case FIELD_EMAIL:
		if (!is_email(value))
			form_refuse(form, f->name,
				    S("This is not an e-mail address; write it as "
				      "name@example.com."));
		break;
	case FIELD_DOMAIN:
		if (!is_domain(value))
			form_refuse(form, f->name,
				    S("This is not a domain; write it as example.com, without "
				      "https:// and without a path."));
		break;
	case FIELD_TICK: return;
	case FIELD_TEXT:
	case FIELD_PASSWORD:
	case FIELD_HIDDEN: break;
	}
	check_length(form, f, value);
}

static bool is_area(const struct field *f)
{
	return f->kind == FIELD_TEXT && f->most > 200;
}

/* The handler sees what was checked: without the white space that copying brings along. */
static void trim_values(struct request *rq, const struct field *f)
{
	for (size_t i = 0; i < rq->form.len; i++)
		if (f->kind != FIELD_PASSWORD && str_eq(rq->form.at[i].name, str_of(f->name)))
			rq->form.at[i].value = str_trim(rq->form.at[i].value);
}

static void check_field(struct form *form, const struct field *f)
{
	struct arena *keep = request_arena(form->from);
	str value = request_form(form->from, f->name);

	if (str_is_empty(value)) {
		if (!f->needed)
			return;
		form_refuse(form, f->name,
			    f->kind == FIELD_TICK
				    ? str_format(keep, "Tick this to go on: %s", f->label)
				    : str_format(keep, "%s is needed.", f->label));
		return;
	}
	if (!is_area(f) && !is_one_line(value))
		form_refuse(form, f->name, str_format(keep, "%s must be one line.", f->label));
	check_shape(form, f, value);
}

fault *request_form_check(struct request *rq, struct form *form, bool *ok)
{
	if (!rq->route || !rq->route->fields)
		return fault_new(FAULT_BUG, "The route has no fields to check.");
	*form = form_open(rq, rq->route->fields);
	for (const struct field *f = form->fields; f->name; f++) {
		trim_values(rq, f);
		check_field(form, f);
	}
	*ok = form->error_count == 0;
	return NULL;
}
