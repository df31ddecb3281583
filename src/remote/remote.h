/* Calling other people's servers: one HTTP client for every vendor room.
 *
 * The transport is handed in: the real one is libcurl (TLS always verified, redirects off,
 * https only, http towards loopback alone); a test or simulator hands in its own.
 * Every call has a name, a duration and the correlation id in the log; secrets never. */
#pragma once

#include "base/base.h"
#include "base/instant.h"
#include "base/world.h"

struct remote_header {
	const char *name;
	str value;
	bool secret; /* never logged */
};

struct remote_call {
	const char *name;   /* "graph.subscribedSkus": for log and metrics */
	const char *method; /* "GET" */
	str url;
	const struct remote_header *headers;
	size_t header_count;
	str body;	 /* STR_NONE: no body */
	int64_t timeout; /* microseconds; 0: 30 seconds */
	size_t most;	 /* bytes of the answer; 0: 16 MiB; more is FAULT_REMOTE */
	bool repeatable; /* asking twice does no harm: one retry when the connection broke */
};

struct remote_answer {
	int status;
	str body;
	struct remote_header *headers;
	size_t header_count;
	int64_t micros;
};

/* FAULT_REMOTE when no answer came; `*answer` is then untouched.  An HTTP error is an answer.
 * The fault's code says why: "timeout", "too-large", "certificate", or for a connection that
 * could not be made or broke: "broken" or none. */
struct transport {
	fault *(*send)(void *of, struct arena *keep, const struct remote_call *call,
		       struct remote_answer *answer);
	void *of;
};

struct remote;
struct remote_settings {
	str ca_file; /* extra trusted certificates (PEM), or empty for the system's */
	str user_agent;
};
MUST_USE fault *remote_open(const struct remote_settings *settings, struct remote **made);
void remote_close(struct remote *remote);
struct transport remote_transport(struct remote *remote); /* may be used by many threads */

/* Sends through any transport by the rule above, logs the call, and counts it. */
MUST_USE fault *remote_ask(const struct transport *by, const struct world *world,
			   struct arena *keep, const struct remote_call *call,
			   struct remote_answer *answer);

/* What was asked since the program began, by name: for /metrics. */
struct remote_count {
	const char *name;
	int64_t calls, failures; /* failures: no answer, or 5xx */
	int64_t micros;		 /* of all calls together */
};
/* Writes at most `room` rows, gives how many there are. */
size_t remote_counts(struct remote_count *at, size_t room);

/* Any case of the name; a value that is no UTF-8 could be kept nowhere, and is as if not there. */
str remote_answer_header(const struct remote_answer *answer, const char *name);

/* Seconds of a Retry-After header (a number or an HTTP date), or 0. */
int64_t remote_retry_after(const struct remote_answer *answer, instant now);

/* The usual meaning of a status: NULL for 2xx, FAULT_BUSY (with retry_after) for 429 and 503,
 * FAULT_REMOTE for other 5xx, FAULT_DENIED for 401 and 403, FAULT_MISSING for 404,
 * FAULT_CONFLICT for 409 and 412, FAULT_INPUT for other 4xx.  `who` names the other side. */
MUST_USE fault *remote_status_fault(const struct remote_answer *answer, const char *who,
				    instant now);

/* Percent-encoding of one path segment or query value. */
str remote_escape(struct arena *keep, str raw);
