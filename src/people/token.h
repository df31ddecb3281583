/* API tokens: shown once when made, then only their hash is kept; named, revocable. */
#pragma once

#include "people/account.h"

struct token {
	id id, account;
	str name;
	instant made, seen; /* `seen`: to the hour, or INSTANT_NONE */
};
struct token_list {
	struct token *at;
	size_t len;
};

/* `secret` begins with "novate_", so that scanners of leaked secrets can know it. */
MUST_USE fault *token_open(struct tx *tx, id account, str name, str *secret);
MUST_USE fault *token_find(struct tx *tx, str secret, struct token *token, bool *found);
bool token_is_stale(const struct token *token, instant now); /* its use should be noted */
MUST_USE fault *token_touch(struct tx *tx, id token);
/* FAULT_MISSING when it is not this account's. */
MUST_USE fault *token_revoke(struct tx *tx, id account, id token);
MUST_USE fault *token_of_account(struct tx *tx, id account, struct token_list *list);
