/* Who someone is: an account with one role, a name and an e-mail address. */
#pragma once

#include "base/base.h"
#include "base/id.h"
#include "base/instant.h"
#include "store/store.h"

#define ACCOUNT_ROLES(X)           \
	X(ROLE_PARTNER, "partner") \
	X(ROLE_OPERATOR, "operator")

enum account_role {
#define X(name, word) name,
	ACCOUNT_ROLES(X)
#undef X
		ACCOUNT_ROLE_COUNT
};
const char *account_role_word(enum account_role role);
bool account_role_from(str word, enum account_role *role);

struct account {
	id id;
	str email, name;
	enum account_role role;
	bool closed;
};

/* The password is hashed with Argon2id; STR_NONE makes an account that cannot sign in yet.
 * FAULT_INPUT for a bad address or a weak password, FAULT_CONFLICT for a known address. */
MUST_USE fault *account_open(struct tx *tx, str email, str name, enum account_role role,
			     str password, struct account *made);
MUST_USE fault *account_by_id_find(struct tx *tx, id account, struct account *found_account,
				   bool *found);
/* One that a row of ours names: accounts are closed, never removed. */
MUST_USE fault *account_get(struct tx *tx, id account, struct account *got);
/* Any case of the address finds it. */
MUST_USE fault *account_by_email_find(struct tx *tx, str email, struct account *found_account,
				      bool *found);

/* The hash to check a password against; STR_NONE: nobody can sign in with one. */
MUST_USE fault *account_password(struct tx *tx, id account, str *hash);

struct account_list {
	struct account *at;
	size_t len;
};
/* Everybody, by address. */
MUST_USE fault *account_all(struct tx *tx, struct account_list *list);

/* A closed account cannot sign in; its sessions and API tokens end with it. */
MUST_USE fault *account_close(struct tx *tx, id account);

/* `hash` comes from password_make, outside a transaction.  Ends every session of the account but
 * `keep_session` (or none). */
MUST_USE fault *account_keep_password(struct tx *tx, id account, str hash, id keep_session);
