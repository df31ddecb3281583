#include "convert/cancel_guide.h"

#include "convert/billing_grant.h"

/* Old accounts refuse to end a subscription while more licenses than this are assigned
 * (vendor facts §5.3). */
#define MOST_ASSIGNED 25
/* Cancelled, a subscription is kept this long before its data is deleted (vendor facts §5.3). */
#define DATA_KEPT DAYS(90)
/* At most this many of each are made; an administrator reads a handful. */
enum { MOST_PARTS = 4, MOST_TOLD = 8, MOST_CLICKS = 8 };

static str date_of(struct arena *keep, instant at)
{
	return day_for_people(keep, instant_day(at));
}

static const char *plural(int64_t count)
{
	return count == 1 ? "" : "s";
}

static enum cancel_way way_of(const struct cancel_facts *f, size_t line)
{
	return cancel_line_way(&f->lines->at[line], f->account, f->now);
}

static size_t count_of(const struct cancel_facts *f, enum cancel_way way)
{
	size_t count = 0;

	for (size_t i = 0; i < f->lines->len; i++)
		count += way_of(f, i) == way;
	return count;
}

static str known_by(struct arena *keep, const struct cancel_line *l)
{
	if (instant_is_none(l->renews_at))
		return str_format(keep, "%lld license%s", (long long)l->units, plural(l->units));
	return str_format(keep, "%lld license%s, %s %.*s", (long long)l->units, plural(l->units),
			  l->renews == BILLING_NO || !instant_is_none(l->ends_said_at)
				  ? "ends on"
				  : "renews on",
			  STR(date_of(keep, l->renews_at)));
}

static str ends_said(const struct cancel_line *l)
{
	if (str_eq(l->status, S("Warning")))
		return S("Its term is over; Microsoft keeps it usable for up to 30 days more.");
	return S("It ends by itself; there is nothing to do but to wait.");
}

/* Azure Billing was asked, and has not refused. */
static bool is_novates(const struct cancel_facts *f, const struct cancel_line *l)
{
	return f->by_novate && l->deed != CANCEL_NO_DEED && str_is_empty(l->refused);
}

static const char *state_of(const struct cancel_facts *f, const struct cancel_line *l,
			    enum cancel_way way)
{
	switch (way) {
	case CANCEL_DONE: return "Cancelled";
	case CANCEL_ENDS: return "Ends by itself";
	case CANCEL_NOW:
	case CANCEL_RENEWAL_OFF:
	case CANCEL_LOOK: break;
	}
	return is_novates(f, l) ? "Novate is on it" : "To be ended";
}

/* What is to be done about it, or was, in a sentence. */
static str about(struct arena *keep, const struct cancel_facts *f, const struct cancel_line *l,
		 enum cancel_way way)
{
	bool left = way != CANCEL_DONE && way != CANCEL_ENDS;

	if (left && is_novates(f, l))
		return S("It is being ended through Azure Billing. Please cancel nothing "
			 "meanwhile.");
	if (left && !str_is_empty(l->refused))
		return str_format(keep, "Through Azure Billing it could not be done: %.*s",
				  STR(l->refused));
	switch (way) {
	case CANCEL_DONE: return str_format(keep, "Seen on %.*s.", STR(date_of(keep, l->gone_at)));
	case CANCEL_ENDS: return ends_said(l);
	case CANCEL_NOW: return S("It can be cancelled now.");
	case CANCEL_RENEWAL_OFF:
		return S("It can't be cancelled any more: its recurring billing is to be turned "
			 "off.");
	case CANCEL_LOOK: return S("To be cancelled, or its recurring billing turned off.");
	}
	return S("");
}

