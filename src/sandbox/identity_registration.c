#include "sandbox/identity_registration.h"

#include "identity_registration_sql.h"

fault *identity_registration_add(struct tx *tx, const struct identity_application *made)
{
	if (!str_is_guid(made->client_id))
		return fault_new(FAULT_INPUT, "An application's id is a GUID, not \"%.*s\".",
				 STR(made->client_id));
	str client_id = str_lower(tx_arena(tx), made->client_id);
	TRY(identity_registration_put(tx, &(struct identity_registration_put_in){
						  .client_id = client_id,
						  .name = made->name,
						  .tenant = made->tenant,
						  .secret = made->secret,
						  .public_client = made->public_client }));
	for (str rest = made->redirects, uri; str_next(&rest, '\n', &uri);)
		if (uri.len)
			TRY(identity_registration_put_redirect(tx, client_id, uri, false));
	return NULL;
}

fault *identity_registration_permit(struct tx *tx, str client_id, enum identity_resource resource,
				    enum identity_permission_kind kind, str values)
{
	str word = kind == IDENTITY_ROLE ? S("role") : S("scope");
	for (str rest = values, value; str_next(&rest, ' ', &value);)
		if (value.len)
			TRY(identity_registration_put_permission(
				tx, client_id, identity_resource_url(resource), value, word));
	return NULL;
}

fault *identity_registration_redirect(struct tx *tx, str client_id, str uri, bool single_page)
{
	bool https = str_starts(uri, S("https://"));
	bool local = str_starts(uri, S("http://localhost")) ||
		     str_starts(uri, S("http://127.0.0.1"));
	if (uri.len > 256 || str_find(uri, S(" ")) >= 0 || str_find(uri, S("#")) >= 0 ||
	    str_find(uri, S("\n")) >= 0 || !(https || local))
		return fault_new(FAULT_INPUT, "A redirect address begins with https:// (or "
					      "http://localhost), has at most 256 characters and "
					      "neither spaces nor #.");
	return identity_registration_put_redirect(tx, client_id, uri, single_page);
}

fault *identity_registration_renew(struct tx *tx, str client_id, str *secret)
{
	*secret = world_token(tx_world(tx), tx_arena(tx), 24);
	return identity_registration_secret(tx, client_id, *secret,
					    instant_after(tx_now(tx), DAYS(730)));
}

fault *identity_registration_expire(struct tx *tx, str client_id)
{
	return identity_registration_secret_ends(tx, client_id, tx_now(tx));
}

fault *identity_registration_open(struct tx *tx, str client_id, bool multi_tenant)
{
	return identity_registration_audience(tx, client_id, multi_tenant);
}

fault *identity_registration_all(struct tx *tx, struct identity_applications *all)
{
	struct identity_registration_list_list rows;
	bool found;
	TRY(identity_registration_list(tx, &rows));
	all->len = rows.len;
	all->at = NEW_ARRAY(tx_arena(tx), struct identity_application, rows.len + 1);
	for (size_t i = 0; i < rows.len; i++)
		TRY(identity_application_find(tx, rows.at[i].client_id, &all->at[i], &found));
	return NULL;
}
