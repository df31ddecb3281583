/* Signing in: look, hash, settle.  The same time and the same answer for an unknown address, a
 * closed account and a wrong password.  Tries are slowed down for one account by one caller, for
 * one caller, and, much later, for one account: a stranger's tries do not keep its owner out. */
#pragma once

#include "people/account.h"

struct entry {
	str email, address; /* what was typed, and where from */
	int64_t wait;	    /* above zero: too many tries, for so many microseconds more */
	str hash;	    /* of the account, or STR_NONE */
	id account;
	bool right; /* set by entry_hash */
};

/* Reads what is known.  When entry->wait is above zero, that is the answer. */
MUST_USE fault *entry_look(struct tx *tx, str email, str address, struct entry *entry);
/* The slow part: needs no transaction. */
MUST_USE fault *entry_hash(struct entry *entry, str password);
/* Counts the failure, or clears the account's count. */
MUST_USE fault *entry_settle(struct tx *tx, const struct entry *entry);

/* Removes counts that have rested for a day. */
MUST_USE fault *entry_forget_rested(struct tx *tx);
