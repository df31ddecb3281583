/* What goes wrong on purpose: rules that say which of the next calls fail, and how.
 *
 * They are rows, so they work on a running server, survive it, and are the same for a test that
 * calls the handlers itself.  Rules are met in the order they were made; each matching call is
 * counted, and what a rate decides follows from its seed and that count alone. */
#pragma once

#include "store/store.h"

struct request;
struct reply;

/* What a call can meet.  B: instead of its handler; A: its answer is changed; W: deliveries of
 * events.  kind, word at the terminal, services, what it does. */
#define FAULT_RULE_KINDS(X)                                                                  \
	X(FAULT_RULE_STATUS, "status", "login graph partnercenter billing admin",            \
	  "answers with this status, in the service's own shape")                            \
	X(FAULT_RULE_SLOW, "slow", "login graph partnercenter billing admin webhook",        \
	  "does what is asked and answers so many milliseconds later")                       \
	X(FAULT_RULE_RESET, "reset", "login graph partnercenter billing admin",              \
	  "closes the connection before anything happens")                                   \
	X(FAULT_RULE_LOSE, "lose", "login graph partnercenter billing admin webhook",        \
	  "does what is asked and closes the connection unanswered; an event never arrives") \
	X(FAULT_RULE_STALE, "stale", "graph partnercenter billing",                          \
	  "gives the first answer to each address again, whatever has changed since")        \
	X(FAULT_RULE_PAGE, "page", "graph partnercenter billing",                            \
	  "a list answers an empty page with a link to the next")                            \
	X(FAULT_RULE_HIDDEN, "hidden", "graph partnercenter billing",                        \
	  "a list answers that there is nothing yet")                                        \
	X(FAULT_RULE_PENDING, "pending", "partnercenter",                                    \
	  "orders and subscriptions that are through are still shown as pending")            \
	X(FAULT_RULE_EXPIRED, "expired", "login graph partnercenter billing",                \
	  "the token has just expired: 401, at the sign-in invalid_grant")                   \
	X(FAULT_RULE_CONSENT, "consent", "login graph partnercenter billing",                \
	  "consent was taken back: 403, at the sign-in invalid_grant with AADSTS65001")      \
	X(FAULT_RULE_MARK, "bom", "graph partnercenter billing",                             \
	  "a byte order mark stands before the JSON")                                        \
	X(FAULT_RULE_OLDER, "older", "partnercenter",                                        \
	  "an answer in the older spelling: Capital names, dates without a zone")            \
	X(FAULT_RULE_DUPLICATE, "duplicate", "webhook", "an event is delivered twice")       \
	X(FAULT_RULE_REORDER, "reorder", "webhook", "an event is delivered after the next one")

enum fault_rule_kind {
#define X(name, word, services, about) name,
	FAULT_RULE_KINDS(X)
#undef X
		FAULT_RULE_KIND_COUNT
};
const char *fault_rule_word(enum fault_rule_kind kind);
const char *fault_rule_about(enum fault_rule_kind kind);
const char *fault_rule_services(enum fault_rule_kind kind); /* separated by spaces */

#define FAULT_RULE_MOST	 1000000 /* calls a rule may meet */
#define FAULT_RULE_EVERY 1000000 /* a rate: every call */

struct fault_rule {
	str service;	     /* one of the kind's, or "any" of them */
	int64_t status;	     /* FAULT_RULE_STATUS: 400 to 599 */
	int64_t times;	     /* calls that meet it */
	int64_t retry_after; /* seconds; 0: no such header */
	str path_part;	     /* only calls whose address (events: name) has this in it */
	enum fault_rule_kind kind;
	int64_t millis; /* FAULT_RULE_SLOW: 1 to 60000 */
	str shape;	/* Partner Center's errors: "gateway", "service", "text" or "newer" */
	int64_t skip;	/* matching calls that pass first */
	int64_t rate;	/* of a million matching calls; 0: all */
	int64_t seed;
};
/* FAULT_INPUT says which word is wrong. */
MUST_USE fault *fault_rule_add(struct tx *tx, const struct fault_rule *rule);

/* Those that can still be met, oldest first. */
struct fault_rule_there {
	id id;
	struct fault_rule rule; /* times: how many are left */
	int64_t seen, met;	/* matching calls so far, and those that met it */
};
struct fault_rules {
	struct fault_rule_there *at;
	size_t len;
};
MUST_USE fault *fault_rule_all(struct tx *tx, struct fault_rules *rules);
/* How many calls met those and the ones that were used up since the last rule was made. */
MUST_USE fault *fault_rule_met(struct tx *tx, int64_t *count);
/* All of a service ("any": all there are), or one. */
MUST_USE fault *fault_rule_clear(struct tx *tx, str service, int64_t *count);
MUST_USE fault *fault_rule_remove(struct tx *tx, id which);

/* Asked first by every handler that answers a program.  *answered: a fault was sent instead, and
 * the handler returns at once.  Slow and lost answers are marked and the handler goes on. */
MUST_USE fault *fault_rule_apply(struct request *rq, struct reply *to, const char *service,
				 bool *answered);

/* The rules of one service that fit this address; fault_rule_strike counts the call (in a
 * transaction that writes) and says whether it is met. */
MUST_USE fault *fault_rule_fitting(struct tx *tx, const char *service, str target,
				   struct fault_rules *rules);
MUST_USE fault *fault_rule_strike(struct tx *tx, const struct fault_rule_there *rule, bool *met);

/* What happens to the delivery of one event, asked once for each; `event` is its name. */
struct fault_rule_delivery {
	bool lost, twice, after_next;
	int64_t millis; /* it is sent so much later */
};
MUST_USE fault *fault_rule_webhook(struct tx *tx, str event, struct fault_rule_delivery *how);
