#include "sandbox/tenant_file.h"

#include "base/world.h"
#include "delegation_sql.h"
#include "sandbox/license_pool.h"
#include "sandbox/tenant_file_group.h"
#include "sandbox/tenant_file_license.h"
#include "sandbox/tenant_file_member.h"
#include "sandbox/tenant_state.h"
#include "tenant_file_sql.h"

static fault *organization_of(struct arena *keep, str file, const json_t *root,
			      struct tenant_file_place *at)
{
	const json_t *list;

	TRY(tenant_file_list(file, root, "organization", &list));
	*at = (struct tenant_file_place){ keep, file, "organization", 0, json_array_get(list, 0) };
	if (json_is_object(at->object))
		return NULL;
	return fault_new(FAULT_INPUT,
			 "%.*s: organization.value[0] is missing: it says whose tenant this is.",
			 STR(file));
}

fault *tenant_file_id(struct arena *keep, str file, str text, str *tenant)
{
	DEFER(tenant_file_json_end) json_t *root = NULL;
	struct tenant_file_place at;

	TRY(tenant_file_parse(file, text, &root));
	TRY(organization_of(keep, file, root, &at));
	return tenant_file_guid(&at, "id", true, tenant);
}

static fault *domain_add(struct tx *tx, const struct tenant_file_place *at, str tenant,
			 const char *member, struct tenant_file_add_in *add)
{
	struct tenant_state other;
	bool taken;
	str name;

	TRY(tenant_file_text(at, member, true, &name));
	name = str_lower(at->keep, str_trim(name));
	TRY(tenant_state_find(tx, name, &other, &taken));
	if (taken && !str_eq(other.id, tenant))
		return fault_new(FAULT_CONFLICT, "%.*s: the domain %.*s belongs to %.*s already.",
				 STR(at->file), STR(name), STR(other.name));
	if (tenant_file_truth(at, "isInitial", false) || str_is_none(add->initial_domain))
		add->initial_domain = name;
	if (tenant_file_truth(at, "isDefault", false) || str_is_none(add->domain))
		add->domain = name;
	return NULL;
}

/* From `domains`, else from the organization's verifiedDomains. */
static fault *domains_find(const struct tenant_file_place *organization, const json_t *root,
			   const json_t **list, const char **member)
{
	TRY(tenant_file_list(organization->file, root, "domains", list));
	*member = "id";
	if (*list && json_array_size(*list) > 0)
		return NULL;
	*member = "name";
	*list = json_object_get(organization->object, "verifiedDomains");
	if (json_array_size(*list) > 0)
		return NULL;
	return fault_new(FAULT_INPUT, "%.*s: there is no domain in domains or verifiedDomains.",
			 STR(organization->file));
}

static fault *tenant_add(struct tx *tx, const struct tenant_file_place *organization,
			 const json_t *root, struct tenant_file_add_in *add)
{
	struct tenant_file_place at = { organization->keep, organization->file, "domains", 0,
					NULL };
	struct tenant_file_next_position next;
	const json_t *list;
	const char *member;
	bool found;

	TRY(domains_find(organization, root, &list, &member));
	for (at.index = 0; at.index < json_array_size(list); at.index++) {
		at.object = json_array_get(list, at.index);
		TRY(domain_add(tx, &at, add->id, member, add));
	}
	TRY(tenant_file_next_position(tx, &next, &found));
	add->position = next.position;
	TRY(tenant_file_add(tx, add));
	for (at.index = 0; at.index < json_array_size(list); at.index++) {
		str name;
		at.object = json_array_get(list, at.index);
		TRY(tenant_file_text(&at, member, true, &name));
		TRY(tenant_file_add_domain(tx, str_lower(at.keep, str_trim(name)), add->id,
					   (int64_t)at.index, tenant_file_whole(&at)));
	}
	return NULL;
}

static fault *agreement_type(str file, const json_t *root, struct arena *keep, str *type)
{
	const json_t *found = json_object_get(json_object_get(root, "billing"), "agreementType");

	*type = S("MicrosoftOnlineServicesProgram");
	if (!found)
		return NULL;
	if (!json_is_string(found))
		return fault_new(FAULT_INPUT, "%.*s: billing.agreementType is not a text.",
				 STR(file));
	*type = str_copy(keep, str_of(json_string_value(found)));
	return NULL;
}

/* `billing.partnerOfRecord`: the tenant id of a partner that advises and does not sell. */
static fault *adviser_add(struct tx *tx, const struct tenant_file_place *organization,
			  const json_t *root, str tenant)
{
	struct tenant_file_place at = *organization;
	str partner;

	at.list = "billing";
	at.object = json_object_get(root, "billing");
	TRY(tenant_file_guid(&at, "partnerOfRecord", false, &partner));
	return str_is_none(partner) ? NULL : delegation_advise(tx, partner, tenant);
}

