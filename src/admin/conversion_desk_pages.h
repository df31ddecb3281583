/* Routes of everybody's conversions: /admin/conversions and /api/v1/admin/conversions. */
#pragma once

#include "admin/audit_desk_pages.h"
#include "admin/conversion_desk.h"
#include "admin/job_desk_pages.h"
#include "convert/conversion_list_view.h"
#include "web/route.h"

extern const struct route_table conversion_desk_pages_routes;

struct conversion_desk_stuck_shown {
	str title, domain, href, partner, why, job, job_href;
	str resume; /* where the button leads */
	instant since;
};
struct conversion_desk_list_view {
	struct conversion_list_view list;
	struct {
		struct conversion_desk_stuck_shown *at;
		size_t len;
	} stuck;
};
struct conversion_desk_one_view {
	struct conversion_shown shown;
	str id, partner, partner_email, administrator, order, resume;
	struct job_desk_shown job;
	bool has_job;
	struct {
		struct conversion_desk_call *at;
		size_t len;
	} calls;
	struct audit_desk_lines trail;
};
