#include "convert/notice.h"

#include "convert/cancel_guide.h"
#include "convert/digest.h"
#include "convert/turn.h"
#include "reminder_sql.h"

/* Of a tenant's name in a subject, which has 300 bytes in all. */
#define NAME_MOST 160
/* Of the clicks in a letter; a tenant with more subscriptions reads them on the page. */
#define GUIDE_MOST ((size_t)32 * 1024)

/* A name too long or too odd for a subject line gives way to the domain. */
static str tenant_words(const struct conversion *c)
{
	if (str_is_empty(c->tenant_name) || c->tenant_name.len > NAME_MOST)
		return c->domain;
	for (size_t i = 0; i < c->tenant_name.len; i++)
		if ((unsigned char)c->tenant_name.at[i] < ' ' || c->tenant_name.at[i] == 0x7f)
			return c->domain;
	return c->tenant_name;
}

static str door_of(struct arena *keep, const struct notice_facts *f)
{
	return str_format(keep, "%.*s/c/%.*s", STR(f->public_url), STR(f->c->door));
}

static str page_of(struct arena *keep, const struct notice_facts *f)
{
	return str_format(keep, "%.*s/partner/conversions/%.*s", STR(f->public_url),
			  STR(id_text(keep, "cnv", f->c->id)));
}

/* The next thing as its reader does it: what others call the administrator's page is yours. */
static str for_reader(struct arena *keep, str next_thing, enum notice_reader reader)
{
	static const str other = { "Open the administrator's page", 29 };

	if (reader != NOTICE_ADMINISTRATOR || !str_starts(next_thing, other))
		return next_thing;
	return str_format(keep, "Open your page (its address is below)%.*s",
			  STR(str_part(next_thing, other.len, next_thing.len)));
}

/* The same of the reason: who is waited for is not told about in the third person. */
static str why_for_reader(struct arena *keep, str why, enum notice_reader reader)
{
	str other = S("The tenant's administrator has ");

	if (reader != NOTICE_ADMINISTRATOR || !str_starts(why, other))
		return why;
	return str_format(keep, "You have %.*s", STR(str_part(why, other.len, why.len)));
}

static str subject_asked(struct arena *keep, const struct notice_facts *f)
{
	str tenant = tenant_words(f->c);

	switch (turn_asked(f->c->next_thing)) {
	case TURN_ALLOW_READING:
		return str_format(keep,
				  "%.*s: your Microsoft licenses are moving. Please begin here",
				  STR(tenant));
	case TURN_ACCEPT_US:
		return str_format(keep, "%.*s: please accept the invitation of your new provider",
				  STR(tenant));
	case TURN_SIGN_AGREEMENT:
		return str_format(keep, "%.*s: please accept Microsoft's agreement", STR(tenant));
	case TURN_CANCEL_OLD:
		return str_format(keep, "%.*s: please end the old subscription now", STR(tenant));
	case TURN_ALLOW_CHANGING:
	case TURN_REPLACE_IN_GROUP:
	case TURN_NONE: break;
	}
	return str_format(keep, "%.*s: something for you to do", STR(tenant));
}

static void greet(struct text *t, const struct notice_facts *f, enum notice_reader reader)
{
	if (reader == NOTICE_PARTNER && !str_is_empty(f->partner))
		text_format(t, "Hello %.*s,\n\n", STR(f->partner));
	else
		text_add(t, S("Hello,\n\n"));
}

/* Since when it is waited for, and what the one thing is. */
static void ask(struct arena *keep, struct text *t, const struct notice_facts *f,
		enum notice_reader reader)
{
	text_format(t, "%.*s\n\nWhat to do now: %.*s\n",
		    STR(why_for_reader(keep, f->c->why, reader)),
		    STR(for_reader(keep, f->c->next_thing, reader)));
	if (!str_is_empty(f->guide))
		text_format(t, "\n%.*s", STR(f->guide));
}

static void close_for_administrator(struct arena *keep, struct text *t,
				    const struct notice_facts *f)
{
	text_format(t,
		    "\nYour page, with every step and what has changed so far:\n%.*s\n\n"
		    "It needs no account. If you did not expect this letter, do nothing and ask "
		    "%.*s first: without you nothing is accepted, changed or cancelled.\n",
		    STR(door_of(keep, f)),
		    STR(str_is_empty(f->partner) ? S("your provider") : f->partner));
}

static void close_for_partner(struct arena *keep, struct text *t, const struct notice_facts *f)
{
	text_format(t, "\nThe conversion, step by step:\n%.*s\n", STR(page_of(keep, f)));
}

static void also(struct text *t, const struct notice_facts *f)
{
	if (!str_is_empty(f->also))
		text_format(t, "\nAlso waiting for you:\n\n%.*s", STR(f->also));
}

