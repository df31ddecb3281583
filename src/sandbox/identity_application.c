#include "sandbox/identity_application.h"

#include "identity_application_sql.h"
#include "sandbox/identity_token.h"

static str kind_word(enum identity_permission_kind kind)
{
	return kind == IDENTITY_ROLE ? S("role") : S("scope");
}

fault *identity_application_find(struct tx *tx, str client_id, struct identity_application *made,
				 bool *found)
{
	struct identity_application_row row;
	struct identity_application_redirects_list redirects;

	*found = false;
	if (str_is_empty(client_id))
		return NULL;
	TRY(identity_application_row(tx, client_id, &row, found));
	if (!*found)
		return NULL;
	TRY(identity_application_redirects(tx, row.client_id, &redirects));
	struct text lines = text_open(tx_arena(tx)), pages = text_open(tx_arena(tx));
	for (size_t i = 0; i < redirects.len; i++) {
		text_format(&lines, "%.*s\n", STR(redirects.at[i].uri));
		if (redirects.at[i].single_page)
			text_format(&pages, "%.*s\n", STR(redirects.at[i].uri));
	}
	*made = (struct identity_application){ .client_id = row.client_id,
					       .name = row.name,
					       .tenant = row.tenant,
					       .publisher = row.publisher,
					       .secret = row.secret,
					       .secret_expires = row.secret_expires,
					       .multi_tenant = row.multi_tenant,
					       .public_client = row.public_client,
					       .redirects = text_str(&lines),
					       .pages = text_str(&pages) };
	return NULL;
}

fault *identity_application_is_known(struct tx *tx, const struct identity_application *application,
				     str tenant, bool *known)
{
	struct identity_application_consent_count consents;
	bool found;
	*known = str_eq(application->tenant, tenant);
	if (*known || !application->multi_tenant)
		return NULL;
	TRY(identity_application_consent_count(tx, tenant, application->client_id, &consents,
					       &found));
	*known = found && consents.count > 0;
	return NULL;
}

fault *identity_application_is_granted(struct tx *tx, str client_id, str tenant, str user,
				       bool *granted)
{
	struct identity_application_consent_any consents;
	bool found;
	TRY(identity_application_consent_any(tx, tenant, client_id, user, &consents, &found));
	*granted = found && consents.count > 0;
	return NULL;
}

static void add_word(struct text *list, str word)
{
	if (list->len)
		text_add_char(list, ' ');
	text_add(list, word);
}

fault *identity_application_granted(struct tx *tx, const struct identity_application *application,
				    str tenant, enum identity_resource resource,
				    enum identity_permission_kind kind, str user, str *values)
{
	struct identity_application_consents_list rows;
	struct text list = text_open(tx_arena(tx));
	const struct identity_application_consents_in in = {
		.tenant = tenant,
		.client_id = application->client_id,
		.resource = identity_resource_url(resource),
		.kind = kind_word(kind),
		.user = str_is_none(user) ? S("") : user,
	};
	TRY(identity_application_consents(tx, &in, &rows));
	for (size_t i = 0; i < rows.len; i++)
		add_word(&list, rows.at[i].value);
	*values = text_str(&list);
	return NULL;
}

fault *identity_application_wants(struct tx *tx, const struct identity_application *application,
				  enum identity_resource resource,
				  enum identity_permission_kind kind, str *values)
{
	struct identity_application_permissions_list rows;
	struct text list = text_open(tx_arena(tx));
	TRY(identity_application_permissions(tx, application->client_id, kind_word(kind), &rows));
	for (size_t i = 0; i < rows.len; i++)
		if (str_eq(rows.at[i].resource, identity_resource_url(resource)))
			add_word(&list, rows.at[i].value);
	*values = text_str(&list);
	return NULL;
}

static fault *put_consent(struct tx *tx, const struct identity_application *application, str tenant,
			  enum identity_resource resource, enum identity_permission_kind kind,
			  str values, str user)
{
	for (str rest = values, value; str_next(&rest, ' ', &value);) {
		if (value.len == 0)
			continue;
		TRY(identity_application_consent_put(
			tx, &(struct identity_application_consent_put_in){
				    .tenant = tenant,
				    .client_id = application->client_id,
				    .resource = identity_resource_url(resource),
				    .value = value,
				    .kind = kind_word(kind),
				    .user = str_is_none(user) ? S("") : user,
				    .at = tx_now(tx) }));
	}
	return NULL;
}

fault *identity_application_consent_listed(struct tx *tx,
					   const struct identity_application *application,
					   str tenant, enum identity_resource resource)
{
	static const enum identity_permission_kind kinds[] = { IDENTITY_ROLE, IDENTITY_SCOPE };
	for (size_t i = 0; i < COUNT(kinds); i++) {
		str values;
		TRY(identity_application_wants(tx, application, resource, kinds[i], &values));
		TRY(put_consent(tx, application, tenant, resource, kinds[i], values, STR_NONE));
	}
	return NULL;
}

fault *identity_application_consent_all(struct tx *tx,
					const struct identity_application *application, str tenant)
{
	for (int i = 0; i < IDENTITY_RESOURCE_COUNT; i++)
		TRY(identity_application_consent_listed(tx, application, tenant,
							(enum identity_resource)i));
	return NULL;
}

fault *identity_application_consent(struct tx *tx, const struct identity_application *application,
				    str tenant, enum identity_resource resource, str values,
				    str user)
{
	return put_consent(tx, application, tenant, resource, IDENTITY_SCOPE, values, user);
}

fault *identity_application_forget(struct tx *tx, str client_id, str tenant)
{
	TRY(identity_application_consent_drop(tx, tenant, client_id));
	return identity_token_revoke(tx, client_id, tenant);
}

fault *identity_application_grants(struct tx *tx, str tenant, struct identity_grants *grants)
{
	struct identity_application_consented_list rows;
	TRY(identity_application_consented(tx, tenant, &rows));
	struct identity_grant *made = NEW_ARRAY(tx_arena(tx), struct identity_grant, rows.len + 1);
	size_t count = 0;
	for (size_t i = 0; i < rows.len; i++) {
		const struct identity_application_consented *row = &rows.at[i];
		if (count == 0 || !str_eq(made[count - 1].client_id, row->client_id))
			made[count++] = (struct identity_grant){ .client_id = row->client_id,
								 .name = row->name,
								 .publisher = row->publisher };
		made[count - 1].values = identity_scope_join(tx_arena(tx), made[count - 1].values,
							     row->value);
	}
	*grants = (struct identity_grants){ .at = made, .len = count };
	return NULL;
}
