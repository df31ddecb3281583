#include "convert/tenant_testing.h"

static struct license_sku counters(const struct snapshot *s, str sku, str part_number,
				   int64_t consumed)
{
	struct license_sku sums = { .sku = sku,
				    .part_number = part_number,
				    .applies_to = S("User"),
				    .consumed = consumed };

	for (size_t i = 0; i < s->subscriptions.len; i++) {
		const struct snapshot_subscription *sub = &s->subscriptions.at[i];

		if (!str_eq(sub->sku, sku))
			continue;
		if (str_eq(sub->status, S("Enabled")))
			sums.enabled += sub->units;
		else if (str_eq(sub->status, S("Warning")))
			sums.warning += sub->units;
		else
			sums.suspended += sub->units;
	}
	return sums;
}

static void hold(struct arena *keep, struct snapshot *s, str sku, int64_t users)
{
	for (int64_t i = 0; i < users; i++)
		s->holds.at[s->holds.len++] = (struct license_hold){
			.user = str_format(keep, "%.4s-user-%04lld", sku.at, (long long)i),
			.user_name = str_format(keep, "user%lld@bakery.example", (long long)i),
			.sku = sku,
			.state = S("Active"),
		};
}

struct snapshot tenant_testing(struct arena *keep, const struct tenant_testing_subscription *subs,
			       size_t count, int64_t users_of_sku, int64_t users_of_other)
{
	struct snapshot s = { .id = ID_NONE };

	s.subscriptions.at = NEW_ARRAY(keep, struct snapshot_subscription, count + 1);
	s.subscriptions.len = count;
	for (size_t i = 0; i < count; i++)
		s.subscriptions.at[i] = (struct snapshot_subscription){
			.id = str_of(subs[i].id),
			.sku = subs[i].sku,
			.part_number = S("PART"),
			.status = str_of(subs[i].status),
			.units = subs[i].units,
			.trial = subs[i].trial,
			.owner = subs[i].owner,
			.renews_at = INSTANT_NONE,
		};
	s.skus.at = NEW_ARRAY(keep, struct license_sku, 2);
	s.skus.len = 2;
	s.skus.at[0] = counters(&s, TESTING_OTHER, S("EXCHANGESTANDARD"), users_of_other);
	s.skus.at[1] = counters(&s, TESTING_SKU, S("O365_BUSINESS_PREMIUM"), users_of_sku);
	s.holds.at = NEW_ARRAY(keep, struct license_hold,
			       (size_t)(users_of_sku + users_of_other) + 1);
	hold(keep, &s, TESTING_OTHER, users_of_other);
	hold(keep, &s, TESTING_SKU, users_of_sku);
	s.holds.users = s.holds.len;
	return s;
}
