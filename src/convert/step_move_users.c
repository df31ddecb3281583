/* Manual 17, note: where the match is exact nobody is moved, because an assignment names a SKU and
 * never a subscription (vendor facts §0).  Where it is not, each user changes in one call, twenty
 * users at a time.
 *
 * Rows are kept before Microsoft is asked, so that what a user had is known however the answer
 * gets lost; and each look tells anew what is done, whoever did it.  What comes from a group is
 * the administrator's to change: no call can take it from a user (vendor facts §2.6). */
#include "convert/step.h"
#include "convert/turn.h"
#include "convert/user_move.h"
#include "convert/verify.h"
#include "microsoft/group.h"
#include "microsoft/refusal.h"

/* Users named in one sentence; more are counted, all are on the page of the users. */
#define NAMED_USERS 5
/* Users asked for alone until what they have is kept and the lease lasts anew. */
#define KEEP_EVERY 100

/* One attempt: forward, or back while stopping. */
struct moving {
	struct run *run;
	struct user_move_look look;
	struct user_moves moves;
	bool back;
};

static fault *moving_load(struct moving *m)
{
	DEFER(tx_end) struct tx *tx = NULL;
	struct run *run = m->run;

	TRY(tx_begin(run->job->store, STORE_READ, run->arena, &tx));
	TRY(user_move_load(tx, run->c.id, &m->look.kept));
	return user_move_services(tx, m->look.plan, &m->look.now->skus, &m->look.services);
}

/* Commits what changed, with all that was asked so far. */
static fault *moving_keep(struct moving *m)
{
	bool changed = false;

	for (size_t i = 0; i < m->moves.len; i++)
		changed |= m->moves.at[i].changed;
	if (!changed)
		return NULL;
	TRY(run_begin(m->run));
	TRY(user_move_keep(m->run->tx, m->run->c.id, &m->moves));
	TRY(run_keep(m->run));
	for (size_t i = 0; i < m->moves.len; i++)
		m->moves.at[i].changed = false;
	return NULL;
}

static str name_known(const struct moving *m, str group)
{
	for (size_t i = 0; i < m->moves.len; i++)
		if (str_eq(m->moves.at[i].through, group) &&
		    !str_is_empty(m->moves.at[i].through_name))
			return m->moves.at[i].through_name;
	return STR_NONE;
}

/* A person knows a group by its name; each is asked for once. */
static fault *name_groups(struct moving *m)
{
	for (size_t i = 0; i < m->moves.len; i++) {
		struct user_move *move = &m->moves.at[i];
		str name;

		if (!move->changed || str_is_empty(move->through) ||
		    !str_is_empty(move->through_name))
			continue;
		name = name_known(m, move->through);
		if (str_is_none(name))
			TRY(group_name(&m->run->ms, m->run->c.tenant, move->through, &name));
		move->through_name = str_is_none(name) ? S("") : name;
	}
	return NULL;
}

static const struct user_move *same_group_before(const struct moving *m, size_t move)
{
	for (size_t i = 0; i < move; i++)
		if (str_eq(m->moves.at[i].through, m->moves.at[move].through) &&
		    str_eq(m->moves.at[i].sku, m->moves.at[move].sku))
			return &m->moves.at[i];
	return NULL;
}

/* What a group was told comes to its members later: who still has the old license from a group that
 * no longer gives it is not back. */
static fault *groups_back(struct moving *m)
{
	for (size_t i = 0; i < m->moves.len; i++) {
		struct user_move *move = &m->moves.at[i];
		const struct user_move *before = same_group_before(m, i);
		bool gives = before && before->state == USER_MOVE_PUT_BACK;

		if (str_is_empty(move->through) || move->state != USER_MOVE_PUT_BACK)
			continue;
		if (!before)
			TRY(group_gives(&m->run->ms, m->run->c.tenant, move->through, move->sku,
					&gives));
		if (gives)
			continue;
		move->state = USER_MOVE_PLANNED;
		move->changed = true;
	}
	return NULL;
}

static fault *moving_open(struct run *run, const struct plan *plan, const struct snapshot *before,
			  const struct snapshot *now, struct moving *m)
{
	*m = (struct moving){
		.run = run,
		.look = { .plan = plan, .before = before, .now = now, .at = run->now },
		.back = run->c.state == CONVERSION_STOPPING,
	};
	TRY(moving_load(m));
	m->moves = m->back ? user_move_back(run->arena, &m->look)
			   : user_move_forward(run->arena, &m->look);
	if (m->back)
		TRY(groups_back(m));
	TRY(name_groups(m));
	return moving_keep(m);
}

