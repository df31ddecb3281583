#include "app/settings.h"

#include <ctype.h>
#include <ini.h>
#include <stddef.h>
#include <string.h>

#include "base/money.h"

#define AT(member) offsetof(struct settings, member)

const struct setting settings_table[] = {
	{ "database", SETTING_TEXT, AT(database), "",
	  "postgresql://… or the path of a SQLite file; empty: novate.db in the data directory" },
	{ "listen", SETTING_TEXT, AT(listen), "127.0.0.1", "The address on which `serve` listens" },
	{ "port", SETTING_NUMBER, AT(port), "8080", "The port on which `serve` listens", 1, 65535 },
	{ "public_url", SETTING_URL, AT(public_url), "http://localhost:8080",
	  "What people type to get here, for links in letters and pages" },
	{ "behind_proxy", SETTING_SWITCH, AT(behind_proxy), "no",
	  "yes: our own nginx stands in front and says in X-Real-IP who calls" },
	{ "threads", SETTING_NUMBER, AT(threads), "2", "Threads of `serve`, and of `work`", 1, 64 },
	{ "microsoft_login_url", SETTING_URL, AT(microsoft_login_url),
	  "https://login.microsoftonline.com", "Microsoft's sign-in" },
	{ "microsoft_graph_url", SETTING_URL, AT(microsoft_graph_url),
	  "https://graph.microsoft.com", "Microsoft Graph" },
	{ "microsoft_partner_center_url", SETTING_URL, AT(microsoft_partner_center_url),
	  "https://api.partnercenter.microsoft.com", "Partner Center" },
	{ "microsoft_events", SETTING_SWITCH, AT(microsoft_events), "yes",
	  "yes: Partner Center tells us of changes, where it can reach public_url" },
	{ "microsoft_certificate_url", SETTING_URL, AT(microsoft_certificate_url),
	  "https://3psostorageacct.blob.core.windows.net",
	  "Where the certificates stand with which it signs what it tells" },
	{ "azure_billing_url", SETTING_URL, AT(azure_billing_url), "https://management.azure.com",
	  "Azure Billing, asked where a tenant's administrator allows it" },
	{ "microsoft_admin_url", SETTING_URL, AT(microsoft_admin_url),
	  "https://admin.microsoft.com", "The admin center to which people are sent" },
	{ "microsoft_partner_tenant", SETTING_TEXT, AT(microsoft_partner_tenant), "",
	  "The distributor's own tenant, as a GUID" },
	{ "microsoft_client_id", SETTING_TEXT, AT(microsoft_client_id), "",
	  "Our application's id at Microsoft" },
	{ "microsoft_client_secret", SETTING_TEXT, AT(microsoft_client_secret), "",
	  "Our application's secret at Microsoft", .secret = true },
	{ "microsoft_partner_mpn", SETTING_TEXT, AT(microsoft_partner_mpn), "",
	  "The partner id put on orders, or empty" },
	{ "microsoft_country", SETTING_COUNTRY, AT(microsoft_country), "US",
	  "The country in which the distributor may sell" },
	{ "microsoft_partner_center_pace", SETTING_NUMBER, AT(microsoft_partner_center_pace), "500",
	  "Requests a minute that Partner Center allows the distributor; 0: as fast as we can", 0,
	  1000000 },
	{ "microsoft_graph_pace", SETTING_NUMBER, AT(microsoft_graph_pace), "3500",
	  "Units in ten seconds that Graph allows for each tenant; 0: as fast as we can", 0,
	  1000000 },
	{ "currency", SETTING_CURRENCY, AT(currency), "USD",
	  "The currency of that market, in which the catalog has its prices" },
	{ "remote_ca_file", SETTING_TEXT, AT(remote_ca_file), "",
	  "Certificates trusted beside the system's (PEM); the sandbox's, for instance" },
	{ "mail_server", SETTING_TEXT, AT(mail_server), "",
	  "smtp://host:587 or smtps://host; empty: letters become files in outbox/ of the data "
	  "directory" },
	{ "mail_user", SETTING_TEXT, AT(mail_user), "", "The account at the mail server" },
	{ "mail_password", SETTING_TEXT, AT(mail_password), "", "Its password", .secret = true },
	{ "mail_from", SETTING_TEXT, AT(mail_from), "Novate <novate@localhost>",
	  "Whom our letters are from" },
	{ "mail_reply_to", SETTING_TEXT, AT(mail_reply_to), "",
	  "Where answers to our letters go, or empty: to mail_from" },
};
const size_t settings_count = COUNT(settings_table);

/* Where a value was met, for the fault: "novate.conf, line 3" or "NOVATE_PORT". */
struct place {
	const char *file;
	int64_t line;
	const char *variable;
};

struct reading {
	struct arena *keep;
	struct settings *settings;
	bool with_secrets;
	struct place place;
	str rest;
	bool seen[COUNT(settings_table)];
	fault *wrong;
};

