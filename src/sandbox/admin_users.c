/* Users, Active users: who holds what; and one user's licenses, apps and usage location. */
#include "admin_users_html.h"
#include "sandbox/admin_door.h"
#include "sandbox/admin_licensing.h"
#include "sandbox/license_hold.h"
#include "sandbox/license_rule.h"
#include "web/html.h"

#define PATH	  "/admin/users"
#define PAGE_SIZE 50

/* The titles of what a user really holds, each once. */
static str titles_of(struct arena *keep, const struct license_pools *pools,
		     const struct license_holds *holds)
{
	struct text list = text_open(keep);

	for (size_t i = 0; i < pools->len; i++) {
		bool has = false;
		for (size_t h = 0; h < holds->len; h++)
			has = has || (str_eq(holds->at[h].sku, pools->at[i].sku) &&
				      license_hold_counts(&holds->at[h]));
		if (!has)
			continue;
		if (list.len)
			text_add(&list, S(", "));
		text_add(&list, pools->at[i].title);
	}
	return text_str(&list);
}

static fault *person_of(struct request *rq, const struct license_pools *pools,
			const struct tenant_state_user *user, struct admin_person *person)
{
	struct arena *keep = request_arena(rq);
	struct license_holds holds;

	TRY(license_hold_of_user(request_tx(rq), user->id, &holds));
	*person = (struct admin_person){
		.name = user->display_name,
		.principal_name = user->principal_name,
		.link = str_format(keep, PATH "/%.*s", STR(user->id)),
		.licenses = titles_of(keep, pools, &holds),
	};
	return NULL;
}

/* A page of all, or the first ones that were looked for. */
static fault *users_read(struct request *rq, str tenant, str sought,
			 struct tenant_state_users *users)
{
	int64_t after;

	if (!str_is_empty(sought))
		return tenant_state_search(request_tx(rq), tenant, str_cut(sought, 100), PAGE_SIZE,
					   users);
	if (!str_to_int64(request_query(rq, "after"), &after))
		after = -1;
	return tenant_state_users(request_tx(rq), tenant, after, PAGE_SIZE, users);
}

static fault *list(struct request *rq, struct reply *to)
{
	str sought = str_trim(request_query(rq, "q"));
	struct tenant_state_users users;
	struct license_pools pools;
	struct admin admin;
	bool open;

	TRY(admin_door(rq, to, ADMIN_ANY, &admin, &open));
	if (!open)
		return NULL;
	TRY(users_read(rq, admin.tenant.id, sought, &users));
	TRY(license_pool_all(request_tx(rq), admin.tenant.id, &pools));
	struct admin_users_view view = {
		.frame = admin_door_frame(&admin, "Active users", ADMIN_USERS),
		.users.at = NEW_ARRAY(request_arena(rq), struct admin_person, users.len + 1),
		.users.len = users.len,
		.sought = str_is_none(sought) ? S("") : sought,
		.next = S(""),
	};
	for (size_t i = 0; i < users.len; i++)
		TRY(person_of(rq, &pools, &users.at[i], &view.users.at[i]));
	if (users.len == PAGE_SIZE && str_is_empty(sought))
		view.next = str_format(request_arena(rq), PATH "?after=%lld",
				       (long long)users.at[users.len - 1].position);
	struct html *out = html_open(request_arena(rq), rq);
	admin_users_page(out, &view);
	return reply_page(to, 200, out);
}

/* Somebody else's user is not there. */
static fault *find(struct request *rq, struct reply *to, enum admin_right right,
		   struct admin *admin, struct tenant_state_user *user, bool *ready)
{
	bool found;

	TRY(admin_door(rq, to, right, admin, ready));
	if (!*ready)
		return NULL;
	TRY(tenant_state_user(request_tx(rq), request_part(rq, "id"), user, &found));
	if (!found || !str_eq(user->tenant, admin->tenant.id))
		return fault_new(FAULT_MISSING, "Your organization has no such user.");
	return NULL;
}

