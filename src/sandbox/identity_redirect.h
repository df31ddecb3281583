/* Where an answer may go: registered addresses only, and how it is put there. */
#pragma once

#include "base/base.h"

/* `registered` holds one address a line or space.  They match character for character, but
 * those of "http://localhost" and "http://127.0.0.1" match any port (RFC 8252 §7.3, the client
 * facts §2). */
bool identity_redirect_is_registered(str registered, str address);

/* The same address; an empty path and "/" are one (RFC 3986 §6.2.3). */
bool identity_redirect_is_same(str a, str b);

enum identity_response_mode { IDENTITY_QUERY, IDENTITY_FRAGMENT, IDENTITY_FORM_POST };
bool identity_response_mode_from(str word, enum identity_response_mode *mode);
const char *identity_response_mode_word(enum identity_response_mode mode);

/* A name and a value on their way back; empty values are left out. */
struct identity_answer {
	const char *name;
	str value;
};

/* The address with the answers in its query or behind its #. */
str identity_redirect_address(struct arena *keep, str address, enum identity_response_mode mode,
			      const struct identity_answer *answers, size_t count);
