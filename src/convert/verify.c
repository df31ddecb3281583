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

static void check_users(struct arena *keep, struct verify_differences *d,
			const struct snapshot *before, const struct snapshot *now)
{
	struct license_holds missing = snapshot_missing(keep, before, now);
	struct text names = text_open(keep);

	if (missing.len == 0)
		return;
	for (size_t i = 0; i < missing.len && i < NAMED_USERS; i++) {
		struct license_sku sku = snapshot_sku(before, missing.at[i].sku);

		text_format(&names, "%s%.*s (%.*s)", i ? ", " : "", STR(missing.at[i].user_name),
			    STR(sku.part_number));
	}
	if (missing.len > NAMED_USERS)
		text_format(&names, " and %zu more", missing.len - NAMED_USERS);
	differ(keep, d,
	       str_format(keep, "%zu license%s that users held at the start %s gone: %.*s.",
			  missing.len, missing.len == 1 ? "" : "s", missing.len == 1 ? "is" : "are",
			  STR(text_str(&names))));
}

static void check_units(struct arena *keep, struct verify_differences *d,
			const struct plan_line *line, int64_t expected, const struct snapshot *now)
{
	int64_t seen = usable(now, line->sku);

	if (seen != expected)
		differ(keep, d,
		       str_format(keep, "%.*s has %lld valid licenses, %lld are expected.",
				  STR(line->title), (long long)seen, (long long)expected));
}

static void check_ours(struct arena *keep, struct verify_differences *d,
		       const struct plan_line *line, const struct snapshot *before,
		       const struct snapshot *now)
{
	int64_t seen = our_units(now, line->sku) - our_units(before, line->sku);

	if (seen != line->quantity)
		differ(keep, d,
		       str_format(keep,
				  "Our subscription of %.*s shows %lld seats, %lld were ordered.",
				  STR(line->title), (long long)seen, (long long)line->quantity));
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

struct verify_differences verify_unchanged(struct arena *keep, const struct plan *plan,
					   const struct snapshot *before,
					   const struct snapshot *now)
{
	struct verify_differences d = { 0 };

	for (size_t i = 0; i < plan->len; i++) {
		const struct plan_line *line = &plan->at[i];
		int64_t assigned = snapshot_sku(now, line->sku).consumed;

		if (!line->buys)
			continue;
		check_units(keep, &d, line, usable(before, line->sku), now);
		check_old(keep, &d, line, line->direct, before, now);
		if (assigned != line->assigned)
			differ(keep, &d,
			       str_format(keep, "%.*s is assigned %lld times, the plan says %lld.",
					  STR(line->title), (long long)assigned,
					  (long long)line->assigned));
	}
	check_users(keep, &d, before, now);
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

/* Ours stand in for the direct ones, so usable units are what they were plus what is left of those.
 */
static struct verify_differences with_ours(struct arena *keep, const struct plan *plan,
					   const struct snapshot *before,
					   const struct snapshot *now, enum old_left left)
{
	struct verify_differences d = { 0 };

	for (size_t i = 0; i < plan->len; i++) {
		const struct plan_line *line = &plan->at[i];
		int64_t old = old_expected(left, line, before, now);

		if (!line->buys)
			continue;
		check_units(keep, &d, line,
			    usable(before, line->sku) - line->direct + old + line->quantity, now);
		check_old(keep, &d, line, old, before, now);
		check_ours(keep, &d, line, before, now);
	}
	check_users(keep, &d, before, now);
	return d;
}

struct verify_differences verify_both(struct arena *keep, const struct plan *plan,
				      const struct snapshot *before, const struct snapshot *now)
{
	return with_ours(keep, plan, before, now, OLD_WHOLE);
}

struct verify_differences verify_moving(struct arena *keep, const struct plan *plan,
					const struct snapshot *before, const struct snapshot *now)
{
	return with_ours(keep, plan, before, now, OLD_ANY);
}

struct verify_differences verify_only_new(struct arena *keep, const struct plan *plan,
					  const struct snapshot *before, const struct snapshot *now)
{
	return with_ours(keep, plan, before, now, OLD_GONE);
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
		if (plan->at[i].buys)
			units += our_units(now, plan->at[i].sku) -
				 our_units(before, plan->at[i].sku);
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
