#include "sandbox/admin_door.h"

#include "remote/remote.h"
#include "sandbox/fault_rule.h"
#include "sandbox/identity.h"
#include "sandbox/identity_pages.h"
#include "sandbox/sandbox_pass.h"

static const struct {
	const char *role;
	bool bills, licenses, global;
} roles[] = {
	{ "Global Administrator", true, true, true },
	{ "Billing Administrator", true, false, false },
	{ "Global Reader", false, false, false },
	{ "License Administrator", false, true, false },
	{ "User Administrator", false, true, false },
};

static bool serves(size_t role, enum admin_right right)
{
	switch (right) {
	case ADMIN_ANY:
	case ADMIN_SIGNED: return true;
	case ADMIN_BILLS: return roles[role].bills;
	case ADMIN_LICENSE: return roles[role].licenses;
	case ADMIN_GLOBAL: return roles[role].global;
	}
	return false;
}

static fault *has_right(struct tx *tx, const struct signin *who, enum admin_right right, bool *has)
{
	*has = false;
	for (size_t i = 0; i < COUNT(roles) && !*has; i++)
		if (serves(i, right))
			TRY(tenant_state_has_role(tx, who->user.id, str_of(roles[i].role), has));
	return NULL;
}

static const char *needed(enum admin_right right)
{
	switch (right) {
	case ADMIN_ANY:
	case ADMIN_SIGNED: return "an administrator";
	case ADMIN_BILLS: return "a Global Administrator or a Billing Administrator";
	case ADMIN_LICENSE: return "a Global, License or User Administrator";
	case ADMIN_GLOBAL: return "a Global Administrator";
	}
	return "an administrator";
}

static fault *refuse(struct request *rq, struct reply *to, const struct admin *admin,
		     enum admin_right right)
{
	struct arena *keep = request_arena(rq);
	str back = remote_escape(keep, request_target(rq));
	const struct identity_message_view view = {
		.title = S("You may not do this"),
		.said = str_format(keep,
				   "This page is for %s of %.*s, and %.*s is not one. Ask such a "
				   "person to open this address, or sign in with another account.",
				   needed(right), STR(admin->tenant.name),
				   STR(admin->who.user.principal_name)),
		.link = str_format(keep, "/signin?go=%.*s", STR(back)),
		.link_said = S("Use another account"),
	};
	return identity_message(rq, to, 403, &view);
}

fault *admin_door(struct request *rq, struct reply *to, enum admin_right right, struct admin *admin,
		  bool *open)
{
	struct tx *tx = request_tx(rq);
	bool found;

	*open = false;
	TRY(fault_rule_apply(rq, to, "admin", &found));
	if (found)
		return NULL;
	TRY(signin_find(rq, &admin->who, &found));
	if (found)
		TRY(tenant_state_find(tx, admin->who.user.tenant, &admin->tenant, &found));
	if (!found)
		return signin_go(rq, to, request_target(rq), S(""));
	TRY(has_right(tx, &admin->who, right, &admin->administrator));
	*open = admin->administrator || right == ADMIN_SIGNED;
	return *open ? sandbox_pass_first(rq) : refuse(rq, to, admin, right);
}

fault *admin_door_may(struct request *rq, const struct admin *admin, enum admin_right right,
		      bool *may)
{
	return has_right(request_tx(rq), &admin->who, right, may);
}

struct admin_frame_view admin_door_frame(const struct admin *admin, const char *title,
					 enum admin_place place)
{
	return (struct admin_frame_view){ .title = title,
					  .place = place,
					  .organization = admin->tenant.name,
					  .user = admin->who.user.principal_name };
}

str admin_door_done(struct request *rq)
{
	static const struct {
		const char *word, *said;
	} done[] = {
		{ "approved", "The partner's admin roles are approved." },
		{ "assigned", "The license is assigned." },
		{ "apps", "The user's apps are changed." },
		{ "cancelled", "The subscription is cancelled." },
		{ "cancels", "The subscription will be cancelled before its next renewal." },
		{ "ended", "The partner is no longer your reseller." },
		{ "ends", "Recurring billing is off." },
		{ "located", "The usage location is changed." },
		{ "reactivated", "The subscription is active again." },
		{ "renews", "Recurring billing is on." },
		{ "resized", "The number of licenses is changed." },
		{ "signed", "The customer agreement is signed." },
		{ "unassigned", "The license is taken away." },
		{ "authorized", "The partner is now your reseller." },
		{ "removed", "The application's consent is taken back." },
	};
	str word = request_query(rq, "done");
	for (size_t i = 0; i < COUNT(done); i++)
		if (str_eq(word, str_of(done[i].word)))
			return str_of(done[i].said);
	return S("");
}
