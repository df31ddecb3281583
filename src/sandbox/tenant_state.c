#include "sandbox/tenant_state.h"

#include "tenant_state_sql.h"

static struct tenant_state state_of(const struct tenant_state_by_name *row)
{
	return (struct tenant_state){
		.id = row->id,
		.name = row->name,
		.domain = row->domain,
		.initial_domain = row->initial_domain,
		.country = row->country,
		.type = row->type,
		.account_type = row->account_type,
		.administrator = row->administrator,
		.partner = row->partner,
		.agreement_signed = row->agreement_signed,
		.organization = row->organization,
	};
}

fault *tenant_state_find(struct tx *tx, str name, struct tenant_state *tenant, bool *found)
{
	struct tenant_state_by_name row;

	TRY(tenant_state_by_name(tx, str_lower(tx_arena(tx), name), &row, found));
	if (*found)
		*tenant = state_of(&row);
	return NULL;
}

fault *tenant_state_all(struct tx *tx, struct tenant_states *tenants)
{
	struct tenant_state_by_name_list rows;

	TRY(tenant_state_every(tx, &rows));
	tenants->at = NEW_ARRAY(tx_arena(tx), struct tenant_state, rows.len);
	tenants->len = rows.len;
	for (size_t i = 0; i < rows.len; i++)
		tenants->at[i] = state_of(&rows.at[i]);
	return NULL;
}

static struct tenant_state_user user_of(const struct tenant_state_user_by_name *row)
{
	return (struct tenant_state_user){
		.id = row->id,
		.tenant = row->tenant,
		.principal_name = row->principal_name,
		.display_name = row->display_name,
		.usage_location = row->usage_location,
		.enabled = row->enabled,
		.mfa = row->mfa,
		.password = row->password,
		.source = row->source,
		.position = row->position,
	};
}

fault *tenant_state_user(struct tx *tx, str name, struct tenant_state_user *user, bool *found)
{
	struct tenant_state_user_by_name row;

	TRY(tenant_state_user_by_name(tx, str_lower(tx_arena(tx), name), &row, found));
	if (*found)
		*user = user_of(&row);
	return NULL;
}

fault *tenant_state_has_role(struct tx *tx, str user, str role, bool *has)
{
	struct tenant_state_role row;

	return tenant_state_role(tx, user, role, &row, has);
}

fault *tenant_state_set_password(struct tx *tx, str user, str password)
{
	return tenant_state_password(tx, user, password);
}

fault *tenant_state_set_mfa(struct tx *tx, str user, bool mfa)
{
	return tenant_state_mfa(tx, user, mfa);
}

fault *tenant_state_give_role(struct tx *tx, str user, str role)
{
	return tenant_state_role_add(tx, user, role);
}

fault *tenant_state_locate(struct tx *tx, str user, str location)
{
	return tenant_state_usage_location(tx, user, location);
}

static void users_of(struct arena *keep, const struct tenant_state_user_by_name_list *rows,
		     struct tenant_state_users *users)
{
	users->at = NEW_ARRAY(keep, struct tenant_state_user, rows->len);
	users->len = rows->len;
	for (size_t i = 0; i < rows->len; i++)
		users->at[i] = user_of(&rows->at[i]);
}

fault *tenant_state_search(struct tx *tx, str tenant, str words, int64_t most,
			   struct tenant_state_users *users)
{
	struct tenant_state_user_by_name_list rows;
	struct text like = text_open(tx_arena(tx));

	text_add_char(&like, '%');
	for (size_t i = 0; i < words.len; i++) {
		if (words.at[i] == '%' || words.at[i] == '_' || words.at[i] == '!')
			text_add_char(&like, '!');
		text_add_char(&like, words.at[i]);
	}
	text_add_char(&like, '%');
	TRY(tenant_state_users_like(tx, tenant, str_lower(tx_arena(tx), text_str(&like)), most,
				    &rows));
	users_of(tx_arena(tx), &rows, users);
	return NULL;
}

fault *tenant_state_users(struct tx *tx, str tenant, int64_t after, int64_t most,
			  struct tenant_state_users *users)
{
	struct tenant_state_user_by_name_list rows;

	TRY(tenant_state_users_after(tx, tenant, after, most, &rows));
	users_of(tx_arena(tx), &rows, users);
	return NULL;
}
