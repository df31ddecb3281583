#include "people/audit.h"

#include "audit_sql.h"

#define WORDS_MOST 2000

fault *audit_keep(struct tx *tx, const struct audit_entry *entry)
{
	return audit_add(tx, &(struct audit_add_in){
				     .entry = tx_new_id(tx),
				     .at = tx_now(tx),
				     .who = entry->who,
				     .did = str_of(entry->did),
				     .about = str_is_none(entry->about) ? S("") : entry->about,
				     .from_where = entry->from,
				     .why = str_cut(entry->why, WORDS_MOST) });
}

/* The narrowest index first; the rest is sieved on the way. */
static fault *rows_of(struct tx *tx, const struct audit_filter *f, struct audit_rows_list *rows)
{
	if (!str_is_none(f->about))
		return audit_rows_about(tx,
					&(struct audit_rows_about_in){ f->about, f->who, f->did,
								       f->from, f->since, f->until,
								       f->before, f->most },
					rows);
	if (!id_is_none(f->who))
		return audit_rows_who(tx,
				      &(struct audit_rows_who_in){ f->who, f->did, f->from,
								   f->since, f->until, f->before,
								   f->most },
				      rows);
	if (!str_is_none(f->did))
		return audit_rows_did(tx,
				      &(struct audit_rows_did_in){ f->did, f->from, f->since,
								   f->until, f->before, f->most },
				      rows);
	return audit_rows(
		tx, &(struct audit_rows_in){ f->from, f->since, f->until, f->before, f->most },
		rows);
}

fault *audit_find(struct tx *tx, const struct audit_filter *filter, struct audit_list *list)
{
	struct audit_rows_list rows;

	TRY(rows_of(tx, filter, &rows));
	list->at = NEW_ARRAY(tx_arena(tx), struct audit_shown, rows.len + 1);
	for (size_t i = 0; i < rows.len; i++)
		list->at[i] = (struct audit_shown){ .id = rows.at[i].id,
						    .who = rows.at[i].who,
						    .email = rows.at[i].email,
						    .at = rows.at[i].at,
						    .did = rows.at[i].did,
						    .about = rows.at[i].about,
						    .from = rows.at[i].from_where,
						    .why = rows.at[i].why };
	list->len = rows.len;
	return NULL;
}

fault *audit_list(struct tx *tx, str about, id before, int64_t most, struct audit_list *list)
{
	struct audit_filter filter = AUDIT_FILTER_ALL;

	filter.about = about;
	filter.before = before;
	filter.most = most;
	return audit_find(tx, &filter, list);
}