static void fill_each(struct arena *keep, const struct cancel_facts *f, struct cancel_guide *guide)
{
	guide->each.at = NEW_ARRAY(keep, struct cancel_shown, f->lines->len + 1);
	guide->each.len = f->lines->len;
	guide->last_end = INSTANT_NONE;
	for (size_t i = 0; i < f->lines->len; i++) {
		const struct cancel_line *l = &f->lines->at[i];
		enum cancel_way way = way_of(f, i);
		bool later = !instant_is_none(l->renews_at) &&
			     (instant_is_none(guide->last_end) ||
			      instant_before(guide->last_end, l->renews_at));

		guide->each.at[i] = (struct cancel_shown){
			.title = l->title,
			.subscription = l->subscription,
			.known_by = known_by(keep, l),
			.state = state_of(f, l, way),
			.about = about(keep, f, l, way),
			.look = way == CANCEL_DONE   ? "done"
				: way == CANCEL_ENDS ? "now"
						     : "waits",
			.done = way == CANCEL_DONE,
			.may_say_ends = (way == CANCEL_RENEWAL_OFF || way == CANCEL_LOOK) &&
					!is_novates(f, l),
			.says_ends = way == CANCEL_ENDS && !instant_is_none(l->ends_said_at),
		};
		guide->left += way != CANCEL_DONE && way != CANCEL_ENDS;
		guide->ending += way == CANCEL_ENDS;
		if (way == CANCEL_ENDS && later)
			guide->last_end = l->renews_at;
	}
}

static struct cancel_clicks *part_add(struct arena *keep, struct cancel_guide *guide, str heading,
				      str about)
{
	struct cancel_clicks *part = &guide->parts.at[guide->parts.len++];

	assert(guide->parts.len <= MOST_PARTS);
	*part = (struct cancel_clicks){ .heading = heading, .about = about };
	part->clicks.at = NEW_ARRAY(keep, str, MOST_CLICKS);
	return part;
}

static void click(struct cancel_clicks *part, str said)
{
	assert(part->clicks.len < MOST_CLICKS);
	part->clicks.at[part->clicks.len++] = said;
}

/* Those of one way, named by what tells them apart: the whole id of one, else its beginning, as the
 * list has them whole. */
static str choose(struct arena *keep, const struct cancel_facts *f, enum cancel_way way)
{
	struct text said = text_open(keep);
	size_t count = count_of(f, way), n = 0;

	text_add(&said, count > 1 ? S("One after the other, choose ") : S("Choose "));
	for (size_t i = 0; i < f->lines->len; i++) {
		const struct cancel_line *l = &f->lines->at[i];

		if (way_of(f, i) != way)
			continue;
		text_format(&said, "%s%.*s with %lld license%s (its subscription id %s %.*s)",
			    n == 0	     ? ""
			    : n + 1 == count ? " and "
					     : ", ",
			    STR(l->title), (long long)l->units, plural(l->units),
			    count > 1 ? "begins with" : "is",
			    STR(count > 1 ? str_cut(l->subscription, 8) : l->subscription));
		n++;
	}
	text_add(&said, S(". Leave alone what was bought from a partner, also when it has the same "
			  "name: its details name the partner, and another id."));
	return text_str(&said);
}

static str open_products(struct arena *keep, const struct cancel_guide *guide)
{
	return str_format(
		keep,
		"Sign in to Microsoft's admin center as %.*s, and open Billing, then Your "
		"products (in the simplified view: Subscriptions).",
		STR(guide->role));
}

static void part_cancel(struct arena *keep, const struct cancel_facts *f,
			struct cancel_guide *guide)
{
	bool modern = f->account == ACCOUNT_MCA;
	struct cancel_clicks *part = part_add(
		keep, guide, S("Cancel the subscription"),
		modern ? S("Your account is under the Microsoft Customer Agreement, and the seven "
			   "days are not over: it can still be cancelled, and what was paid for "
			   "the rest of the term is given back.")
		: f->account == ACCOUNT_MOSA
			? S("Your account is under the older Microsoft Online Subscription "
			    "Agreement: it can be cancelled at any time, and what was paid for the "
			    "rest is credited to you.")
			: S("It was bought less than seven days ago: it can be cancelled whatever "
			    "kind of account you have."));

