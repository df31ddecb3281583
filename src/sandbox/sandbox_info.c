#include "sandbox/sandbox_info.h"

#include "sandbox/control.h"
#include "sandbox/graph_answer.h"
#include "sandbox/identity_certificate.h"
#include "sandbox/identity_registration.h"
#include "sandbox/sandbox_setting.h"
#include "sandbox/tenant_state.h"
#include "tenant_state_sql.h"

#define MOST_USERS 100000

static json_t *lines_json(str lines)
{
	json_t *list = json_array();
	str line;

	while (str_next(&lines, '\n', &line))
		if (!str_is_empty(line))
			json_array_append_new(list, graph_text(line));
	return list;
}

static json_t *certificate_json(struct arena *arena, const struct identity_certificate *one)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o}", "subject", graph_text(one->subject),
			 "x5t#S256", graph_text(one->thumbprint), "x5t",
			 graph_text(one->thumbprint_sha1), "not_before",
			 graph_instant(arena, one->not_before), "not_after",
			 graph_instant(arena, one->not_after));
}

static fault *application_json(struct tx *tx, const struct identity_application *one, json_t **made)
{
	struct identity_certificates certificates;
	json_t *list = json_array();

	TRY(identity_certificate_all(tx, one->client_id, &certificates));
	for (size_t i = 0; i < certificates.len; i++)
		json_array_append_new(list, certificate_json(tx_arena(tx), &certificates.at[i]));
	*made = json_pack("{s:o, s:o, s:o, s:o, s:b, s:b, s:o, s:o}", "name", graph_text(one->name),
			  "client_id", graph_text(one->client_id), "client_secret",
			  graph_text(one->secret), "secret_expires",
			  graph_instant(tx_arena(tx), one->secret_expires), "public_client",
			  one->public_client, "multi_tenant", one->multi_tenant, "redirect_uris",
			  lines_json(one->redirects), "certificates", list);
	return NULL;
}

static fault *applications_json(struct tx *tx, json_t **made)
{
	struct identity_applications all;

	TRY(identity_registration_all(tx, &all));
	*made = json_array();
	for (size_t i = 0; i < all.len; i++) {
		json_t *one;
		TRY(application_json(tx, &all.at[i], &one));
		json_array_append_new(*made, one);
	}
	return NULL;
}

static fault *roles_json(struct tx *tx, str user, json_t **made)
{
	struct tenant_state_roles_list roles;

	TRY(tenant_state_roles(tx, user, &roles));
	*made = json_array();
	for (size_t i = 0; i < roles.len; i++)
		json_array_append_new(*made, graph_text(roles.at[i].role));
	return NULL;
}

static json_t *signin_json(const struct tenant_state_user *user)
{
	return json_pack("{s:o, s:o}", "user_principal_name", graph_text(user->principal_name),
			 "password", graph_text(user->password));
}

static fault *users_json(struct tx *tx, str tenant, json_t **made)
{
	struct tenant_state_users users;

	TRY(tenant_state_users(tx, tenant, 0, MOST_USERS, &users));
	*made = json_array();
	for (size_t i = 0; i < users.len; i++) {
		json_t *user = signin_json(&users.at[i]), *roles;
		TRY(roles_json(tx, users.at[i].id, &roles));
		json_object_set_new(user, "roles", roles);
		json_object_set_new(user, "mfa", json_boolean(users.at[i].mfa));
		json_array_append_new(*made, user);
	}
	return NULL;
}

static fault *tenant_json(struct tx *tx, const struct tenant_state *tenant, json_t **made)
{
	struct tenant_state_user administrator;
	json_t *users;
	bool found;

	TRY(tenant_state_user(tx, tenant->administrator, &administrator, &found));
	TRY(users_json(tx, tenant->id, &users));
	*made = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "id", graph_text(tenant->id),
			  "name", graph_text(tenant->name), "domain",
			  graph_text(tenant->initial_domain), "default_domain",
			  graph_text(tenant->domain), "account_type",
			  graph_text(tenant->account_type), "administrator",
			  found ? signin_json(&administrator) : json_null(), "users", users);
	return NULL;
}

