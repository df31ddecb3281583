/* Where conversions stand: how many at each step, for whom they wait and since when.  The counts
 * of a list's tabs, of the board, of a batch. */
#pragma once

#include "convert/conversion.h"

/* What of one step waits for one person (WAITS_NOBODY: nobody, it is under way). */
struct standing_cell {
	int64_t count;
	instant oldest; /* when the longest of these waits began, or INSTANT_NONE */
};
struct standing {
	struct standing_cell at[CONVERSION_STEP_COUNT][WAITS_OPERATOR + 1]; /* not ended */
	int64_t of_state[CONVERSION_STATE_COUNT];
	int64_t dated; /* wait for nobody but a date; also in the cells of WAITS_NOBODY */
};

/* A partner's own, everybody's for an operator; with `text`, those of a list that is searched. */
MUST_USE fault *standing_of(struct tx *tx, const struct asker *by, str text,
			    struct standing *standing);
MUST_USE fault *standing_of_a_batch(struct tx *tx, id batch, struct standing *standing);

/* Sums over a row, a column and all. */
int64_t standing_at_step(const struct standing *s, enum conversion_step step);
int64_t standing_waiting_for(const struct standing *s, enum conversion_waits waits);
int64_t standing_all(const struct standing *s);
/* The oldest wait at a step, or INSTANT_NONE. */
instant standing_oldest(const struct standing *s, enum conversion_step step);

/* A number that grows with every start and every move of what standing_of counts. */
MUST_USE fault *standing_version(struct tx *tx, const struct asker *by, int64_t *version);
MUST_USE fault *standing_version_of_a_batch(struct tx *tx, id batch, int64_t *version);
