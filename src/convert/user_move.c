#include "convert/user_move.h"

#include <stdlib.h>

#include "convert/user_move_held.h"
#include "convert/verify.h"

static str none_is_empty(str s)
{
	return str_is_none(s) ? S("") : s;
}

static int move_order(const void *left, const void *right)
{
	const struct user_move *a = left, *b = right;
	int order = str_compare(a->person, b->person);

	if (order == 0)
		order = str_compare(a->sku, b->sku);
	return order ? order : str_compare(a->through, b->through);
}

void user_move_sort(struct user_moves *moves)
{
	if (moves->len > 1)
		qsort(moves->at, moves->len, sizeof *moves->at, move_order);
}

static struct user_move *move_find(const struct user_moves *moves, const struct license_hold *hold)
{
	struct user_move key = { .person = hold->user,
				 .sku = hold->sku,
				 .through = none_is_empty(hold->group) };

	return moves->len ? bsearch(&key, moves->at, moves->len, sizeof key, move_order) : NULL;
}

/* What is known of a move from this look. */
static struct user_move move_seen(struct arena *keep, const struct user_move_look *look,
				  struct user_move_held held, const struct license_hold *hold)
{
	str target = user_move_held_line(look->plan, hold->sku)->target;
	const struct license_hold *had = user_move_held_directly(held, target);

	return (struct user_move){
		.person = hold->user,
		.person_name = hold->user_name,
		.sku = hold->sku,
		.target = target,
		.through = none_is_empty(hold->group),
		.through_name = S(""),
		.disabled_before = user_move_held_own(keep, look, hold),
		.disabled_after = user_move_held_off(keep, look, held, target, true),
		.had_target = had != NULL,
		.target_before = had ? user_move_held_own(keep, look, had) : S(""),
		.state = USER_MOVE_PLANNED,
		.cause = ASSIGN_DONE,
		.said = S(""),
		.at = look->at,
		.changed = true
	};
}

static bool same_move(const struct user_move *a, const struct user_move *b)
{
	return a->state == b->state && str_eq(a->target, b->target) &&
	       a->had_target == b->had_target && str_eq(a->disabled_before, b->disabled_before) &&
	       str_eq(a->disabled_after, b->disabled_after) &&
	       str_eq(a->target_before, b->target_before);
}

static bool is_fresh(const struct user_move_look *look, const struct user_move *move)
{
	return instant_since(look->at, move->at) < USER_MOVE_LISTS_ARE_LATE;
}

/* A hold that is still there, of a move that is kept already. */
static void move_still_there(struct user_move *move, const struct user_move *seen,
			     const struct user_move_look *look)
{
	struct user_move next = *seen;

	if (move->state == USER_MOVE_MOVED && is_fresh(look, move))
		return; /* done; the list is late */
	next.through_name = move->through_name;
	if (move->state == USER_MOVE_REFUSED) {
		next.state = USER_MOVE_REFUSED;
		next.cause = move->cause;
		next.said = move->said;
	}
	if (!same_move(move, &next))
		*move = next;
}

static void move_end(struct user_move *move, enum user_move_state state, instant at)
{
	if (move->state == state)
		return;
	move->state = state;
	move->cause = ASSIGN_DONE;
	move->said = S("");
	move->at = at;
	move->confirmed = false;
	move->changed = true;
}

/* How many of the line's users are to change: where units of the old SKU stay, those stay on it. */
static int64_t quota_of(struct arena *keep, const struct user_move_look *look,
			const struct plan_line *line)
{
	int64_t stays = verify_stays(look->plan, look->before, line);

	if (stays <= 0)
		return INT64_MAX;
	return (int64_t)verify_holders(keep, look->now, line->sku).len - stays;
}

static bool is_next_target(const struct user_move_look *look, struct user_move_held held, str sku)
{
	for (size_t i = 0; i < held.len; i++) {
		const struct plan_line *line = user_move_held_line(look->plan, held.at[i].sku);

		if (line && str_eq(line->target, sku))
			return true;
	}
	return false;
}

