/* The parts of a certificate, as JSON: each tells one thing that the database knows. */
#pragma once

#include <jansson.h>

#include "convert/plan.h"

/* What the certificate compares. */
struct certificate_story {
	struct snapshot before, between, after;
	struct plan plan;
	struct license_holds accepted; /* lost by somebody's will, and accepted as such */
};
MUST_USE fault *certificate_story_load(struct tx *tx, const struct conversion *c,
				       struct certificate_story *story);

/* Sets every member of `body`. */
MUST_USE fault *certificate_body_fill(struct tx *tx, const struct conversion *c,
				      const struct certificate_story *story, json_t *body);
