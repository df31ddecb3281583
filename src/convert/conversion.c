#include "convert/conversion.h"

#include "conversion_sql.h"
#include "convert/conversion_row.h"
#include "convert/digest.h"
#include "convert/user_move.h"
#include "history_sql.h"
#include "jobs/job.h"
#include "mail/letter.h"
#include "people/audit.h"

#define KNOCK_REST	   SECONDS(2) /* however often somebody knocks, one look in this time */
#define FARTHEST	   DAYS(400)  /* a year's term, and some */
#define NO_SUCH_CONVERSION "There is no such conversion."

str conversion_state_word(enum conversion_state state)
{
	static const char *const words[] = {
#define X(name, word) [name] = word,
		CONVERSION_STATES(X)
#undef X
	};
	return str_of(words[state]);
}

bool conversion_ended(enum conversion_state state)
{
	return state == CONVERSION_DONE || state == CONVERSION_UNDONE ||
	       state == CONVERSION_REFUSED;
}

static const struct {
	const char *word, *does, *procedure;
} steps[] = {
#define X(name, word, does, procedure) [name] = { word, does, procedure },
	CONVERSION_STEPS(X)
#undef X
};

str conversion_step_word(enum conversion_step step)
{
	return str_of(steps[step].word);
}
str conversion_step_does(enum conversion_step step)
{
	return str_of(steps[step].does);
}
str conversion_step_procedure(enum conversion_step step)
{
	return str_of(steps[step].procedure);
}

str conversion_waits_word(enum conversion_waits waits)
{
	switch (waits) {
	case WAITS_NOBODY: return S("nobody");
	case WAITS_ADMINISTRATOR: return S("the tenant's administrator");
	case WAITS_PARTNER: return S("the partner");
	case WAITS_MICROSOFT: return S("Microsoft");
	case WAITS_OPERATOR: return S("an operator");
	}
	return S("nobody");
}

/* Missing and forbidden look the same from outside. */
static bool may_see(const struct asker *by, const struct conversion *c)
{
	switch (by->role) {
	case ROLE_OPERATOR: return true;
	case ROLE_PARTNER: return id_eq(by->account, c->partner);
	case ACCOUNT_ROLE_COUNT: break;
	}
	return false;
}

fault *conversion_audit(struct tx *tx, const struct asker *by, const char *did, id conversion)
{
	return audit_keep(tx,
			  &(struct audit_entry){ .who = by->account,
						 .did = did,
						 .about = id_text(tx_arena(tx), "cnv", conversion),
						 .from = by->from });
}

fault *conversion_say(struct tx *tx, const struct conversion *c, str who, str said)
{
	return history_insert(tx,
			      &(struct history_insert_in){ .conversion = c->id,
							   .at = tx_now(tx),
							   .step = conversion_step_word(c->step),
							   .who = who,
							   .said = said });
}

fault *conversion_asker_name(struct tx *tx, const struct asker *by, str *name)
{
	struct account account;
	bool found;

	TRY(account_by_id_find(tx, by->account, &account, &found));
	*name = found ? account.name : S("someone");
	return NULL;
}

