/* Faults switched on for the next calls: `novate-sandbox fault` and `lose-answer`. */
#pragma once

#include "store/store.h"

struct request;
struct reply;

struct fault_rule {
	str service;	/* "login", "graph", "partnercenter", "billing", "admin" or "any" */
	int64_t status; /* 400 to 599; 0: the effect happens, the connection closes unanswered */
	int64_t times;
	int64_t retry_after; /* seconds; 0: no such header */
	str path_part;	     /* only calls whose address has this in it; empty: all */
};
MUST_USE fault *fault_rule_add(struct tx *tx, const struct fault_rule *rule);

/* Asked first by every handler that answers a program.  *answered: a fault was sent instead, and
 * the handler returns at once.  A rule of status 0 marks the reply lost and lets it go on. */
MUST_USE fault *fault_rule_apply(struct request *rq, struct reply *to, const char *service,
				 bool *answered);
