#include "market/successor.h"

#include <stdlib.h>

#include "market/family.h"
#include "sku_sql.h"

/* The service plans of one SKU, as rows of the whole list. */
struct inside {
	str sku;
	const struct sku_plan_all *at;
	const enum family *family; /* of each of them */
	size_t len;
};

struct all {
	struct inside *at;
	size_t len;
};

/* The rows come SKU by SKU. */
static fault *all_load(struct tx *tx, struct all *all)
{
	struct sku_plan_all_list rows;
	struct all made = { 0 };
	enum family *family;

	TRY(sku_plan_all(tx, &rows));
	family = NEW_ARRAY(tx_arena(tx), enum family, rows.len + 1);
	made.at = NEW_ARRAY(tx_arena(tx), struct inside, rows.len + 1);
	for (size_t i = 0; i < rows.len; i++) {
		family[i] = family_of(rows.at[i].name);
		if (made.len == 0 || !str_eq(made.at[made.len - 1].sku, rows.at[i].sku))
			made.at[made.len++] = (struct inside){ .sku = rows.at[i].sku,
							       .at = &rows.at[i],
							       .family = &family[i] };
		made.at[made.len - 1].len++;
	}
	*all = made;
	return NULL;
}

static const struct inside *inside_of(const struct all *all, str sku)
{
	for (size_t i = 0; i < all->len; i++)
		if (str_eq(all->at[i].sku, sku))
			return &all->at[i];
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

static void consider(const struct all *all, const struct inside *from, const struct sku *sku,
		     str named, struct successors *list)
{
	const struct inside *to = inside_of(all, sku->guid);
	bool is_named = str_eq(sku->guid, named);
	struct successor s = { 0 };

	if (sku->free || sku->retired || str_eq(sku->guid, from->sku))
		return;
	if (to)
		s = compared(from, to);
	if (!is_named && (!to || 2 * s.families_lost >= count(families_of(from))))
		return;
	s.named = is_named;
	s.sku = *sku;
	list->at[list->len++] = s;
}

fault *successor_near(struct tx *tx, str guid, size_t most, struct successors *list)
{
	const struct inside unknown = { .sku = guid }, *from;
	struct skus skus;
	struct sku sku;
	struct all all;
	bool found;

	*list = (struct successors){ 0 };
	TRY(sku_find(tx, guid, &sku, &found));
	TRY(all_load(tx, &all));
	from = inside_of(&all, guid);
	if (!found || !from)
		from = &unknown;
	TRY(sku_list(tx, &skus));
	list->at = NEW_ARRAY(tx_arena(tx), struct successor, skus.len + 1);
	for (size_t i = 0; i < skus.len; i++)
		consider(&all, from, &skus.at[i], found ? sku.successor : STR_NONE, list);
	if (list->len > 1)
		qsort(list->at, list->len, sizeof *list->at, nearer);
	list->len = list->len < most ? list->len : most;
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
	const struct inside *had, *gets;
	struct all all;

	TRY(all_load(tx, &all));
	had = inside_of(&all, from);
	gets = inside_of(&all, to);
	*gained = had && gets ? in_words(tx_arena(tx), gets, had) : S("");
	*lost = had && gets ? in_words(tx_arena(tx), had, gets) : S("");
	return NULL;
}
