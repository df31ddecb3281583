/* Proof key for code exchange: RFC 7636 §4.6. */
#pragma once

#include "base/base.h"

enum identity_pkce { IDENTITY_PKCE_NONE, IDENTITY_PKCE_PLAIN, IDENTITY_PKCE_S256 };

/* The method a request asked for; a challenge without a method means plain.  False when the
 * method is unknown or the challenge has not the form the RFC gives it. */
bool identity_pkce_from(str challenge, str method, enum identity_pkce *kind);

/* 43 to 128 characters of the unreserved set. */
bool identity_pkce_is_verifier(str verifier);

/* A code that was asked for without a challenge takes no verifier either. */
bool identity_pkce_matches(enum identity_pkce kind, str challenge, str verifier);

const char *identity_pkce_word(enum identity_pkce kind);
enum identity_pkce identity_pkce_of_word(str word);
