#include "people/account.h"

#include "account_sql.h"
#include "mail/letter.h"
#include "people/password.h"
#include "people/session.h"

#define NAME_MOST 200

static const char *const roles[ACCOUNT_ROLE_COUNT] = {
#define X(name, word) [name] = word,
	ACCOUNT_ROLES(X)
#undef X
};

const char *account_role_word(enum account_role role)
{
	return roles[role];
}

bool account_role_from(str word, enum account_role *role)
{
	for (size_t i = 0; i < COUNT(roles); i++)
		if (str_eq(word, str_of(roles[i]))) {
			*role = (enum account_role)i;
			return true;
		}
	return false;
}

static fault *check_name(str name)
{
	bool ok = !str_is_empty(name) && name.len <= NAME_MOST && str_is_utf8(name);

	for (size_t i = 0; ok && i < name.len; i++)
		ok = (unsigned char)name.at[i] >= ' ' && name.at[i] != 0x7f;
	return ok ? NULL
		  : fault_new(FAULT_INPUT, "A name is one line of at most %d bytes.", NAME_MOST);
}

fault *account_open(struct tx *tx, str email, str name, enum account_role role, str password,
		    struct account *made)
{
	struct account_add_in row = { .account = tx_new_id(tx),
				      .email = str_lower(tx_arena(tx), str_trim(email)),
				      .name = str_trim(name),
				      .role = str_of(roles[role]),
				      .password = STR_NONE,
				      .now = tx_now(tx) };
	int64_t added;

	if (!letter_address_ok(row.email))
		return fault_new(FAULT_INPUT, "\"%.*s\" is not an e-mail address.",
				 STR(str_cut(email, 100)));
	TRY(check_name(row.name));
	if (!str_is_none(password))
		TRY(password_make(tx_arena(tx), password, row.email, row.name, &row.password));
	TRY(account_add(tx, &row, &added));
	if (!added)
		return fault_new(FAULT_CONFLICT, "There is already an account for %.*s.",
				 STR(row.email));
	*made = (struct account){
		.id = row.account, .email = row.email, .name = row.name, .role = role
	};
	return NULL;
}

static fault *fill(const struct account_by_id *row, struct account *account)
{
	struct account made = {
		.id = row->id, .email = row->email, .name = row->name, .closed = row->closed
	};

	if (!account_role_from(row->role, &made.role))
		return fault_new(FAULT_BUG, "The account %.*s has the unknown role \"%.*s\".",
				 STR(row->email), STR(row->role));
	*account = made;
	return NULL;
}

fault *account_by_id_find(struct tx *tx, id account, struct account *found_account, bool *found)
{
	struct account_by_id row;

	TRY(account_by_id(tx, account, &row, found));
	return *found ? fill(&row, found_account) : NULL;
}

fault *account_get(struct tx *tx, id account, struct account *got)
{
	bool found;

	TRY(account_by_id_find(tx, account, got, &found));
	return found ? NULL
		     : fault_new(FAULT_BUG, "The database names an account it does not have.");
}

fault *account_by_email_find(struct tx *tx, str email, struct account *found_account, bool *found)
{
	struct account_by_id row;

	TRY(account_by_email(tx, str_lower(tx_arena(tx), str_trim(email)), &row, found));
	return *found ? fill(&row, found_account) : NULL;
}

fault *account_all(struct tx *tx, struct account_list *list)
{
	struct account_by_id_list rows;

	TRY(account_every(tx, &rows));
	struct account *at = NEW_ARRAY(tx_arena(tx), struct account, rows.len);
	for (size_t i = 0; i < rows.len; i++)
		TRY(fill(&rows.at[i], &at[i]));
	*list = (struct account_list){ .at = at, .len = rows.len };
	return NULL;
}

fault *account_password(struct tx *tx, id account, str *hash)
{
	struct account_by_id row;
	bool found;

	TRY(account_by_id(tx, account, &row, &found));
	*hash = found && !row.closed ? row.password : STR_NONE;
	return NULL;
}

fault *account_close(struct tx *tx, id account)
{
	TRY(account_mark_closed(tx, account, tx_now(tx)));
	TRY(account_end_tokens(tx, account, tx_now(tx)));
	return session_close_others(tx, account, ID_NONE);
}

fault *account_keep_password(struct tx *tx, id account, str hash, id keep_session)
{
	TRY(account_set_password(tx, account, hash));
	return session_close_others(tx, account, keep_session);
}
