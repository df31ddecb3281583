/* Which worker processes are alive: each keeps a row that says so, every five seconds. */
#pragma once

#include "base/base.h"
#include "base/id.h"
#include "store/store.h"

/* A worker that was not seen for this long is not counted on: others take its leases. */
#define WORKER_BEAT   SECONDS(5)
#define WORKER_SILENT SECONDS(20)

struct worker {
	id id;
	str name, version; /* "host/4711" */
	instant started, seen;
};
struct worker_list {
	struct worker *at;
	size_t len;
};

/* Adds a row and gives its id; the process's name is the host's and its own number. */
MUST_USE fault *worker_open(struct tx *tx, const char *version, id *made);
/* Also brings back the row of one that was silent so long that it was forgotten. */
MUST_USE fault *worker_beat(struct tx *tx, id worker, const char *version);
MUST_USE fault *worker_close(struct tx *tx, id worker);

/* Those of this host whose process is gone: they were killed, and need not be waited for.  A wrong
 * guess (two machines of one name) costs a second attempt; the first is fenced. */
MUST_USE fault *worker_gone(struct tx *tx, struct worker_list *list);

/* For `doctor` and pages that must say "no worker is running": those seen lately. */
MUST_USE fault *worker_alive(struct tx *tx, struct worker_list *list);
