/* One-time links with which a person sets a password: the base of invitations and of "I forgot
 * mine".  Opening the link does not use it up (mail scanners open links); setting the password
 * does.  One live link an account. */
#pragma once

#include "people/account.h"

#define INVITE_WELCOME DAYS(7)
#define INVITE_RESET   MINUTES(60)

/* `secret` goes into "/set-password/SECRET". */
MUST_USE fault *invite_open(struct tx *tx, id account, int64_t lasts, str *secret);
MUST_USE fault *invite_find(struct tx *tx, str secret, struct account *account, bool *found);
/* Uses the link up, keeps the password (a hash from password_make) and ends every session.
 * FAULT_MISSING when the link is spent or too old. */
MUST_USE fault *invite_accept(struct tx *tx, str secret, str hash, struct account *account);
MUST_USE fault *invite_forget_ended(struct tx *tx);
