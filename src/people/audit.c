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
				     .why = str_part(entry->why, 0, WORDS_MOST) });
}

fault *audit_list(struct tx *tx, str about, id before, int64_t most, struct audit_list *list)
{
	struct audit_rows_list rows;

	if (str_is_none(about))
		TRY(audit_rows(tx, before, most, &rows));
	else
		TRY(audit_rows_about(tx, about, before, most, &rows));
	list->at = NEW_ARRAY(tx_arena(tx), struct audit_shown, rows.len);
	for (size_t i = 0; i < rows.len; i++)
		list->at[i] = (struct audit_shown){ .id = rows.at[i].id,
						    .who = rows.at[i].who,
						    .at = rows.at[i].at,
						    .did = rows.at[i].did,
						    .about = rows.at[i].about,
						    .from = rows.at[i].from_where,
						    .why = rows.at[i].why };
	list->len = rows.len;
	return NULL;
}
