#include "convert/snapshot.h"

#include <stdlib.h>

#include "convert/classify.h"
#include "snapshot_sql.h"

static const char *const owner_words[] = {
	[OWNER_DIRECT] = "direct",
	[OWNER_OURS] = "ours",
	[OWNER_OTHER_PARTNER] = "other-partner",
};

str snapshot_owner_word(enum snapshot_owner owner)
{
	return str_of(owner_words[owner]);
}

str snapshot_moment_word(enum snapshot_moment moment)
{
	switch (moment) {
	case SNAPSHOT_BEFORE: return S("before");
	case SNAPSHOT_BETWEEN: return S("between");
	case SNAPSHOT_AFTER: return S("after");
	}
	return S("before");
}

static int hold_order(const void *left, const void *right)
{
	const struct license_hold *a = left, *b = right;
	int order = str_compare(a->user, b->user);

	if (order == 0)
		order = str_compare(a->sku, b->sku);
	return order ? order : str_compare(a->group, b->group);
}

static void holds_sort(struct license_holds *holds)
{
	if (holds->len > 1)
		qsort(holds->at, holds->len, sizeof *holds->at, hold_order);
}

static void holds_drop_idle(struct license_holds *holds)
{
	size_t kept = 0;

	for (size_t i = 0; i < holds->len; i++)
		if (license_is_given(&holds->at[i]))
			holds->at[kept++] = holds->at[i];
	holds->len = kept;
}

/* A user who changes while the pages are read may be on two of them. */
static void holds_drop_twins(struct license_holds *holds)
{
	size_t kept = 0;

	for (size_t i = 0; i < holds->len; i++)
		if (kept == 0 || hold_order(&holds->at[kept - 1], &holds->at[i]) != 0)
			holds->at[kept++] = holds->at[i];
	holds->len = kept;
}

static int sku_order(const void *left, const void *right)
{
	const struct license_sku *a = left, *b = right;
	int order = str_compare(a->part_number, b->part_number);

	return order ? order : str_compare(a->sku, b->sku);
}

static void skus_sort(struct license_skus *skus)
{
	if (skus->len > 1)
		qsort(skus->at, skus->len, sizeof *skus->at, sku_order);
}

/* By what Graph alone says; the plan asks further where Graph is not enough. */
static void classify_by_graph(struct arena *keep, struct snapshot_subscription *s, str tenant,
			      str partner_tenant)
{
	struct classify_verdict v = classify(
		keep, &(struct classify_signals){ .owner_tenant = s->owner_tenant,
						  .tenant = tenant,
						  .partner_tenant = partner_tenant });

	s->owner = v.owner;
	s->reason = v.reason;
}

fault *snapshot_take(struct microsoft_work *w, str tenant, str partner_tenant,
		     struct snapshot *taken)
{
	struct license_subscriptions read;
	struct snapshot s = { .id = ID_NONE };

	TRY(license_skus_read(w, tenant, &s.skus));
	TRY(license_subscriptions_read(w, tenant, &read));
	TRY(license_holds_read(w, tenant, &s.holds));
	s.subscriptions.len = read.len;
	s.subscriptions.at = NEW_ARRAY(w->arena, struct snapshot_subscription, read.len + 1);
	for (size_t i = 0; i < read.len; i++) {
		const struct license_subscription *from = &read.at[i];

		s.subscriptions.at[i] = (struct snapshot_subscription){
			.id = from->id,
			.sku = from->sku,
			.part_number = from->part_number,
			.status = from->status,
			.units = from->units,
			.trial = from->trial,
			.owner_tenant = from->owner_tenant,
			.commerce = from->commerce_id,
			.created_at = from->created,
			.renews_at = from->next_lifecycle,
		};
		classify_by_graph(w->arena, &s.subscriptions.at[i], tenant, partner_tenant);
	}
	skus_sort(&s.skus);
	holds_drop_idle(&s.holds);
	holds_sort(&s.holds);
	holds_drop_twins(&s.holds);
	*taken = s;
	return NULL;
}

static fault *forget(struct tx *tx, id conversion, enum snapshot_moment moment)
{
	struct snapshot_by_moment old;
	bool found;

	TRY(snapshot_by_moment(tx, conversion, snapshot_moment_word(moment), &old, &found));
	if (!found)
		return NULL;
	TRY(snapshot_forget_skus(tx, old.id));
	TRY(snapshot_forget_subscriptions(tx, old.id));
	TRY(snapshot_forget_holds(tx, old.id));
	return snapshot_forget(tx, old.id);
}

static str str_or_empty(str s)
{
	return str_is_none(s) ? S("") : s;
}

