/* Every change of a license pool. */
#include "control_journal_html.h"
#include "control_sql.h"
#include "sandbox/catalogue.h"
#include "sandbox/control.h"

static struct control_change shown(struct arena *keep, const struct control_journal *row)
{
	str at = instant_rfc3339(keep, row->at);

	return (struct control_change){
		.at = str_format(keep, "%.*s %.*s", STR(str_part(at, 0, 10)),
				 STR(str_part(at, 11, 8))),
		.tenant = row->tenant,
		.name = catalogue_title(keep, row->sku,
					str_is_none(row->part_number) ? row->sku
								      : row->part_number),
		.what = row->what,
		.lost_user = row->lost_user,
		.usable = row->enabled + row->warning,
		.assigned = row->consumed,
		.spare = row->spare,
	};
}

static fault *journal(struct request *rq, struct reply *to)
{
	struct arena *keep = request_arena(rq);
	str tenant = str_lower(keep, str_trim(request_query(rq, "tenant")));
	struct control_journal_view view = { .tenant = str_is_guid(tenant) ? tenant : S("") };
	struct control_journal_list rows;
	bool open;

	TRY(control_door(rq, to, &open));
	if (!open)
		return NULL;
	TRY(control_frame_of(rq, "Journal", CONTROL_JOURNAL, &view.frame));
	TRY(control_journal(request_tx(rq), control_before(rq), view.tenant, CONTROL_PAGE + 1,
			    &rows));
	size_t len = rows.len > CONTROL_PAGE ? CONTROL_PAGE : rows.len;
	view.changes.at = NEW_ARRAY(keep, struct control_change, len + 1);
	view.changes.len = len;
	for (size_t i = 0; i < len; i++)
		view.changes.at[i] = shown(keep, &rows.at[i]);
	str filter = view.tenant.len ? str_format(keep, "&tenant=%.*s", STR(view.tenant)) : S("");
	if (control_before(rq) != INT64_MAX)
		view.newer = str_format(keep, "/control/journal?%.*s", STR(filter));
	if (rows.len > CONTROL_PAGE)
		view.older = control_older(keep, "/control/journal", rows.at[len - 1].id, filter);
	struct html *out = html_open(keep, rq);
	control_journal_page(out, &view);
	return reply_page(to, 200, out);
}

static const struct route routes[] = {
	{ GET, "/control/journal", journal, .who = ANYONE, .about = "Changes of license pools" },
};
const struct route_table control_journal_routes = { routes, COUNT(routes) };
