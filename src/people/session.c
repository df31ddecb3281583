#include "people/session.h"

#include "people/secret.h"
#include "session_sql.h"

#define TOUCH_AFTER MINUTES(5)
#define TEXT_MOST   200

/* A browser's name comes from outside: one line, short, valid. */
static str short_line(struct arena *keep, str text)
{
	struct text made = text_open(keep);

	if (!str_is_utf8(text))
		return S("unknown");
	text = str_cut(text, TEXT_MOST);
	for (size_t i = 0; i < text.len; i++)
		text_add_char(&made, (unsigned char)text.at[i] < ' ' ? ' ' : text.at[i]);
	return text_str(&made);
}

fault *session_open(struct tx *tx, id account, str address, str browser, str *cookie)
{
	str secret = secret_make(tx_world(tx), tx_arena(tx));
	struct session_add_in row = { .session = tx_new_id(tx),
				      .hash = secret_hash(tx_arena(tx), secret),
				      .account = account,
				      .address = short_line(tx_arena(tx), address),
				      .browser = short_line(tx_arena(tx), browser),
				      .now = tx_now(tx) };

	TRY(session_add(tx, &row));
	*cookie = secret;
	return NULL;
}

static struct session filled(const struct session_by_hash *row, instant now)
{
	return (struct session){ .id = row->id,
				 .account = row->account,
				 .address = row->address,
				 .browser = row->browser,
				 .made = row->made,
				 .seen = row->seen,
				 .stale = instant_since(now, row->seen) > TOUCH_AFTER };
}

fault *session_find(struct tx *tx, str cookie, struct session *session, bool *found)
{
	struct session_by_hash row;
	instant now = tx_now(tx);

	TRY(session_by_hash(tx, secret_hash(tx_arena(tx), cookie),
			    instant_after(now, -SESSION_MOST), instant_after(now, -SESSION_IDLE),
			    &row, found));
	if (*found)
		*session = filled(&row, now);
	return NULL;
}

fault *session_touch(struct tx *tx, id session)
{
	return session_see(tx, session, tx_now(tx));
}

fault *session_close(struct tx *tx, id account, id session)
{
	int64_t removed;

	TRY(session_remove(tx, session, account, &removed));
	return removed ? NULL : fault_new(FAULT_MISSING, "This session has already ended.");
}

fault *session_close_others(struct tx *tx, id account, id keep)
{
	return session_remove_others(tx, account, keep);
}

fault *session_of_account(struct tx *tx, id account, struct session_list *list)
{
	struct session_by_hash_list rows;
	instant now = tx_now(tx);

	TRY(session_by_account(tx, account, instant_after(now, -SESSION_MOST),
			       instant_after(now, -SESSION_IDLE), &rows));
	list->at = NEW_ARRAY(tx_arena(tx), struct session, rows.len);
	for (size_t i = 0; i < rows.len; i++)
		list->at[i] = filled(&rows.at[i], now);
	list->len = rows.len;
	return NULL;
}

fault *session_forget_ended(struct tx *tx)
{
	instant now = tx_now(tx);

	return session_remove_ended(tx, instant_after(now, -SESSION_MOST),
				    instant_after(now, -SESSION_IDLE));
}

str session_form_token(struct arena *keep, str cookie)
{
	str purpose = str_format(keep, "form token of %.*s", STR(cookie));

	return str_base64url(keep, secret_hash(keep, purpose));
}