static str *text_of(struct settings *settings, const struct setting *s)
{
	return (str *)(void *)((char *)settings + s->at);
}

static int64_t *number_of(struct settings *settings, const struct setting *s)
{
	return (int64_t *)(void *)((char *)settings + s->at);
}

static bool *switch_of(struct settings *settings, const struct setting *s)
{
	return (bool *)(void *)((char *)settings + s->at);
}

static const char *place_text(struct reading *r)
{
	if (r->place.variable)
		return str_format(r->keep, "Environment variable %s", r->place.variable).at;
	return str_format(r->keep, "%s, line %lld", r->place.file, (long long)r->place.line).at;
}

static fault *keep_number(struct reading *r, const struct setting *s, str value)
{
	int64_t number;

	if (!str_to_int64(value, &number) || number < s->least || number > s->most)
		return fault_new(FAULT_INPUT,
				 "%s: %s must be a whole number from %lld to %lld, not \"%.*s\".",
				 place_text(r), s->name, (long long)s->least, (long long)s->most,
				 STR(value));
	*number_of(r->settings, s) = number;
	return NULL;
}

static fault *keep_switch(struct reading *r, const struct setting *s, str value)
{
	bool on = str_eq(value, S("yes"));

	if (!on && !str_eq(value, S("no")))
		return fault_new(FAULT_INPUT, "%s: %s must be yes or no.", place_text(r), s->name);
	*switch_of(r->settings, s) = on;
	return NULL;
}

static bool is_url(str value)
{
	str rest = str_starts(value, S("https://"))  ? str_part(value, 8, value.len)
		   : str_starts(value, S("http://")) ? str_part(value, 7, value.len)
						     : STR_NONE;

	if (str_is_empty(rest) || rest.at[0] == '/' || str_ends(rest, S("/")))
		return false;
	for (size_t i = 0; i < rest.len; i++)
		if ((unsigned char)rest.at[i] <= ' ' || strchr("\"<>\\?#@", rest.at[i]))
			return false;
	return true;
}

static bool is_country(str value)
{
	return value.len == 2 && isupper((unsigned char)value.at[0]) &&
	       isupper((unsigned char)value.at[1]);
}

static fault *keep_value(struct reading *r, const struct setting *s, str value)
{
	currency traded;

	if (!str_is_utf8(value))
		return fault_new(FAULT_INPUT, "%s: %s is not UTF-8 text.", place_text(r), s->name);
	switch (s->kind) {
	case SETTING_NUMBER: return keep_number(r, s, value);
	case SETTING_SWITCH: return keep_switch(r, s, value);
	case SETTING_URL:
		if (!is_url(value))
			return fault_new(
				FAULT_INPUT,
				"%s: %s must be an address like %s, without a slash at its "
				"end.",
				place_text(r), s->name,
				*s->preset ? s->preset : "https://novate.example");
		break;
	case SETTING_COUNTRY:
		if (!is_country(value))
			return fault_new(FAULT_INPUT,
					 "%s: %s must be two capital letters of ISO 3166, like US.",
					 place_text(r), s->name);
		break;
	case SETTING_CURRENCY:
		if (currency_from(value, &traded))
			return fault_new(FAULT_INPUT,
					 "%s: %s must be a currency of ISO 4217, like USD.",
					 place_text(r), s->name);
		break;
	case SETTING_TEXT: break;
	}
	if (s->secret && !r->with_secrets)
		return NULL;
	*text_of(r->settings, s) = str_copy(r->keep, value);
	return NULL;
}

static const struct setting *setting_named(str name)
{
	for (size_t i = 0; i < settings_count; i++)
		if (str_eq(str_of(settings_table[i].name), name))
			return &settings_table[i];
	return NULL;
}

static fault *keep_line(struct reading *r, const char *section, str name, str value)
{
	const struct setting *s = setting_named(name);

	if (*section)
		return fault_new(FAULT_INPUT,
				 "%s: there are no sections; remove [%s] and write each setting as "
				 "`key = value`.",
				 place_text(r), section);
	if (!s)
		return fault_new(FAULT_INPUT,
				 "%s: there is no setting \"%.*s\". `novate help conf` lists all; "
				 "correct the name or remove the line.",
				 place_text(r), STR(name));
	if (r->seen[s - settings_table])
		return fault_new(FAULT_INPUT, "%s: %s is set twice. Remove one of the lines.",
				 place_text(r), s->name);
	r->seen[s - settings_table] = true;
	return keep_value(r, s, value);
}

/* inih's callback: 0 stops it. */
static int on_line(void *with, const char *section, const char *name, const char *value)
{
	struct reading *r = with;

	if (!r->wrong)
		r->wrong = keep_line(r, section, str_of(name),
				     str_trim(str_of(value ? value : "")));
	return r->wrong == NULL;
}

