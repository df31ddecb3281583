/* The shell of every page: head, navigation by the visitor's role, what was just done, main.
 *
 *   {{@use web/layout.h}}
 *   {{#wrap layout(out, S("Your conversions"))}} … {{/}}
 *
 * A page whose route is live says so itself: it listens, or reloads when there is no script. */
#pragma once

#include "web/html.h"

void layout_open(struct html *out, str title);
void layout_close(struct html *out);

struct form;

/* A field of the form's table with its label, help, what was typed, and what is wrong with it. */
void form_field(struct html *out, const struct form *form, const char *name);
/* The same, showing `value` when nothing was typed yet. */
void form_field_with(struct html *out, const struct form *form, const char *name, str value);
/* What is wrong, all together, each leading to its field; nothing when all is well. */
void form_errors(struct html *out, const struct form *form);

/* For web_settings.fault_page: the layout with the sentence and the number of the request. */
struct reply;
struct request;
MUST_USE fault *layout_fault_page(struct request *rq, struct reply *to, const fault *f);
