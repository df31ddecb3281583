/* Passwords: what is accepted, and Argon2id.  A hashing takes 64 MiB and about a tenth of a
 * second, so only two run at once, four wait their turn, and who comes
 * then is told to come back (FAULT_BUSY): a flood of tries must not hold every thread. */
#pragma once

#include "base/base.h"

#define PASSWORD_LEAST 12 /* characters; no rules on what they are */
#define PASSWORD_MOST  1024

/* FAULT_INPUT with what to do.  `email` and `name` may not be the password. */
MUST_USE fault *password_check(str password, str email, str name);

/* Checks it, and makes a self-describing string with its own salt.  Slow: not in a transaction
 * that others wait for. */
MUST_USE fault *password_make(struct arena *keep, str password, str email, str name, str *hash);

/* Takes the same time when `hash` is STR_NONE, and is then false. */
MUST_USE fault *password_right(str hash, str password, bool *right);
