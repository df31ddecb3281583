/* How an order is known again as ours: every line carries a note made from conversion, approved
 * plan and line. */
#pragma once

#include "convert/step.h"

/* "Novate cnv_01h2…/3f9a2b1c/0": the line's friendlyName at Partner Center. */
str order_note(struct arena *keep, const struct conversion *c, int64_t line);

/* The order that carries our notes, looked for in the tenant's orders. */
MUST_USE fault *order_find(struct run *run, str *order, bool *found);
