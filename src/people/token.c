#include "people/token.h"

#include "people/secret.h"
#include "token_sql.h"

#define PREFIX	  S("novate_")
#define NAME_MOST 100
#define MANY	  50
#define SEEN_EACH HOURS(1)

static fault *check(struct tx *tx, id account, str name)
{
	struct token_by_hash_list rows;

	if (str_is_empty(name) || name.len > NAME_MOST || !str_is_utf8(name))
		return fault_new(FAULT_INPUT,
				 "Give the token a name of at most %d bytes, so that you will "
				 "know what uses it.",
				 NAME_MOST);
	TRY(token_by_account(tx, account, &rows));
	if (rows.len >= MANY)
		return fault_new(FAULT_INPUT,
				 "There are %d tokens already; revoke one that is "
				 "not used any more.",
				 MANY);
	return NULL;
}

fault *token_open(struct tx *tx, id account, str name, str *secret)
{
	str bare = secret_make(tx_world(tx), tx_arena(tx));
	str made = str_format(tx_arena(tx), "%.*s%.*s", STR(PREFIX), STR(bare));

	name = str_trim(name);
	TRY(check(tx, account, name));
	TRY(token_add(tx, &(struct token_add_in){ .token = tx_new_id(tx),
						  .hash = secret_hash(tx_arena(tx), made),
						  .account = account,
						  .name = name,
						  .now = tx_now(tx) }));
	*secret = made;
	return NULL;
}

static struct token filled(const struct token_by_hash *row)
{
	return (struct token){ .id = row->id,
			       .account = row->account,
			       .name = row->name,
			       .made = row->made,
			       .seen = row->seen };
}

fault *token_find(struct tx *tx, str secret, struct token *token, bool *found)
{
	struct token_by_hash row;

	*found = false;
	if (!str_starts(secret, PREFIX))
		return NULL;
	TRY(token_by_hash(tx, secret_hash(tx_arena(tx), secret), &row, found));
	if (*found)
		*token = filled(&row);
	return NULL;
}

bool token_is_stale(const struct token *token, instant now)
{
	return instant_is_none(token->seen) || instant_since(now, token->seen) > SEEN_EACH;
}

fault *token_touch(struct tx *tx, id token)
{
	return token_see(tx, token, tx_now(tx));
}

fault *token_revoke(struct tx *tx, id account, id token)
{
	int64_t changed;

	TRY(token_mark_revoked(tx, token, account, tx_now(tx), &changed));
	return changed ? NULL : fault_new(FAULT_MISSING, "There is no such token any more.");
}

fault *token_of_account(struct tx *tx, id account, struct token_list *list)
{
	struct token_by_hash_list rows;

	TRY(token_by_account(tx, account, &rows));
	list->at = NEW_ARRAY(tx_arena(tx), struct token, rows.len);
	for (size_t i = 0; i < rows.len; i++)
		list->at[i] = filled(&rows.at[i]);
	list->len = rows.len;
	return NULL;
}
