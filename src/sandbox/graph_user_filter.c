#include "sandbox/graph_user_filter.h"

#include "sandbox/license_hold.h"
#include "sandbox/tenant_state.h"

/* Blanks between words are free in OData; in literals they stay. */
static str squeeze(struct arena *keep, str text)
{
	struct text made = text_open(keep);
	bool quoted = false;

	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] == '\'')
			quoted = !quoted;
		if (quoted || text.at[i] != ' ')
			text_add_char(&made, text.at[i]);
	}
	return text_str(&made);
}

/* assignedLicenses/any(x:x/skuIdeqGUID), x being any name */
static bool read_sku(str text, struct graph_user_filter *filter)
{
	str name, inside;
	const str before = S("assignedLicenses/any(");

	if (!str_starts(text, before) || !str_ends(text, S(")")))
		return false;
	inside = str_part(text, before.len, text.len - before.len - 1);
	if (!str_next(&inside, ':', &name) || !str_starts(inside, name))
		return false;
	inside = str_part(inside, name.len, inside.len);
	if (!str_starts(inside, S("/skuIdeq")))
		return false;
	*filter = (struct graph_user_filter){ FILTER_SKU, str_part(inside, 8, inside.len) };
	return str_is_guid(filter->value);
}

static bool read_name(struct arena *keep, str text, struct graph_user_filter *filter)
{
	const str before = S("userPrincipalNameeq'");
	struct text value = text_open(keep);

	if (!str_starts(text, before) || !str_ends(text, S("'")) || text.len <= before.len)
		return false;
	text = str_part(text, before.len, text.len - before.len - 1);
	for (size_t i = 0; i < text.len; i++) {
		text_add_char(&value, text.at[i]);
		if (text.at[i] == '\'' && i + 1 < text.len && text.at[i + 1] == '\'')
			i++; /* a quote inside a literal is doubled */
	}
	*filter = (struct graph_user_filter){ FILTER_PRINCIPAL_NAME, text_str(&value) };
	return true;
}

bool graph_user_filter_read(struct arena *keep, str text, struct graph_user_filter *filter)
{
	*filter = (struct graph_user_filter){ FILTER_NONE, STR_NONE };
	if (str_is_none(text) || str_is_empty(text))
		return true;
	text = squeeze(keep, text);
	if (str_eq(text, S("assignedLicenses/$countne0")))
		filter->kind = FILTER_LICENSED;
	else if (str_eq(text, S("assignedLicenses/$counteq0")))
		filter->kind = FILTER_UNLICENSED;
	else
		return read_sku(text, filter) || read_name(keep, text, filter);
	return true;
}

bool graph_user_filter_is_advanced(const struct graph_user_filter *filter)
{
	return filter->kind == FILTER_LICENSED || filter->kind == FILTER_UNLICENSED;
}

static size_t held(const struct license_holds *holds, str sku)
{
	size_t count = 0;

	for (size_t i = 0; i < holds->len; i++)
		if (!str_eq(holds->at[i].state, S("Error")) &&
		    (str_is_none(sku) || str_eq_nocase(holds->at[i].sku, sku)))
			count++;
	return count;
}

bool graph_user_filter_matches(const struct graph_user_filter *filter,
			       const struct tenant_state_user *user,
			       const struct license_holds *holds)
{
	switch (filter->kind) {
	case FILTER_NONE: return true;
	case FILTER_SKU: return held(holds, filter->value) > 0;
	case FILTER_LICENSED: return held(holds, STR_NONE) > 0;
	case FILTER_UNLICENSED: return held(holds, STR_NONE) == 0;
	case FILTER_PRINCIPAL_NAME: return str_eq_nocase(user->principal_name, filter->value);
	}
	return false;
}
