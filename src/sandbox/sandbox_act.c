#include "sandbox/sandbox_act.h"

#include "delegation_sql.h"
#include "identity_device_sql.h"
#include "sandbox/billing_setting.h"
#include "sandbox/delegation.h"
#include "sandbox/identity_application.h"
#include "sandbox/identity_registration.h"
#include "sandbox/relationship.h"
#include "sandbox/sandbox_act_seats.h"
#include "sandbox/sandbox_setting.h"
#include "sandbox/tenant_state.h"

fault *sandbox_act_tenant(struct tx *tx, str name, struct tenant_state *tenant)
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

static fault *consent(struct tx *tx, const str *words, str *said)
{
	struct tenant_state tenant;
	struct identity_application app;

	TRY(sandbox_act_tenant(tx, words[1], &tenant));
	TRY(application_named(tx, words[2], &app));
	TRY(identity_application_consent_all(tx, &app, tenant.id));
	*said = str_format(tx_arena(tx), "%.*s has let %.*s in.", STR(tenant.name), STR(app.name));
	return NULL;
}

static fault *withdraw(struct tx *tx, const str *words, str *said)
{
	struct tenant_state tenant;
	struct identity_application app;

	TRY(sandbox_act_tenant(tx, words[1], &tenant));
	TRY(application_named(tx, words[2], &app));
	TRY(identity_application_forget(tx, app.client_id, tenant.id));
	*said = str_format(tx_arena(tx), "%.*s has taken its consent to %.*s back.",
			   STR(tenant.name), STR(app.name));
	return NULL;
}

static fault *accept(struct tx *tx, const str *words, str *said)
{
	struct sandbox_setting setting;
	struct tenant_state tenant;

	TRY(sandbox_act_tenant(tx, words[1], &tenant));
	TRY(sandbox_setting_read(tx, &setting));
	TRY(relationship_accept(tx, setting.partner_tenant, tenant.id, tenant.administrator));
	TRY(relationship_sign_agreement(tx, tenant.id));
	*said = str_format(tx_arena(tx), "%.*s has accepted the partner as its reseller.",
			   STR(tenant.name));
	return NULL;
}

static fault *sign(struct tx *tx, const str *words, str *said)
{
	struct tenant_state tenant;

	TRY(sandbox_act_tenant(tx, words[1], &tenant));
	TRY(relationship_sign_agreement(tx, tenant.id));
	*said = str_format(tx_arena(tx), "%.*s has signed the customer agreement.",
			   STR(tenant.name));
	return NULL;
}

static fault *remove_partner(struct tx *tx, const str *words, str *said)
{
	struct sandbox_setting setting;
	struct tenant_state tenant;
	bool was;

	TRY(sandbox_act_tenant(tx, words[1], &tenant));
	TRY(sandbox_setting_read(tx, &setting));
	TRY(relationship_remove(tx, setting.partner_tenant, tenant.id, &was));
	*said = str_format(tx_arena(tx),
			   was ? "%.*s has removed the partner."
			       : "The partner was no reseller of %.*s.",
			   STR(tenant.name));
	return NULL;
}

static fault *set_billing(struct tx *tx, const str *words, str *said)
{
	TRY(billing_setting_put(tx, words[1], words[2]));
	*said = str_format(tx_arena(tx), "Azure Billing: %.*s is %.*s.", STR(words[1]),
			   STR(words[2]));
	return NULL;
}

static fault *gdap(struct tx *tx, const str *words, str *said)
{
	struct tenant_state tenant;
	struct sandbox_setting setting;
	int64_t count;

	TRY(sandbox_act_tenant(tx, words[1], &tenant));
	TRY(delegation_approve(tx, tenant.id, &count));
	if (count == 0) {
		TRY(sandbox_setting_read(tx, &setting));
		TRY(delegation_usual(tx, setting.partner_tenant, tenant.id, tenant.name));
		*said = str_format(tx_arena(tx),
				   "%.*s has given the partner's groups the usual roles.",
				   STR(tenant.name));
		return NULL;
	}
	*said = str_format(tx_arena(tx), "%.*s has approved %lld delegated admin relationship%s.",
			   STR(tenant.name), (long long)count, count == 1 ? "" : "s");
	return NULL;
}

