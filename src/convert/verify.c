#include "convert/verify.h"

/* Users named in one sentence; more are counted. */
#define NAMED_USERS 5

static void differ(struct arena *keep, struct verify_differences *d, str said)
{
	str *grown = NEW_ARRAY(keep, str, d->len + 1);

	for (size_t i = 0; i < d->len; i++)
		grown[i] = d->at[i];
	grown[d->len] = said;
	d->at = grown;
	d->len++;
}

static bool is_usable(str status)
{
	return str_eq(status, S("Enabled")) || str_eq(status, S("Warning"));
}

/* A direct subscription that a line of the plan replaces. */
static bool is_old(const struct snapshot_subscription *s, str sku)
{
	return str_eq(s->sku, sku) && s->owner == OWNER_DIRECT && !s->trial &&
	       str_eq(s->status, S("Enabled"));
}

static int64_t usable(const struct snapshot *in, str sku)
{
	struct license_sku counters = snapshot_sku(in, sku);

	return license_valid(&counters);
}

static int64_t our_units(const struct snapshot *in, str sku)
{
	int64_t units = 0;

	for (size_t i = 0; i < in->subscriptions.len; i++) {
		const struct snapshot_subscription *s = &in->subscriptions.at[i];

		if (str_eq(s->sku, sku) && s->owner == OWNER_OURS &&
		    str_eq(s->status, S("Enabled")))
			units += s->units;
	}
	return units;
}

/* Units of the line's direct subscriptions that are usable now. */
static int64_t old_units(str sku, const struct snapshot *before, const struct snapshot *now)
{
	int64_t units = 0;

	for (size_t i = 0; i < before->subscriptions.len; i++) {
		const struct snapshot_subscription *s = &before->subscriptions.at[i];
		const struct snapshot_subscription *today = snapshot_find(now, s->id);

		if (is_old(s, sku) && today && is_usable(today->status))
			units += today->units;
	}
	return units;
}

/* Units that the plan buys of this SKU, for all the lines that end on it. */
static int64_t ordered_units(const struct plan *plan, str sku)
{
	int64_t units = 0;

	for (size_t i = 0; i < plan->len; i++)
		if (plan->at[i].buys && str_eq(plan->at[i].target, sku))
			units += plan->at[i].quantity;
	return units;
}

/* Several lines may end on one SKU: it is counted, and spoken of, at the first of them. */
static bool is_first_of_target(const struct plan *plan, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (plan->at[i].buys && str_eq(plan->at[i].target, plan->at[at].target))
			return false;
	return true;
}

static bool is_bought(const struct plan *plan, str sku)
{
	for (size_t i = 0; i < plan->len; i++)
		if (plan->at[i].buys && str_eq(plan->at[i].sku, sku))
			return true;
	return false;
}

/* A target that no line of its own speaks of. */
static bool is_new_target(const struct plan *plan, size_t at)
{
	return plan_moves(&plan->at[at]) && !is_bought(plan, plan->at[at].target) &&
	       is_first_of_target(plan, at);
}

static str named(struct arena *keep, const struct snapshot *in, const struct license_holds *holds)
{
	struct text names = text_open(keep);

	for (size_t i = 0; i < holds->len && i < NAMED_USERS; i++) {
		struct license_sku sku = snapshot_sku(in, holds->at[i].sku);

		text_format(&names, "%s%.*s (%.*s)", i ? ", " : "", STR(holds->at[i].user_name),
			    STR(sku.part_number));
	}
	if (holds->len > NAMED_USERS)
		text_format(&names, " and %zu more", holds->len - NAMED_USERS);
	return text_str(&names);
}

static void check_users(struct arena *keep, struct verify_differences *d,
			const struct license_holds *missing, const struct snapshot *before)
{
	if (missing->len == 0)
		return;
	differ(keep, d,
	       str_format(keep, "%zu license%s that users held at the start %s gone: %.*s.",
			  missing->len, missing->len == 1 ? "" : "s",
			  missing->len == 1 ? "is" : "are", STR(named(keep, before, missing))));
}

static void check_units(struct arena *keep, struct verify_differences *d, str sku, str title,
			int64_t expected, const struct snapshot *now)
{
	int64_t seen = usable(now, sku);

	if (seen != expected)
		differ(keep, d,
		       str_format(keep, "%.*s has %lld valid licenses, %lld are expected.",
				  STR(title), (long long)seen, (long long)expected));
}

