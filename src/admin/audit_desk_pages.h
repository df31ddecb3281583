/* Routes of the audit trail: /admin/audit and /api/v1/admin/audit. */
#pragma once

#include "admin/audit_desk.h"
#include "web/route.h"

extern const struct route_table audit_desk_pages_routes;

struct audit_desk_line {
	instant at;
	str who, did, about, about_href, from, why;
};
struct audit_desk_lines {
	struct audit_desk_line *at;
	size_t len;
};
/* Lines as a page shows them; what has a page of its own leads there. */
void audit_desk_pages_lines(struct arena *keep, const struct audit_list *list,
			    struct audit_desk_lines *lines);

struct audit_desk_view {
	struct audit_question asked; /* none of them none: shown again in the form */
	struct audit_desk_lines lines;
	str next, first; /* addresses of other pages, or empty */
	str said;	 /* what was wrong with the question, or empty */
};