	click(part, open_products(keep, guide));
	click(part, choose(keep, f, CANCEL_NOW));
	click(part, modern ? S("Under Billing settings press Cancel subscription.")
			   : S("Under Subscription and payment settings press Cancel subscription "
			       "(on older pages: More actions, then Cancel subscription)."));
	if (!modern)
		click(part, S("If Microsoft asks when, choose now and not “before the next "
			      "renewal”: until then you would pay twice."));
	click(part, S("As reason choose “Moving to different Office 365 offering”, or whatever "
		      "comes closest, and confirm."));
}

static void part_renewal(struct arena *keep, const struct cancel_facts *f,
			 struct cancel_guide *guide)
{
	struct cancel_clicks *part = part_add(
		keep, guide, S("Turn recurring billing off"),
		S("Your account is under the Microsoft Customer Agreement, and its seven days are "
		  "over: it cannot be cancelled any more and nothing is given back. Without "
		  "recurring billing it ends by itself on the date named, and nothing is paid "
		  "twice after that."));

	click(part, open_products(keep, guide));
	click(part, choose(keep, f, CANCEL_RENEWAL_OFF));
	click(part, S("Under Billing settings press Edit recurring billing."));
	click(part, S("Choose Off and press Save."));
	click(part, S("Come back to this page and press “I turned recurring billing off”: "
		      "Microsoft shows "
		      "that to nobody but you."));
}

static void part_look(struct arena *keep, const struct cancel_facts *f, struct cancel_guide *guide)
{
	struct cancel_clicks *part;

	if (f->account == ACCOUNT_UNKNOWN) {
		part = part_add(keep, guide, S("See which kind of account you have"),
				S("What Microsoft lets you press depends on it."));
		click(part, S("In Microsoft's admin center open Billing, then Billing accounts, "
			      "and choose your account."));
		click(part, S("Read its type: “Microsoft Customer Agreement” lets you cancel for "
			      "seven days after the start or a renewal, and turn recurring billing "
			      "off at any time. “Microsoft Online Subscription Agreement” lets you "
			      "cancel at any time."));
	}
	part = part_add(keep, guide, S("Cancel it, or turn recurring billing off"),
			S("If the button to cancel is there, press it: that is the end of it. If "
			  "it is not, turning recurring billing off ends it on its date."));
	click(part, open_products(keep, guide));
	click(part, choose(keep, f, CANCEL_LOOK));
	click(part, S("If Cancel subscription is there, press it, choose now if Microsoft asks "
		      "when, give “Moving to different Office 365 offering” as reason, and "
		      "confirm. You are done with this one."));
	click(part,
	      S("If it is not there, press Edit recurring billing, choose Off and press "
		"Save. Then come back to this page and press “I turned recurring billing off”."));
}

static void tell(struct cancel_guide *guide, const char *says, str means)
{
	assert(guide->told.len < MOST_TOLD);
	guide->told.at[guide->told.len++] = (struct cancel_told){ says, means };
}

static bool may_be_too_many(const struct cancel_facts *f)
{
	for (size_t i = 0; i < f->lines->len; i++)
		if (way_of(f, i) != CANCEL_DONE && way_of(f, i) != CANCEL_ENDS &&
		    f->lines->at[i].assigned > MOST_ASSIGNED)
			return f->account != ACCOUNT_MCA;
	return false;
}

