#include "convert/seller_view.h"

#include "convert/snapshot.h"

static const char *const sellers[] = {
	[OWNER_DIRECT] = "Microsoft itself",
	[OWNER_OURS] = "We",
	[OWNER_OTHER_PARTNER] = "Another partner",
};

static str title_of(const struct conversion_shown *shown, const struct snapshot_subscription *s)
{
	for (size_t i = 0; i < shown->lines.len; i++)
		if (str_eq(shown->lines.at[i].sku, s->sku))
			return shown->lines.at[i].title;
	return s->part_number;
}

/* What sets it apart from a paid one in its term (vendor facts §2.2); empty for that. */
static const char *standing_of(const struct snapshot_subscription *s)
{
	static const struct {
		const char *status, *words;
	} known[] = {
		{ "Warning", "expired, usable for a while" },
		{ "Suspended", "expired or cancelled" },
		{ "LockedOut", "ended, its data is about to be deleted" },
		{ "Deleted", "deleted" },
	};

	for (size_t i = 0; i < COUNT(known); i++)
		if (str_eq(s->status, str_of(known[i].status)))
			return known[i].words;
	return s->trial ? "a trial" : "";
}

fault *seller_view_fill(struct tx *tx, const struct conversion *c, struct conversion_shown *shown)
{
	struct snapshot before;

	TRY(snapshot_load_subscriptions(tx, c->id, SNAPSHOT_BEFORE, &before));
	shown->sold.len = before.subscriptions.len;
	shown->sold.at = NEW_ARRAY(tx_arena(tx), struct sold_shown, shown->sold.len + 1);
	for (size_t i = 0; i < shown->sold.len; i++) {
		const struct snapshot_subscription *s = &before.subscriptions.at[i];

		shown->sold.at[i] = (struct sold_shown){
			.title = title_of(shown, s),
			.subscription = s->id,
			.owner = snapshot_owner_word(s->owner),
			.by = sellers[s->owner],
			.standing = standing_of(s),
			.reason = s->reason,
			.units = s->units,
		};
	}
	return NULL;
}