static fault *partner_json(struct tx *tx, const struct tenant_state *partner, str mpn,
			   json_t **made)
{
	struct tenant_state_user user;
	bool found;

	TRY(tenant_state_user(tx, partner->administrator, &user, &found));
	*made = json_pack("{s:o, s:o, s:o, s:o, s:o}", "tenant", graph_text(partner->id), "domain",
			  graph_text(partner->initial_domain), "name", graph_text(partner->name),
			  "mpn_id", graph_text(mpn), "user",
			  found ? signin_json(&user) : json_null());
	return NULL;
}

/* With its key: it opens the page at once. */
static fault *control_url(struct tx *tx, str base_url, str *url)
{
	str key;

	TRY(control_key(tx, &key));
	*url = str_format(tx_arena(tx), "%.*s/control/enter?key=%.*s", STR(base_url), STR(key));
	return NULL;
}

fault *sandbox_info_json(struct tx *tx, json_t **made)
{
	struct sandbox_setting setting;
	struct tenant_states tenants;
	json_t *applications, *list = json_array(), *partner = json_null();
	str control;

	TRY(sandbox_setting_read(tx, &setting));
	TRY(applications_json(tx, &applications));
	TRY(tenant_state_all(tx, &tenants));
	for (size_t i = 0; i < tenants.len; i++) {
		json_t *one;
		if (tenants.at[i].partner) {
			TRY(partner_json(tx, &tenants.at[i], setting.partner_mpn, &partner));
			continue;
		}
		TRY(tenant_json(tx, &tenants.at[i], &one));
		json_array_append_new(list, one);
	}
	*made = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "login_url",
			  graph_text(setting.base_url), "graph_url", graph_text(setting.base_url),
			  "azure_billing_url", graph_text(setting.base_url), "admin_url",
			  graph_text(setting.base_url), "partner_center_url",
			  graph_text(setting.partner_center_url), "ca_file",
			  graph_text(setting.ca_file), "partner", partner, "applications",
			  applications, "tenants", list);
	TRY(control_url(tx, setting.base_url, &control));
	json_object_set_new(*made, "control_url", graph_text(control));
	return NULL;
}

static fault *tenant_text(struct tx *tx, const struct tenant_state *tenant, struct text *into)
{
	struct tenant_state_user user;
	bool found;

	TRY(tenant_state_user(tx, tenant->administrator, &user, &found));
	text_format(into, "\n%.*s%s\n  tenant    %.*s\n  domain    %.*s\n", STR(tenant->name),
		    tenant->partner ? " (the partner)" : "", STR(tenant->id),
		    STR(tenant->initial_domain));
	if (found)
		text_format(into, "  sign-in   %.*s\n  password  %.*s\n", STR(user.principal_name),
			    STR(user.password));
	return NULL;
}

fault *sandbox_info_text(struct tx *tx, str *text)
{
	struct text made = text_open(tx_arena(tx));
	struct identity_applications applications;
	struct sandbox_setting setting;
	struct tenant_states tenants;
	str control;

	TRY(sandbox_setting_read(tx, &setting));
	TRY(control_url(tx, setting.base_url, &control));
	text_format(&made,
		    "sign-in, Graph, admin center  %.*s\nPartner Center                %.*s\n"
		    "control page                  %.*s\ncertificate authority         %.*s\n",
		    STR(setting.base_url), STR(setting.partner_center_url), STR(control),
		    STR(setting.ca_file));
	TRY(tenant_state_all(tx, &tenants));
	for (size_t i = 0; i < tenants.len; i++)
		TRY(tenant_text(tx, &tenants.at[i], &made));
	TRY(identity_registration_all(tx, &applications));
	for (size_t i = 0; i < applications.len; i++)
		text_format(&made, "\n%.*s (an application)\n  client id %.*s\n  secret    %.*s\n",
			    STR(applications.at[i].name), STR(applications.at[i].client_id),
			    STR(str_is_none(applications.at[i].secret)
					? S("none")
					: applications.at[i].secret));
	*text = text_str(&made);
	return NULL;
}
