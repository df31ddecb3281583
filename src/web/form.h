/* A form as a table: its limits, labels and errors stay together. */
#pragma once

#include "base/base.h"

struct request;

enum field_kind {
	FIELD_TEXT,
	FIELD_EMAIL,
	FIELD_PASSWORD,
	FIELD_COUNT,
	FIELD_DOMAIN,
	FIELD_CHOICE,
	FIELD_TICK,
	FIELD_HIDDEN
};
struct field {
	const char *name;
	const char *label;
	enum field_kind kind;
	int64_t least, most; /* characters of text, or the number itself */
	bool needed;
	const char *help;	    /* one line under the field, or NULL */
	const char *const *choices; /* FIELD_CHOICE: words, NULL-ended */
	const char *complete;	    /* autocomplete: "username", "current-password", or NULL */
};

/* A form's errors; the handler shows the page again with them. */
struct form_error {
	const char *field;
	str said;
};
struct form {
	const struct field *fields;
	struct form_error *errors;
	size_t error_count;
	const struct request *from; /* the values typed, shown again */
};

/* Checks every field of the route's table; *ok says whether nothing is wrong. */
MUST_USE fault *request_form_check(struct request *rq, struct form *form, bool *ok);

/* An empty form for the first look at a page, and a rule's own finding about a field. */
struct form form_open(const struct request *rq, const struct field *fields);
void form_refuse(struct form *form, const char *field, str said);

/* What the pages ask. */
str form_said(const struct form *form, const char *field);  /* the error, or STR_NONE */
str form_value(const struct form *form, const char *field); /* what was typed, or STR_NONE */
const struct field *form_field_named(const struct form *form, const char *field);
