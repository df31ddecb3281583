#include "sandbox/tenant_testing.h"

#include <jansson.h>
#include <stdlib.h>

#include "sandbox/tenant_file.h"
#include "sandbox/tenant_state.h"

const struct tenant_testing tenant_testing_studio = {
	.id = TENANT_TESTING_STUDIO,
	.name = "Tern Studio",
	.domain = "ternstudio.example",
	.modern = true,
	.subscriptions = {
		{ TENANT_TESTING_BOUND, 12, "2025-02-10", "2027-02-10", NULL, false },
		{ TENANT_TESTING_FRESH, 5, "2026-11-20", "2027-11-20", NULL, false },
		{ TENANT_TESTING_SOLD, 3, "2026-10-01", "2027-10-01",
		  "c41b9e52-0d77-4a63-8f1e-91a4d6b0e2c8", false },
	},
	.users = { TENANT_TESTING_BOSS, TENANT_TESTING_CLERK },
};

static json_t *subscriptions_of(struct arena *keep, const struct tenant_testing *tenant)
{
	json_t *list = json_array();

	for (size_t i = 0; i < COUNT(tenant->subscriptions) && tenant->subscriptions[i].name; i++) {
		const struct tenant_testing_subscription *s = &tenant->subscriptions[i];
		str named = str_format(keep, "d%s", s->name + 1);
		json_array_append_new(
			list, json_pack("{s:s%, s:s, s:s, s:s, s:s, s:i, s:b, s:s, s:s, s:s?, s:s}",
					"id", named.at, named.len, "commerceSubscriptionId",
					s->name, "skuId", TENANT_TESTING_SKU, "skuPartNumber",
					"O365_BUSINESS_PREMIUM", "status", "Enabled",
					"totalLicenses", s->units, "isTrial", (int)s->trial,
					"createdDateTime", s->created, "nextLifecycleDateTime",
					s->next, "ownerTenantId", s->seller, "ownerType", "User"));
	}
	return list;
}

/* Ids count up from the tenant's own. */
static json_t *users_of(struct arena *keep, const struct tenant_testing *tenant)
{
	json_t *list = json_array();

	for (size_t i = 0; i < COUNT(tenant->users) && tenant->users[i]; i++) {
		str named = str_format(keep, "%d%s", (int)i + 1, tenant->id + 1);
		json_array_append_new(list, json_pack("{s:s%, s:s, s:s, s:b, s:s, s:[], s:[]}",
						      "id", named.at, named.len, "displayName",
						      tenant->users[i], "userPrincipalName",
						      tenant->users[i], "accountEnabled", 1,
						      "usageLocation", "US", "assignedLicenses",
						      "licenseAssignmentStates"));
	}
	return list;
}

fault *tenant_testing_load(struct tx *tx, const struct tenant_testing *tenant)
{
	struct arena *keep = tx_arena(tx);
	struct tenant_state_user first;
	bool found;
	str named;
	json_t *json = json_pack(
		"{s:{s:[{s:s, s:s, s:s, s:s, s:[{s:s, s:b, s:b}]}]}, s:{s:[]}, "
		"s:{s:[{s:s, s:s, s:s, s:[{s:s, s:s}, {s:s, s:s}]}]}, s:{s:o}, "
		"s:{s:[]}, s:{s:o}, s:{s:s}}",
		"organization", "value", "id", tenant->id, "displayName", tenant->name,
		"tenantType", "AAD", "countryLetterCode", "US", "verifiedDomains", "name",
		tenant->domain, "isDefault", 1, "isInitial", 1, "domains", "value",
		"subscribedSkus", "value", "skuId", TENANT_TESTING_SKU, "skuPartNumber",
		"O365_BUSINESS_PREMIUM", "appliesTo", "User", "servicePlans", "servicePlanId",
		TENANT_TESTING_MAIL, "servicePlanName", "EXCHANGE_S_STANDARD", "servicePlanId",
		TENANT_TESTING_CHAT, "servicePlanName", "TEAMS1", "directory/subscriptions",
		"value", subscriptions_of(keep, tenant), "groups", "value", "users", "value",
		users_of(keep, tenant), "billing", "agreementType",
		tenant->modern ? "MicrosoftCustomerAgreement" : "MicrosoftOnlineServicesProgram");
	char *text = json_dumps(json, 0);
	str copied = str_copy(keep, str_of(text));

	free(text);
	json_decref(json);
	TRY(tenant_file_load(tx, str_of(tenant->name), copied, false, &named));
	TRY(tenant_state_user(tx, str_of(tenant->users[0]), &first, &found));
	return tenant_state_give_role(tx, first.id, S("Global Administrator"));
}
