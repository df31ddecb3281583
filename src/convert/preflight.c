#include "convert/preflight.h"

#include "convert/overlap.h"
#include "convert/turn.h"

/* One look: the facts, and where its findings go. */
struct look {
	struct arena *keep;
	const struct preflight_facts *f;
	struct findings found;
};

static void add(struct look *l, const char *kind, enum finding_weight weight,
		enum conversion_waits whose, str said, str mend)
{
	finding_add(l->keep, &l->found,
		    (struct finding){ .kind = str_of(kind),
				      .weight = weight,
				      .whose = whose,
				      .said = said,
				      .mend = mend });
}

/* A plan has a line for each SKU, in their order. */
static const struct plan_line *line_of(const struct look *l, size_t sku)
{
	return &l->f->plan->at[sku];
}

static str name_of(const struct look *l, str sku)
{
	for (size_t i = 0; i < l->f->plan->len; i++)
		if (str_eq(l->f->plan->at[i].sku, sku))
			return l->f->plan->at[i].title;
	return sku;
}

static bool is_free(const struct look *l, size_t sku)
{
	return l->f->skus[sku].free;
}

static str counted(struct arena *keep, int64_t count, const char *what)
{
	return str_format(keep, "%lld %s%s", (long long)count, what, count == 1 ? "" : "s");
}

static str users(const struct look *l, int64_t count)
{
	return counted(l->keep, count, "user");
}

static str seats(const struct look *l, int64_t count)
{
	return counted(l->keep, count, "seat");
}

/* Units that lapsed.  Where nothing else carries their users, these lose the service when Microsoft
 * deletes it. */
static void lapsed(struct look *l)
{
	for (size_t i = 0; i < l->f->before->skus.len; i++) {
		const struct license_sku *sku = &l->f->before->skus.at[i];
		const struct plan_line *line = line_of(l, i);
		bool carried = sku->consumed <= sku->enabled || (line->buys && line->direct == 0);

		if (license_expired(sku) == 0 || is_free(l, i))
			continue;
		if (carried)
			add(l, "lapsed", FINDING_NOTE, WAITS_PARTNER,
			    str_format(l->keep, "%.*s has %.*s that expired or were cancelled.",
				       STR(line->title), STR(seats(l, license_expired(sku)))),
			    S("Nothing to do: they end by themselves."));
		else
			add(l, "lapsed-in-use", FINDING_WARNING, WAITS_PARTNER,
			    str_format(l->keep,
				       "%.*s: %.*s lapsed, and it is still held by %.*s. "
				       "They lose it when Microsoft ends the grace period.",
				       STR(line->title), STR(seats(l, license_expired(sku))),
				       STR(users(l, sku->consumed))),
			    S("The partner can choose what these users get instead, or the "
			      "administrator renews it and the partner presses Resume."));
	}
}

/* An assignment beyond the seats stays as long as nobody touches it; none is made anew. */
static str what_stays(const struct look *l, const struct plan_line *line)
{
	if (!plan_moves(line))
		return S("It stays that way: as many seats are bought as there are today.");
	return str_format(l->keep,
			  "As many seats of %.*s are bought: no more users than that can change to "
			  "it, or change back if the conversion is stopped.",
			  STR(line->target_title));
}

static void over_assigned(struct look *l)
{
	for (size_t i = 0; i < l->f->before->skus.len; i++) {
		const struct license_sku *sku = &l->f->before->skus.at[i];
		int64_t valid = license_valid(sku);

		if (sku->consumed <= valid || is_free(l, i))
			continue;
		add(l, "over-assigned", FINDING_WARNING, WAITS_ADMINISTRATOR,
		    str_format(l->keep, "%.*s is assigned to %.*s, with %.*s valid. %.*s",
			       STR(line_of(l, i)->title), STR(users(l, sku->consumed)),
			       STR(seats(l, valid)), STR(what_stays(l, line_of(l, i)))),
		    S("The administrator can take it from users who do not need it, or buy the "
		      "missing seats first; then the partner presses Resume."));
	}
}

/* Holds of a SKU's users that answer to `is`. */
static int64_t count_holds(const struct look *l, str sku, bool (*is)(const struct license_hold *))
{
	int64_t count = 0;

	for (size_t i = 0; i < l->f->before->holds.len; i++)
		count += str_eq(l->f->before->holds.at[i].sku, sku) &&
			 is(&l->f->before->holds.at[i]);
	return count;
}

static bool is_through_group(const struct license_hold *hold)
{
	return !str_is_empty(hold->group);
}

static bool has_disabled(const struct license_hold *hold)
{
	return !str_is_empty(hold->disabled);
}

