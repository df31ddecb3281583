#include "people/invite.h"

#include "invite_sql.h"
#include "people/secret.h"

fault *invite_open(struct tx *tx, id account, int64_t lasts, str *secret)
{
	str made = secret_make(tx_world(tx), tx_arena(tx));

	TRY(invite_add(tx, &(struct invite_add_in){ .invite = tx_new_id(tx),
						    .hash = secret_hash(tx_arena(tx), made),
						    .account = account,
						    .now = tx_now(tx),
						    .ends = instant_after(tx_now(tx), lasts) }));
	*secret = made;
	return NULL;
}

fault *invite_find(struct tx *tx, str secret, struct account *account, bool *found)
{
	struct invite_by_hash row;

	TRY(invite_by_hash(tx, secret_hash(tx_arena(tx), secret), tx_now(tx), &row, found));
	if (!*found)
		return NULL;
	TRY(account_by_id_find(tx, row.account, account, found));
	*found = *found && !account->closed;
	return NULL;
}

fault *invite_accept(struct tx *tx, str secret, str hash, struct account *account)
{
	int64_t removed;
	bool found;

	TRY(invite_find(tx, secret, account, &found));
	if (!found)
		return fault_new(FAULT_MISSING, "This link has been used or is too old. Ask for a "
						"new one.");
	TRY(account_keep_password(tx, account->id, hash, ID_NONE));
	return invite_remove(tx, secret_hash(tx_arena(tx), secret), &removed);
}

fault *invite_forget_ended(struct tx *tx)
{
	return invite_remove_ended(tx, tx_now(tx));
}
