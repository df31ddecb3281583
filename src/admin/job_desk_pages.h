/* Routes of jobs: /admin/jobs and /api/v1/admin/jobs. */
#pragma once

#include "admin/audit_desk_pages.h"
#include "admin/job_desk.h"
#include "web/form.h"
#include "web/route.h"

extern const struct route_table job_desk_pages_routes;

struct job_desk_tab {
	str label, href;
	int64_t count;
	bool here, counted;
};
struct job_desk_kind {
	str kind;
	bool chosen;
};
/* A job as a line or a page shows it. */
struct job_desk_shown {
	str id, href, kind, about, about_href, why, correlation, worker, note;
	const char *look, *state_said;
	int64_t attempts, tries;
	instant made, due, taken_at, failing_since, ended_at, since;
	bool dead, running, waiting, failing;
};
struct job_desk_list_view {
	str view, kind; /* words; an empty kind: all */
	struct {
		struct job_desk_tab *at;
		size_t len;
	} tabs;
	struct {
		struct job_desk_kind *at;
		size_t len;
	} kinds;
	struct {
		struct job_desk_shown *at;
		size_t len;
	} jobs;
	str next, first; /* addresses of other pages, or empty */
};
struct job_desk_one_view {
	struct job_desk_shown job;
	struct form form; /* why it is given up */
	struct {
		struct job_failure *at;
		size_t len;
	} failures;
	struct audit_desk_lines trail;
};

void job_desk_pages_show(struct arena *keep, const struct job_shown *job,
			 struct job_desk_shown *shown);