static struct letter asked(struct arena *keep, enum notice_reader reader,
			   const struct notice_facts *f)
{
	struct text t = text_open(keep);
	bool administrator = reader == NOTICE_ADMINISTRATOR;
	str tenant = tenant_words(f->c);

	greet(&t, f, reader);
	if (administrator)
		text_format(&t,
			    "%.*s is moving the Microsoft licenses of %.*s to a new subscription. "
			    "Mail, files, users and domains stay as they are, and at no moment "
			    "does anybody hold fewer licenses than today.\n\n",
			    STR(str_is_empty(f->partner) ? S("Your provider") : f->partner),
			    STR(tenant));
	ask(keep, &t, f, reader);
	if (administrator)
		close_for_administrator(keep, &t, f);
	else
		close_for_partner(keep, &t, f);
	return (struct letter){
		.subject = administrator ? subject_asked(keep, f)
					 : str_format(keep, "%.*s waits for you", STR(tenant)),
		.text = text_str(&t),
	};
}

static str waited(struct arena *keep, const struct notice_facts *f)
{
	return duration_for_people(keep, instant_since(f->now, f->since) / HOURS(1) * HOURS(1));
}

/* The partner is reminded of the administrator too, who may never have got a letter. */
static void remind_partner_of_administrator(struct arena *keep, struct text *t,
					    const struct notice_facts *f)
{
	text_format(t,
		    "%.*s has been waiting for its administrator%s%.*s%s since %.*s, for %.*s.\n\n"
		    "%.*s\n\nWhat to do now: speak to them, or send this address on once more. "
		    "It is their own page and needs no account:\n%.*s\n",
		    STR(tenant_words(f->c)), str_is_empty(f->c->administrator) ? "" : " (",
		    STR(f->c->administrator), str_is_empty(f->c->administrator) ? "" : ")",
		    STR(instant_for_people(keep, f->since)), STR(waited(keep, f)), STR(f->c->why),
		    STR(door_of(keep, f)));
}

static struct letter reminder(struct arena *keep, enum notice_reader reader,
			      const struct notice_facts *f)
{
	struct text t = text_open(keep);
	str tenant = tenant_words(f->c);

	greet(&t, f, reader);
	if (reader == NOTICE_PARTNER && f->c->waits_for == WAITS_ADMINISTRATOR) {
		remind_partner_of_administrator(keep, &t, f);
	} else {
		text_format(&t, "%.*s has been waiting for you since %.*s, for %.*s.\n\n",
			    STR(tenant), STR(instant_for_people(keep, f->since)),
			    STR(waited(keep, f)));
		ask(keep, &t, f, reader);
	}
	also(&t, f);
	if (reader == NOTICE_ADMINISTRATOR)
		close_for_administrator(keep, &t, f);
	else
		close_for_partner(keep, &t, f);
	text_add(&t, S("\nThese reminders stop by themselves as soon as it is done.\n"));
	return (struct letter){
		.subject = str_format(
			keep, "Reminder: %.*s has been waiting for %s for %.*s", STR(tenant),
			reader == NOTICE_PARTNER && f->c->waits_for == WAITS_ADMINISTRATOR
				? "its administrator"
				: "you",
			STR(waited(keep, f))),
		.text = text_str(&t),
	};
}

/* "Thursday, 10 February 2026, 14:05 UTC" */
static str weekday_and_time(struct arena *keep, instant at)
{
	static const char *const days[] = { "Thursday", "Friday",  "Saturday", "Sunday",
					    "Monday",	"Tuesday", "Wednesday" };
	int64_t since_1970 = at.micros / DAYS(1); /* a Thursday */

	return str_format(keep, "%s, %.*s", days[since_1970 % 7],
			  STR(instant_for_people(keep, at)));
}

static instant to_the_second(instant at)
{
	return (instant){ .micros = at.micros / SECONDS(1) * SECONDS(1) };
}

