/* Between a conversion's row and its struct; for this room's files only. */
#pragma once

#include "conversion_sql.h"
#include "convert/conversion.h"

/* FAULT_BUG when a word in the row is none of ours. */
MUST_USE fault *conversion_row_read(const struct conversion_by_id *row, struct conversion *c);

/* The word a waiting is kept under: "administrator". */
str conversion_row_waits(enum conversion_waits waits);

/* A line of the history. */
MUST_USE fault *conversion_say(struct tx *tx, const struct conversion *c, str who, str said);
