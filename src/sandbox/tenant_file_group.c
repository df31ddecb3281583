#include "sandbox/tenant_file_group.h"

#include "license_group_sql.h"
#include "sandbox/tenant_file_member.h"
#include "tenant_file_sql.h"

static fault *gives_add(struct tx *tx, const struct tenant_file_place *group, str group_id)
{
	struct tenant_file_place at = *group;
	const json_t *list = json_object_get(group->object, "assignedLicenses");

	at.list = "groups.assignedLicenses";
	for (at.index = 0; at.index < json_array_size(list); at.index++) {
		str sku;
		at.object = json_array_get(list, at.index);
		TRY(tenant_file_guid(&at, "skuId", true, &sku));
		TRY(license_group_put_sku(tx, group_id, sku,
					  tenant_file_source(&at, "disabledPlans", S("[]"))));
	}
	return NULL;
}

fault *tenant_file_groups(struct tx *tx, str file, const json_t *root, str tenant)
{
	struct tenant_file_place at = { tx_arena(tx), file, "groups", 0, NULL };
	const json_t *list;

	TRY(tenant_file_list(file, root, "groups", &list));
	for (; at.index < json_array_size(list); at.index++) {
		struct tenant_file_group_tenant there;
		str group, name;
		bool found;
		at.object = json_array_get(list, at.index);
		TRY(tenant_file_guid(&at, "id", true, &group));
		TRY(tenant_file_group_tenant(tx, group, &there, &found));
		if (found)
			return tenant_file_wrong(&at, "id", "is the id of another group already");
		TRY(tenant_file_text(&at, "displayName", false, &name));
		TRY(tenant_file_add_group(tx,
					  &(struct tenant_file_add_group_in){
						  .id = group,
						  .tenant = tenant,
						  .position = (int64_t)at.index + 1,
						  .display_name = str_is_none(name) ? S("") : name,
						  .source = tenant_file_whole(&at),
					  }));
		TRY(gives_add(tx, &at, group));
	}
	return NULL;
}

/* Objects with an id, as /members answers, or ids. */
static str id_at(struct arena *keep, const json_t *list, size_t index)
{
	const json_t *one = json_array_get(list, index);
	const json_t *text = json_is_object(one) ? json_object_get(one, "id") : one;

	return str_lower(keep, str_trim(str_of(json_string_value(text))));
}

static fault *people_add(struct tx *tx, const struct tenant_file_place *group)
{
	const json_t *members = json_object_get(group->object, "members"),
		     *owners = json_object_get(group->object, "owners");
	str group_id;

	TRY(tenant_file_guid(group, "id", true, &group_id));
	for (size_t i = 0; i < json_array_size(members); i++)
		TRY(license_group_put_member(tx, group_id, id_at(group->keep, members, i)));
	for (size_t i = 0; i < json_array_size(owners); i++)
		TRY(license_group_put_owner(tx, group_id, id_at(group->keep, owners, i),
					    (int64_t)i));
	return NULL;
}

fault *tenant_file_group_people(struct tx *tx, str file, const json_t *root, str tenant)
{
	struct tenant_file_place at = { tx_arena(tx), file, "groups", 0, NULL };
	const json_t *list;

	TRY(tenant_file_list(file, root, "groups", &list));
	for (; at.index < json_array_size(list); at.index++) {
		at.object = json_array_get(list, at.index);
		TRY(people_add(tx, &at));
	}
	TRY(license_group_members_by_holds(tx, tenant));
	return license_group_skus_by_holds(tx, tenant);
}
