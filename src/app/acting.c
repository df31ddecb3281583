#include "app/acting.h"

static fault *first_operator(struct tx *tx, struct account *account, bool *found)
{
	struct account_list all;

	TRY(account_all(tx, &all));
	*found = false;
	for (size_t i = 0; i < all.len && !*found; i++) {
		*found = all.at[i].role == ROLE_OPERATOR && !all.at[i].closed;
		if (*found)
			*account = all.at[i];
	}
	return NULL;
}

fault *acting_as(struct tx *tx, const char *email, struct asker *by)
{
	struct account account;
	bool found;

	if (email)
		TRY(account_by_email_find(tx, str_of(email), &account, &found));
	else
		TRY(first_operator(tx, &account, &found));
	if (!found && email)
		return fault_new(FAULT_MISSING,
				 "There is no account %s. `novate account list` shows all.", email);
	if (!found)
		return fault_new(FAULT_MISSING, "There is no operator yet to act as. Make one with "
						"`novate account add EMAIL --role operator`.");
	*by = (struct asker){ account.id, account.role, S("terminal") };
	return NULL;
}