static fault *advise(struct tx *tx, const str *words, str *said)
{
	struct sandbox_setting setting;
	struct tenant_state tenant;

	TRY(sandbox_act_tenant(tx, words[1], &tenant));
	TRY(sandbox_setting_read(tx, &setting));
	TRY(delegation_advise(tx, setting.partner_tenant, tenant.id));
	*said = str_format(tx_arena(tx), "%.*s has named the partner as its adviser.",
			   STR(tenant.name));
	return NULL;
}

static fault *device(struct tx *tx, const str *words, str *said)
{
	str code = words[1];
	struct identity_device_get row;
	struct sandbox_setting setting;
	struct tenant_state partner;
	struct tenant_state_user person;
	int64_t changed = 0;
	bool found, there;

	TRY(identity_device_by_user_code(tx, code, &row, &found));
	TRY(sandbox_setting_read(tx, &setting));
	TRY(sandbox_act_tenant(tx, setting.partner_tenant, &partner));
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

static const struct {
	const char *word, *form;
	size_t words; /* with the first; more may follow where the form says so */
	fault *(*run)(struct tx *tx, const str *words, str *said);
} acts[] = {
	{ "consent", "consent TENANT [APPLICATION]", 2, consent },
	{ "accept", "accept TENANT", 2, accept },
	{ "sign", "sign TENANT", 2, sign },
	{ "cancel", "cancel TENANT [SKU]", 2, sandbox_act_cancel },
	{ "support-cancel", "support-cancel TENANT [SKU]", 2, sandbox_act_support_cancel },
	{ "reactivate", "reactivate TENANT", 2, sandbox_act_reactivate },
	{ "renewal", "renewal TENANT on|off", 3, sandbox_act_renewal },
	{ "resize", "resize TENANT SKU +N|-N", 4, sandbox_act_resize },
	{ "assign", "assign USER SKU", 3, sandbox_act_assign },
	{ "unassign", "unassign USER SKU", 3, sandbox_act_unassign },
	{ "group-assign", "group-assign TENANT GROUP SKU", 4, sandbox_act_group_assign },
	{ "group-unassign", "group-unassign TENANT GROUP SKU", 4, sandbox_act_group_unassign },
	{ "delete-user", "delete-user USER", 2, sandbox_act_delete_user },
	{ "locate", "locate USER COUNTRY", 3, sandbox_act_locate },
	{ "remove-partner", "remove-partner TENANT", 2, remove_partner },
	{ "withdraw-consent", "withdraw-consent TENANT [APPLICATION]", 2, withdraw },
	{ "gdap", "gdap TENANT", 2, gdap },
	{ "advise", "advise TENANT", 2, advise },
	{ "device", "device CODE", 2, device },
	{ "billing", "billing older-seats|cancel-hollow|cancel-most|change-time VALUE", 3,
	  set_billing },
};

fault *sandbox_act(struct tx *tx, const str *words, size_t count, str *said)
{
	str all[SANDBOX_ACT_WORDS] = { S(""), S(""), S(""), S("") };
	struct text known = text_open(tx_arena(tx));

	for (size_t i = 0; i < count && i < COUNT(all); i++)
		all[i] = words[i];
	for (size_t i = 0; i < COUNT(acts); i++) {
		text_format(&known, "%s%s", i == 0 ? "" : ", ", acts[i].word);
		if (!str_eq(all[0], str_of(acts[i].word)))
			continue;
		if (count < acts[i].words)
			return fault_code(
				fault_new(FAULT_INPUT, "Say it so: act %s.", acts[i].form),
				S("usage"));
		return acts[i].run(tx, all, said);
	}
	return fault_code(fault_new(FAULT_INPUT, "\"%.*s\" is none of %.*s.", STR(all[0]),
				    STR(text_str(&known))),
			  S("usage"));
}