static fault *tenant_read(struct tx *tx, const struct tenant_file_place *at, const json_t *root,
			  bool partner, struct tenant_file_add_in *add)
{
	struct tenant_state there;
	bool found;
	str type;

	*add = (struct tenant_file_add_in){ .partner = partner };
	TRY(tenant_file_guid(at, "id", true, &add->id));
	TRY(tenant_state_find(tx, add->id, &there, &found));
	if (found)
		return fault_new(FAULT_CONFLICT, "%.*s: the tenant %.*s (%.*s) is there already.",
				 STR(at->file), STR(add->id), STR(there.name));
	TRY(tenant_file_text(at, "displayName", true, &add->name));
	TRY(tenant_file_text(at, "countryLetterCode", false, &add->country));
	TRY(tenant_file_text(at, "tenantType", false, &type));
	add->type = str_is_none(type) ? S("AAD") : type;
	TRY(agreement_type(at->file, root, at->keep, &add->account_type));
	add->organization = tenant_file_whole(at);
	return tenant_add(tx, at, root, add);
}

/* A password a person can type: three groups of letters and digits. */
static str password_make(struct tx *tx)
{
	static const char letters[] = "abcdefghijkmnpqrstuvwxyz23456789";
	unsigned char bytes[12];
	char made[] = "aaaa-aaaa-aaaa";

	world_random(tx_world(tx), bytes, sizeof(bytes));
	for (size_t i = 0, b = 0; i < sizeof(made) - 1; i++)
		if (made[i] == 'a')
			made[i] = letters[bytes[b++] % (sizeof(letters) - 1)];
	return str_copy(tx_arena(tx), str_of(made));
}

static fault *user_add(struct tx *tx, const struct tenant_file_place *at, str tenant)
{
	struct tenant_file_add_user_in add = { .tenant = tenant,
					       .position = (int64_t)at->index + 1 };
	struct tenant_state_user there;
	bool found;

	TRY(tenant_file_guid(at, "id", true, &add.id));
	TRY(tenant_file_text(at, "userPrincipalName", true, &add.principal_name));
	TRY(tenant_file_text(at, "displayName", false, &add.display_name));
	TRY(tenant_file_text(at, "usageLocation", false, &add.usage_location));
	add.upn = str_lower(at->keep, add.principal_name);
	TRY(tenant_state_user(tx, add.upn, &there, &found));
	if (!found)
		TRY(tenant_state_user(tx, add.id, &there, &found));
	if (found)
		return fault_new(FAULT_CONFLICT, "%.*s: users.value[%zu] (%.*s) is there already.",
				 STR(at->file), at->index, STR(add.principal_name));
	if (str_is_none(add.display_name))
		add.display_name = add.principal_name;
	add.enabled = tenant_file_truth(at, "accountEnabled", true);
	add.password = password_make(tx);
	add.source = tenant_file_whole(at);
	TRY(tenant_file_add_user(tx, &add));
	return tenant_file_holds(tx, at, tenant, add.id);
}

static fault *users_add(struct tx *tx, str file, const json_t *root, str tenant)
{
	struct tenant_file_place at = { tx_arena(tx), file, "users", 0, NULL };
	const json_t *list;

	TRY(tenant_file_list(file, root, "users", &list));
	if (json_array_size(list) == 0)
		return fault_new(
			FAULT_INPUT,
			"%.*s: users is missing or empty: somebody must be able to sign in.",
			STR(file));
	for (; at.index < json_array_size(list); at.index++) {
		at.object = json_array_get(list, at.index);
		TRY(user_add(tx, &at, tenant));
	}
	return NULL;
}

/* Who bought administrates; in a tenant without purchases, the first user. */
static fault *administrator_choose(struct tx *tx, str tenant)
{
	struct tenant_state_users users;
	struct tenant_file_buyer buyer;
	bool found;

	TRY(tenant_file_buyer(tx, tenant, &buyer, &found));
	if (!found) {
		TRY(tenant_state_users(tx, tenant, 0, 1, &users));
		buyer.user = users.at[0].id;
	}
	TRY(tenant_file_set_administrator(tx, tenant, buyer.user));
	return tenant_state_give_role(tx, buyer.user, S("Global Administrator"));
}

fault *tenant_file_load(struct tx *tx, str file, str text, bool partner, str *tenant)
{
	DEFER(tenant_file_json_end) json_t *root = NULL;
	struct tenant_file_place at;
	struct tenant_file_add_in add;

	TRY(tenant_file_parse(file, text, &root));
	TRY(organization_of(tx_arena(tx), file, root, &at));
	TRY(tenant_read(tx, &at, root, partner, &add));
	TRY(adviser_add(tx, &at, root, add.id));
	TRY(tenant_file_groups(tx, file, root, add.id));
	TRY(tenant_file_pools(tx, file, root, add.id));
	TRY(users_add(tx, file, root, add.id));
	TRY(tenant_file_group_people(tx, file, root, add.id));
	TRY(administrator_choose(tx, add.id));
	TRY(license_pool_note(tx, S("loaded"), add.id, STR_NONE));
	*tenant = add.id;
	return NULL;
}
