/* What is asked of Microsoft for each user, and what the answers mean. */
#include "convert/user_move_held.h"

static bool is_to_ask(const struct user_move *move)
{
	return move->state == USER_MOVE_PLANNED && str_is_empty(move->through);
}

static bool is_removed(const struct assign *a, str sku)
{
	for (size_t i = 0; i < a->remove_count; i++)
		if (str_eq(a->removes[i], sku))
			return true;
	return false;
}

static bool is_added(const struct assign *a, str sku)
{
	for (size_t i = 0; i < a->add_count; i++)
		if (str_eq(a->adds[i].sku, sku))
			return true;
	return false;
}

static void add(struct assign *a, str sku, str disabled)
{
	if (!is_added(a, sku))
		a->adds[a->add_count++] = (struct assign_add){ sku, disabled };
}

static void take(struct assign *a, str sku)
{
	if (!is_removed(a, sku))
		a->removes[a->remove_count++] = sku;
}

static void ask_forward(struct arena *keep, const struct user_move_look *look,
			struct user_move_held held, const struct user_move *move, struct assign *a)
{
	str off = user_move_held_off(keep, look, held, move->target, false);

	if (!user_move_held_any(held, move->target) || !str_eq(off, move->disabled_after))
		add(a, move->target, move->disabled_after);
	take(a, move->sku);
}

static void ask_back(struct user_move_held held, const struct user_move *move, struct assign *a)
{
	const struct license_hold *target = user_move_held_directly(held, move->target);

	if (!user_move_held_directly(held, move->sku))
		add(a, move->sku, move->disabled_before);
	if (target && !move->had_target)
		take(a, move->target);
	else if (target && !str_eq(target->disabled, move->target_before))
		add(a, move->target, move->target_before);
}

/* All of one user's moves that fit into one call, from *at on. */
static struct assign ask_user(struct arena *keep, const struct user_move_look *look,
			      const struct user_moves *moves, bool back, size_t *at)
{
	struct assign a = { .user = moves->at[*at].person };
	struct user_move_held held = user_move_held_by(look->now, a.user);
	size_t rows = 0;

	for (; *at < moves->len && str_eq(moves->at[*at].person, a.user); (*at)++) {
		const struct user_move *move = &moves->at[*at];

		if (!is_to_ask(move) || rows++ == ASSIGN_SKUS / 2)
			continue;
		if (back)
			ask_back(held, move, &a);
		else
			ask_forward(keep, look, held, move, &a);
	}
	return a;
}

struct user_move_batch user_move_batch(struct arena *keep, const struct user_move_look *look,
				       const struct user_moves *moves, bool back)
{
	struct user_move_batch batch = { .len = 0 };

	for (size_t i = 0; i < moves->len && batch.len < ASSIGN_MOST;) {
		struct assign a = ask_user(keep, look, moves, back, &i);

		if (a.add_count + a.remove_count > 0)
			batch.at[batch.len++] = a;
	}
	return batch;
}

/* Whether this move was part of what was asked for. */
static bool is_asked(const struct assign *a, const struct user_move *move, bool back)
{
	if (!back)
		return is_removed(a, move->sku);
	return is_added(a, move->sku) || is_added(a, move->target) || is_removed(a, move->target);
}

static void answer_move(struct user_move *move, const struct assign *a, bool back, instant at)
{
	switch (a->answer) {
	case ASSIGN_UNANSWERED:
	case ASSIGN_NOT_HELD: return; /* changed meanwhile: the next look tells */
	case ASSIGN_DONE: move->state = back ? USER_MOVE_PUT_BACK : USER_MOVE_MOVED; break;
	case ASSIGN_NO_USER: move->state = USER_MOVE_GONE; break;
	case ASSIGN_NO_UNIT:
	case ASSIGN_NO_LOCATION:
	case ASSIGN_CLASH:
	case ASSIGN_DEPENDENCY:
	case ASSIGN_DUPLICATE_ADDRESS:
	case ASSIGN_FROM_GROUP:
	case ASSIGN_FOREIGN_PLAN:
	case ASSIGN_NO_SKU:
	case ASSIGN_OTHER: move->state = USER_MOVE_REFUSED; break;
	}
	move->cause = a->answer;
	move->said = str_is_none(a->said) ? S("") : a->said;
	move->at = at;
	move->confirmed = false;
	move->changed = true;
}

