/* The certificate: before / between / after, every user compared, every call's id, who approved
 * which hash; a page, JSON and a PDF of the same bytes. */
#pragma once

#include "convert/plan.h"

struct certificate {
	instant issued_at;
	str body;   /* JSON */
	str sha256; /* of body */
};

/* Writes it from what the database knows and keeps it; doing it twice gives the first one. */
MUST_USE fault *certificate_issue(struct tx *tx, const struct conversion *c,
				  struct certificate *made);
MUST_USE fault *certificate_get(struct tx *tx, id conversion, struct certificate *got, bool *found);

/* The certificate's bytes as a PDF (A4), through cairo and pango. */
MUST_USE fault *certificate_pdf(struct arena *keep, const struct certificate *of, str *pdf);
