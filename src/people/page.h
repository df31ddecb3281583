/* What the pages of this room show. */
#pragma once

#include "people/session.h"
#include "people/token.h"
#include "web/form.h"
#include "web/html.h"
#include "web/layout.h"

struct page_entry {
	const struct form *form;
	str next; /* where to go after signing in: our own path */
};

struct page_session {
	str id, browser, address;
	instant made, seen;
	bool this_one;
};
struct page_token {
	str id, name;
	instant made, seen;
	bool used;
};
struct page_account {
	str name, email;
	const char *role;
	const struct form *password, *token;
	str secret; /* a token just made, shown this once; or empty */
	struct {
		struct page_session *at;
		size_t len;
	} sessions;
	struct {
		struct page_token *at;
		size_t len;
	} tokens;
};

struct page_invite {
	const struct form *form;
	str action, name, email;
};