void user_move_answered(struct user_moves *moves, const struct user_move_batch *batch, bool back,
			instant at)
{
	size_t n = 0;

	for (size_t i = 0; i < batch->len; i++) {
		const struct assign *a = &batch->at[i];

		while (n < moves->len && str_compare(moves->at[n].person, a->user) < 0)
			n++;
		for (; n < moves->len && str_eq(moves->at[n].person, a->user); n++)
			if (is_to_ask(&moves->at[n]) && is_asked(a, &moves->at[n], back))
				answer_move(&moves->at[n], a, back, at);
	}
}

size_t user_move_count(const struct user_moves *moves, enum user_move_state state, bool groups)
{
	size_t count = 0;

	for (size_t i = 0; i < moves->len; i++)
		if (moves->at[i].state == state && str_is_empty(moves->at[i].through) == !groups)
			count++;
	return count;
}

#define IN_CENTER "In Microsoft's admin center open Users, then Active users, choose the user, "

/* By answer, in words that hold on the way back, too; what has no mend is never refused. */
static const struct user_move_mend mends[] = {
	[ASSIGN_UNANSWERED] = { WAITS_MICROSOFT, "", "", "" },
	[ASSIGN_DONE] = { WAITS_NOBODY, "", "", "" },
	[ASSIGN_NO_UNIT] = { WAITS_PARTNER, "no-unit", "no free license",
			     "In Microsoft's admin center take the product that is to be given "
			     "from somebody who does not need it, or buy one more license of it." },
	[ASSIGN_NO_LOCATION] = { WAITS_ADMINISTRATOR, "no-location", "no usage location",
				 IN_CENTER "open Licenses and apps, choose the country under "
					   "“Select location” and save." },
	[ASSIGN_CLASH] = { WAITS_ADMINISTRATOR, "clash", "clashes with another license",
			   IN_CENTER "open Licenses and apps, and take away the license that the "
				     "new one excludes." },
	[ASSIGN_DEPENDENCY] = { WAITS_ADMINISTRATOR, "dependency",
				"another license needs what the old one gives",
				IN_CENTER "open Licenses and apps, and take away the license that "
					  "needs the old one." },
	[ASSIGN_DUPLICATE_ADDRESS] = { WAITS_ADMINISTRATOR, "duplicate-address",
				       "a mail address is another's already",
				       IN_CENTER "and remove the mail address that somebody else "
						 "has as well." },
	[ASSIGN_NOT_HELD] = { WAITS_MICROSOFT, "", "", "" },
	[ASSIGN_FROM_GROUP] = { WAITS_ADMINISTRATOR, "from-group", "assigned by a group",
				"In Microsoft's admin center change the licenses of the group." },
	[ASSIGN_FOREIGN_PLAN] = { WAITS_ADMINISTRATOR, "foreign-plan",
				  "a service that is switched off is not in the new license",
				  IN_CENTER
				  "open Licenses and apps, and switch the user's apps on; "
				  "they can be switched off again afterwards." },
	[ASSIGN_NO_SKU] = { WAITS_PARTNER, "no-sku", "the license cannot be assigned",
			    "Look in the admin center whether the product that is to be given "
			    "is there and can be assigned to users." },
	[ASSIGN_NO_USER] = { WAITS_NOBODY, "no-user", "deleted", "" },
	[ASSIGN_OTHER] = { WAITS_PARTNER, "other", "refused",
			   "Read what Microsoft says on the page of the users, and mend it in the "
			   "admin center." },
};

const struct user_move_mend *user_move_mend(enum assign_answer cause)
{
	return &mends[cause];
}