/* Hands inih one line at a time, so that the line's number is known. */
static char *next_line(char *buffer, int room, void *with)
{
	struct reading *r = with;
	str line;

	if (r->wrong || !str_next(&r->rest, '\n', &line))
		return NULL;
	r->place.line++;
	if (line.len + 2 > (size_t)room) {
		r->wrong = fault_new(FAULT_INPUT, "%s is longer than %d bytes. Shorten it.",
				     place_text(r), room - 2);
		return NULL;
	}
	if (line.len > 0 && memchr(line.at, '\0', line.len)) {
		r->wrong = fault_new(FAULT_INPUT,
				     "%s holds a byte that is no text. Is this the "
				     "right file?",
				     place_text(r));
		return NULL;
	}
	memcpy(buffer, line.at, line.len);
	buffer[line.len] = '\n';
	buffer[line.len + 1] = '\0';
	return buffer;
}

static fault *read_file(struct reading *r, const struct settings_source *from)
{
	if (str_is_empty(from->text))
		return NULL;
	if (from->text.len > 1 << 20)
		return fault_new(FAULT_INPUT, "%s is larger than 1 MiB. Is this the right file?",
				 from->file);
	/* A password may hold " ;", and a long database address needs more than 200 bytes. */
	ini_allow_multiline = false;
	ini_allow_inline_comments = false;
	ini_use_stack = false;
	ini_max_line = 4096;
	ini_initial_alloc = 4096;
	ini_stop_on_first_error = true;

	r->place = (struct place){ .file = from->file };
	r->rest = from->text;
	int line = ini_parse_stream(next_line, r, on_line, r);
	if (r->wrong)
		return r->wrong;
	if (line != 0)
		return fault_new(
			FAULT_INPUT,
			"%s is not of the form `key = value`. Correct the line, or begin it "
			"with # to make it a note.",
			place_text(r));
	return NULL;
}

/* "NOVATE_PORT" → "port"; STR_NONE for a variable that is not ours. */
static str key_of(struct arena *keep, const char *entry, const char **value)
{
	const char *equals = strchr(entry, '=');
	str name;

	if (!equals || strncmp(entry, "NOVATE_", 7) != 0)
		return STR_NONE;
	*value = equals + 1;
	name = (str){ .at = entry + 7, .len = (size_t)(equals - entry) - 7 };
	return str_lower(keep, name);
}

static fault *read_environment(struct reading *r, const char *const *environment)
{
	for (; environment && *environment; environment++) {
		const char *value;
		str key = key_of(r->keep, *environment, &value);
		const struct setting *s = str_is_none(key) ? NULL : setting_named(key);

		if (!s)
			continue;
		r->place = (struct place){ .variable = str_format(r->keep, "%.*s",
								  (int)(value - *environment - 1),
								  *environment)
							       .at };
		TRY(keep_value(r, s, str_trim(str_of(value))));
	}
	return NULL;
}

fault *settings_read(struct arena *keep, const struct settings_source *from,
		     struct settings *settings)
{
	struct settings made = { 0 };
	struct reading r = { .keep = keep, .settings = &made, .with_secrets = from->with_secrets };

	for (size_t i = 0; i < settings_count; i++) {
		const struct setting *s = &settings_table[i];

		if (s->kind == SETTING_NUMBER || s->kind == SETTING_SWITCH)
			TRY(keep_value(&r, s, str_of(s->preset)));
		else
			*text_of(&made, s) = str_of(s->preset);
	}
	TRY(read_file(&r, from));
	TRY(read_environment(&r, from->environment));
	*settings = made;
	return NULL;
}

str settings_shown(struct arena *keep, const struct settings *settings, const struct setting *s)
{
	const char *at = (const char *)settings + s->at;
	str text;

	if (s->kind == SETTING_NUMBER)
		return str_format(keep, "%lld", (long long)*(const int64_t *)(const void *)at);
	if (s->kind == SETTING_SWITCH)
		return *(const bool *)(const void *)at ? S("yes") : S("no");
	text = *(const str *)(const void *)at;
	if (s->secret)
		return str_is_empty(text) ? S("") : S("(set)");
	return text;
}

size_t settings_strays(const char *const *environment, const char **names, size_t most)
{
	DEFER(arena_end) struct arena *scratch = arena_open();
	size_t count = 0;

	for (; environment && *environment && count < most; environment++) {
		const char *value;
		str key = key_of(scratch, *environment, &value);

		if (!str_is_none(key) && !setting_named(key) && !str_starts(key, S("test_")))
			names[count++] = *environment;
	}
	return count;
}

bool settings_is_secret(const char *variable)
{
	DEFER(arena_end) struct arena *scratch = arena_open();
	const char *value;
	str key = key_of(scratch, variable, &value);
	const struct setting *s = str_is_none(key) ? NULL : setting_named(key);

	return s && s->secret;
}
