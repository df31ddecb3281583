/* Every call the sandbox answered: `novate-sandbox requests` and the control page. */
#pragma once

#include "store/store.h"

/* The newest that are kept, about. */
#define REQUEST_LOG_MOST 100000

struct request;

/* Rows that wait in memory to be written together: a call is not slower for being noted.  Who
 * looks into the state file may miss the last fifth of a second. */
struct request_log;
struct request_log *request_log_open(struct store *store);
MUST_USE fault *request_log_flush(struct request_log *log);
/* Flushes once more, and frees it. */
void request_log_close(struct request_log *log);

/* What both doors (sign-in, Graph and admin center; Partner Center) know of themselves. */
struct request_log_door {
	struct store *store;
	bool partner_center;
	struct request_log *log; /* NULL: each row is written at once */
	bool throttle; /* the vendor's limits hold (graph_throttle.h, partner_throttle.h) */
};

/* For web_settings.seen; the context is a struct request_log_door. */
void request_log_seen(struct request *rq, int status, int64_t micros);