static bool is_unlocated(const struct license_hold *hold)
{
	return hold->unlocated && str_is_empty(hold->group);
}

static void through_groups(struct look *l)
{
	for (size_t i = 0; i < l->f->plan->len; i++) {
		const struct plan_line *line = &l->f->plan->at[i];
		int64_t count = line->buys ? count_holds(l, line->sku, is_through_group) : 0;

		if (count == 0)
			continue;
		if (plan_moves(line))
			add(l, "group-inherited", FINDING_WARNING, WAITS_ADMINISTRATOR,
			    str_format(l->keep,
				       "%.*s: %.*s through a group. Only whoever owns the "
				       "group can give it %.*s instead.",
				       STR(line->title), STR(users(l, count)),
				       STR(line->target_title)),
			    S("Nothing now: the administrator is told which group when it is "
			      "time."));
		else
			add(l, "group-inherited", FINDING_NOTE, WAITS_ADMINISTRATOR,
			    str_format(l->keep,
				       "%.*s: %.*s through a group. The match is exact, so "
				       "the group stays as it is.",
				       STR(line->title), STR(users(l, count))),
			    S("Nothing to do."));
	}
}

static void switched_off(struct look *l)
{
	for (size_t i = 0; i < l->f->plan->len; i++) {
		const struct plan_line *line = &l->f->plan->at[i];
		int64_t count = line->buys ? count_holds(l, line->sku, has_disabled) : 0;

		if (count)
			add(l, "disabled-plans", FINDING_NOTE, WAITS_PARTNER,
			    str_format(l->keep,
				       "%.*s: %.*s with single services switched off. What is "
				       "off stays off.",
				       STR(line->title), STR(users(l, count))),
			    S("Nothing to do."));
	}
}

static void unlocated(struct look *l)
{
	for (size_t i = 0; i < l->f->plan->len; i++) {
		const struct plan_line *line = &l->f->plan->at[i];
		int64_t count = count_holds(l, line->sku, is_unlocated);

		if (count == 0 || !line->buys)
			continue;
		add(l, "usage-location", plan_moves(line) ? FINDING_WARNING : FINDING_NOTE,
		    WAITS_ADMINISTRATOR,
		    str_format(l->keep,
			       "%.*s: %.*s without a usage location, so Microsoft gives them no "
			       "other license%s.",
			       STR(line->title), STR(users(l, count)),
			       plan_moves(line) ? " and they cannot be moved"
						: "; this conversion gives them none"),
		    S("In the admin center open each user, choose Licenses and apps and set the "
		      "location."));
	}
}

/* Members of the European Union and of EFTA are one region to a partner there (vendor facts §3.4,
 * §5.6: same region or market). */
static bool is_one_region(str a, str b)
{
	static const char region[] =
		" AT BE BG CH CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU "
		"LV MT NL NO PL PT RO SE SI SK ";

	return str_eq_nocase(a, b) ||
	       (a.len == 2 && b.len == 2 && str_find(str_of(region), a) >= 0 &&
		str_find(str_of(region), b) >= 0);
}

static void market(struct look *l)
{
	if (str_is_empty(l->f->tenant_country) ||
	    is_one_region(l->f->tenant_country, l->f->our_country))
		return;
	add(l, "market", FINDING_WARNING, WAITS_OPERATOR,
	    str_format(
		    l->keep,
		    "The tenant is in %.*s and we sell in %.*s. Microsoft lets a partner sell only "
		    "in its own region, and may refuse the order.",
		    STR(l->f->tenant_country), STR(l->f->our_country)),
	    S("Ask the distributor whether it may sell there. If Microsoft refuses, nothing is "
	      "bought and nothing changes."));
}

static void seat_cap(struct look *l)
{
	for (size_t i = 0; i < l->f->plan->len; i++) {
		const struct plan_line *line = &l->f->plan->at[i];

		if (!line->buys && line->direct > 300 && str_find(line->reason, S("300")) >= 0)
			add(l, "seat-cap", FINDING_WARNING, WAITS_PARTNER,
			    str_format(l->keep,
				       "%.*s is sold for 300 users at most, and the tenant has "
				       "%.*s.",
				       STR(line->title), STR(seats(l, line->direct))),
			    S("The partner can choose an enterprise product for these users, or "
			      "leave it as it is."));
	}
}

static void agreement(struct look *l)
{
	if (l->f->agreement == AGREEMENT_MISSING)
		add(l, "agreement", FINDING_WARNING, WAITS_ADMINISTRATOR,
		    S("Nobody has accepted the Microsoft Customer Agreement for this tenant, and "
		      "without it Microsoft sells nothing."),
		    turn_words(TURN_SIGN_AGREEMENT));
	else if (l->f->agreement == AGREEMENT_UNKNOWN)
		add(l, "agreement", FINDING_NOTE, WAITS_ADMINISTRATOR,
		    S("Whether the Microsoft Customer Agreement is accepted is seen only once the "
		      "tenant has us as its reseller."),
		    S("Nothing now: the administrator is asked when it is missing."));
}

