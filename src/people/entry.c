#include "people/entry.h"

#include <arpa/inet.h>

#include "entry_sql.h"
#include "people/password.h"

#define RESTED	    DAYS(1)
#define WAIT_FIRST  SECONDS(5)
#define WAIT_MOST   MINUTES(15)
#define FREE_HERE   5	/* failed tries of one account by one caller that cost nothing */
#define FREE_OF_ALL 30	/* of one caller: an office shares an address */
#define FREE_OF_ONE 100 /* of one account: with few, a stranger could keep its owner out */

/* Doubles with each try above the free ones. */
static int64_t wait_after(int64_t failed, int64_t free_tries)
{
	int64_t wait = WAIT_FIRST;

	if (failed < free_tries)
		return 0;
	for (int64_t i = free_tries; i < failed && wait < WAIT_MOST; i++)
		wait *= 2;
	return wait < WAIT_MOST ? wait : WAIT_MOST;
}

static str key_of_account(struct tx *tx, str email)
{
	return str_format(tx_arena(tx), "account %.*s", STR(email));
}

/* A caller with IPv6 has a whole /64 to call from. */
static str key_of_caller(struct tx *tx, str address)
{
	struct in6_addr six;
	str host;

	if (inet_pton(AF_INET6, str_cstr(tx_arena(tx), address), &six) != 1)
		return str_format(tx_arena(tx), "address %.*s", STR(str_part(address, 0, 64)));
	host = str_hex(tx_arena(tx), (str){ .at = (const char *)six.s6_addr, .len = 8 });
	return str_format(tx_arena(tx), "address %.*s/64", STR(host));
}

static str key_of_both(struct tx *tx, str email, str address)
{
	return str_format(tx_arena(tx), "%.*s from %.*s", STR(key_of_account(tx, email)),
			  STR(key_of_caller(tx, address)));
}

static fault *wait_of(struct tx *tx, str who, int64_t free_tries, int64_t *wait)
{
	struct entry_failures row;
	bool found;

	TRY(entry_failures(tx, who, instant_after(tx_now(tx), -RESTED), &row, &found));
	if (!found)
		return NULL;
	int64_t left = wait_after(row.failed, free_tries) - instant_since(tx_now(tx), row.last);
	if (left > *wait)
		*wait = left;
	return NULL;
}

fault *entry_look(struct tx *tx, str email, str address, struct entry *entry)
{
	struct account account;
	bool found;

	*entry = (struct entry){
		.email = str_cut(str_lower(tx_arena(tx), str_trim(email)), 254),
		.address = address,
	};
	TRY(wait_of(tx, key_of_both(tx, entry->email, address), FREE_HERE, &entry->wait));
	TRY(wait_of(tx, key_of_account(tx, entry->email), FREE_OF_ONE, &entry->wait));
	TRY(wait_of(tx, key_of_caller(tx, address), FREE_OF_ALL, &entry->wait));
	if (entry->wait > 0)
		return NULL;
	TRY(account_by_email_find(tx, entry->email, &account, &found));
	if (!found)
		return NULL;
	entry->account = account.id;
	return account_password(tx, account.id, &entry->hash);
}

fault *entry_hash(struct entry *entry, str password)
{
	return password_right(entry->hash, password, &entry->right);
}

fault *entry_settle(struct tx *tx, const struct entry *entry)
{
	instant now = tx_now(tx), after = instant_after(now, -RESTED);
	str account = key_of_account(tx, entry->email);
	str both = key_of_both(tx, entry->email, entry->address);

	if (entry->right) {
		TRY(entry_forget(tx, both));
		return entry_forget(tx, account);
	}
	TRY(entry_count(tx, both, after, now));
	TRY(entry_count(tx, account, after, now));
	return entry_count(tx, key_of_caller(tx, entry->address), after, now);
}

fault *entry_forget_rested(struct tx *tx)
{
	return entry_forget_old(tx, instant_after(tx_now(tx), -RESTED));
}
