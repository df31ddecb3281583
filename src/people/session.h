/* A signed-in browser: 256 random bits in a cookie, of which only the hash is kept.
 *
 * It ends after two hours without a request, a day after sign-in, by signing out, when the
 * password changes elsewhere, or when its owner ends it from the list. */
#pragma once

#include "people/account.h"

/* For web_settings; web/ puts __Host- before it where it can. */
#define SESSION_COOKIE "novate_session"

#define SESSION_IDLE HOURS(2)
#define SESSION_MOST HOURS(24)

struct session {
	id id, account;
	str address, browser;
	instant made, seen;
	bool stale; /* seen too long ago to leave unsaid: session_touch */
};
struct session_list {
	struct session *at;
	size_t len;
};

/* `cookie` is what the browser keeps. */
MUST_USE fault *session_open(struct tx *tx, id account, str address, str browser, str *cookie);
MUST_USE fault *session_find(struct tx *tx, str cookie, struct session *session, bool *found);
MUST_USE fault *session_touch(struct tx *tx, id session);
/* Ends one of this account's sessions; FAULT_MISSING when it is not theirs. */
MUST_USE fault *session_close(struct tx *tx, id account, id session);
MUST_USE fault *session_close_others(struct tx *tx, id account, id keep);
MUST_USE fault *session_of_account(struct tx *tx, id account, struct session_list *list);

/* Removes those that ended by themselves. */
MUST_USE fault *session_forget_ended(struct tx *tx);

/* What the session's forms must carry; made from the cookie, useless to make the cookie from. */
str session_form_token(struct arena *keep, str cookie);
