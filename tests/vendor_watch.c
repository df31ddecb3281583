#include "vendor_watch.h"

#include "sandbox/license_hold.h"
#include "sandbox/tenant_state.h"

enum { USERS_MOST = 1000, PAIRS_MOST = 4 };

struct vendor_watch {
	struct arena *keep;
	struct tenant_state_users users;
	struct license_holds *start; /* of each user */
	struct {
		str from, to;
	} becomes[PAIRS_MOST];
	size_t pair_count;
	str lost;
};

static struct license_holds holds_copy(struct arena *keep, const struct license_holds *from)
{
	struct license_holds made = { .at = NEW_ARRAY(keep, struct license_hold, from->len + 1),
				      .len = from->len };

	for (size_t i = 0; i < from->len; i++)
		made.at[i] = (struct license_hold){
			.sku = str_copy(keep, from->at[i].sku),
			.group = str_copy(keep, from->at[i].group),
			.disabled_plans = str_copy(keep, from->at[i].disabled_plans),
			.state = str_copy(keep, from->at[i].state),
		};
	return made;
}

fault *vendor_watch_begin(struct tx *tx, struct arena *keep, str domain, struct vendor_watch **made)
{
	struct vendor_watch *watch = NEW(keep, struct vendor_watch);
	struct tenant_state_users users;
	struct tenant_state tenant;
	bool found;

	TRY(tenant_state_find(tx, domain, &tenant, &found));
	TRY(tenant_state_users(tx, tenant.id, 0, USERS_MOST, &users));
	watch->keep = keep;
	watch->lost = STR_NONE;
	watch->users.at = NEW_ARRAY(keep, struct tenant_state_user, users.len + 1);
	watch->users.len = users.len;
	watch->start = NEW_ARRAY(keep, struct license_holds, users.len + 1);
	for (size_t i = 0; i < users.len; i++) {
		struct license_holds holds;

		watch->users.at[i].id = str_copy(keep, users.at[i].id);
		watch->users.at[i].principal_name = str_copy(keep, users.at[i].principal_name);
		TRY(license_hold_of_user(tx, users.at[i].id, &holds));
		watch->start[i] = holds_copy(keep, &holds);
	}
	*made = watch;
	return NULL;
}

void vendor_watch_becomes(struct vendor_watch *watch, str from, str to)
{
	if (watch->pair_count == PAIRS_MOST)
		return;
	watch->becomes[watch->pair_count].from = from;
	watch->becomes[watch->pair_count++].to = to;
}

static bool holds_it_or_what_it_becomes(const struct vendor_watch *watch,
					const struct license_holds *now, str sku)
{
	if (license_hold_has(now, sku))
		return true;
	for (size_t i = 0; i < watch->pair_count; i++)
		if (str_eq(watch->becomes[i].from, sku) &&
		    license_hold_has(now, watch->becomes[i].to))
			return true;
	return false;
}

fault *vendor_watch_look(struct tx *tx, struct vendor_watch *watch)
{
	for (size_t i = 0; i < watch->users.len && str_is_none(watch->lost); i++) {
		struct license_holds now;

		TRY(license_hold_of_user(tx, watch->users.at[i].id, &now));
		for (size_t s = 0; s < watch->start[i].len; s++)
			if (license_hold_counts(&watch->start[i].at[s]) &&
			    !holds_it_or_what_it_becomes(watch, &now, watch->start[i].at[s].sku))
				watch->lost = watch->users.at[i].principal_name;
	}
	return NULL;
}

str vendor_watch_lost(const struct vendor_watch *watch)
{
	return watch->lost;
}

fault *vendor_watch_holders(struct tx *tx, const struct vendor_watch *watch, str from,
			    int64_t *count)
{
	*count = 0;
	for (size_t i = 0; i < watch->users.len; i++) {
		struct license_holds now;

		TRY(license_hold_of_user(tx, watch->users.at[i].id, &now));
		*count += license_hold_has(&now, from);
	}
	return NULL;
}

static bool has_same(const struct license_holds *in, const struct license_hold *hold)
{
	for (size_t i = 0; i < in->len; i++) {
		const struct license_hold *h = &in->at[i];

		if (str_eq(h->sku, hold->sku) &&
		    str_is_none(h->group) == str_is_none(hold->group) &&
		    str_eq(h->disabled_plans, hold->disabled_plans))
			return true;
	}
	return false;
}

fault *vendor_watch_is_as_it_was(struct tx *tx, const struct vendor_watch *watch, bool *is)
{
	*is = true;
	for (size_t i = 0; i < watch->users.len; i++) {
		struct license_holds now;

		TRY(license_hold_of_user(tx, watch->users.at[i].id, &now));
		*is = *is && now.len == watch->start[i].len;
		for (size_t n = 0; n < now.len; n++)
			*is = *is && has_same(&watch->start[i], &now.at[n]);
	}
	return NULL;
}