static fault *keep_skus(struct tx *tx, const struct snapshot *s)
{
	for (size_t i = 0; i < s->skus.len; i++) {
		const struct license_sku *sku = &s->skus.at[i];

		TRY(snapshot_sku_insert(
			tx, &(struct snapshot_sku_insert_in){ .snapshot = s->id,
							      .sku = sku->sku,
							      .part_number = sku->part_number,
							      .enabled = sku->enabled,
							      .warning = sku->warning,
							      .suspended = sku->suspended,
							      .locked_out = sku->locked_out,
							      .consumed = sku->consumed }));
	}
	return NULL;
}

static fault *keep_subscriptions(struct tx *tx, const struct snapshot *s)
{
	for (size_t i = 0; i < s->subscriptions.len; i++) {
		const struct snapshot_subscription *sub = &s->subscriptions.at[i];

		TRY(snapshot_subscription_insert(tx,
						 &(struct snapshot_subscription_insert_in){
							 .snapshot = s->id,
							 .subscription = sub->id,
							 .sku = sub->sku,
							 .part_number = sub->part_number,
							 .status = sub->status,
							 .units = sub->units,
							 .trial = sub->trial,
							 .owner = str_of(owner_words[sub->owner]),
							 .reason = str_or_empty(sub->reason),
							 .commerce = str_or_empty(sub->commerce),
							 .created_at = sub->created_at,
							 .renews_at = sub->renews_at }));
	}
	return NULL;
}

static fault *keep_holds(struct tx *tx, const struct snapshot *s)
{
	for (size_t i = 0; i < s->holds.len; i++) {
		const struct license_hold *hold = &s->holds.at[i];

		TRY(snapshot_hold_insert(tx, &(struct snapshot_hold_insert_in){
						     .snapshot = s->id,
						     .person = hold->user,
						     .sku = hold->sku,
						     .through = str_or_empty(hold->group),
						     .person_name = hold->user_name,
						     .disabled = str_or_empty(hold->disabled),
						     .located = !hold->unlocated }));
	}
	return NULL;
}

fault *snapshot_keep(struct tx *tx, id conversion, enum snapshot_moment moment,
		     struct snapshot *taken)
{
	TRY(forget(tx, conversion, moment));
	taken->id = tx_new_id(tx);
	taken->taken_at = tx_now(tx);
	TRY(snapshot_insert(tx, taken->id, conversion, snapshot_moment_word(moment),
			    taken->taken_at));
	TRY(keep_skus(tx, taken));
	TRY(keep_subscriptions(tx, taken));
	return keep_holds(tx, taken);
}

static fault *load_skus(struct tx *tx, struct snapshot *s)
{
	struct snapshot_skus_list rows;

	TRY(snapshot_skus(tx, s->id, &rows));
	s->skus.len = rows.len;
	s->skus.at = NEW_ARRAY(tx_arena(tx), struct license_sku, rows.len + 1);
	for (size_t i = 0; i < rows.len; i++)
		s->skus.at[i] = (struct license_sku){
			.sku = rows.at[i].sku,
			.part_number = rows.at[i].part_number,
			.enabled = rows.at[i].enabled,
			.warning = rows.at[i].warning,
			.suspended = rows.at[i].suspended,
			.locked_out = rows.at[i].locked_out,
			.consumed = rows.at[i].consumed,
		};
	skus_sort(&s->skus);
	return NULL;
}

static enum snapshot_owner owner_from(str word)
{
	for (size_t i = 0; i < COUNT(owner_words); i++)
		if (str_eq(word, str_of(owner_words[i])))
			return (enum snapshot_owner)i;
	return OWNER_OTHER_PARTNER; /* the table's CHECK lets no other word in */
}

static fault *load_subscriptions(struct tx *tx, struct snapshot *s)
{
	struct snapshot_subscriptions_list rows;

	TRY(snapshot_subscriptions(tx, s->id, &rows));
	s->subscriptions.len = rows.len;
	s->subscriptions.at = NEW_ARRAY(tx_arena(tx), struct snapshot_subscription, rows.len + 1);
	for (size_t i = 0; i < rows.len; i++)
		s->subscriptions.at[i] = (struct snapshot_subscription){
			.id = rows.at[i].subscription,
			.sku = rows.at[i].sku,
			.part_number = rows.at[i].part_number,
			.status = rows.at[i].status,
			.units = rows.at[i].units,
			.trial = rows.at[i].trial,
			.owner = owner_from(rows.at[i].owner),
			.reason = rows.at[i].reason,
			.commerce = rows.at[i].commerce,
			.created_at = rows.at[i].created_at,
			.renews_at = rows.at[i].renews_at,
		};
	return NULL;
}

