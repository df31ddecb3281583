#include "sandbox/identity_permission.h"

static const struct {
	const char *name, *said;
} permissions[] = {
	{ "openid", "Sign you in" },
	{ "profile", "See your name and your user name" },
	{ "email", "See your email address" },
	{ "offline_access", "Keep the access you give it until you take it back" },
	{ "User.Read", "Sign you in and read your profile" },
	{ "User.ReadBasic.All", "Read the name and user name of every user" },
	{ "User.Read.All", "Read the profile of every user and which licenses each one holds" },
	{ "User.ReadWrite.All", "Read and change the profile and licenses of every user" },
	{ "Organization.Read.All",
	  "Read the organization's name, domains, licenses and subscriptions" },
	{ "Directory.Read.All",
	  "Read the organization, its users, groups, licenses and subscriptions" },
	{ "Domain.Read.All", "Read the organization's domains" },
	{ "GroupMember.Read.All", "Read the names of groups and who is in them" },
	{ "Group.Read.All", "Read groups, their members and the licenses given to groups" },
	{ "Group.ReadWrite.All", "Change groups, their members and the licenses given to groups" },
	{ "Directory.ReadWrite.All",
	  "Read and change the organization's users, groups and licenses" },
	{ "CrossTenantInformation.ReadBasic.All", "Read the name and id of other organizations" },
	{ "DelegatedAdminRelationship.Read.All",
	  "Read what the partner may administrate for its customers" },
	{ "DelegatedAdminRelationship.ReadWrite.All",
	  "Ask customers for rights to administrate, and share them out" },
	{ "LicenseAssignment.Read.All",
	  "Read which licenses the organization has and who holds them" },
	{ "LicenseAssignment.ReadWrite.All", "Assign licenses to users and take them away" },
	{ "user_impersonation", "Act as you, with the rights you have" },
};

str identity_permission_said(struct arena *keep, str name)
{
	for (size_t i = 0; i < COUNT(permissions); i++)
		if (str_eq_nocase(name, str_of(permissions[i].name)))
			return str_of(permissions[i].said);
	return str_format(keep, "Use the permission named %.*s", STR(name));
}

bool identity_permission_needs_admin(str name)
{
	str lower = S(".all"), basic = S("User.ReadBasic.All");
	return name.len > lower.len && !str_eq_nocase(name, basic) &&
	       str_eq_nocase(str_part(name, name.len - lower.len, lower.len), lower);
}

struct identity_permission_lines identity_permission_list(struct arena *keep, str names)
{
	struct identity_permission_lines lines = {
		.at = NEW_ARRAY(keep, struct identity_permission_line, names.len / 2 + 1)
	};
	for (str rest = names, name; str_next(&rest, ' ', &name);)
		if (name.len)
			lines.at[lines.len++] = (struct identity_permission_line){
				.name = name, .said = identity_permission_said(keep, name)
			};
	return lines;
}
