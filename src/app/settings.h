/* Everything a person may turn: one table, from which the parser, the environment, the help and
 * `novate doctor` are made.
 *
 * A setting comes from novate.conf (`key = value`, a line each), or from the environment as
 * NOVATE_KEY, which wins.  What is unknown or wrong is a fault that names the place and says
 * what to do.  Secrets of vendors are for `work` alone: other programs never keep them. */
#pragma once

#include "base/base.h"

struct settings {
	str database, listen, public_url;
	int64_t port, threads;
	bool behind_proxy;
	str microsoft_login_url, microsoft_graph_url, microsoft_partner_center_url;
	str azure_billing_url, microsoft_certificate_url;
	bool microsoft_events;
	str microsoft_admin_url, microsoft_partner_tenant, microsoft_client_id;
	str microsoft_client_secret, microsoft_partner_mpn, microsoft_country;
	int64_t microsoft_partner_center_pace, microsoft_graph_pace;
	str currency;
	str remote_ca_file;
	str mail_server, mail_user, mail_password, mail_from, mail_reply_to;
};

enum setting_kind {
	SETTING_TEXT,
	SETTING_NUMBER,	  /* between least and most */
	SETTING_URL,	  /* http:// or https://, no slash at its end */
	SETTING_COUNTRY,  /* two letters */
	SETTING_CURRENCY, /* ISO 4217 */
	SETTING_SWITCH,	  /* yes or no */
};

struct setting {
	const char *name; /* "public_url"; NOVATE_PUBLIC_URL in the environment */
	enum setting_kind kind;
	size_t at; /* where in struct settings */
	const char *preset;
	const char *about; /* one line */
	int64_t least, most;
	bool secret; /* never shown, and kept by `work` only */
};
extern const struct setting settings_table[];
extern const size_t settings_count;

struct settings_source {
	const char *file; /* its name, for faults; its text may be STR_NONE */
	str text;
	const char *const *environment; /* "NAME=value", NULL-ended; or NULL */
	bool with_secrets;		/* for `work` */
};
MUST_USE fault *settings_read(struct arena *keep, const struct settings_source *from,
			      struct settings *settings);

/* As it would stand in the environment or the file; a secret is "(set)" or empty. */
str settings_shown(struct arena *keep, const struct settings *settings,
		   const struct setting *setting);

/* Whether "NOVATE_…=value" is a setting that only `work` may know. */
bool settings_is_secret(const char *variable);

/* Names like NOVATE_* that nobody reads: probably misspelt. */
size_t settings_strays(const char *const *environment, const char **names, size_t most);
