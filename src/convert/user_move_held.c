#include "convert/user_move_held.h"

#include <stdlib.h>

struct user_move_held user_move_held_by(const struct snapshot *now, str user)
{
	size_t low = 0, high = now->holds.len;
	struct user_move_held held;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (str_compare(now->holds.at[middle].user, user) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	held = (struct user_move_held){ .at = now->holds.at + low };
	while (low + held.len < now->holds.len && str_eq(held.at[held.len].user, user))
		held.len++;
	return held;
}

static bool is_direct(const struct license_hold *hold)
{
	return str_is_empty(hold->group);
}

const struct license_hold *user_move_held_directly(struct user_move_held held, str sku)
{
	for (size_t i = 0; i < held.len; i++)
		if (is_direct(&held.at[i]) && str_eq(held.at[i].sku, sku))
			return &held.at[i];
	return NULL;
}

bool user_move_held_any(struct user_move_held held, str sku)
{
	for (size_t i = 0; i < held.len; i++)
		if (str_eq(held.at[i].sku, sku))
			return true;
	return false;
}

bool user_move_held_through(struct user_move_held held, str sku, str through)
{
	for (size_t i = 0; i < held.len; i++)
		if (str_eq(held.at[i].sku, sku) &&
		    str_is_empty(held.at[i].group) == str_is_empty(through) &&
		    (str_is_empty(through) || str_eq(held.at[i].group, through)))
			return true;
	return false;
}

const struct plan_line *user_move_held_line(const struct plan *plan, str sku)
{
	for (size_t i = 0; i < plan->len; i++)
		if (plan_moves(&plan->at[i]) && str_eq(plan->at[i].sku, sku))
			return &plan->at[i];
	return NULL;
}

static bool has_guid(str list, str guid)
{
	str one;

	while (str_next(&list, ' ', &one))
		if (str_eq(one, guid))
			return true;
	return false;
}

/* None when it is not known. */
static str plans_of(const struct user_move_look *look, str sku)
{
	for (size_t i = 0; i < look->services.len; i++)
		if (str_eq(look->services.at[i].sku, sku))
			return look->services.at[i].plans;
	return STR_NONE;
}

/* Whether a SKU has the plan; one whose plans are not known is taken to. */
static bool has_plan(str plans, str plan)
{
	return str_is_empty(plans) || has_guid(plans, plan);
}

/* Whether this hold gives the user the service plan; of a SKU whose plans are not known it is
 * taken to, so that nobody loses one. */
static bool gives(const struct user_move_look *look, const struct license_hold *hold, str plan)
{
	return !has_guid(hold->disabled, plan) && has_plan(plans_of(look, hold->sku), plan);
}

/* A hold that will be the target's: the target itself, or what becomes it. */
static bool counts_for(const struct user_move_look *look, const struct license_hold *hold,
		       str target, bool with_old)
{
	const struct plan_line *line = user_move_held_line(look->plan, hold->sku);

	return str_eq(hold->sku, target) || (with_old && line && str_eq(line->target, target));
}

static bool is_given(const struct user_move_look *look, struct user_move_held held, str target,
		     bool with_old, str plan)
{
	for (size_t i = 0; i < held.len; i++)
		if (counts_for(look, &held.at[i], target, with_old) &&
		    gives(look, &held.at[i], plan))
			return true;
	return false;
}

static int guid_order(const void *left, const void *right)
{
	return str_compare(*(const str *)left, *(const str *)right);
}

static str guids_text(struct arena *keep, str *guids, size_t count)
{
	struct text text = text_open(keep);

	if (count > 1)
		qsort(guids, count, sizeof *guids, guid_order);
	for (size_t i = 0; i < count; i++)
		if (i == 0 || !str_eq(guids[i], guids[i - 1]))
			text_format(&text, "%s%.*s", i ? " " : "", STR(guids[i]));
	return text_str(&text);
}

str user_move_held_off(struct arena *keep, const struct user_move_look *look,
		       struct user_move_held held, str target, bool with_old)
{
	str plans = plans_of(look, target), *off = NULL;
	size_t count = 0;

	for (size_t i = 0; i < held.len; i++) {
		str rest = held.at[i].disabled, plan;

		if (!counts_for(look, &held.at[i], target, with_old))
			continue;
		while (str_next(&rest, ' ', &plan)) {
			if (str_is_empty(plan) || is_given(look, held, target, with_old, plan) ||
			    !has_plan(plans, plan))
				continue;
			off = arena_grown(keep, off, count, sizeof *off);
			off[count++] = plan;
		}
	}
	return guids_text(keep, off, count);
}

str user_move_held_own(struct arena *keep, const struct user_move_look *look,
		       const struct license_hold *hold)
{
	str plans = plans_of(look, hold->sku), rest = hold->disabled, plan, *off = NULL;
	size_t count = 0;

	while (str_next(&rest, ' ', &plan)) {
		if (str_is_empty(plan) || !has_plan(plans, plan))
			continue;
		off = arena_grown(keep, off, count, sizeof *off);
		off[count++] = plan;
	}
	return guids_text(keep, off, count);
}
