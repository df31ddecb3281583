/* Questions that only a person may answer: what Microsoft did, or what the tenant shows, is not
 * what was approved, and more than one way on is right.
 *
 * A question is known by the facts it is about.  When these change it is another question, and an
 * answer to the old one counts for nothing. */
#pragma once

#include "convert/step.h"

/* kind, word, the answer's word, its label, what follows from it.  Stopping is always open, by the
 * button of its own, and so is no answer here. */
#define DECISION_ANSWERS(X)                                                                    \
	X(DECISION_OWNER, "owner", "direct", "It is bought directly from Microsoft",           \
	  "It becomes a part of the plan.")                                                    \
	X(DECISION_OWNER, "owner", "partner", "A partner sold it",                             \
	  "It stays as it is: only that partner can move it.")                                 \
	X(DECISION_LOSS, "loss", "accept", "This was meant: go on without them",               \
	  "The conversion goes on; the certificate names each of them and who said so.")       \
	X(DECISION_PART, "part", "order-again", "Order the missing part again",                \
	  "A second order is placed for the missing lines only, at the approved price.")       \
	X(DECISION_PART, "part", "leave", "Go on with what was ordered",                       \
	  "The missing lines stay as the tenant has them; nobody loses anything.")             \
	X(DECISION_QUANTITY, "quantity", "accept", "Take it as it is",                         \
	  "Everybody is carried; the number of seats can be changed later in Partner Center.") \
	X(DECISION_PRICE, "price", "accept", "Order at the new price",                         \
	  "The order is placed at today's price, and the history says so.")

enum decision_kind {
	DECISION_OWNER,	   /* is this subscription bought directly, or from a partner? */
	DECISION_LOSS,	   /* users lost licenses, and not by our doing */
	DECISION_PART,	   /* a part of the order was refused */
	DECISION_QUANTITY, /* more seats were provisioned than ordered */
	DECISION_PRICE,	   /* a price moved after the approval */
	DECISION_KIND_COUNT
};
str decision_kind_word(enum decision_kind kind);

struct decision_option {
	const char *word, *label, *means;
};

struct decision {
	str key;
	enum decision_kind kind;
	str question;
	struct {
		const struct decision_option *at[4];
		size_t len;
	} options;
	instant asked_at;
	str answer; /* none while it is open */
	id answered_by;
	instant answered_at;
};
struct decisions {
	struct decision *at;
	size_t len;
};

/* For a step: the answer to this question about these facts, none when it is not answered. */
MUST_USE fault *decision_answer(struct run *run, enum decision_kind kind, str about, str *answer);

/* For a step: asks it, and waits for the partner.  `options` are the words that may be answered,
 * between blanks; NULL: all of the kind. */
MUST_USE fault *decision_ask(struct run *run, enum decision_kind kind, str about, str question,
			     const char *options, struct outcome *out);

/* The answer of a person: one of the question's words.  FAULT_MISSING when the question is not
 * asked (any more), FAULT_INPUT for a word it does not offer, FAULT_CONFLICT when somebody has
 * answered otherwise; the same answer twice changes nothing. */
MUST_USE fault *decision_take(struct tx *tx, const struct asker *by, id conversion, str key,
			      str answer);

/* Whether it is a question that this conversion waits for. */
bool decision_is_asked(const struct conversion *c);

/* All that were asked, oldest first; the open one, if any, is the newest. */
MUST_USE fault *decision_all(struct tx *tx, id conversion, struct decisions *list);
