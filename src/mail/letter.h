/* A letter to a person: left in the transaction that causes it, sent by `work`, text and HTML. */
#pragma once

#include "base/base.h"
#include "base/id.h"
#include "jobs/job.h"
#include "store/store.h"

#define LETTER_STATES(X)             \
	X(LETTER_WAITING, "waiting") \
	X(LETTER_SENT, "sent")       \
	X(LETTER_DEAD, "dead")

enum letter_state {
#define X(name, word) name,
	LETTER_STATES(X)
#undef X
		LETTER_STATE_COUNT
};
const char *letter_state_word(enum letter_state state);

struct letter {
	str to; /* one address; checked, cannot bring a header with it */
	str subject;
	str text; /* plain text, always; an empty line ends a paragraph */
	str html; /* or none: made from the text */
	str key;  /* a second letter with the same key is not queued; or none */
};
/* FAULT_INPUT for an address, subject or text that cannot be sent. */
MUST_USE fault *letter_later(struct tx *tx, const struct letter *letter);

/* One address as people write it: something@domain, no white space or control characters, at
 * most 254 bytes. */
bool letter_address_ok(str address);

/* The job that sends; `post` is what it sends through (post.h). */
struct post;
struct job_kind letter_job(struct post *post);

/* Forgets, every day, what letters said that were sent a month ago; and leaves the first of it. */
struct job_kind letter_sweep_job(void);
MUST_USE fault *letter_sweep_later(struct tx *tx);