/* Sign-in, second factor or role: the order would be refused, and it is nobody's but ours. */
static void access(struct look *l)
{
	if (l->f->partner_access)
		add(l, "partner-access", FINDING_STOP, WAITS_OPERATOR,
		    str_format(l->keep, "We cannot act at Partner Center: %s",
			       l->f->partner_access->said),
		    S("The distributor signs in again with \"novate connect\", or gives the "
		      "account its role; then it goes on by itself."));
}

static void names(struct look *l)
{
	for (size_t i = 0; i < l->f->plan->len; i++) {
		const struct plan_line *line = &l->f->plan->at[i];
		const struct preflight_sku *sku = &l->f->skus[i];

		if (line->buys && !str_is_empty(sku->note))
			add(l, "name-trap", FINDING_NOTE, WAITS_PARTNER,
			    str_format(l->keep, "%.*s (%.*s): %.*s", STR(line->title),
				       STR(line->part_number), STR(sku->note)),
			    S("Nothing to do: the plan goes by Microsoft's id, not by the name."));
		if (line->direct > 0 && sku->retired)
			add(l, "retired", FINDING_WARNING, WAITS_PARTNER,
			    str_format(l->keep, "%.*s is no longer sold on its own.",
				       STR(line->title)),
			    plan_moves(line)
				    ? S("The plan says what its users gain and lose with what "
					"takes its place; the partner can choose another.")
				    : S("The partner can choose what takes its place, or leave it "
					"until it ends."));
	}
}

static void left_alone(struct look *l)
{
	for (size_t i = 0; i < l->f->before->subscriptions.len; i++) {
		const struct snapshot_subscription *s = &l->f->before->subscriptions.at[i];

		if (s->trial)
			add(l, "trial", FINDING_NOTE, WAITS_PARTNER,
			    str_format(l->keep, "%.*s: a trial with %.*s. It is left out.",
				       STR(name_of(l, s->sku)), STR(seats(l, s->units))),
			    S("Nothing to do: it ends by itself."));
		else if (s->owner == OWNER_OTHER_PARTNER)
			add(l, "other-partner", FINDING_NOTE, WAITS_PARTNER,
			    str_format(l->keep,
				       "%.*s: %.*s through another partner. %.*s They are left "
				       "out.",
				       STR(name_of(l, s->sku)), STR(seats(l, s->units)),
				       STR(s->reason)),
			    S("That partner can transfer them in Partner Center, if the customer "
			      "wants it."));
	}
}

static void account_kind(struct look *l)
{
	if (l->f->account == ACCOUNT_UNKNOWN)
		add(l, "account-kind", FINDING_WARNING, WAITS_PARTNER,
		    S("How the tenant pays Microsoft is not known. It decides whether the direct "
		      "subscription can be cancelled at once or is paid to the end of its term."),
		    S("The administrator sees it under Billing, then Billing accounts; the "
		      "partner then says which it is."));
	if (l->f->billing->read == BILLING_FAILED)
		add(l, "billing", FINDING_NOTE, WAITS_ADMINISTRATOR, l->f->billing->said,
		    S("The conversion does not need it: everything can be done by hand."));
}

static void paid_twice(struct look *l)
{
	int64_t count = 0, units = 0;

	for (size_t i = 0; i < l->f->overlap->len; i++) {
		count += l->f->overlap->at[i].end == ENDS_AT_TERM;
		units += l->f->overlap->at[i].end == ENDS_AT_TERM ? l->f->overlap->at[i].units : 0;
	}
	if (count)
		add(l, "no-refund", FINDING_WARNING, WAITS_PARTNER,
		    str_format(l->keep,
			       "%.*s with %.*s cannot be cancelled for a refund any more: what is "
			       "left of "
			       "the term is paid.",
			       STR(counted(l->keep, count, "direct subscription")),
			       STR(seats(l, units))),
		    S("Least is paid twice when the new one is bought shortly before the term "
		      "ends."));
}

static void (*const looks[])(struct look *) = {
	access,	       market, agreement,      account_kind, paid_twice,   names,      seat_cap,
	over_assigned, lapsed, through_groups, unlocated,    switched_off, left_alone,
};

struct findings preflight(struct arena *keep, const struct preflight_facts *facts)
{
	struct look look = { .keep = keep, .f = facts };

	for (size_t i = 0; i < COUNT(looks); i++)
		looks[i](&look);
	return look.found;
}
