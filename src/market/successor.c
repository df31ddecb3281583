#include "market/successor.h"

#include <stdlib.h>

#include "market/family.h"
#include "sku_sql.h"

/* The service plans of one SKU. */
struct inside {
	str sku;
	const struct sku_plan *at;
	const enum family *family; /* of each of them */
	size_t len;
};

struct all {
	struct inside *at;
	size_t len;
};

/* Of every SKU that may be proposed; the rows come SKU by SKU. */
static fault *all_load(struct tx *tx, struct all *all)
{
	struct sku_plan_sold_list rows;
	struct sku_plan *plans;
	enum family *family;

	TRY(sku_plan_sold(tx, &rows));
	plans = NEW_ARRAY(tx_arena(tx), struct sku_plan, rows.len + 1);
	family = NEW_ARRAY(tx_arena(tx), enum family, rows.len + 1);
	*all = (struct all){ .at = NEW_ARRAY(tx_arena(tx), struct inside, rows.len + 1) };
	for (size_t i = 0; i < rows.len; i++) {
		plans[i] = (struct sku_plan){ .guid = rows.at[i].guid, .name = rows.at[i].name };
		family[i] = family_of(plans[i].name);
		if (all->len == 0 || !str_eq(all->at[all->len - 1].sku, rows.at[i].sku))
			all->at[all->len++] = (struct inside){ .sku = rows.at[i].sku,
							       .at = &plans[i],
							       .family = &family[i] };
		all->at[all->len - 1].len++;
	}
	return NULL;
}

static fault *inside_load(struct tx *tx, str sku, struct inside *in)
{
	struct sku_plans plans;
	enum family *family;

	TRY(sku_plans(tx, sku, &plans));
	family = NEW_ARRAY(tx_arena(tx), enum family, plans.len + 1);
	for (size_t i = 0; i < plans.len; i++)
		family[i] = family_of(plans.at[i].name);
	*in = (struct inside){ .sku = sku, .at = plans.at, .family = family, .len = plans.len };
	return NULL;
}

static bool has(const struct inside *in, str plan)
{
	for (size_t i = 0; i < in->len; i++)
		if (str_eq(in->at[i].guid, plan))
			return true;
	return false;
}

/* Skype for Business is gone: who had it needs another service of its family, and a SKU that still
 * lists it carries nobody. */
static bool is_gone(const struct inside *in, size_t plan)
{
	return in->family[plan] == FAMILY_MEETINGS &&
	       str_eq_nocase(str_part(in->at[plan].name, 0, 3), S("MCO"));
}

static unsigned families_carried(const struct inside *in)
{
	unsigned set = 0;

	for (size_t i = 0; i < in->len; i++)
		if (!is_gone(in, i))
			set |= 1u << in->family[i];
	return set & ~(1u << FAMILY_UNSEEN);
}

static unsigned families_of(const struct inside *in)
{
	unsigned set = 0;

	for (size_t i = 0; i < in->len; i++)
		set |= 1u << in->family[i];
	return set & ~(1u << FAMILY_UNSEEN);
}

static int64_t count(unsigned set)
{
	return __builtin_popcount(set);
}

/* Plans of `in` that a user meets and `other` has not. */
static int64_t only_in(const struct inside *in, const struct inside *other)
{
	int64_t only = 0;

	for (size_t i = 0; i < in->len; i++)
		only += in->family[i] != FAMILY_UNSEEN && !has(other, in->at[i].guid);
	return only;
}

static struct successor compared(const struct inside *from, const struct inside *to)
{
	unsigned had = families_of(from), gets = families_carried(to);

	return (struct successor){
		.families_lost = count(had & ~gets),
		.families_gained = count(gets & ~had),
		.plans_lost = only_in(from, to),
		.plans_gained = only_in(to, from),
	};
}