static void fill_told(struct arena *keep, const struct cancel_facts *f, struct cancel_guide *guide)
{
	bool cancels = count_of(f, CANCEL_NOW) + count_of(f, CANCEL_LOOK) > 0;

	guide->told.at = NEW_ARRAY(keep, struct cancel_told, MOST_TOLD);
	if (guide->left == 0)
		return;
	if (cancels)
		tell(guide, "A data deletion date",
		     str_format(keep,
				"About 90 days ahead: around %.*s if you cancel today. It is about "
				"the old subscription alone. Your users hold the same licenses "
				"from the new one, so their mail and files stay.",
				STR(date_of(keep, instant_after(f->now, DATA_KEPT)))));
	tell(guide, "Letters that access is about to end",
	     S("Microsoft may send them to all administrators. They speak of the old subscription; "
	       "nobody loses access."));
	tell(guide, "“Remove your own domain first”",
	     S("That is for organizations that leave Microsoft. Do not: your domain stays where it "
	       "is."));
	if (cancels && f->account != ACCOUNT_MCA)
		tell(guide, "An early termination fee",
		     S("It usually says No. If an amount stands there, do not confirm: send the "
		       "ticket below first. Support has often waived it for customers who move to "
		       "a partner."));
	if (may_be_too_many(f))
		tell(guide, "Too many licenses are assigned",
		     str_format(keep,
				"Older accounts may refuse with more than %d assigned licenses. "
				"Take no license away from anybody: send the ticket below instead.",
				MOST_ASSIGNED));
	tell(guide, "No such button",
	     S("Then you lack the role, or the account is looked after by Microsoft. Ask a Global "
	       "Administrator, or send the ticket below."));
}

static void fill_ticket(struct arena *keep, const struct cancel_facts *f,
			struct cancel_guide *guide)
{
	struct text t = text_open(keep);

	guide->ticket_subject = S("Please end subscriptions that we bought directly: we have moved "
				  "to a partner");
	text_format(
		&t,
		"Organization: %.*s\nTenant id: %.*s\nDomain: %.*s\n\nWe now buy these licenses "
		"from a Cloud Solution Provider partner, in the same tenant. Please end the "
		"subscriptions below, which we bought from Microsoft directly, or turn their "
		"renewal off where they cannot be ended. Please charge no early termination "
		"fee. Users, data and domains stay: do not delete anything else, and leave the "
		"partner's subscriptions as they are.\n",
		STR(f->tenant_name), STR(f->tenant), STR(f->domain));
	for (size_t i = 0; i < f->lines->len; i++) {
		const struct cancel_line *l = &f->lines->at[i];

		if (way_of(f, i) == CANCEL_DONE || way_of(f, i) == CANCEL_ENDS)
			continue;
		text_format(&t, "\n- %.*s, %.*s\n  subscription id %.*s\n", STR(l->title),
			    STR(known_by(keep, l)), STR(l->subscription));
		if (!str_is_empty(l->commerce))
			text_format(&t, "  id in billing %.*s\n", STR(l->commerce));
	}
	text_add(&t, S("\nReason: moving to a partner (CSP); the new subscriptions are active and "
		       "every user is licensed from them.\n"));
	guide->ticket = text_str(&t);
}

static str headline_of(struct arena *keep, const struct cancel_guide *guide)
{
	size_t all = guide->each.len, gone = all - guide->left - guide->ending;

	if (guide->left == 0 && guide->ending == 0)
		return S("Everything that was bought directly has ended.");
	if (guide->left == 0)
		return instant_is_none(guide->last_end)
			       ? S("What is left ends by itself. There is nothing to do.")
			       : str_format(keep,
					    "What is left ends by itself, the last on %.*s. There "
					    "is nothing to do until then.",
					    STR(date_of(keep, guide->last_end)));
	if (all == 1)
		return S("One subscription is to be ended.");
	if (guide->left == all)
		return str_format(keep, "%zu subscriptions are to be ended.", all);
	return str_format(keep, "%zu of %zu subscriptions are still to be ended%s.", guide->left,
			  all, gone ? "; the others are done" : "");
}