static struct letter window(struct arena *keep, enum notice_reader reader,
			    const struct notice_facts *f)
{
	struct text t = text_open(keep);
	str tenant = tenant_words(f->c);
	bool waits = f->c->waits_for != WAITS_NOBODY;
	str left = duration_for_people(keep, instant_since(f->window_ends, f->now) / MINUTES(1) *
						     MINUTES(1));

	greet(&t, f, reader);
	text_format(&t,
		    "The order of %.*s can be undone until %.*s (%.*s); that is in %.*s, and it is "
		    "the end of Microsoft's seven days. Until then stopping takes the new "
		    "subscription back and what was paid is returned. After that it stays, and is "
		    "paid to the end of its term.\n\n",
		    STR(tenant), STR(weekday_and_time(keep, f->window_ends)),
		    STR(instant_rfc3339(keep, to_the_second(f->window_ends))), STR(left));
	text_format(&t, "The conversion is not through yet: it is at “%.*s”%s%.*s. %.*s\n\n",
		    STR(conversion_step_does(f->c->step)), waits ? " and waits for " : "",
		    STR(waits ? conversion_waits_word(f->c->waits_for) : S("")),
		    STR(str_is_none(f->c->why) ? S("") : f->c->why));
	text_add(&t, S("What to do now: decide. If it shall go on, see to the next thing; nobody "
		       "loses a license either way. If it shall not, open the conversion before "
		       "that hour and press “Stop this conversion”.\n"));
	close_for_partner(keep, &t, f);
	text_add(&t, S("\nThis is the only warning.\n"));
	return (struct letter){
		.subject = str_format(keep, "%.*s: the order can be undone for %.*s more",
				      STR(tenant), STR(left)),
		.text = text_str(&t),
	};
}

static struct letter silent(struct arena *keep, const struct notice_facts *f)
{
	struct text t = text_open(keep);

	greet(&t, f, NOTICE_OPERATOR);
	text_format(
		&t,
		"The conversion of %.*s has been waiting for Microsoft for more than a day.\n\n",
		STR(tenant_words(f->c)));
	ask(keep, &t, f, NOTICE_OPERATOR);
	close_for_partner(keep, &t, f);
	return (struct letter){
		.subject = str_format(keep, "%.*s: Microsoft has been silent for a day",
				      STR(tenant_words(f->c))),
		.text = text_str(&t),
	};
}

static struct letter withdrawn(struct arena *keep, enum notice_reader reader,
			       const struct notice_facts *f)
{
	struct text t = text_open(keep);
	str tenant = tenant_words(f->c);
	bool administrator = reader == NOTICE_ADMINISTRATOR;

	greet(&t, f, reader);
	text_format(
		&t,
		"The move of %.*s is stopped, and the new subscription is taken back. %s asked to "
		"end the old one: that no longer holds. The old subscription carries "
		"everybody.\n\nWhat to do now: %s cancel nothing in Microsoft's admin "
		"center. If it was cancelled already, reactivate it there under Billing, then "
		"Your products.\n",
		STR(tenant), administrator ? "You were" : "The administrator was",
		administrator ? "please" : "tell them to");
	if (administrator)
		close_for_administrator(keep, &t, f);
	else
		close_for_partner(keep, &t, f);
	return (struct letter){
		.subject = str_format(keep, "%.*s: please do not end the old subscription",
				      STR(tenant)),
		.text = text_str(&t),
	};
}

static struct letter done(struct arena *keep, enum notice_reader reader,
			  const struct notice_facts *f)
{
	struct text t = text_open(keep);
	bool administrator = reader == NOTICE_ADMINISTRATOR;
	str tenant = tenant_words(f->c);
	str at = administrator ? door_of(keep, f) : page_of(keep, f);

	greet(&t, f, reader);
	text_format(&t,
		    "The licenses of %.*s have moved. Every user holds what they held before, and "
		    "only the new subscription is paid from now on: user by user, that was "
		    "compared.\n\nThe certificate says so, with every number before, between and "
		    "after:\n%.*s/certificate.pdf\n\n",
		    STR(tenant), STR(at));
	if (administrator)
		text_add(&t, S("What to do now: nothing. Keep the certificate. Microsoft may still "
			       "send letters about the old subscription and the day on which its "
			       "data is deleted: they are about that one alone, and nothing of "
			       "yours goes with it.\n"));
	else
		text_format(&t,
			    "What to do now: nothing. Keep the certificate with your papers%s.\n",
			    str_is_empty(f->c->administrator)
				    ? ""
				    : "; the tenant's administrator has got one, too");
	text_format(&t, "\nEverything that happened:\n%.*s\n", STR(at));
	return (struct letter){
		.subject = str_format(keep, "%.*s is converted: here is the certificate",
				      STR(tenant)),
		.text = text_str(&t),
	};
}

struct letter notice_make(struct arena *keep, enum notice_kind kind, enum notice_reader reader,
			  const struct notice_facts *f)
{
	switch (kind) {
	case NOTICE_ASKED: return asked(keep, reader, f);
	case NOTICE_REMINDER: return reminder(keep, reader, f);
	case NOTICE_WINDOW: return window(keep, reader, f);
	case NOTICE_SILENT: return silent(keep, f);
	case NOTICE_WITHDRAWN: return withdrawn(keep, reader, f);
	case NOTICE_DONE: return done(keep, reader, f);
	case NOTICE_KIND_COUNT: break;
	}
	return (struct letter){ .subject = STR_NONE };
}

fault *notice_facts_load(struct tx *tx, const struct conversion *c, str public_url,
			 struct notice_facts *facts)
{
	struct account partner;
	struct reminder_of row;
	struct cancel_guide guide;
	bool known;