static size_t count_of(const struct moving *m, enum user_move_state state)
{
	return user_move_count(&m->moves, state, false) + user_move_count(&m->moves, state, true);
}

static str progress(const struct moving *m)
{
	size_t done = count_of(m, m->back ? USER_MOVE_PUT_BACK : USER_MOVE_MOVED);
	size_t all = m->moves.len - count_of(m, USER_MOVE_GONE);

	return str_format(m->run->arena, "%zu of %zu license%s %s.", done, all, all == 1 ? "" : "s",
			  m->back ? "put back" : "moved");
}

/* Members that were throttled are asked for again, alone, after the longest wait of them. */
static fault *asked(struct moving *m, const struct user_move_batch *batch, int64_t wait,
		    struct outcome *out)
{
	bool unanswered = false, changed_meanwhile = false;

	for (size_t i = 0; i < batch->len; i++) {
		unanswered |= batch->at[i].answer == ASSIGN_UNANSWERED;
		changed_meanwhile |= batch->at[i].answer == ASSIGN_NOT_HELD;
	}
	TRY(run_begin(m->run));
	TRY(user_move_keep(m->run->tx, m->run->c.id, &m->moves));
	if (!unanswered && !changed_meanwhile) {
		*out = (struct outcome){ .kind = OUTCOME_SAME };
		return NULL;
	}
	TRY(step_wait(out, WAITS_MICROSOFT,
		      str_format(m->run->arena, "Microsoft takes its time with the users: %.*s",
				 STR(progress(m))),
		      S("Nothing to do: it is tried again by itself.")));
	out->look_again = wait ? SECONDS(wait) : changed_meanwhile ? MINUTES(1) : 0;
	return NULL;
}

static fault *ask(struct moving *m, struct user_move_batch *batch, struct outcome *out)
{
	struct run *run = m->run;
	int64_t wait;
	fault *f = assign_batch(&run->ms, run->c.tenant, batch->at, batch->len, &wait);

	if (refusal_is(f, "Authorization_RequestDenied"))
		return step_wait(out, WAITS_ADMINISTRATOR,
				 S("The administrator's consent does not cover changing users' "
				   "licenses, which this plan needs. Nobody was changed."),
				 turn_words(TURN_ALLOW_CHANGING));
	TRY(f);
	user_move_answered(&m->moves, batch, m->back, run->now);
	return asked(m, batch, wait, out);
}

static str title_of(const struct moving *m, str sku, bool target)
{
	for (size_t i = 0; i < m->look.plan->len; i++) {
		const struct plan_line *line = &m->look.plan->at[i];

		if (plan_moves(line) && str_eq(line->sku, sku))
			return target ? line->target_title : line->title;
	}
	return sku;
}

static void say_refused(const struct moving *m, struct text *why)
{
	size_t count = count_of(m, USER_MOVE_REFUSED), named = 0;

	text_format(why, "%zu license%s could not be %s:", count, count == 1 ? "" : "s",
		    m->back ? "put back" : "moved");
	for (size_t i = 0; i < m->moves.len && named < NAMED_USERS; i++) {
		const struct user_move *move = &m->moves.at[i];

		if (move->state != USER_MOVE_REFUSED)
			continue;
		text_format(why, "%s %.*s (%s)", named++ ? "," : "", STR(move->person_name),
			    user_move_mend(move->cause)->said);
	}
	if (count > named)
		text_format(why, " and %zu more", count - named);
	text_add(why, S("."));
}

/* One sentence a group and SKU. */
static void say_group(const struct moving *m, size_t first, struct text *why)
{
	const struct user_move *group = &m->moves.at[first];
	str old = title_of(m, group->sku, false), new = title_of(m, group->sku, true);
	bool is_named = !str_is_empty(group->through_name);
	size_t named = 0, count = 0;

	text_format(why, "In group %.*s%s%.*s%s replace %.*s by %.*s, for",
		    STR(group->through_name), is_named ? " (" : "", STR(group->through),
		    is_named ? ")" : "", STR(m->back ? new : old), STR(m->back ? old : new));
	for (size_t i = first; i < m->moves.len; i++) {
		const struct user_move *move = &m->moves.at[i];

		if (move->state != USER_MOVE_PLANNED || !str_eq(move->through, group->through) ||
		    !str_eq(move->sku, group->sku) || ++count > NAMED_USERS)
			continue;
		text_format(why, "%s %.*s", named++ ? "," : "", STR(move->person_name));
	}
	if (count > named)
		text_format(why, " and %zu more", count - named);
	text_add(why, S("."));
}

