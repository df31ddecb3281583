/* A letter to a person: left in the transaction that causes it, sent by `work`, text and HTML. */
#pragma once

#include "base/base.h"
#include "base/id.h"
#include "store/store.h"

struct letter {
	str to; /* one address; checked, cannot bring a header with it */
	str subject;
	str text; /* plain text, always */
	str html; /* or none: made from the text */
	str key;  /* a second letter with the same key is not queued; or none */
};
MUST_USE fault *letter_later(struct tx *tx, const struct letter *letter);
