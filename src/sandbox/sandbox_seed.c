#include "sandbox/sandbox_seed.h"

#include "base/world.h"
#include "sandbox/identity_registration.h"
#include "sandbox/sandbox_clock.h"
#include "sandbox/sandbox_file.h"
#include "sandbox/sandbox_setting.h"
#include "sandbox/tenant_file.h"
#include "sandbox/tenant_state.h"

#define NOVATE "0b9d6f3a-7c15-4e28-a4d1-6f2e83b05c97"
#define TOOL   "5f0c3b1e-6a52-4d0f-9a61-7be2c1d40a00"
#define MPN_ID "5183204"

/* Where answers of the sign-in may go; a localhost address matches any port. */
#define NOVATE_REDIRECTS                   \
	"http://localhost\n"               \
	"http://localhost/\n"              \
	"http://localhost/c/consented\n"   \
	"http://localhost/consented\n"     \
	"http://localhost/c/billing\n"     \
	"http://localhost/auth/callback\n" \
	"http://127.0.0.1\n"               \
	"http://127.0.0.1/c/consented\n"   \
	"http://127.0.0.1/c/billing\n"     \
	"https://localhost/c/consented\n"  \
	"https://localhost/c/billing"

/* What converting a tenant reads, the right to change users' licenses where a match is not exact,
 * and nothing else: the administrator sees this list. */
#define GRAPH_ROLES                                                                         \
	"LicenseAssignment.Read.All LicenseAssignment.ReadWrite.All Organization.Read.All " \
	"User.Read.All Domain.Read.All GroupMember.Read.All"
#define GRAPH_SCOPES                                                                \
	"User.Read User.Read.All LicenseAssignment.Read.All Organization.Read.All " \
	"Directory.Read.All Domain.Read.All LicenseAssignment.ReadWrite.All "       \
	"User.ReadWrite.All"

static fault *application_add(struct tx *tx, const struct identity_application *application)
{
	str tenant = application->tenant;

	TRY(identity_registration_add(tx, application));
	TRY(identity_registration_permit(tx, application->client_id, IDENTITY_GRAPH, IDENTITY_SCOPE,
					 application->public_client ? S(GRAPH_SCOPES)
								    : S("User.Read")));
	TRY(identity_registration_permit(tx, application->client_id, IDENTITY_PARTNER_CENTER,
					 IDENTITY_SCOPE, S("user_impersonation")));
	TRY(identity_registration_permit(tx, application->client_id, IDENTITY_MANAGEMENT,
					 IDENTITY_SCOPE, S("user_impersonation")));
	if (!application->public_client)
		TRY(identity_registration_permit(tx, application->client_id, IDENTITY_GRAPH,
						 IDENTITY_ROLE, S(GRAPH_ROLES)));
	/* In its own tenant an administrator has consented long ago. */
	return identity_application_consent_all(tx, application, tenant);
}

static fault *applications_add(struct tx *tx, str tenant)
{
	TRY(application_add(tx, &(struct identity_application){
					.client_id = S(NOVATE),
					.name = S("Novate"),
					.tenant = tenant,
					.publisher = S("Pinefell Cloud"),
					.secret = world_token(tx_world(tx), tx_arena(tx), 24),
					.redirects = S(NOVATE_REDIRECTS),
				}));
	return application_add(tx, &(struct identity_application){
					   .client_id = S(TOOL),
					   .name = S("Desk tool"),
					   .tenant = tenant,
					   .publisher = S("Pinefell Cloud"),
					   .public_client = true,
					   .redirects = S("http://localhost\nhttp://127.0.0.1"),
				   });
}

fault *sandbox_seed(struct tx *tx)
{
	struct tenant_states tenants;
	str partner, provisioning;

	TRY(tenant_state_all(tx, &tenants));
	if (tenants.len > 0)
		return NULL;
	TRY(sandbox_clock_move(tx, 0));
	TRY(tenant_file_load(tx, S("partner.json"), sandbox_file(S("partner.json")), true,
			     &partner));
	TRY(tenant_state_all(tx, &tenants));
	TRY(tenant_state_give_role(tx, tenants.at[0].administrator, S("Admin Agent")));
	TRY(sandbox_setting_put(tx, S("partner_tenant"), partner));
	TRY(sandbox_setting_put(tx, S("partner_mpn"), S(MPN_ID)));
	TRY(sandbox_setting_put(tx, S("base_url"), S("https://localhost:8443")));
	TRY(sandbox_setting_put(tx, S("partner_center_url"), S("https://localhost:8444")));
	provisioning = str_format(tx_arena(tx), "%lld", (long long)SECONDS(5));
	TRY(sandbox_setting_put(tx, S("provisioning"), provisioning));
	TRY(sandbox_setting_put(tx, S("form_key"), world_token(tx_world(tx), tx_arena(tx), 32)));
	return applications_add(tx, partner);
}

fault *sandbox_seed_tenant(struct tx *tx, str file, str text)
{
	struct tenant_state there;
	str tenant;
	bool found;

	TRY(tenant_file_id(tx_arena(tx), file, text, &tenant));
	TRY(tenant_state_find(tx, tenant, &there, &found));
	return found ? NULL : tenant_file_load(tx, file, text, false, &tenant);
}

fault *sandbox_seed_tenants(struct tx *tx)
{
	str name, text;

	for (size_t i = 0; sandbox_file_tenant(i, &name, &text); i++)
		TRY(sandbox_seed_tenant(tx, name, text));
	return NULL;
}
