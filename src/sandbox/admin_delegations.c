/* Settings, Partners' admin roles: granular delegated admin relationships (vendor facts §2.9).  The
 * address that a partner sends names one behind a #, which no server sees: all of them are shown.
 */
#include "admin_delegations_html.h"
#include "sandbox/admin_door.h"
#include "sandbox/delegation.h"
#include "sandbox/identity_json.h"
#include "web/html.h"

#define PATH "/admin/settings/delegations"

/* Template ids are the same in every tenant. */
static const struct {
	str id;
	const char *name;
} roles[] = {
	{ S("62e90394-69f5-4237-9190-012177145e10"), "Global Administrator" },
	{ S("4d6ac14f-3453-41d0-bef9-a3e0c569773a"), "License Administrator" },
	{ S("fe930be7-5e62-47db-91af-98c3a49a38b1"), "User Administrator" },
	{ S("88d8e3e3-8f55-4a1e-953a-9b9898b8876b"), "Directory Readers" },
	{ S("f2ef992c-3afb-46b9-b7cf-a126ee74c451"), "Global Reader" },
	{ S("b0f54661-2d74-4c50-afa3-1ec803f12efe"), "Billing Administrator" },
};

static str role_said(str role)
{
	for (size_t i = 0; i < COUNT(roles); i++)
		if (str_eq_nocase(role, roles[i].id))
			return str_of(roles[i].name);
	return role;
}

static str roles_said(struct arena *keep, str json)
{
	DEFER(identity_json_end) json_t *all = json_loadb(json.at, json.len, 0, NULL);
	struct text list = text_open(keep);

	for (size_t i = 0; i < json_array_size(all); i++) {
		if (i > 0)
			text_add(&list, S(", "));
		text_add(&list, role_said(identity_json_get(keep, json_array_get(all, i),
							    "roleDefinitionId")));
	}
	return text_str(&list);
}

static const char *state_said(str status)
{
	static const struct {
		const char *status, *said;
	} states[] = {
		{ "approvalPending", "Waits for your approval" },
		{ "approved", "Approved, becoming active" },
		{ "activating", "Approved, becoming active" },
		{ "active", "Active" },
		{ "expired", "Expired" },
	};
	for (size_t i = 0; i < COUNT(states); i++)
		if (str_eq(status, str_of(states[i].status)))
			return states[i].said;
	return "Ended by the partner";
}

/* "P730D" in words; anything else as it stands. */
static str lasts_said(struct arena *keep, str duration)
{
	int64_t days;

	if (str_starts(duration, S("P")) && str_ends(duration, S("D")) &&
	    str_to_int64(str_part(duration, 1, duration.len - 2), &days))
		return str_format(keep, "%lld day%s", (long long)days, days == 1 ? "" : "s");
	return duration;
}

static fault *delegations(struct request *rq, struct reply *to)
{
	struct arena *keep = request_arena(rq);
	struct delegations all;
	struct admin admin;
	bool open, may;

	TRY(admin_door(rq, to, ADMIN_ANY, &admin, &open));
	if (!open)
		return NULL;
	TRY(admin_door_may(rq, &admin, ADMIN_GLOBAL, &may));
	TRY(delegation_for_customer(request_tx(rq), admin.tenant.id, &all));
	struct admin_delegations_view view = {
		.frame = admin_door_frame(&admin, "Partners' admin roles", ADMIN_DELEGATIONS),
		.delegations.at = NEW_ARRAY(keep, struct admin_delegation, all.len + 1),
		.delegations.len = all.len,
	};
	view.frame.said = admin_door_done(rq);
	for (size_t i = 0; i < all.len; i++) {
		const struct delegation *one = &all.at[i];
		bool waits = may && str_eq(one->status, S("approvalPending"));
		view.delegations.at[i] = (struct admin_delegation){
			.name = one->name,
			.partner = one->customer_name,
			.roles = roles_said(keep, one->roles),
			.state = str_of(state_said(one->status)),
			.lasts = lasts_said(keep, one->duration),
			.has_end = !instant_is_none(one->ends),
			.approve = waits ? str_format(keep, PATH "/%.*s/approve", STR(one->id))
					 : S(""),
		};
		if (view.delegations.at[i].has_end)
			view.delegations.at[i].ends = instant_day(one->ends);
	}
	struct html *out = html_open(keep, rq);
	admin_delegations_page(out, &view);
	return reply_page(to, 200, out);
}

static fault *approve(struct request *rq, struct reply *to)
{
	struct admin admin;
	bool open, was;

	TRY(admin_door(rq, to, ADMIN_GLOBAL, &admin, &open));
	if (!open)
		return NULL;
	TRY(delegation_accept(request_tx(rq), admin.tenant.id, request_part(rq, "id"), &was));
	if (!was)
		return fault_new(FAULT_MISSING, "Nothing of that kind waits for your approval.");
	return reply_go(to, PATH "?done=approved");
}

/* Where a partner's link leads; what it names stands behind the #. */
static fault *link(struct request *rq, struct reply *to)
{
	(void)rq;
	return reply_go(to, PATH);
}

static const struct route routes[] = {
	{ GET, PATH, delegations, .who = ANYONE, .about = "Settings, Partners' admin roles" },
	{ POST, PATH "/:id/approve", approve, .who = ANYONE,
	  .about = "Approves what a partner asks to administrate" },
	{ GET, "/AdminPortal/Home", link, .who = ANYONE,
	  .about = "The link to a delegated admin relationship" },
};
const struct route_table admin_delegations_routes = { routes, COUNT(routes) };
