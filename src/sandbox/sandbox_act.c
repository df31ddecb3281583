#include "sandbox/sandbox_act.h"

#include "identity_device_sql.h"
#include "sandbox/directory_subscription.h"
#include "sandbox/identity_application.h"
#include "sandbox/identity_registration.h"
#include "sandbox/relationship.h"
#include "sandbox/sandbox_pass.h"
#include "sandbox/sandbox_setting.h"
#include "sandbox/tenant_state.h"

static fault *tenant_named(struct tx *tx, str name, struct tenant_state *tenant)
{
	bool found;

	TRY(tenant_state_find(tx, name, tenant, &found));
	return found ? NULL
		     : fault_new(FAULT_INPUT,
				 "There is no tenant \"%.*s\". `novate-sandbox info` lists them.",
				 STR(name));
}

/* By name or client id; the first one registered when none is said. */
static fault *application_named(struct tx *tx, str name, struct identity_application *found)
{
	struct identity_applications all;

	TRY(identity_registration_all(tx, &all));
	for (size_t i = 0; i < all.len; i++)
		if (str_is_empty(name) || str_eq_nocase(all.at[i].name, name) ||
		    str_eq_nocase(all.at[i].client_id, name)) {
			*found = all.at[i];
			return NULL;
		}
	return fault_new(FAULT_INPUT,
			 "There is no application \"%.*s\". `novate-sandbox info` lists them.",
			 STR(name));
}

static fault *consent(struct tx *tx, str on, str application, str *said)
{
	struct tenant_state tenant;
	struct identity_application app;

	TRY(tenant_named(tx, on, &tenant));
	TRY(application_named(tx, application, &app));
	TRY(identity_application_consent_all(tx, &app, tenant.id));
	*said = str_format(tx_arena(tx), "%.*s has let %.*s in.", STR(tenant.name), STR(app.name));
	return NULL;
}

static fault *accept(struct tx *tx, str on, str *said)
{
	struct sandbox_setting setting;
	struct tenant_state tenant;

	TRY(tenant_named(tx, on, &tenant));
	TRY(sandbox_setting_read(tx, &setting));
	TRY(relationship_accept(tx, setting.partner_tenant, tenant.id, tenant.administrator));
	TRY(relationship_sign_agreement(tx, tenant.id));
	*said = str_format(tx_arena(tx), "%.*s has accepted the partner as its reseller.",
			   STR(tenant.name));
	return NULL;
}

static fault *cancel(struct tx *tx, str on, str *said)
{
	struct directory_subscriptions all;
	struct tenant_state tenant;
	int count = 0;

	TRY(tenant_named(tx, on, &tenant));
	TRY(sandbox_pass(tx));
	TRY(directory_subscription_all(tx, tenant.id, &all));
	for (size_t i = 0; i < all.len; i++) {
		const struct directory_subscription *s = &all.at[i];

		if (!str_is_empty(s->owner_tenant) || s->trial || s->units >= 10000 ||
		    !str_eq(s->status, S("Enabled")))
			continue;
		TRY(directory_subscription_cancel(
			tx, s, S("Moving to different Office 365 offering"), S("")));
		count++;
	}
	*said = str_format(tx_arena(tx), "%.*s has cancelled %d direct subscription%s.",
			   STR(tenant.name), count, count == 1 ? "" : "s");
	return NULL;
}

static fault *device(struct tx *tx, str code, str *said)
{
	struct identity_device_get row;
	struct sandbox_setting setting;
	struct tenant_state partner;
	struct tenant_state_user person;
	int64_t changed = 0;
	bool found, there;

	TRY(identity_device_by_user_code(tx, code, &row, &found));
	TRY(sandbox_setting_read(tx, &setting));
	TRY(tenant_named(tx, setting.partner_tenant, &partner));
	TRY(tenant_state_user(tx, partner.administrator, &person, &there));
	if (found && there) /* who needs a second factor has it at hand */
		TRY(identity_device_decide(tx, row.code, S("approved"), person.id, person.mfa,
					   &changed));
	if (changed == 0)
		return fault_new(FAULT_INPUT, "No application waits for the code \"%.*s\".",
				 STR(code));
	*said = S("The partner's user has signed in with the code.");
	return NULL;
}

fault *sandbox_act(struct tx *tx, str what, str on, str application, str *said)
{
	if (str_eq(what, S("consent")))
		return consent(tx, on, application, said);
	if (str_eq(what, S("accept")))
		return accept(tx, on, said);
	if (str_eq(what, S("cancel")))
		return cancel(tx, on, said);
	if (str_eq(what, S("device")))
		return device(tx, on, said);
	return fault_code(fault_new(FAULT_INPUT,
				    "\"%.*s\" is none of consent, accept, cancel and device.",
				    STR(what)),
			  S("usage"));
}