static size_t first_of(const struct user_moves *moves, str person)
{
	size_t low = 0, high = moves->len;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (str_compare(moves->at[middle].person, person) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Where users of one SKU get another that its own users leave, those who came stay. */
static bool came_here(const struct user_moves *kept, str person, str sku)
{
	for (size_t i = first_of(kept, person); i < kept->len && str_eq(kept->at[i].person, person);
	     i++)
		if (str_eq(kept->at[i].target, sku))
			return true;
	return false;
}

static void add_seen(struct arena *keep, const struct user_move_look *look,
		     struct user_moves *moves, const struct license_hold *hold, int64_t *quota)
{
	struct user_move_held held = user_move_held_by(look->now, hold->user);
	struct user_move seen = move_seen(keep, look, held, hold);
	struct user_move *kept = move_find(&look->kept, hold);

	if (kept) {
		move_still_there(kept, &seen, look);
		(*quota)--;
	} else if (*quota > 0 && !is_next_target(look, held, hold->sku) &&
		   !came_here(&look->kept, hold->user, hold->sku)) {
		moves->at = arena_grown(keep, moves->at, moves->len, sizeof *moves->at);
		moves->at[moves->len++] = seen;
		(*quota)--;
	}
}

/* Direct ones first: a group is for the administrator to change. */
static void line_forward(struct arena *keep, const struct user_move_look *look,
			 const struct plan_line *line, struct user_moves *moves)
{
	int64_t quota = quota_of(keep, look, line);

	for (int groups = 0; groups < 2; groups++)
		for (size_t i = 0; i < look->now->holds.len; i++) {
			const struct license_hold *hold = &look->now->holds.at[i];

			if (str_eq(hold->sku, line->sku) && str_is_empty(hold->group) == !groups)
				add_seen(keep, look, moves, hold, &quota);
		}
}

/* What is kept and no longer seen is done, by us or by somebody else, or it is gone. */
static void kept_forward(const struct user_move_look *look)
{
	for (size_t i = 0; i < look->kept.len; i++) {
		struct user_move *move = &look->kept.at[i];
		struct user_move_held held = user_move_held_by(look->now, move->person);

		if (user_move_held_through(held, move->sku, move->through))
			continue;
		if (user_move_held_any(held, move->target))
			move_end(move, USER_MOVE_MOVED, look->at);
		else if (move->state != USER_MOVE_MOVED || !is_fresh(look, move))
			move_end(move, USER_MOVE_GONE, look->at);
	}
}

static struct user_moves moves_join(struct arena *keep, const struct user_moves *kept,
				    const struct user_moves *made)
{
	struct user_moves all = { .len = kept->len + made->len };

	all.at = NEW_ARRAY(keep, struct user_move, all.len + 1);
	for (size_t i = 0; i < kept->len; i++)
		all.at[i] = kept->at[i];
	for (size_t i = 0; i < made->len; i++)
		all.at[kept->len + i] = made->at[i];
	user_move_sort(&all);
	return all;
}

struct user_moves user_move_forward(struct arena *keep, const struct user_move_look *look)
{
	struct user_moves made = { 0 };

	kept_forward(look);
	for (size_t i = 0; i < look->plan->len; i++)
		if (plan_moves(&look->plan->at[i]))
			line_forward(keep, look, &look->plan->at[i], &made);
	return moves_join(keep, &look->kept, &made);
}

/* As it was: the old license, and of the target what was there before. */
static bool is_back(struct user_move_held held, const struct user_move *move)
{
	const struct license_hold *target = user_move_held_directly(held, move->target);

	if (!user_move_held_any(held, move->sku))
		return false;
	if (!str_is_empty(move->through))
		return true;
	if (!move->had_target)
		return !target && user_move_held_directly(held, move->sku);
	return user_move_held_directly(held, move->sku) &&
	       (!target || str_eq(none_is_empty(target->disabled), move->target_before));
}

bool user_move_has(const struct user_move_look *look, str person, str sku)
{
	return user_move_held_any(user_move_held_by(look->now, person), sku);
}

bool user_move_is_shown(const struct user_move_look *look, const struct user_move *move)
{
	struct user_move_held held = user_move_held_by(look->now, move->person);

	if (move->state == USER_MOVE_MOVED)
		return user_move_held_any(held, move->target) &&
		       !user_move_held_through(held, move->sku, move->through);
	return move->state != USER_MOVE_PUT_BACK || is_back(held, move);
}

struct user_moves user_move_back(struct arena *keep, const struct user_move_look *look)
{
	struct user_moves none = { 0 };

	for (size_t i = 0; i < look->kept.len; i++) {
		struct user_move *move = &look->kept.at[i];
		struct user_move_held held = user_move_held_by(look->now, move->person);
		bool done_just_now = move->state == USER_MOVE_PUT_BACK && is_fresh(look, move);
		bool moved_just_now = move->state == USER_MOVE_MOVED && is_fresh(look, move);

		if (is_back(held, move) && moved_just_now)
			continue; /* the list is of before: it shows in a while where they are */
		if (is_back(held, move))
			move_end(move, USER_MOVE_PUT_BACK, look->at);
		else if (!user_move_held_any(held, move->sku) &&
			 !user_move_held_any(held, move->target))
			move_end(move, USER_MOVE_GONE, look->at);
		else if (move->state != USER_MOVE_REFUSED && !done_just_now)
			move_end(move, USER_MOVE_PLANNED, look->at);
	}
	return moves_join(keep, &look->kept, &none);
}