static void check_ours(struct arena *keep, struct verify_differences *d, const struct plan *plan,
		       const struct plan_line *line, const struct snapshot *before,
		       const struct snapshot *now)
{
	int64_t seen = our_units(now, line->target) - our_units(before, line->target);
	int64_t ordered = ordered_units(plan, line->target);

	if (seen != ordered)
		differ(keep, d,
		       str_format(keep,
				  "Our subscription of %.*s shows %lld seats, %lld were ordered.",
				  STR(line->target_title), (long long)seen, (long long)ordered));
}

static void check_old(struct arena *keep, struct verify_differences *d,
		      const struct plan_line *line, int64_t expected, const struct snapshot *before,
		      const struct snapshot *now)
{
	int64_t seen = old_units(line->sku, before, now);

	if (seen != expected)
		differ(keep, d,
		       str_format(keep,
				  "The direct subscription of %.*s has %lld usable seats, %lld are "
				  "expected.",
				  STR(line->title), (long long)seen, (long long)expected));
}

static void check_unchanged(struct arena *keep, struct verify_differences *d,
			    const struct plan_line *line, const struct snapshot *before,
			    const struct snapshot *now)
{
	int64_t assigned = snapshot_sku(now, line->sku).consumed;

	check_units(keep, d, line->sku, line->title, usable(before, line->sku), now);
	check_old(keep, d, line, line->direct, before, now);
	if (assigned != line->assigned)
		differ(keep, d,
		       str_format(keep, "%.*s is assigned %lld times, the plan says %lld.",
				  STR(line->title), (long long)assigned,
				  (long long)line->assigned));
}

struct verify_differences verify_unchanged(struct arena *keep, const struct plan *plan,
					   const struct snapshot *before,
					   const struct snapshot *now)
{
	struct license_holds missing = snapshot_missing(keep, before, now);
	struct verify_differences d = { 0 };

	for (size_t i = 0; i < plan->len; i++) {
		const struct plan_line *line = &plan->at[i];

		if (!line->buys)
			continue;
		check_unchanged(keep, &d, line, before, now);
		if (is_new_target(plan, i))
			check_units(keep, &d, line->target, line->target_title,
				    usable(before, line->target), now);
	}
	check_users(keep, &d, &missing, before);
	return d;
}

/* How much of the direct subscriptions must still be usable. */
enum old_left { OLD_WHOLE, OLD_ANY, OLD_GONE };

static int64_t old_expected(enum old_left left, const struct plan_line *line,
			    const struct snapshot *before, const struct snapshot *now)
{
	switch (left) {
	case OLD_WHOLE: return line->direct;
	case OLD_ANY: return old_units(line->sku, before, now);
	case OLD_GONE: return 0;
	}
	return 0;
}

/* Ours stand in for the direct ones: usable units are what they were without those, plus what is
 * left of them, plus what was ordered. */
static struct verify_differences with_ours(struct arena *keep, const struct plan *plan,
					   const struct snapshot *before,
					   const struct snapshot *now, enum old_left left)
{
	struct license_holds missing = verify_missing(keep, plan, before, now);
	struct verify_differences d = { 0 };

	for (size_t i = 0; i < plan->len; i++) {
		const struct plan_line *line = &plan->at[i];
		int64_t old = old_expected(left, line, before, now);

		if (!line->buys)
			continue;
		check_units(keep, &d, line->sku, line->title,
			    verify_stays(plan, before, line) + old, now);
		check_old(keep, &d, line, old, before, now);
		if (is_new_target(plan, i))
			check_units(keep, &d, line->target, line->target_title,
				    usable(before, line->target) +
					    ordered_units(plan, line->target),
				    now);
		if (is_first_of_target(plan, i))
			check_ours(keep, &d, plan, line, before, now);
	}
	check_users(keep, &d, &missing, before);
	return d;
}

struct verify_differences verify_both(struct arena *keep, const struct plan *plan,
				      const struct snapshot *before, const struct snapshot *now)
{
	return with_ours(keep, plan, before, now, OLD_WHOLE);
}

struct verify_differences verify_ready(struct arena *keep, const struct plan *plan,
				       const struct snapshot *before, const struct snapshot *now)
{
	return with_ours(keep, plan, before, now, OLD_ANY);
}