/* Letters, digits, hyphens and dots as DNS has them (RFC 1035 §2.3.1); two labels at least. */
static bool is_domain(str domain)
{
	size_t label = 0, labels = 1;

	if (domain.len < 3 || domain.len > 253)
		return false;
	for (size_t i = 0; i < domain.len; i++) {
		char c = domain.at[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');

		if (c == '.') {
			if (label == 0 || domain.at[i - 1] == '-')
				return false;
			labels++;
			label = 0;
		} else if ((!letter && (c != '-' || label == 0)) || ++label > 63) {
			return false;
		}
	}
	return label > 0 && labels > 1 && domain.at[domain.len - 1] != '-';
}

fault *conversion_look_now(struct tx *tx, id conversion)
{
	struct conversion_lane lane = { .lane = ID_NONE };
	bool found;

	TRY(conversion_lane(tx, conversion, &lane, &found));
	return job_later(tx, &(struct job_new){ .kind = "convert.step",
						.about = conversion,
						.at = INSTANT_NONE,
						.single = true,
						.lane = lane.lane });
}

static fault *domain_read(struct arena *keep, str typed, str *domain)
{
	str trimmed = str_lower(keep, str_trim(typed));

	if (!is_domain(trimmed))
		return fault_new(FAULT_INPUT,
				 "“%.*s” is not a domain. Type the tenant's domain as it stands in "
				 "its sign-in names, for example contoso.onmicrosoft.com.",
				 STR(str_cut(typed, 80)));
	*domain = trimmed;
	return NULL;
}

/* What mail/ can send to, at a domain of two labels at least: "ida@bakery" is a slip of the hand.
 */
static fault *administrator_read(struct arena *keep, str typed, str *address)
{
	str trimmed = str_trim(typed);
	ptrdiff_t at = str_find(trimmed, S("@"));

	*address = STR_NONE;
	if (str_is_empty(trimmed))
		return NULL;
	if (!letter_address_ok(trimmed) ||
	    !is_domain(str_lower(keep, str_part(trimmed, (size_t)at + 1, trimmed.len))))
		return fault_new(FAULT_INPUT,
				 "“%.*s” is not an e-mail address. Leave the field "
				 "empty when you will send the administrator's "
				 "address on yourself.",
				 STR(str_cut(trimmed, 80)));
	*address = trimmed;
	return NULL;
}

static fault *second_of(str domain)
{
	return fault_new(FAULT_CONFLICT,
			 "%.*s is already being converted. Only one conversion of a tenant can be "
			 "under way; look for it in the list.",
			 STR(domain));
}

static fault *refuse_second(struct tx *tx, str domain)
{
	struct conversion_living_of living;
	bool found;

	TRY(conversion_living_of(tx, domain, STR_NONE, ID_NONE, &living, &found));
	return found ? second_of(domain) : NULL;
}

fault *conversion_start(struct tx *tx, const struct asker *by, str domain, str administrator,
			struct conversion *made)
{
	struct arena *a = tx_arena(tx);
	id c = tx_new_id(tx);
	int64_t changed;
	str name;

	TRY(domain_read(a, domain, &domain));
	TRY(administrator_read(a, administrator, &administrator));
	TRY(refuse_second(tx, domain));
	TRY(conversion_insert(
		tx,
		&(struct conversion_insert_in){ .id = c,
						.partner = by->account,
						.domain = domain,
						.administrator = administrator,
						.door = world_token(tx_world(tx), a, 24),
						.at = tx_now(tx) },
		&changed));
	if (changed == 0)
		return second_of(domain); /* begun by somebody else this very moment */
	TRY(conversion_get(tx, by, c, made));
	TRY(conversion_asker_name(tx, by, &name));
	TRY(conversion_say(tx, made, name, str_format(a, "Started converting %.*s.", STR(domain))));
	TRY(conversion_audit(tx, by, "conversion.start", c));
	return conversion_look_now(tx, c);
}

static fault *approval_conflict(const struct conversion *c)
{
	if (str_is_none(c->plan_hash))
		return fault_new(FAULT_CONFLICT, "There is no plan to approve yet.");
	if (!str_is_none(c->approved_hash))
		return fault_new(FAULT_CONFLICT,
				 "Another plan of this conversion was approved already.");
	return fault_new(FAULT_CONFLICT,
			 "The plan has changed since you looked at it. Nothing was approved; read "
			 "the plan as it is now and approve that one.");
}

fault *conversion_approve(struct tx *tx, const struct asker *by, id conversion, str hash)
{
	struct arena *a = tx_arena(tx);
	struct conversion c;
	int64_t changed;
	str name;

	TRY(conversion_get(tx, by, conversion, &c));
	hash = str_lower(a, str_trim(hash));
	if (!str_is_none(c.approved_hash) && str_eq(c.approved_hash, hash))
		return NULL; /* approving twice is not an error */
	if (c.state != CONVERSION_WAITING || c.step != STEP_PLAN || str_is_none(c.plan_hash) ||
	    !str_eq(c.plan_hash, hash))
		return approval_conflict(&c);
	TRY(conversion_set_approved(
		tx,
		&(struct conversion_set_approved_in){ .id = c.id,
						      .hash = hash,
						      .by = by->account,
						      .at = tx_now(tx),
						      /* every retry of this plan asks with it */
						      .request = digest_guid(a, hash) },
		&changed));
	if (changed == 0)
		return approval_conflict(&c);
	TRY(conversion_asker_name(tx, by, &name));
	TRY(conversion_say(tx, &c, name, str_format(a, "Approved the plan %.12s.", hash.at)));
	TRY(conversion_audit(tx, by, "conversion.approve", c.id));
	return conversion_look_now(tx, c.id);
}

static fault *schedule_conflict(const struct conversion *c)
{
	if (conversion_ended(c->state))
		return fault_new(FAULT_CONFLICT, "This conversion has ended already.");
	if (c->step > STEP_ORDER || !instant_is_none(c->checkout_at))
		return fault_new(FAULT_CONFLICT,
				 "The order is placed already; its day cannot be moved any more.");
	return NULL;
}

fault *conversion_schedule(struct tx *tx, const struct asker *by, id conversion, instant at)
{
	struct arena *a = tx_arena(tx);
	struct conversion c;
	str name;

	TRY(conversion_get(tx, by, conversion, &c));
	TRY(schedule_conflict(&c));
	if (!instant_is_none(at) && !instant_before(tx_now(tx), at))
		at = INSTANT_NONE;
	if (!instant_is_none(at) && instant_since(at, tx_now(tx)) > FARTHEST)
		return fault_new(FAULT_INPUT, "%.*s is too far away; choose a day within a year.",
				 STR(day_for_people(a, instant_day(at))));
	if (at.micros == c.buy_at.micros)
		return NULL;
	TRY(conversion_set_buy_at(tx, c.id, at));
	TRY(conversion_asker_name(tx, by, &name));
	TRY(conversion_say(tx, &c, name,
			   instant_is_none(at) ? S("Chose to buy at once.")
					       : str_format(a, "Chose to buy on %.*s.",
							    STR(instant_for_people(a, at)))));
	TRY(conversion_audit(tx, by, "conversion.schedule", c.id));
	return conversion_look_now(tx, c.id);
}

fault *conversion_stop(struct tx *tx, const struct asker *by, id conversion)
{
	struct conversion c;
	int64_t changed;
	str name;

	TRY(conversion_get(tx, by, conversion, &c));
	if (c.state == CONVERSION_STOPPING)
		return NULL;
	if (conversion_ended(c.state))
		return fault_new(FAULT_CONFLICT,
				 "This conversion has ended already; there is nothing to stop.");
	if (c.step > STEP_CANCEL_OLD)
		return fault_new(FAULT_CONFLICT,
				 "The direct subscription is cancelled, so stopping now would take "
				 "licenses away. The conversion is finished instead.");
	TRY(conversion_set_stopping(tx, c.id, by->account, &changed));
	TRY(conversion_asker_name(tx, by, &name));
	TRY(conversion_say(tx, &c, name, S("Asked to stop and to undo what was bought.")));
	TRY(conversion_audit(tx, by, "conversion.stop", c.id));
	return conversion_look_now(tx, c.id);
}

/* Before the approval nothing hangs on the snapshot yet: the tenant is read again, and whatever a
 * person mended is in the next plan. */
static fault *read_anew(struct tx *tx, const struct asker *by, const struct conversion *c)
{
	str name;

	TRY(conversion_clear_plan(tx, c->id));
	TRY(conversion_set_step(tx, c->id, conversion_step_word(STEP_RECORD)));
	TRY(conversion_asker_name(tx, by, &name));
	return conversion_say(tx, c, name, S("Asked to read the tenant again."));
}

fault *conversion_resume(struct tx *tx, const struct asker *by, id conversion)
{
	struct conversion c;

	TRY(conversion_get(tx, by, conversion, &c));
	if (conversion_ended(c.state))
		return fault_new(FAULT_CONFLICT,
				 "This conversion has ended already; start a new one if needed.");
	TRY(conversion_audit(tx, by, "conversion.resume", c.id));
	if (c.state == CONVERSION_WAITING && c.step == STEP_PLAN && str_is_none(c.approved_hash))
		TRY(read_anew(tx, by, &c));
	TRY(user_move_retry(tx, c.id));
	return conversion_look_now(tx, c.id);
}

fault *conversion_get(struct tx *tx, const struct asker *by, id conversion, struct conversion *got)
{
	struct conversion_by_id row;
	struct conversion c;
	bool found;

	TRY(conversion_by_id(tx, conversion, &row, &found));
	if (!found)
		return fault_new(FAULT_MISSING, NO_SUCH_CONVERSION);
	TRY(conversion_row_read(&row, &c));
	if (!may_see(by, &c))
		return fault_new(FAULT_MISSING, NO_SUCH_CONVERSION);
	*got = c;
	return NULL;
}

fault *conversion_of_domain(struct tx *tx, const struct asker *by, str domain,
			    struct conversion *got, bool *found)
{
	struct conversion_by_id row;
	id own = by->role == ROLE_OPERATOR ? ID_NONE : by->account;

	TRY(domain_read(tx_arena(tx), domain, &domain));
	TRY(conversion_newest_of_domain(tx, domain, own, &row, found));
	return *found ? conversion_row_read(&row, got) : NULL;
}

fault *conversion_at_door(struct tx *tx, str door, struct conversion *got)
{
	struct conversion_by_id row;
	bool found;

	TRY(conversion_by_door(tx, door, &row, &found));
	if (!found)
		return fault_new(FAULT_MISSING, NO_SUCH_CONVERSION);
	return conversion_row_read(&row, got);
}

fault *conversion_knock(struct tx *tx, str door)
{
	struct conversion c;

	TRY(conversion_at_door(tx, door, &c));
	TRY(user_move_retry(tx, c.id));
	return job_wake_after(tx, "convert.step", c.id, KNOCK_REST);
}

fault *conversion_wake(struct tx *tx, str tenant, bool *woken)
{
	struct conversion_living_of living;

	TRY(conversion_living_of(tx, S(""), tenant, ID_NONE, &living, woken));
	return *woken ? job_wake_after(tx, "convert.step", living.id, KNOCK_REST) : NULL;
}

fault *conversion_history(struct tx *tx, id conversion, struct conversion_history *history)
{
	struct history_of_list rows;

	TRY(history_of(tx, conversion, &rows));
	history->len = rows.len;
	history->at = NEW_ARRAY(tx_arena(tx), struct conversion_event, rows.len + 1);
	for (size_t i = 0; i < rows.len; i++)
		history->at[i] = (struct conversion_event){ rows.at[i].at, rows.at[i].step,
							    rows.at[i].who, rows.at[i].said };
	return NULL;
}