static fault *show(struct request *rq, struct reply *to, const struct admin *admin,
		   const struct tenant_state_user *user, str wrong)
{
	struct arena *keep = request_arena(rq);
	struct admin_user_view view = {
		.frame = admin_door_frame(admin, "User", ADMIN_USERS),
		.name = user->display_name,
		.principal_name = user->principal_name,
		.location = str_is_none(user->usage_location) ? S("") : user->usage_location,
		.locate = str_format(keep, PATH "/%.*s/location", STR(user->id)),
		.wrong = wrong,
	};

	view.frame.said = admin_door_done(rq);
	TRY(admin_door_may(rq, admin, ADMIN_LICENSE, &view.may_assign));
	TRY(admin_licensing_of_user(request_tx(rq), user, &view.licenses));
	for (size_t i = 0; i < view.licenses.len; i++)
		view.licenses.at[i].action = str_format(keep, PATH "/%.*s/licenses/%.*s",
							STR(user->id),
							STR(view.licenses.at[i].sku));
	struct html *out = html_open(keep, rq);
	admin_user_page(out, &view);
	return reply_page(to, str_is_empty(wrong) ? 200 : 409, out);
}

static fault *page(struct request *rq, struct reply *to)
{
	struct tenant_state_user user;
	struct admin admin;
	bool ready;

	TRY(find(rq, to, ADMIN_ANY, &admin, &user, &ready));
	return ready ? show(rq, to, &admin, &user, S("")) : NULL;
}

/* "us" is typed as often as "US". */
static str place_of(struct arena *keep, str typed)
{
	struct text upper = text_open(keep);

	for (size_t i = 0; i < typed.len; i++) {
		char c = typed.at[i];
		text_add_char(&upper, c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c);
	}
	return text_str(&upper);
}

static fault *locate(struct request *rq, struct reply *to)
{
	str place = place_of(request_arena(rq), str_trim(request_form(rq, "location")));
	struct tenant_state_user user;
	struct admin admin;
	bool ready;

	TRY(find(rq, to, ADMIN_LICENSE, &admin, &user, &ready));
	if (!ready)
		return NULL;
	if (!license_rule_is_location(place))
		return show(rq, to, &admin, &user,
			    S("A usage location is a country's two letters, such as US."));
	TRY(tenant_state_locate(request_tx(rq), user.id, place));
	return reply_go(to, PATH "/%.*s?done=located", STR(user.id));
}

/* Assign, Unassign and Save apps: the vendor's own rule decides, and its sentence is shown. */
static fault *change(struct request *rq, struct reply *to)
{
	str deed = request_form(rq, "deed"), refused;
	struct license_hold_change change;
	struct tenant_state_user user;
	struct license_hold hold;
	struct admin admin;
	bool ready;

	TRY(find(rq, to, ADMIN_LICENSE, &admin, &user, &ready));
	if (!ready)
		return NULL;
	TRY(admin_licensing_read(rq, admin.tenant.id, request_part(rq, "sku"), &hold));
	if (str_eq(deed, S("unassign")))
		change = (struct license_hold_change){ .removes = &hold.sku, .remove_count = 1 };
	else if (str_eq(deed, S("assign")) || str_eq(deed, S("apps")))
		change = (struct license_hold_change){ .adds = &hold, .add_count = 1 };
	else
		return fault_new(FAULT_INPUT, "Press Assign, Save apps or Unassign.");
	TRY(license_hold_assign(request_tx(rq), &user, &change, &refused));
	if (!str_is_none(refused))
		return show(rq, to, &admin, &user, refused);
	return reply_go(to, PATH "/%.*s?done=%s", STR(user.id),
			change.remove_count	  ? "unassigned"
			: str_eq(deed, S("apps")) ? "apps"
						  : "assigned");
}

static const struct route routes[] = {
	{ GET, PATH, list, .who = ANYONE, .about = "Users, Active users" },
	{ GET, PATH "/:id", page, .who = ANYONE, .about = "One user's licenses" },
	{ POST, PATH "/:id/location", locate, .who = ANYONE, .about = "Sets a usage location" },
	{ POST, PATH "/:id/licenses/:sku", change, .who = ANYONE,
	  .about = "Assigns a license, takes it away, or changes its apps" },
};
const struct route_table admin_users_routes = { routes, COUNT(routes) };
