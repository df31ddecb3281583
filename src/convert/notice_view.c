#include "convert/notice_view.h"

#include "convert/turn.h"

/* A moment of a conversion at which a letter goes out. */
struct moment {
	enum notice_kind kind;
	enum notice_reader reader;
	const char *when;
	enum conversion_step step;
	enum conversion_waits waits_for;
	enum turn_act act;	/* what is asked, or none */
	const char *why, *next; /* in place of what a step would say, where it is not there yet */
};

#define READING "The tenant's administrator has not yet allowed reading the licenses."
#define PLAN	"The plan is ready. Nothing is bought before it is approved."
#define ENDING                                                                                     \
	"The new licenses are in place and carry everybody. Still to be ended is what was bought " \
	"directly."

static const struct moment moments[] = {
	{ NOTICE_ASKED, NOTICE_ADMINISTRATOR, "The invitation to the administrator", STEP_RECORD,
	  WAITS_ADMINISTRATOR, TURN_ALLOW_READING, READING, NULL },
	{ NOTICE_ASKED, NOTICE_PARTNER, "When the plan is ready", STEP_PLAN, WAITS_PARTNER,
	  TURN_NONE, PLAN, "Read the plan and approve it." },
	{ NOTICE_ASKED, NOTICE_ADMINISTRATOR, "When the new provider is to be accepted",
	  STEP_CONSENT, WAITS_ADMINISTRATOR, TURN_ACCEPT_US,
	  "The tenant's administrator has not yet accepted our invitation.", NULL },
	{ NOTICE_ASKED, NOTICE_ADMINISTRATOR, "When the old subscription is to be ended",
	  STEP_CANCEL_OLD, WAITS_ADMINISTRATOR, TURN_CANCEL_OLD, ENDING, NULL },
	{ NOTICE_REMINDER, NOTICE_ADMINISTRATOR, "A reminder to the administrator", STEP_CANCEL_OLD,
	  WAITS_ADMINISTRATOR, TURN_CANCEL_OLD, ENDING, NULL },
	{ NOTICE_REMINDER, NOTICE_PARTNER, "A reminder to the partner", STEP_PLAN, WAITS_PARTNER,
	  TURN_NONE, PLAN, "Read the plan and approve it." },
	{ NOTICE_REMINDER, NOTICE_PARTNER, "After a week, the partner hears of the administrator",
	  STEP_CANCEL_OLD, WAITS_ADMINISTRATOR, TURN_CANCEL_OLD, ENDING, NULL },
	{ NOTICE_WINDOW, NOTICE_PARTNER, "A day before the order can't be undone any more",
	  STEP_CANCEL_OLD, WAITS_ADMINISTRATOR, TURN_CANCEL_OLD, ENDING, NULL },
	{ NOTICE_SILENT, NOTICE_OPERATOR, "To operators, when Microsoft is silent for a day",
	  STEP_PROVISION, WAITS_OPERATOR, TURN_NONE,
	  "Microsoft has kept this waiting for more than a day.",
	  "It is asked again and goes on by itself when Microsoft answers." },
	{ NOTICE_WITHDRAWN, NOTICE_ADMINISTRATOR, "When it is stopped after that was asked",
	  STEP_CANCEL_OLD, WAITS_NOBODY, TURN_NONE, NULL, NULL },
	{ NOTICE_DONE, NOTICE_PARTNER, "At the end, to the partner", STEP_CERTIFICATE, WAITS_NOBODY,
	  TURN_NONE, NULL, NULL },
	{ NOTICE_DONE, NOTICE_ADMINISTRATOR, "At the end, to the administrator", STEP_CERTIFICATE,
	  WAITS_NOBODY, TURN_NONE, NULL, NULL },
};

/* The conversion as it will be then; where it is there now, its own words stand. */
static struct conversion at_moment(const struct conversion *c, const struct moment *m)
{
	struct conversion then = *c;
	str next = m->act ? turn_words(m->act) : str_of(m->next);
	bool now = c->step == m->step && c->waits_for == m->waits_for &&
		   str_eq(c->next_thing, next);

	if (now)
		return then;
	then.step = m->step;
	then.waits_for = m->waits_for;
	then.why = str_of(m->why);
	then.next_thing = next;
	return then;
}

static str whom(struct arena *keep, const struct conversion *c, const struct account *partner,
		enum notice_reader reader)
{
	switch (reader) {
	case NOTICE_ADMINISTRATOR:
		return str_is_empty(c->administrator)
			       ? S("the administrator, whose address is not known: not sent")
			       : c->administrator;
	case NOTICE_PARTNER: return str_copy(keep, partner->email);
	case NOTICE_OPERATOR: return S("every operator");
	}
	return S("");
}

static fault *fill_one(struct tx *tx, const struct conversion *c, str public_url,
		       const struct account *partner, const struct moment *m,
		       struct notice_shown *shown)
{
	struct conversion then = at_moment(c, m);
	struct notice_facts facts;
	struct letter letter;

	TRY(notice_facts_load(tx, &then, public_url, &facts));
	/* What is not there yet is shown as on the day it would be sent. */
	if (m->kind == NOTICE_REMINDER && instant_since(facts.now, facts.since) < DAYS(1))
		facts.since = instant_after(facts.now, -DAYS(m->reader == NOTICE_PARTNER ? 7 : 1));
	if (m->kind == NOTICE_WINDOW && instant_is_none(facts.window_ends))
		facts.window_ends = instant_after(facts.now, HOURS(24));
	if (m->kind == NOTICE_WINDOW)
		facts.now = instant_after(facts.window_ends, -HOURS(24));
	letter = notice_make(tx_arena(tx), m->kind, m->reader, &facts);
	*shown = (struct notice_shown){ .when = str_of(m->when),
					.to = whom(tx_arena(tx), c, partner, m->reader),
					.subject = letter.subject,
					.text = letter.text };
	return NULL;
}

fault *notice_view_fill(struct tx *tx, const struct conversion *c, str public_url,
			bool for_operator, struct notices_shown *shown)
{
	struct arena *a = tx_arena(tx);
	struct account partner;

	TRY(account_get(tx, c->partner, &partner));
	*shown = (struct notices_shown){
		.title = str_is_empty(c->tenant_name) ? c->domain : c->tenant_name,
		.address = str_format(a, "/partner/conversions/%.*s",
				      STR(id_text(a, "cnv", c->id))),
	};
	shown->letters.at = NEW_ARRAY(a, struct notice_shown, COUNT(moments));
	for (size_t i = 0; i < COUNT(moments); i++)
		if (for_operator || moments[i].reader != NOTICE_OPERATOR)
			TRY(fill_one(tx, c, public_url, &partner, &moments[i],
				     &shown->letters.at[shown->letters.len++]));
	return NULL;
}
