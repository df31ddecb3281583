#include "convert/finding.h"

#include "convert/conversion_row.h"
#include "finding_sql.h"

static const char *const weight_words[] = {
	[FINDING_NOTE] = "note",
	[FINDING_WARNING] = "warning",
	[FINDING_STOP] = "stop",
};

str finding_weight_word(enum finding_weight weight)
{
	return str_of(weight_words[weight]);
}

static enum finding_weight weight_from(str word)
{
	for (size_t i = 0; i < COUNT(weight_words); i++)
		if (str_eq(word, str_of(weight_words[i])))
			return (enum finding_weight)i;
	return FINDING_STOP; /* a word that is not known must not let anything through */
}

void finding_add(struct arena *keep, struct findings *list, struct finding found)
{
	list->at = arena_grown(keep, list->at, list->len, sizeof *list->at);
	list->at[list->len++] = found;
}

const struct finding *finding_stop(const struct findings *list)
{
	for (size_t i = 0; i < list->len; i++)
		if (list->at[i].weight == FINDING_STOP)
			return &list->at[i];
	return NULL;
}

fault *finding_keep(struct tx *tx, id conversion, const struct findings *list)
{
	TRY(finding_forget(tx, conversion));
	for (size_t i = 0; i < list->len; i++) {
		const struct finding *f = &list->at[i];

		TRY(finding_insert(
			tx, &(struct finding_insert_in){ .conversion = conversion,
							 .seq = (int64_t)i,
							 .kind = f->kind,
							 .weight = finding_weight_word(f->weight),
							 .whose = conversion_row_waits(f->whose),
							 .said = f->said,
							 .mend = f->mend }));
	}
	return NULL;
}

fault *finding_load(struct tx *tx, id conversion, struct findings *list)
{
	struct finding_of_list rows;
	struct findings loaded = { 0 };

	TRY(finding_of(tx, conversion, &rows));
	for (size_t i = 0; i < rows.len; i++) {
		struct finding f = { .kind = rows.at[i].kind,
				     .weight = weight_from(rows.at[i].weight),
				     .said = rows.at[i].said,
				     .mend = rows.at[i].mend };

		TRY(conversion_row_waits_read(rows.at[i].whose, &f.whose));
		finding_add(tx_arena(tx), &loaded, f);
	}
	*list = loaded;
	return NULL;
}
