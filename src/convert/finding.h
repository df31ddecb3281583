/* What was found out about a tenant before anything is bought: each with its cause and its mend.
 * A stop keeps the plan from being approved; a warning is read and lived with. */
#pragma once

#include "convert/conversion.h"

enum finding_weight { FINDING_NOTE, FINDING_WARNING, FINDING_STOP };
str finding_weight_word(enum finding_weight weight); /* "note", "warning", "stop" */

struct finding {
	str kind; /* "over-assigned": stable, for programs */
	enum finding_weight weight;
	enum conversion_waits whose; /* who can mend it */
	str said, mend;		     /* in words: what and why it matters; what to do */
};
struct findings {
	struct finding *at;
	size_t len;
};

void finding_add(struct arena *keep, struct findings *list, struct finding found);
/* The first that stops, or NULL. */
const struct finding *finding_stop(const struct findings *list);

/* In place of those kept before. */
MUST_USE fault *finding_keep(struct tx *tx, id conversion, const struct findings *list);
MUST_USE fault *finding_load(struct tx *tx, id conversion, struct findings *list);
