#include "app/vendors.h"

str vendors_missing(struct arena *keep, const struct settings *s)
{
	const struct {
		const char *name;
		str value;
	} needed[] = {
		{ "microsoft_partner_tenant", s->microsoft_partner_tenant },
		{ "microsoft_client_id", s->microsoft_client_id },
		{ "microsoft_client_secret", s->microsoft_client_secret },
	};
	struct text names = text_open(keep);

	for (size_t i = 0; i < COUNT(needed); i++)
		if (str_is_empty(needed[i].value))
			text_format(&names, "%s%s", names.len ? ", " : "", needed[i].name);
	return text_str(&names);
}

static fault *open_microsoft(struct setup *setup, struct vendors *vendors)
{
	const struct settings *s = &setup->settings;
	struct microsoft_settings with = {
		.login_url = s->microsoft_login_url,
		.graph_url = s->microsoft_graph_url,
		.partner_center_url = s->microsoft_partner_center_url,
		.billing_url = s->azure_billing_url,
		.certificate_url = s->microsoft_certificate_url,
		.ca_file = s->remote_ca_file,
		.admin_url = s->microsoft_admin_url,
		.partner_tenant = s->microsoft_partner_tenant,
		.client_id = s->microsoft_client_id,
		.client_secret = s->microsoft_client_secret,
		.partner_mpn = s->microsoft_partner_mpn,
		.country = s->microsoft_country,
		.pace = { s->microsoft_partner_center_pace, s->microsoft_graph_pace },
		.by = vendors->by,
		.world = setup->world,
		.store = setup->store,
	};

	if (!str_is_empty(vendors_missing(setup->arena, s)))
		return NULL;
	TRY(setup_key(setup, "key", &with.seal_key));
	return microsoft_open(&with, &vendors->microsoft);
}

static fault *open_post(struct setup *setup, struct vendors *vendors)
{
	const struct settings *s = &setup->settings;
	const struct post_settings with = {
		.server = s->mail_server,
		.user = s->mail_user,
		.password = s->mail_password,
		.from = s->mail_from,
		.reply_to = s->mail_reply_to,
		.ca_file = s->remote_ca_file,
		.outbox = setup_path(setup, "outbox"),
	};

	return post_open(&with, &vendors->post);
}

fault *vendors_look(struct setup *setup, bool key_there, struct vendors *vendors)
{
	const struct remote_settings with = {
		.ca_file = setup->settings.remote_ca_file,
		.user_agent = S("Novate"),
	};

	*vendors = (struct vendors){ 0 };
	TRY(remote_open(&with, &vendors->remote));
	vendors->by = remote_transport(vendors->remote);
	return key_there ? open_microsoft(setup, vendors) : NULL;
}

fault *vendors_open(struct setup *setup, struct vendors *vendors)
{
	TRY(vendors_look(setup, true, vendors));
	return open_post(setup, vendors);
}

void vendors_end(struct vendors *vendors)
{
	microsoft_close(vendors->microsoft);
	post_close(vendors->post);
	remote_close(vendors->remote);
	*vendors = (struct vendors){ 0 };
}

fault *vendors_need_microsoft(struct setup *setup, const struct vendors *vendors)
{
	if (vendors->microsoft)
		return NULL;
	return fault_new(
		FAULT_INPUT,
		"These settings of Microsoft are missing: %.*s. Write them into %s; `novate "
		"help conf` explains each.",
		STR(vendors_missing(setup->arena, &setup->settings)), setup->config);
}
