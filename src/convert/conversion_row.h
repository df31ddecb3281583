/* Between a conversion's row and its struct; for this room's files only. */
#pragma once

#include "conversion_sql.h"
#include "convert/conversion.h"

/* FAULT_BUG when a word in the row is none of ours. */
MUST_USE fault *conversion_row_read(const struct conversion_by_id *row, struct conversion *c);

MUST_USE fault *conversion_row_state_read(str word, enum conversion_state *state);
MUST_USE fault *conversion_row_step_read(str word, enum conversion_step *step);
/* The word a waiting is kept under: "administrator". */
str conversion_row_waits(enum conversion_waits waits);
MUST_USE fault *conversion_row_waits_read(str word, enum conversion_waits *waits);

/* The next attempt starts now, also when the last one ended as a dead letter. */
MUST_USE fault *conversion_look_now(struct tx *tx, id conversion);

/* The name that the history gives to who asked. */
MUST_USE fault *conversion_asker_name(struct tx *tx, const struct asker *by, str *name);
/* A line in the audit trail: "conversion.approve". */
MUST_USE fault *conversion_audit(struct tx *tx, const struct asker *by, const char *did,
				 id conversion);

/* A line of the history. */
MUST_USE fault *conversion_say(struct tx *tx, const struct conversion *c, str who, str said);