	TRY(account_get(tx, c->partner, &partner));
	TRY(reminder_of(tx, c->id, &row, &known));
	*facts = (struct notice_facts){
		.c = c,
		.public_url = public_url,
		.partner = partner.name,
		.now = tx_now(tx),
		.since = known && !instant_is_none(row.asked_since) ? row.asked_since : tx_now(tx),
		.window_ends = known ? row.window_ends : INSTANT_NONE,
		.guide = S(""),
		.also = S(""),
	};
	if (turn_asked(c->next_thing) != TURN_CANCEL_OLD)
		return NULL;
	TRY(cancel_guide_load(tx, c, &guide));
	if (guide.each.len)
		facts->guide = cancel_guide_text(tx_arena(tx), &guide);
	if (facts->guide.len > GUIDE_MOST)
		facts->guide = str_format(tx_arena(tx), "%.*s Your page lists them all.\n",
					  STR(guide.headline));
	return NULL;
}

str notice_key(struct arena *keep, const struct conversion *c, const char *what, str about)
{
	return str_format(keep, "%.*s/%.*s/%s/%.*s", STR(id_text(keep, "cnv", c->id)),
			  STR(conversion_step_word(c->step)), what, STR(digest_key(keep, about)));
}

static fault *leave(struct tx *tx, struct letter letter, str to, str key)
{
	letter.to = to;
	letter.key = key;
	letter.html = STR_NONE;
	return letter_later(tx, &letter);
}

/* Each operator gets one. */
static fault *leave_operators(struct tx *tx, const struct letter *letter, str key)
{
	struct account_list all;

	TRY(account_all(tx, &all));
	for (size_t i = 0; i < all.len; i++)
		if (all.at[i].role == ROLE_OPERATOR && !all.at[i].closed)
			TRY(leave(tx, *letter, all.at[i].email,
				  str_format(tx_arena(tx), "%.*s/%.*s", STR(key),
					     STR(id_text(tx_arena(tx), "acc", all.at[i].id)))));
	return NULL;
}

fault *notice_leave(struct tx *tx, enum notice_kind kind, enum notice_reader reader,
		    const struct notice_facts *facts, str key)
{
	struct letter letter = notice_make(tx_arena(tx), kind, reader, facts);
	struct account partner;

	switch (reader) {
	case NOTICE_ADMINISTRATOR:
		return str_is_empty(facts->c->administrator)
			       ? NULL
			       : leave(tx, letter, facts->c->administrator, key);
	case NOTICE_PARTNER:
		TRY(account_get(tx, facts->c->partner, &partner));
		return leave(tx, letter, partner.email, key);
	case NOTICE_OPERATOR: return leave_operators(tx, &letter, key);
	}
	return NULL;
}

fault *notice_waiting(struct tx *tx, const struct convert_context *context,
		      const struct conversion *c)
{
	struct arena *a = tx_arena(tx);
	struct notice_facts facts;

	TRY(notice_facts_load(tx, c, context->public_url, &facts));
	switch (c->waits_for) {
	case WAITS_ADMINISTRATOR:
		return notice_leave(tx, NOTICE_ASKED, NOTICE_ADMINISTRATOR, &facts,
				    notice_key(a, c, "administrator", c->next_thing));
	case WAITS_PARTNER:
		return notice_leave(
			tx, NOTICE_ASKED, NOTICE_PARTNER, &facts,
			notice_key(a, c, "partner",
				   str_format(a, "%.*s %.*s", STR(c->why), STR(c->next_thing))));
	case WAITS_NOBODY:
	case WAITS_MICROSOFT:
	case WAITS_OPERATOR: return NULL; /* operators have their own list */
	}
	return NULL;
}

/* Once, to the partner and to the administrator. */
static fault *tell_both(struct tx *tx, const struct convert_context *context,
			const struct conversion *c, enum notice_kind kind, str what)
{
	struct arena *a = tx_arena(tx);
	struct notice_facts facts;

	TRY(notice_facts_load(tx, c, context->public_url, &facts));
	TRY(notice_leave(tx, kind, NOTICE_PARTNER, &facts, notice_key(a, c, "partner", what)));
	return notice_leave(tx, kind, NOTICE_ADMINISTRATOR, &facts,
			    notice_key(a, c, "administrator", what));
}

fault *notice_withdrawn(struct tx *tx, const struct convert_context *context,
			const struct conversion *c)
{
	return tell_both(tx, context, c, NOTICE_WITHDRAWN, S("withdrawn"));
}

fault *notice_done(struct tx *tx, const struct convert_context *context, const struct conversion *c)
{
	return tell_both(tx, context, c, NOTICE_DONE, S("done"));
}
