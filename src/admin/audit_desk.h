/* The audit trail as operators read it, a page at a time. */
#pragma once

#include "admin/desk.h"
#include "people/audit.h"

enum { AUDIT_DESK_PAGE = 50 };

/* As people type it; what is none or empty does not narrow the trail. */
struct audit_question {
	str who;	  /* an account's address */
	str did;	  /* "conversion.approve" */
	str about, from;  /* "cnv_01h2…"; "terminal", an address */
	str since, until; /* days, "2026-02-03", both included */
	str before;	  /* where the page before ended: "aud_01h2…" */
	int64_t most;	  /* 0: a page */
};

struct audit_page {
	struct audit_list lines;
	id next; /* where the next page begins, or ID_NONE */
};
/* FAULT_INPUT names what is no day or no mark; an unknown account finds nothing. */
MUST_USE fault *audit_desk_page(struct tx *tx, const struct asker *by,
				const struct audit_question *asked, struct audit_page *page);

/* The page as JSON: an array of lines, newest first. */
MUST_USE fault *audit_desk_json(struct arena *keep, const struct audit_list *lines, str *json);