/* A tenant has few groups that give licenses, and many users in them. */
static void say_groups(const struct moving *m, struct text *why)
{
	struct arena *a = m->run->arena;
	const struct user_move **said = NULL;
	size_t count = 0, n;

	for (size_t i = 0; i < m->moves.len; i++) {
		const struct user_move *move = &m->moves.at[i];

		if (move->state != USER_MOVE_PLANNED || str_is_empty(move->through))
			continue;
		for (n = 0; n < count; n++)
			if (str_eq(said[n]->through, move->through) &&
			    str_eq(said[n]->sku, move->sku))
				break;
		if (n < count)
			continue;
		text_add(why, text_str(why).len ? S(" ") : S(""));
		say_group(m, i, why);
		said = arena_grown(a, said, count, sizeof(const struct user_move *));
		said[count++] = move;
	}
}

/* Members of the move's group who would get its target; a group gives it to all, or to none. */
static int64_t members_to_come(const struct moving *m, const struct user_move *move)
{
	const struct license_holds *holds = &m->look.now->holds;
	int64_t count = 0;

	for (size_t i = 0; i < holds->len; i++)
		count += str_eq(holds->at[i].sku, move->sku) &&
			 str_eq(holds->at[i].group, move->through) &&
			 !user_move_has(&m->look, holds->at[i].user, move->target);
	return count;
}

/* Where a group has more members than there are free licenses, replacing what it gives would leave
 * somebody with nothing: only one of the two products knows who waits for a license. */
static bool say_short(const struct moving *m, struct text *why)
{
	for (size_t i = 0; i < m->moves.len && !m->back; i++) {
		const struct user_move *move = &m->moves.at[i];
		struct license_sku target = snapshot_sku(m->look.now, move->target);
		int64_t free = license_valid(&target) - target.consumed, members;

		if (move->state != USER_MOVE_PLANNED || str_is_empty(move->through) ||
		    (i > 0 && str_eq(move->through, m->moves.at[i - 1].through)))
			continue;
		members = members_to_come(m, move);
		if (members <= free)
			continue;
		text_format(
			why,
			"Group %.*s gives %.*s to %lld user%s, and %lld license%s of %.*s %s "
			"free: changing it now would leave somebody without.",
			STR(str_is_empty(move->through_name) ? move->through : move->through_name),
			STR(title_of(m, move->sku, false)), (long long)members,
			members == 1 ? "" : "s", (long long)free, free == 1 ? "" : "s",
			STR(title_of(m, move->sku, true)), free == 1 ? "is" : "are");
		return true;
	}
	return false;
}

/* The first that an administrator can mend; else the first at all. */
static const struct user_move_mend *mend_of(const struct moving *m)
{
	const struct user_move_mend *first = NULL;

	for (size_t i = 0; i < m->moves.len; i++) {
		const struct user_move_mend *mend = user_move_mend(m->moves.at[i].cause);

		if (m->moves.at[i].state != USER_MOVE_REFUSED)
			continue;
		if (mend->whose == WAITS_ADMINISTRATOR)
			return mend;
		first = first ? first : mend;
	}
	return first;
}

/* Refused users and groups are for people. */
static fault *ask_people(struct moving *m, struct outcome *out)
{
	const struct user_move_mend *mend = mend_of(m);
	struct text why = text_open(m->run->arena);

	if (mend)
		say_refused(m, &why);
	if (!mend && say_short(m, &why))
		return step_wait(out, WAITS_PARTNER, text_str(&why),
				 S("Buy the missing licenses of the new product, or have the "
				   "administrator take users who do not need it out of the group; "
				   "then press Resume. Or stop the conversion."));
	say_groups(m, &why);
	if (!mend)
		return step_wait(out, WAITS_ADMINISTRATOR, text_str(&why),
				 turn_words(TURN_REPLACE_IN_GROUP));
	return step_wait(
		out, mend->whose, text_str(&why),
		str_format(m->run->arena, "%s Then press %s.", mend->mend,
			   mend->whose == WAITS_ADMINISTRATOR
				   ? "“I have done it: look now” on the administrator's page"
				   : "Resume"));
}

/* Whether this look shows all that is called done; Graph's lists follow with a delay. */
static bool is_shown(const struct moving *m)
{
	for (size_t i = 0; i < m->moves.len; i++)
		if (!user_move_is_shown(&m->look, &m->moves.at[i]))
			return false;
	return true;
}

