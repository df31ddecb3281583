#include "store/prepared.h"

#include <stdlib.h>

static size_t place_of(const struct prepared_set *set, const struct statement *of)
{
	/* Statements are large and aligned: the low bits of their addresses say nothing. */
	size_t at = ((uintptr_t)of / sizeof(*of)) & (set->room - 1);

	while (set->at[at].of && set->at[at].of != of)
		at = (at + 1) & (set->room - 1);
	return at;
}

static void grow(struct prepared_set *set)
{
	struct prepared_set larger = { .room = set->room ? set->room * 2 : 64,
				       .count = set->count };

	larger.at = calloc(larger.room, sizeof(*larger.at));
	if (!larger.at)
		abort();
	for (size_t i = 0; i < set->room; i++)
		if (set->at[i].of)
			larger.at[place_of(&larger, set->at[i].of)] = set->at[i];
	free(set->at);
	*set = larger;
}

struct prepared *prepared_find(struct prepared_set *set, const struct statement *of)
{
	if (set->count * 2 >= set->room)
		grow(set);
	struct prepared *found = &set->at[place_of(set, of)];
	if (!found->of) {
		found->of = of;
		set->count++;
	}
	return found;
}

void prepared_close(struct prepared_set *set, void (*close)(void *made))
{
	for (size_t i = 0; i < set->room; i++)
		if (set->at[i].made)
			close(set->at[i].made);
	free(set->at);
	*set = (struct prepared_set){ 0 };
}
