/* Users, Groups: what groups give their members, to read. */
#include "admin_groups_html.h"
#include "sandbox/admin_door.h"
#include "sandbox/license_group.h"
#include "sandbox/license_hold.h"
#include "sandbox/license_pool.h"
#include "web/html.h"

#define MOST 200

static const char *state_said(str state)
{
	if (str_eq(state, S("QueuedForProcessing")))
		return "Waiting";
	return str_eq(state, S("ProcessingInProgress")) ? "Being processed" : "All changes applied";
}

static fault *group_of(struct tx *tx, const struct license_pools *pools,
		       const struct license_group *group, struct admin_group *made)
{
	struct text list = text_open(tx_arena(tx));
	struct license_holds gives;

	TRY(license_group_gives(tx, group->id, &gives));
	for (size_t i = 0; i < gives.len; i++) {
		const struct license_pool *pool = license_pool_of(pools, gives.at[i].sku);
		if (list.len)
			text_add(&list, S(", "));
		text_add(&list, pool ? pool->title : gives.at[i].sku);
	}
	*made = (struct admin_group){
		.name = group->display_name,
		.state = str_of(state_said(group->state)),
		.errors = group->errors,
		.licenses = text_str(&list),
	};
	return NULL;
}

static fault *groups(struct request *rq, struct reply *to)
{
	struct license_groups all;
	struct license_pools pools;
	struct admin admin;
	bool open;

	TRY(admin_door(rq, to, ADMIN_ANY, &admin, &open));
	if (!open)
		return NULL;
	TRY(license_group_all(request_tx(rq), admin.tenant.id, -1, MOST, &all));
	TRY(license_pool_kinds(request_tx(rq), admin.tenant.id, &pools));
	struct admin_groups_view view = {
		.frame = admin_door_frame(&admin, "Groups", ADMIN_GROUPS),
		.groups.at = NEW_ARRAY(request_arena(rq), struct admin_group, all.len + 1),
		.groups.len = all.len,
	};
	for (size_t i = 0; i < all.len; i++)
		TRY(group_of(request_tx(rq), &pools, &all.at[i], &view.groups.at[i]));
	struct html *out = html_open(request_arena(rq), rq);
	admin_groups_page(out, &view);
	return reply_page(to, 200, out);
}

static const struct route routes[] = {
	{ GET, "/admin/groups", groups, .who = ANYONE, .about = "Users, Groups" },
};
const struct route_table admin_groups_routes = { routes, COUNT(routes) };
