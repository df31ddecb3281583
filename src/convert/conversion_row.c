#include "convert/conversion_row.h"

static const str waits_words[] = {
	[WAITS_NOBODY] = { .at = NULL, .len = 0 },
	[WAITS_ADMINISTRATOR] = { .at = "administrator", .len = 13 },
	[WAITS_PARTNER] = { .at = "partner", .len = 7 },
	[WAITS_MICROSOFT] = { .at = "microsoft", .len = 9 },
	[WAITS_OPERATOR] = { .at = "operator", .len = 8 },
};

str conversion_row_waits(enum conversion_waits waits)
{
	return waits_words[waits];
}

static fault *unknown_word(const char *what, str word)
{
	return fault_new(FAULT_BUG, "The database holds an unknown %s “%.*s”.", what, STR(word));
}

fault *conversion_row_state_read(str word, enum conversion_state *state)
{
	for (enum conversion_state s = 0; s < CONVERSION_STATE_COUNT; s++) {
		if (str_eq(word, conversion_state_word(s))) {
			*state = s;
			return NULL;
		}
	}
	return unknown_word("state of a conversion", word);
}

fault *conversion_row_step_read(str word, enum conversion_step *step)
{
	for (enum conversion_step s = 0; s < CONVERSION_STEP_COUNT; s++) {
		if (str_eq(word, conversion_step_word(s))) {
			*step = s;
			return NULL;
		}
	}
	return unknown_word("step of a conversion", word);
}

fault *conversion_row_waits_read(str word, enum conversion_waits *waits)
{
	for (size_t i = 0; i < COUNT(waits_words); i++) {
		if (str_is_none(word) ? i == WAITS_NOBODY : str_eq(word, waits_words[i])) {
			*waits = (enum conversion_waits)i;
			return NULL;
		}
	}
	return unknown_word("person that a conversion waits for", word);
}

static enum conversion_account account_read(str word)
{
	if (str_eq(word, S("mosa")))
		return ACCOUNT_MOSA;
	return str_eq(word, S("mca")) ? ACCOUNT_MCA : ACCOUNT_UNKNOWN;
}

fault *conversion_row_read(const struct conversion_by_id *row, struct conversion *c)
{
	struct conversion read = {
		.id = row->id,
		.partner = row->partner,
		.domain = row->domain,
		.tenant = row->tenant,
		.tenant_name = row->tenant_name,
		.administrator = row->administrator,
		.waits_since = row->waits_since,
		.why = row->why,
		.next_thing = row->next_thing,
		.plan_hash = row->plan_hash,
		.approved_hash = row->approved_hash,
		.approved_by = row->approved_by,
		.approved_at = row->approved_at,
		.order_request = row->order_request,
		.cart = row->cart,
		.order_id = row->order_id,
		.part_orders = row->part_orders,
		.checkout_at = row->checkout_at,
		.consent_url = row->consent_url,
		.invitation_url = row->invitation_url,
		.admin_url = row->admin_url,
		.door = row->door,
		.stop_by = row->stop_by,
		.started_at = row->started_at,
		.ended_at = row->ended_at,
		.version = row->version,
		.country = row->country,
		.buy_at = row->buy_at,
		.reminded_at = row->reminded_at,
		.window_warned_at = row->window_warned_at,
		.reminders = row->reminders,
		.account = account_read(row->account_type),
		.account_by_partner = str_eq(row->account_said, S("partner")),
	};

	TRY(conversion_row_state_read(row->state, &read.state));
	TRY(conversion_row_step_read(row->step, &read.step));
	TRY(conversion_row_waits_read(row->waits_for, &read.waits_for));
	*c = read;
	return NULL;
}