/* Losing hurts more than paying for what nobody asked for. */
static int nearer(const void *left, const void *right)
{
	const struct successor *a = left, *b = right;
	int64_t by[] = { b->named - a->named, a->families_lost - b->families_lost,
			 a->families_gained - b->families_gained,
			 (a->plans_lost + a->plans_gained) - (b->plans_lost + b->plans_gained) };

	for (size_t i = 0; i < COUNT(by); i++)
		if (by[i])
			return by[i] < 0 ? -1 : 1;
	return str_compare(a->sku.guid, b->sku.guid);
}

static void propose(struct successors *list, str guid, bool named, struct successor s)
{
	s.sku.guid = guid;
	s.named = named;
	list->at[list->len++] = s;
}

static fault *propose_near(struct tx *tx, const struct inside *from, str named,
			   struct successors *list)
{
	struct all all;

	TRY(all_load(tx, &all));
	list->at = NEW_ARRAY(tx_arena(tx), struct successor, all.len + 1);
	for (size_t i = 0; i < all.len; i++) {
		const struct inside *to = &all.at[i];
		struct successor s = compared(from, to);
		bool is_named = str_eq(to->sku, named);

		if (!str_eq(to->sku, from->sku) &&
		    (is_named || 2 * s.families_lost < count(families_of(from))))
			propose(list, to->sku, is_named, s);
	}
	return NULL;
}

/* Named, and what is inside is not known: it could not be compared. */
static fault *propose_named(struct tx *tx, const struct inside *from, str named,
			    struct successors *list)
{
	struct sku sku;
	bool found;

	if (str_is_none(named) || str_eq(named, from->sku))
		return NULL;
	for (size_t i = 0; i < list->len; i++)
		if (list->at[i].named)
			return NULL;
	TRY(sku_find(tx, named, &sku, &found));
	if (found && !sku.free && !sku.retired)
		propose(list, sku.guid, true, (struct successor){ 0 });
	return NULL;
}

fault *successor_near(struct tx *tx, str guid, size_t most, struct successors *list)
{
	struct inside from;
	struct sku sku;
	bool found;

	*list = (struct successors){ 0 };
	TRY(sku_find(tx, guid, &sku, &found));
	if (!found)
		return NULL;
	TRY(inside_load(tx, guid, &from));
	TRY(propose_near(tx, &from, sku.successor, list));
	TRY(propose_named(tx, &from, sku.successor, list));
	if (list->len > 1)
		qsort(list->at, list->len, sizeof *list->at, nearer);
	list->len = list->len < most ? list->len : most;
	for (size_t i = 0; i < list->len; i++)
		TRY(sku_find(tx, list->at[i].sku.guid, &list->at[i].sku, &found));
	return NULL;
}

/* Microsoft's list keeps what is no longer there, and says so in the name. */
static bool is_withdrawn(str friendly_name)
{
	return str_starts(friendly_name, S("RETIRED")) ||
	       str_starts(friendly_name, S("DO NOT USE"));
}

/* The plans of `in` that `other` has not, family by family. */
static str in_words(struct arena *keep, const struct inside *in, const struct inside *other)
{
	struct text text = text_open(keep);

	for (enum family f = 0; f < FAMILY_UNSEEN; f++) {
		size_t named = 0;

		for (size_t i = 0; i < in->len; i++) {
			if (in->family[i] != f || has(other, in->at[i].guid) ||
			    is_withdrawn(in->at[i].friendly_name))
				continue;
			if (named++ == 0)
				text_format(&text, "%s%.*s: ", text.len ? "; " : "",
					    STR(family_words(f)));
			else
				text_add(&text, S(", "));
			text_add(&text, in->at[i].friendly_name);
		}
	}
	return text_str(&text);
}

fault *successor_compare(struct tx *tx, str from, str to, str *gained, str *lost)
{
	struct inside had, gets;

	TRY(inside_load(tx, from, &had));
	TRY(inside_load(tx, to, &gets));
	*gained = had.len && gets.len ? in_words(tx_arena(tx), &gets, &had) : S("");
	*lost = had.len && gets.len ? in_words(tx_arena(tx), &had, &gets) : S("");
	return NULL;
}