static void check_moved(struct arena *keep, struct verify_differences *d, const struct plan *plan,
			const struct snapshot *before, const struct snapshot *now)
{
	for (size_t i = 0; i < plan->len; i++) {
		const struct plan_line *line = &plan->at[i];
		struct license_holds left;

		if (!plan_moves(line))
			continue;
		left = verify_holders(keep, now, line->sku);
		if ((int64_t)left.len > verify_stays(plan, before, line))
			differ(keep, d,
			       str_format(keep,
					  "%zu user%s still hold%s %.*s, which is to be replaced "
					  "by %.*s: %.*s.",
					  left.len, left.len == 1 ? "" : "s",
					  left.len == 1 ? "s" : "", STR(line->title),
					  STR(line->target_title), STR(named(keep, now, &left))));
	}
}

struct verify_differences verify_moved(struct arena *keep, const struct plan *plan,
				       const struct snapshot *before, const struct snapshot *now)
{
	struct verify_differences d = { 0 };

	check_moved(keep, &d, plan, before, now);
	return d;
}

struct verify_differences verify_moving(struct arena *keep, const struct plan *plan,
					const struct snapshot *before, const struct snapshot *now)
{
	struct verify_differences d = with_ours(keep, plan, before, now, OLD_ANY);

	check_moved(keep, &d, plan, before, now);
	return d;
}

struct verify_differences verify_only_new(struct arena *keep, const struct plan *plan,
					  const struct snapshot *before, const struct snapshot *now)
{
	struct verify_differences d = with_ours(keep, plan, before, now, OLD_GONE);

	check_moved(keep, &d, plan, before, now);
	return d;
}

int64_t verify_stays(const struct plan *plan, const struct snapshot *before,
		     const struct plan_line *line)
{
	return usable(before, line->sku) - line->direct + ordered_units(plan, line->sku);
}

struct license_holds verify_holders(struct arena *keep, const struct snapshot *in, str sku)
{
	struct license_holds holders = { .at = NEW_ARRAY(keep, struct license_hold,
							 in->holds.len + 1) };

	for (size_t i = 0; i < in->holds.len; i++) {
		const struct license_hold *hold = &in->holds.at[i];
		bool again = holders.len && str_eq(holders.at[holders.len - 1].user, hold->user);

		if (str_eq(hold->sku, sku) && !again)
			holders.at[holders.len++] = *hold;
	}
	return holders;
}

/* Whether one of the user's holds from `at` on is of this SKU. */
static bool holds_one(const struct license_holds *holds, size_t at, str user, str sku)
{
	for (; at < holds->len && str_eq(holds->at[at].user, user); at++)
		if (str_eq(holds->at[at].sku, sku))
			return true;
	return false;
}

struct license_holds verify_missing(struct arena *keep, const struct plan *plan,
				    const struct snapshot *before, const struct snapshot *now)
{
	struct license_holds missing = snapshot_missing(keep, before, now);
	size_t kept = 0, n = 0;

	for (size_t i = 0; i < missing.len; i++) {
		struct license_hold hold = missing.at[i];

		while (n < now->holds.len && str_compare(now->holds.at[n].user, hold.user) < 0)
			n++;
		if (!holds_one(&now->holds, n, hold.user, plan_target(plan, hold.sku)))
			missing.at[kept++] = hold;
	}
	missing.len = kept;
	return missing;
}

int64_t verify_old_units(const struct plan *plan, const struct snapshot *before,
			 const struct snapshot *now)
{
	int64_t units = 0;

	for (size_t i = 0; i < plan->len; i++)
		if (plan->at[i].buys)
			units += old_units(plan->at[i].sku, before, now);
	return units;
}

int64_t verify_new_units(const struct plan *plan, const struct snapshot *before,
			 const struct snapshot *now)
{
	int64_t units = 0;

	for (size_t i = 0; i < plan->len; i++)
		if (plan->at[i].buys && is_first_of_target(plan, i))
			units += our_units(now, plan->at[i].target) -
				 our_units(before, plan->at[i].target);
	return units;
}

bool verify_old_touched(const struct plan *plan, const struct snapshot *before,
			const struct snapshot *now)
{
	for (size_t i = 0; i < plan->len; i++)
		if (plan->at[i].buys &&
		    old_units(plan->at[i].sku, before, now) < plan->at[i].direct)
			return true;
	return false;
}

str verify_text(struct arena *keep, const struct verify_differences *differences)
{
	struct text text = text_open(keep);

	for (size_t i = 0; i < differences->len; i++)
		text_format(&text, "%s%.*s", i ? " " : "", STR(differences->at[i]));
	return text_str(&text);
}