static str role_of(enum conversion_account account)
{
	switch (account) {
	case ACCOUNT_MOSA: return S("a Billing Administrator or Global Administrator");
	case ACCOUNT_MCA:
		return S("an owner of the billing account or billing profile, or a Billing or "
			 "Global Administrator");
	case ACCOUNT_UNKNOWN: break;
	}
	return S("a Billing Administrator, a Global Administrator or an owner of the billing "
		 "account");
}

struct cancel_guide cancel_guide_make(struct arena *keep, const struct cancel_facts *f)
{
	struct cancel_guide guide = { .role = role_of(f->account) };

	/* The pages themselves: Your products, and Billing accounts. */
	guide.products_url = str_format(keep, "%.*s/Adminportal/Home#/subscriptions",
					STR(f->admin_url));
	guide.accounts_url = str_format(
		keep, "%.*s/Adminportal/Home#/BillingAccounts/billing-accounts", STR(f->admin_url));
	guide.parts.at = NEW_ARRAY(keep, struct cancel_clicks, MOST_PARTS);
	fill_each(keep, f, &guide);
	guide.headline = headline_of(keep, &guide);
	if (count_of(f, CANCEL_NOW))
		part_cancel(keep, f, &guide);
	if (count_of(f, CANCEL_RENEWAL_OFF))
		part_renewal(keep, f, &guide);
	if (count_of(f, CANCEL_LOOK))
		part_look(keep, f, &guide);
	fill_told(keep, f, &guide);
	fill_ticket(keep, f, &guide);
	return guide;
}

fault *cancel_guide_load(struct tx *tx, const struct conversion *c, struct cancel_guide *guide)
{
	struct billing_grant grant;
	struct cancel_lines lines;

	TRY(cancel_line_load(tx, c->id, &lines));
	TRY(billing_grant_get(tx, c->id, &grant));
	*guide = cancel_guide_make(
		tx_arena(tx), &(struct cancel_facts){ .account = c->account,
						      .tenant_name = str_is_empty(c->tenant_name)
									     ? c->domain
									     : c->tenant_name,
						      .domain = c->domain,
						      .tenant = c->tenant,
						      .admin_url = c->admin_url,
						      .now = tx_now(tx),
						      .by_novate = grant.may_cancel,
						      .lines = &lines });
	return NULL;
}

static void text_part(struct text *t, const struct cancel_clicks *part)
{
	text_format(t, "\n%.*s\n\n%.*s\n\n", STR(part->heading), STR(part->about));
	for (size_t i = 0; i < part->clicks.len; i++)
		text_format(t, "%zu. %.*s\n", i + 1, STR(part->clicks.at[i]));
}

str cancel_guide_text(struct arena *keep, const struct cancel_guide *guide)
{
	struct text t = text_open(keep);

	text_format(&t, "%.*s\n\n", STR(guide->headline));
	for (size_t i = 0; i < guide->each.len; i++) {
		const struct cancel_shown *s = &guide->each.at[i];

		text_format(&t, "- %.*s: %s\n  %.*s\n  %.*s\n  subscription id %.*s\n",
			    STR(s->title), s->state, STR(s->known_by), STR(s->about),
			    STR(s->subscription));
	}
	if (guide->left == 0)
		return text_str(&t);
	for (size_t i = 0; i < guide->parts.len; i++)
		text_part(&t, &guide->parts.at[i]);
	text_format(&t, "\nYour products:\n%.*s\n\nBilling accounts:\n%.*s\n",
		    STR(guide->products_url), STR(guide->accounts_url));
	text_add(&t, S("\nWhat Microsoft may say\n\n"));
	for (size_t i = 0; i < guide->told.len; i++) {
		const struct cancel_told *told = &guide->told.at[i];

		text_format(&t, "- %s: %.*s\n", told->says, STR(told->means));
	}
	text_format(&t, "\nIf it cannot be done: a ticket for Microsoft's support\n\n%.*s\n\n%.*s",
		    STR(guide->ticket_subject), STR(guide->ticket));
	return text_str(&t);
}
