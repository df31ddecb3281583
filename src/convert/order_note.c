#include "convert/order_note.h"

#include "microsoft/reseller.h"

static str note_of_plan(struct arena *keep, const struct conversion *c)
{
	return str_format(keep, "Novate %.*s/%.8s/", STR(id_text(keep, "cnv", c->id)),
			  c->approved_hash.at);
}

str order_note(struct arena *keep, const struct conversion *c, int64_t line)
{
	return str_format(keep, "%.*s%lld", STR(note_of_plan(keep, c)), (long long)line);
}

fault *order_find(struct run *run, str *order, bool *found)
{
	struct reseller_orders orders;
	str note = note_of_plan(run->arena, &run->c);

	*found = false;
	TRY(reseller_orders_read(&run->ms, run->c.tenant, &orders));
	for (size_t i = 0; i < orders.len && !*found; i++) {
		const struct reseller_order_seen *o = &orders.at[i];

		for (size_t l = 0; l < o->line_count && !*found; l++)
			*found = str_starts(o->lines[l].note, note) &&
				 !str_eq(o->status, S("cancelled"));
		if (*found)
			*order = o->id;
	}
	return NULL;
}