static bool has_it_back(const struct license_holds *holds, str sku)
{
	for (size_t i = 0; i < holds->len; i++)
		if (str_eq(holds->at[i].sku, sku) && license_is_given(&holds->at[i]))
			return true;
	return holds->users == 0; /* who is deleted lacks nothing */
}

/* Asks for each user alone whether they have the old license; what was found out is kept now and
 * then, so that a user is asked for once however often this is cut short. */
static fault *ask_alone(struct moving *m)
{
	struct license_holds holds = { 0 };
	str person = STR_NONE;
	size_t asked = 0;

	for (size_t i = 0; i < m->moves.len; i++) {
		struct user_move *move = &m->moves.at[i];

		if (move->state != USER_MOVE_PUT_BACK || move->confirmed)
			continue;
		if (!str_eq(person, move->person)) {
			if (++asked % KEEP_EVERY == 0) {
				TRY(moving_keep(m));
				TRY(job_renew(m->run->job, m->run->job->lasts));
			}
			TRY(license_holds_of(&m->run->ms, m->run->c.tenant, move->person, &holds));
		}
		person = move->person;
		move->confirmed = has_it_back(&holds, move->sku);
		if (!move->confirmed)
			move->state = USER_MOVE_PLANNED;
		move->changed = true;
	}
	return moving_keep(m);
}

/* Before the new licenses go: a list that shows the old one may be of before they were moved.  Who
 * has not got it is put back. */
static fault *confirm_back(struct moving *m, struct outcome *out, bool *done)
{
	TRY(ask_alone(m));
	*done = count_of(m, USER_MOVE_PLANNED) == 0;
	if (*done)
		return NULL;
	TRY(step_wait(
		out, WAITS_MICROSOFT,
		S("Microsoft's list of users is behind what its users have; who lacks the old "
		  "license gets it back first."),
		S("Nothing to do: the lists follow within minutes, usually.")));
	out->look_again = MINUTES(1);
	return NULL;
}

/* Asks for the next users, or for people; *done when nothing is left, which the look shows. */
static fault *moving_go_on(struct moving *m, struct outcome *out, bool *done)
{
	struct user_move_batch batch = user_move_batch(m->run->arena, &m->look, &m->moves, m->back);

	*done = false;
	if (batch.len)
		return ask(m, &batch, out);
	if (count_of(m, USER_MOVE_REFUSED) || user_move_count(&m->moves, USER_MOVE_PLANNED, true))
		return ask_people(m, out);
	*done = is_shown(m) && count_of(m, USER_MOVE_PLANNED) == 0;
	if (*done)
		return m->back ? confirm_back(m, out, done) : NULL;
	return step_wait(out, WAITS_MICROSOFT,
			 S("Microsoft does not show every user's new license yet."),
			 S("Nothing to do: the lists follow within minutes, usually."));
}

static bool moves_anybody(const struct plan *plan)
{
	for (size_t i = 0; i < plan->len; i++)
		if (plan_moves(&plan->at[i]))
			return true;
	return false;
}

static fault *moved(struct moving *m, struct outcome *out)
{
	struct verify_differences left = verify_moved(m->run->arena, m->look.plan, m->look.before,
						      m->look.now);
	size_t gone = count_of(m, USER_MOVE_GONE);

	if (left.len)
		return step_wait(
			out, WAITS_PARTNER, verify_text(m->run->arena, &left),
			S("In Microsoft's admin center take the old license from whoever does not "
			  "need it, and press Resume; or stop the conversion."));
	if (gone)
		return step_next(out,
				 str_format(m->run->arena,
					    "%.*s %zu more %s deleted or had lost the license "
					    "before.",
					    STR(progress(m)), gone, gone == 1 ? "was" : "were"));
	return step_next(out, progress(m));
}

fault *step_move_users(struct run *run, struct outcome *out)
{
	struct snapshot before, now;
	struct moving m;
	struct plan plan;
	bool done;

	TRY(step_load(run, &before, &plan));
	if (!moves_anybody(&plan))
		return step_next(out, S("Every line is an exact match: no user had to be moved."));
	TRY(step_look(run, &now));
	TRY(moving_open(run, &plan, &before, &now, &m));
	TRY(moving_go_on(&m, out, &done));
	return done ? moved(&m, out) : NULL;
}

fault *step_users_back(struct run *run, const struct snapshot *before, const struct plan *plan,
		       const struct snapshot *now, struct outcome *out, bool *done)
{
	struct moving m;

	*done = true;
	if (!moves_anybody(plan))
		return NULL;
	TRY(moving_open(run, plan, before, now, &m));
	return moving_go_on(&m, out, done);
}
