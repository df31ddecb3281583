#include "sandbox/partner_setting.h"

#include "partner_setting_sql.h"
#include "sandbox/sandbox_clock.h"
#include "sandbox/sandbox_setting.h"

#define MOST_TIME DAYS(7)
#define PREFIX	  "partner-center."

static const struct {
	const char *name;
	bool is_time;
	size_t at;
} settings[] = {
	{ "provisioning-refresh", true, offsetof(struct partner_setting, provisioning_refresh) },
	{ "lists-late", true, offsetof(struct partner_setting, lists_late) },
	{ "changes-take", true, offsetof(struct partner_setting, changes_take) },
	{ "webhook-lag", true, offsetof(struct partner_setting, webhook_lag) },
	{ "webhook-bad-signature", false, offsetof(struct partner_setting, webhook_bad_signature) },
	{ "webhook-wrong-host", false, offsetof(struct partner_setting, webhook_wrong_host) },
	{ "require-mfa", false, offsetof(struct partner_setting, require_mfa) },
	{ "require-gdap", false, offsetof(struct partner_setting, require_gdap) },
	{ "no-user-rights", false, offsetof(struct partner_setting, no_user_rights) },
	{ "small-account", false, offsetof(struct partner_setting, small_account) },
};

static str kept_name(struct arena *keep, size_t index)
{
	return str_format(keep, PREFIX "%s", settings[index].name);
}

/* Off is 0; a time is kept in microseconds. */
static bool value_read(bool is_time, str value, int64_t *number)
{
	*number = 0;
	if (str_eq(value, S("off")))
		return true;
	if (is_time)
		return sandbox_clock_duration(value, number) && *number <= MOST_TIME;
	*number = 1;
	return str_eq(value, S("on"));
}

static str names(struct arena *keep)
{
	struct text list = text_open(keep);

	for (size_t i = 0; i < COUNT(settings); i++)
		text_format(&list, "%s %s", i > 0 ? "," : "", settings[i].name);
	return text_str(&list);
}

fault *partner_setting_put(struct tx *tx, str name, str value)
{
	struct arena *keep = tx_arena(tx);
	int64_t number;

	for (size_t i = 0; i < COUNT(settings); i++) {
		if (!str_eq(name, str_of(settings[i].name)))
			continue;
		if (value_read(settings[i].is_time, value, &number))
			return sandbox_setting_put(tx, kept_name(keep, i),
						   str_format(keep, "%lld", (long long)number));
		return fault_code(fault_new(FAULT_INPUT, "\"%.*s\" is no value of %s: say %s.",
					    STR(value), settings[i].name,
					    settings[i].is_time ? "a time up to 7d (15m), or off"
								: "on or off"),
				  S("usage"));
	}
	return fault_code(fault_new(FAULT_INPUT, "There is no setting \"%.*s\": say one of%.*s.",
				    STR(name), STR(names(keep))),
			  S("usage"));
}

fault *partner_setting_end_all(struct tx *tx)
{
	for (size_t i = 0; i < COUNT(settings); i++)
		TRY(partner_setting_put(tx, str_of(settings[i].name), S("off")));
	return NULL;
}

static void take(struct partner_setting *setting, size_t index, int64_t number)
{
	char *into = (char *)setting + settings[index].at;

	if (settings[index].is_time)
		*(int64_t *)(void *)into = number;
	else
		*(bool *)(void *)into = number != 0;
}

fault *partner_setting_read(struct tx *tx, struct partner_setting *setting)
{
	struct partner_setting_rows_list rows;
	int64_t number;

	*setting = (struct partner_setting){ 0 };
	/* '/' is the character behind '.'. */
	TRY(partner_setting_rows(tx, S(PREFIX), S("partner-center/"), &rows));
	for (size_t i = 0; i < rows.len; i++)
		for (size_t k = 0; k < COUNT(settings); k++)
			if (str_eq(rows.at[i].name, kept_name(tx_arena(tx), k)) &&
			    str_to_int64(rows.at[i].value, &number))
				take(setting, k, number);
	return NULL;
}

str partner_setting_said(struct arena *keep, const struct partner_setting *setting)
{
	struct text said = text_open(keep);

	for (size_t i = 0; i < COUNT(settings); i++) {
		const char *at = (const char *)setting + settings[i].at;
		if (settings[i].is_time && *(const int64_t *)(const void *)at > 0)
			text_format(&said, "%s %llds\n", settings[i].name,
				    (long long)(*(const int64_t *)(const void *)at / SECONDS(1)));
		else
			text_format(&said, "%s %s\n", settings[i].name,
				    !settings[i].is_time && *(const bool *)at ? "on" : "off");
	}
	return text_str(&said);
}
