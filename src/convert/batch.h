/* Many tenants at once: a list of domains and administrators, each line a conversion of its own.
 *
 * Handing in is two things: the list is kept (once, however often the same lines come), and its
 * lines are begun, some at a time, each by the rule of a single start.  A line that is refused
 * harms no other; what was interrupted is gone on with where it stopped. */
#pragma once

#include "convert/conversion.h"

enum { BATCH_LINES_MOST = 5000, BATCH_NAME_MOST = 100, BATCH_AT_ONCE = 100 };

#define BATCH_OUTCOMES(X)                                                  \
	X(BATCH_OPEN, "open") /* not begun yet */                          \
	X(BATCH_STARTED, "started")                                        \
	X(BATCH_ALREADY, "already") /* a conversion of it was under way */ \
	X(BATCH_REFUSED, "refused")

enum batch_outcome {
#define X(name, word) name,
	BATCH_OUTCOMES(X)
#undef X
		BATCH_OUTCOME_COUNT
};
str batch_outcome_word(enum batch_outcome outcome);

struct batch {
	id id, partner;
	str name;
	instant made_at;
	int64_t lines, of[BATCH_OUTCOME_COUNT];
};
struct batch_list {
	struct batch *at;
	size_t len;
};
struct batch_line {
	int64_t line; /* of the file, counted from 1 */
	str domain, administrator;
	id conversion; /* ID_NONE: none was started */
	enum batch_outcome outcome;
	str said; /* what, and how to mend it */
	/* where its conversion stands by now; empty without one */
	str state, step;
};
struct batch_lines {
	struct batch_line *at;
	size_t len;
};

/* Keeps the list: CSV with a column for the domain and one for the administrator, in this order
 * or by a heading that names them; commas, semicolons or tabs.  Gives the batch that is there when
 * the same lines came before.  FAULT_INPUT when the file as a whole cannot be read. */
MUST_USE fault *batch_keep(struct tx *tx, const struct asker *by, str name, str csv,
			   struct batch *kept);
/* Begins at most BATCH_AT_ONCE lines; *left says whether more are open. */
MUST_USE fault *batch_go_on(struct tx *tx, const struct asker *by, id batch, bool *left);

/* Both, in transactions of their own. */
MUST_USE fault *batch_take(struct store *store, struct arena *keep, const struct asker *by,
			   str name, str csv, struct batch *taken);

/* FAULT_MISSING when there is none, or it is another partner's. */
MUST_USE fault *batch_get(struct tx *tx, const struct asker *by, id batch, struct batch *got);
MUST_USE fault *batch_may_see(struct tx *tx, const struct asker *by, id batch);
/* In the order of the file; of one outcome, or BATCH_OUTCOME_COUNT for all; at most `most`. */
MUST_USE fault *batch_lines_of(struct tx *tx, const struct asker *by, id batch,
			       enum batch_outcome outcome, int64_t most, struct batch_lines *lines);
/* The newest fifty that the asker may see. */
MUST_USE fault *batch_newest(struct tx *tx, const struct asker *by, struct batch_list *list);
