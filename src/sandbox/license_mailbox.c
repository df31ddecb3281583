#include "sandbox/license_mailbox.h"

#include <jansson.h>

#include "license_mailbox_sql.h"
#include "sandbox/identity_json.h"
#include "sandbox/tenant_state.h"

#define MOST 200

/* "SMTP:ann@x" as it stands in another user's list, whatever its capitals. */
static str pattern_of(struct arena *keep, str address)
{
	struct text made = text_open(keep);
	str kind;

	address = str_lower(keep, address);
	if (str_find(address, S(":")) >= 0)
		(void)str_next(&address, ':', &kind);
	text_add(&made, S("%:"));
	for (size_t i = 0; i < address.len; i++) {
		if (address.at[i] == '%' || address.at[i] == '_' || address.at[i] == '!')
			text_add_char(&made, '!');
		text_add_char(&made, address.at[i]);
	}
	text_add(&made, S("\"%"));
	return text_str(&made);
}

fault *license_mailbox_taken(struct tx *tx, const struct tenant_state_user *user, str *address)
{
	DEFER(identity_json_end)
	json_t *source = json_loadb(user->source.at, user->source.len, 0, NULL);
	const json_t *list = json_object_get(source, "proxyAddresses");

	*address = STR_NONE;
	for (size_t i = 0; i < json_array_size(list) && i < MOST; i++) {
		struct license_mailbox_other row;
		str one = str_copy(tx_arena(tx),
				   str_of(json_string_value(json_array_get(list, i))));
		bool found = false;
		if (!str_is_empty(one))
			TRY(license_mailbox_other(tx, user->tenant, user->id,
						  pattern_of(tx_arena(tx), one), &row, &found));
		if (found) {
			*address = one;
			return NULL;
		}
	}
	return NULL;
}
