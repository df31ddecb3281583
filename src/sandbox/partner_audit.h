/* What a partner's callers changed, kept for GET /v1/auditrecords (vendor facts §3.2). */
#pragma once

#include "store/store.h"

struct partner_audit {
	id id;
	str user, application; /* user: or none of app-only */
	str customer;	       /* or none */
	str method, path;
	instant at; /* the sandbox's clock */
};
struct partner_audits {
	struct partner_audit *at;
	size_t len;
};
/* Fills in `id` and `at`. */
MUST_USE fault *partner_audit_note(struct tx *tx, str partner, struct partner_audit *audit);
/* From `from` to `to`, at most `most` behind `after` (none: from the first on). */
MUST_USE fault *partner_audit_all(struct tx *tx, str partner, instant from, instant to, id after,
				  size_t most, struct partner_audits *all);

/* "subscription" and "update": what kind of thing was changed, and how. */
void partner_audit_words(const struct partner_audit *audit, const char **resource,
			 const char **operation);
