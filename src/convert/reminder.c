#include "convert/reminder.h"

#include "convert/notice.h"
#include "reminder_sql.h"

/* Microsoft's seven days for undoing an order (vendor facts §5.4): the warning comes on the sixth.
 */
#define WARNED_BEFORE HOURS(24)
#define SILENT_AFTER  HOURS(24)
#define ONE_IN	      HOURS(24)
/* From this reminder on, a week after the asking, the partner hears of the administrator, too. */
#define PARTNER_HEARS 2
#define ALSO_MOST     20

#define SILENCE "Microsoft has kept this waiting for more than a day: "

int64_t reminder_after(int64_t number)
{
	static const int64_t first[] = { DAYS(1), DAYS(3), DAYS(7) };
	int64_t count = COUNT(first);

	return number < count ? first[number] : DAYS(7) * (number - count + 2);
}

/* The number of the next one: those that a stopped worker missed are not made up for. */
static int64_t next_number(int64_t waited)
{
	int64_t number = 0;

	while (reminder_after(number) <= waited)
		number++;
	return number;
}

static str also_lines(struct arena *keep, const struct reminder_of_administrator_list *rows,
		      str public_url, bool administrator)
{
	struct text t = text_open(keep);

	for (size_t i = 0; i < rows->len; i++) {
		const struct reminder_of_administrator *r = &rows->at[i];
		str tenant = str_is_empty(r->tenant_name) ? r->domain : r->tenant_name;

		text_format(&t, "- %.*s\n  ", STR(tenant));
		if (administrator)
			text_format(&t, "%.*s/c/%.*s\n", STR(public_url), STR(r->door));
		else
			text_format(&t, "%.*s/partner/conversions/%.*s\n", STR(public_url),
				    STR(id_text(keep, "cnv", r->id)));
	}
	return text_str(&t);
}

static fault *also(struct tx *tx, const struct conversion *c, enum notice_reader reader,
		   struct notice_facts *facts)
{
	struct reminder_of_administrator_list rows;

	if (reader == NOTICE_ADMINISTRATOR)
		TRY(reminder_of_administrator(tx, c->id, str_lower(tx_arena(tx), c->administrator),
					      ALSO_MOST, &rows));
	else
		TRY(reminder_of_partner(tx, c->id, c->partner, ALSO_MOST, &rows));
	facts->also = also_lines(tx_arena(tx), &rows, facts->public_url,
				 reader == NOTICE_ADMINISTRATOR);
	return NULL;
}

/* *sent is false when this person had a reminder today: it stays due. */
static fault *remind(struct tx *tx, struct notice_facts *facts, enum notice_reader reader,
		     int64_t number, bool *sent)
{
	const struct conversion *c = facts->c;
	struct account partner;
	str address = c->administrator;
	int64_t taken = 0;

	if (reader == NOTICE_PARTNER) {
		TRY(account_get(tx, c->partner, &partner));
		address = partner.email;
	}
	TRY(reminder_take(tx, str_lower(tx_arena(tx), address), tx_now(tx),
			  instant_after(tx_now(tx), -ONE_IN), &taken));
	*sent = taken > 0;
	if (!*sent)
		return NULL;
	TRY(also(tx, c, reader, facts));
	return notice_leave(
		tx, NOTICE_REMINDER, reader, facts,
		notice_key(tx_arena(tx), c,
			   reader == NOTICE_PARTNER ? "remind-partner" : "remind-administrator",
			   str_format(tx_arena(tx), "%.*s %lld %.*s", STR(c->next_thing),
				      (long long)number,
				      STR(instant_rfc3339(tx_arena(tx), facts->since)))));
}

static fault *remind_who_is_due(struct tx *tx, struct notice_facts *facts, int64_t number)
{
	const struct conversion *c = facts->c;
	bool administrator = c->waits_for == WAITS_ADMINISTRATOR;
	bool has_address = !str_is_empty(c->administrator);
	int64_t next = next_number(instant_since(facts->now, facts->since));
	bool sent, heard;

	TRY(remind(tx, facts, administrator && has_address ? NOTICE_ADMINISTRATOR : NOTICE_PARTNER,
		   number, &sent));
	if (!sent)
		return NULL;
	if (administrator && has_address && next > PARTNER_HEARS)
		TRY(remind(tx, facts, NOTICE_PARTNER, number, &heard));
	return reminder_count(tx, c->id, next, tx_now(tx));
}

static bool window_is_open_a_day(const struct conversion *c, const struct notice_facts *facts,
				 const struct reminder_of *row)
{
	int64_t left;

	if (instant_is_none(row->window_ends) || !instant_is_none(row->window_warned_at) ||
	    c->step > STEP_CANCEL_OLD || c->state == CONVERSION_STOPPING)
		return false;
	left = instant_since(row->window_ends, facts->now);
	return left > 0 && left <= WARNED_BEFORE;
}

static fault *warn(struct tx *tx, const struct notice_facts *facts)
{
	struct arena *a = tx_arena(tx);
	str key = notice_key(a, facts->c, "window", instant_rfc3339(a, facts->window_ends));

	TRY(notice_leave(tx, NOTICE_WINDOW, NOTICE_PARTNER, facts, key));
	TRY(notice_leave(tx, NOTICE_WINDOW, NOTICE_OPERATOR, facts, key));
	return reminder_warned(tx, facts->c->id, tx_now(tx));
}

fault *reminder_look(struct tx *tx, const struct convert_context *context,
		     const struct conversion *c)
{
	bool person = c->waits_for == WAITS_ADMINISTRATOR || c->waits_for == WAITS_PARTNER;
	struct notice_facts facts;
	struct reminder_of row;
	bool found, due, closing;

	TRY(reminder_of(tx, c->id, &row, &found));
	facts = (struct notice_facts){ .now = tx_now(tx) };
	due = found && person && !instant_is_none(row.asked_since) &&
	      instant_since(facts.now, row.asked_since) >= reminder_after(row.reminders);
	closing = found && window_is_open_a_day(c, &facts, &row);
	if (!due && !closing)
		return NULL;
	TRY(notice_facts_load(tx, c, context->public_url, &facts));
	if (closing)
		TRY(warn(tx, &facts));
	return due ? remind_who_is_due(tx, &facts, row.reminders) : NULL;
}

void reminder_of_silence(const struct run *run, struct outcome *out, bool *silent)
{
	const struct conversion *c = &run->c;
	bool told = c->waits_for == WAITS_OPERATOR && str_starts(c->why, S(SILENCE));
	bool late = c->waits_for == WAITS_MICROSOFT && !instant_is_none(c->waits_since) &&
		    instant_since(run->now, c->waits_since) > SILENT_AFTER;

	*silent = out->waits_for == WAITS_MICROSOFT && (told || late);
	if (!*silent)
		return;
	out->waits_for = WAITS_OPERATOR;
	out->why = str_format(run->arena, SILENCE "%.*s", STR(out->why));
	out->next_thing = S("It is asked again and goes on by itself when Microsoft answers. If "
			    "that seems unlikely, open a ticket in Partner Center; nothing old is "
			    "cancelled meanwhile.");
}

fault *reminder_silent(struct tx *tx, const struct convert_context *context,
		       const struct conversion *c)
{
	struct notice_facts facts;

	TRY(notice_facts_load(tx, c, context->public_url, &facts));
	return notice_leave(tx, NOTICE_SILENT, NOTICE_OPERATOR, &facts,
			    notice_key(tx_arena(tx), c, "silent",
				       instant_rfc3339(tx_arena(tx), c->waits_since)));
}
