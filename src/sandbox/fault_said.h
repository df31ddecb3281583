/* Faults in words: "graph 503 2 --rate 5% --seed 42", as the terminal, the control page and tests
 * say them.
 *
 *	SERVICE STATUS [COUNT [RETRY_AFTER]]
 *	SERVICE slow MILLISECONDS [COUNT [PATH]]
 *	SERVICE KIND [COUNT [PATH]]
 *
 * Without a count one call meets it; with a rate all that are struck. */
#pragma once

#include "sandbox/fault_rule.h"

enum { FAULT_SAID_WORDS = 5 };

struct fault_said {
	str words[FAULT_SAID_WORDS];
	size_t count;
	str path, rate, seed, after, shape; /* the options; none when not given */
};
/* FAULT_INPUT with code "usage" says which word is wrong. */
MUST_USE fault *fault_said_read(const struct fault_said *said, struct fault_rule *rule);

/* One line with its options, as a test writes it. */
MUST_USE fault *fault_said_line(struct tx *tx, str line);

/* "graph 429, Retry-After 7, addresses with /users: 2 left, met 1 of 1" */
str fault_said_of(struct arena *keep, const struct fault_rule_there *there);
/* "5%", "0.25%" of every call, as FAULT_RULE_EVERY counts; false when it is none. */
bool fault_said_rate(str text, int64_t *rate);