static fault *load_holds(struct tx *tx, struct snapshot *s)
{
	struct snapshot_holds_list rows;

	TRY(snapshot_holds(tx, s->id, &rows));
	s->holds.len = rows.len;
	s->holds.at = NEW_ARRAY(tx_arena(tx), struct license_hold, rows.len + 1);
	for (size_t i = 0; i < rows.len; i++)
		s->holds.at[i] = (struct license_hold){
			.user = rows.at[i].person,
			.user_name = rows.at[i].person_name,
			.sku = rows.at[i].sku,
			.disabled = rows.at[i].disabled,
			.unlocated = !rows.at[i].located,
			.group = str_is_empty(rows.at[i].through) ? STR_NONE : rows.at[i].through,
		};
	holds_sort(&s->holds); /* a database may sort text by its locale */
	return NULL;
}

fault *snapshot_load(struct tx *tx, id conversion, enum snapshot_moment moment,
		     struct snapshot *loaded, bool *found)
{
	struct snapshot_by_moment row;
	struct snapshot s = { .id = ID_NONE };

	TRY(snapshot_by_moment(tx, conversion, snapshot_moment_word(moment), &row, found));
	if (!*found)
		return NULL;
	s.id = row.id;
	s.taken_at = row.taken_at;
	TRY(load_skus(tx, &s));
	TRY(load_subscriptions(tx, &s));
	TRY(load_holds(tx, &s));
	*loaded = s;
	return NULL;
}

fault *snapshot_agree(struct tx *tx, id conversion, struct snapshot *now)
{
	struct snapshot_owners_list rows;

	TRY(snapshot_owners(tx, conversion, snapshot_moment_word(SNAPSHOT_BEFORE), &rows));
	for (size_t i = 0; i < now->subscriptions.len; i++) {
		struct snapshot_subscription *s = &now->subscriptions.at[i];

		for (size_t r = 0; r < rows.len; r++) {
			if (!str_eq(rows.at[r].subscription, s->id))
				continue;
			s->owner = owner_from(rows.at[r].owner);
			s->reason = rows.at[r].reason;
		}
	}
	return NULL;
}

fault *snapshot_say_owner(struct tx *tx, const struct snapshot *of,
			  struct snapshot_subscription *subscription, enum snapshot_owner owner,
			  str reason)
{
	subscription->owner = owner;
	subscription->reason = reason;
	return snapshot_set_owner(tx, of->id, subscription->id, str_of(owner_words[owner]), reason);
}

fault *snapshot_load_skus(struct tx *tx, id conversion, enum snapshot_moment moment,
			  struct license_skus *skus)
{
	struct snapshot_by_moment row;
	struct snapshot s = { .id = ID_NONE };
	bool found;

	TRY(snapshot_by_moment(tx, conversion, snapshot_moment_word(moment), &row, &found));
	s.id = row.id;
	if (found)
		TRY(load_skus(tx, &s));
	*skus = s.skus;
	return NULL;
}

fault *snapshot_load_subscriptions(struct tx *tx, id conversion, enum snapshot_moment moment,
				   struct snapshot *loaded)
{
	struct snapshot_by_moment row;
	bool found;

	*loaded = (struct snapshot){ .id = ID_NONE };
	TRY(snapshot_by_moment(tx, conversion, snapshot_moment_word(moment), &row, &found));
	if (!found)
		return NULL;
	loaded->id = row.id;
	loaded->taken_at = row.taken_at;
	return load_subscriptions(tx, loaded);
}

struct license_sku snapshot_sku(const struct snapshot *in, str sku)
{
	for (size_t i = 0; i < in->skus.len; i++)
		if (str_eq(in->skus.at[i].sku, sku))
			return in->skus.at[i];
	return (struct license_sku){ .sku = sku };
}

const struct snapshot_subscription *snapshot_find(const struct snapshot *in, str subscription)
{
	for (size_t i = 0; i < in->subscriptions.len; i++)
		if (str_eq(in->subscriptions.at[i].id, subscription))
			return &in->subscriptions.at[i];
	return NULL;
}

/* Order by user and SKU only: how a license reaches its user may change, that it does may not. */
static int held_order(const struct license_hold *a, const struct license_hold *b)
{
	int order = str_compare(a->user, b->user);

	return order ? order : str_compare(a->sku, b->sku);
}

struct license_holds snapshot_missing(struct arena *keep, const struct snapshot *before,
				      const struct snapshot *now)
{
	struct license_holds missing = { .at = NEW_ARRAY(keep, struct license_hold,
							 before->holds.len + 1) };
	size_t n = 0;

	for (size_t i = 0; i < before->holds.len; i++) {
		const struct license_hold *hold = &before->holds.at[i];

		while (n < now->holds.len && held_order(&now->holds.at[n], hold) < 0)
			n++;
		if (n < now->holds.len && held_order(&now->holds.at[n], hold) == 0)
			continue;
		if (missing.len && held_order(&missing.at[missing.len - 1], hold) == 0)
			continue; /* held twice, directly and through a group: one loss */
		missing.at[missing.len++] = *hold;
	}
	return missing;
}
