#include "admin/audit_desk.h"

#include <jansson.h>
#include <stdlib.h>

static str word(str typed)
{
	str trimmed = str_trim(typed);

	return str_is_empty(trimmed) ? STR_NONE : trimmed;
}

static fault *day_read(str typed, instant *start)
{
	str text = word(typed);

	*start = INSTANT_NONE;
	if (str_is_none(text))
		return NULL;
	if (text.len == 10 && instant_from_rfc3339(text, start))
		return NULL;
	return fault_new(FAULT_INPUT, "“%.*s” is not a day. Write it as 2026-02-03.",
			 STR(str_cut(text, 40)));
}

/* *nobody: the address is no account's, so no line can be by it. */
static fault *who_read(struct tx *tx, str typed, id *who, bool *nobody)
{
	struct account account;
	bool found;

	*nobody = false;
	if (str_is_none(word(typed)))
		return NULL;
	TRY(account_by_email_find(tx, word(typed), &account, &found));
	*nobody = !found;
	*who = found ? account.id : ID_NONE;
	return NULL;
}

static fault *filter_read(struct tx *tx, const struct audit_question *asked,
			  struct audit_filter *filter, bool *nobody)
{
	TRY(who_read(tx, asked->who, &filter->who, nobody));
	TRY(day_read(asked->since, &filter->since));
	TRY(day_read(asked->until, &filter->until));
	if (!instant_is_none(filter->until))
		filter->until = instant_after(filter->until, DAYS(1));
	filter->did = word(asked->did);
	filter->about = word(asked->about);
	filter->from = word(asked->from);
	if (!str_is_none(word(asked->before)) &&
	    !id_from_text("aud", word(asked->before), &filter->before))
		return fault_new(FAULT_INPUT, "This page of the trail cannot be found. Begin at "
					      "its first page.");
	return NULL;
}

fault *audit_desk_page(struct tx *tx, const struct asker *by, const struct audit_question *asked,
		       struct audit_page *page)
{
	struct audit_filter filter = AUDIT_FILTER_ALL;
	int64_t most = asked->most ? asked->most : AUDIT_DESK_PAGE;
	bool nobody;

	*page = (struct audit_page){ .next = ID_NONE };
	TRY(desk_check(by));
	TRY(filter_read(tx, asked, &filter, &nobody));
	if (nobody)
		return NULL;
	filter.most = most + 1;
	TRY(audit_find(tx, &filter, &page->lines));
	if ((int64_t)page->lines.len > most) {
		page->lines.len = (size_t)most;
		page->next = page->lines.at[most - 1].id;
	}
	return NULL;
}

static json_t *text(str s)
{
	return str_is_none(s) ? json_null() : json_stringn(s.at, s.len);
}

fault *audit_desk_json(struct arena *keep, const struct audit_list *lines, str *json)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < lines->len; i++) {
		const struct audit_shown *l = &lines->at[i];

		json_array_append_new(rows, json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "id",
						      text(id_text(keep, "aud", l->id)), "at",
						      text(instant_rfc3339(keep, l->at)), "who",
						      text(l->email), "did", text(l->did), "about",
						      text(l->about), "from", text(l->from), "why",
						      text(l->why)));
	}
	char *dumped = json_dumps(rows, JSON_COMPACT);

	json_decref(rows);
	if (!dumped)
		return fault_new(FAULT_BUG, "The trail could not be written as JSON.");
	*json = str_copy(keep, str_of(dumped));
	free(dumped);
	return NULL;
}
