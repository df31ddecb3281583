#include "sandbox/sandbox_setting.h"

#include "sandbox_setting_sql.h"

fault *sandbox_setting_get(struct tx *tx, str name, str *value)
{
	struct sandbox_setting_one row;
	bool found;

	TRY(sandbox_setting_one(tx, name, &row, &found));
	*value = found ? row.value : STR_NONE;
	return NULL;
}

fault *sandbox_setting_put(struct tx *tx, str name, str value)
{
	return sandbox_setting_write(tx, name, value);
}

fault *sandbox_setting_read(struct tx *tx, struct sandbox_setting *setting)
{
	const struct {
		str name;
		str *into;
	} texts[] = {
		{ S("base_url"), &setting->base_url },
		{ S("partner_center_url"), &setting->partner_center_url },
		{ S("ca_file"), &setting->ca_file },
		{ S("partner_tenant"), &setting->partner_tenant },
		{ S("partner_mpn"), &setting->partner_mpn },
	};
	str provisioning, locks;

	for (size_t i = 0; i < COUNT(texts); i++)
		TRY(sandbox_setting_get(tx, texts[i].name, texts[i].into));
	TRY(sandbox_setting_get(tx, S("provisioning"), &provisioning));
	TRY(sandbox_setting_get(tx, S("cancel_locks"), &locks));
	if (!str_to_int64(provisioning, &setting->provisioning))
		setting->provisioning = SECONDS(5);
	setting->cancel_locks = str_eq(locks, S("1"));
	return NULL;
}
