#include "sandbox/request_log.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/world.h"
#include "request_log_sql.h"
#include "web/web.h"

/* More than this waits only when nothing can be written: then rows are dropped. */
#define MOST_WAITING 200000
#define TRIM_EVERY   10000

/* Rows noted since the last flush; their texts live in `arena`. */
struct batch {
	struct arena *arena;
	struct request_log_add_in *at;
	size_t len;
};

struct request_log {
	struct store *store;
	pthread_mutex_t lock, flushing;
	struct batch noted, written; /* change places at each flush */
	size_t since_trim;
	id last;
};

static const char *service_of(const struct request_log_door *at, str path)
{
	if (at->partner_center)
		return "partnercenter";
	if (str_starts(path, S("/v1.0/")))
		return "graph";
	if (str_starts(path, S("/providers/")))
		return "billing";
	if (str_starts(path, S("/admin")) || str_starts(path, S("/Adminportal")))
		return "admin";
	return "login";
}

static const char *method_of(enum method method)
{
	switch (method) {
	case GET: return "GET";
	case POST: return "POST";
	case PUT: return "PUT";
	case PATCH: return "PATCH";
	case DELETE: return "DELETE";
	case HEAD: return "HEAD";
	}
	return "?";
}

static str outcome_of(struct arena *keep, str struck, int status)
{
	if (!str_is_none(struck))
		return str_format(keep, "fault: %.*s", STR(struck));
	return status == 0 ? S("answer lost") : S("answered");
}

/* Each service has its own name for it. */
static str answer_id_of(struct request *rq)
{
	static const char *const names[] = { "request-id", "x-ms-request-id", "MS-CV" };

	for (size_t i = 0; i < COUNT(names); i++)
		if (!str_is_none(request_answered(rq, names[i])))
			return request_answered(rq, names[i]);
	return request_id(rq);
}

/* Queries of the sign-in pages carry codes: those are left out. */
static struct request_log_add_in row_of(struct request *rq, int status)
{
	const struct request_log_door *at = request_context(rq);
	const char *service = service_of(at, request_path(rq));
	bool api = str_eq(str_of(service), S("graph")) || at->partner_center;
	str struck = request_answered(rq, "X-Sandbox-Fault");
	str theirs = request_header(rq, at->partner_center ? "MS-RequestId" : "client-request-id");

	return (struct request_log_add_in){
		.service = str_of(service),
		.method = str_of(method_of(request_method(rq))),
		.path = api ? request_target(rq) : request_path(rq),
		.status = status,
		.request_id = str_is_none(theirs) ? request_id(rq) : theirs,
		.answer_id = answer_id_of(rq),
		.outcome = outcome_of(request_arena(rq), struck, status),
	};
}

static fault *add_one(struct tx *tx, void *with)
{
	struct request_log_add_in *row = with;

	row->id = tx_new_id(tx);
	row->at = tx_now(tx);
	return request_log_add(tx, row);
}

static void note(struct request_log *log, const struct request_log_add_in *row)
{
	(void)pthread_mutex_lock(&log->lock);
	struct batch *batch = &log->noted;
	if (batch->len < MOST_WAITING) {
		batch->at = arena_grown(batch->arena, batch->at, batch->len, sizeof(*batch->at));
		struct request_log_add_in *made = &batch->at[batch->len++];
		*made = *row;
		made->id = id_make(world_of_system());
		/* Within one millisecond the ids of two threads have no order of their own. */
		if (made->id.n <= log->last.n)
			made->id.n = log->last.n + 1;
		log->last = made->id;
		made->at = world_now(world_of_system());
		made->path = str_copy(batch->arena, row->path);
		made->request_id = str_copy(batch->arena, row->request_id);
		made->outcome = str_copy(batch->arena, row->outcome);
		made->answer_id = str_copy(batch->arena, row->answer_id);
	}
	(void)pthread_mutex_unlock(&log->lock);
}

/* Looking at the sandbox is not asking it for anything. */
static bool is_our_own(str path)
{
	return str_starts(path, S("/assets/")) || str_starts(path, S("/control")) ||
	       str_eq(path, S("/")) || str_eq(path, S("/favicon.ico"));
}

void request_log_seen(struct request *rq, int status, int64_t micros)
{
	const struct request_log_door *at = request_context(rq);

	if (is_our_own(request_path(rq)))
		return;
	struct request_log_add_in row = row_of(rq, status);
	row.micros = micros;
	if (at->log) {
		note(at->log, &row);
		return;
	}
	fault *f = store_run(at->store, STORE_WRITE, request_arena(rq), "request_log", add_one,
			     &row);
	if (f)
		log_fault(LOG_WARN, "sandbox", "request not logged", f);
}

struct request_log *request_log_open(struct store *store)
{
	struct request_log *log = calloc(1, sizeof(*log));

	if (!log)
		abort();
	log->store = store;
	log->noted.arena = arena_open();
	log->written.arena = arena_open();
	/* What an earlier run left is trimmed by the first flush. */
	log->since_trim = TRIM_EVERY;
	(void)pthread_mutex_init(&log->lock, NULL);
	(void)pthread_mutex_init(&log->flushing, NULL);
	return log;
}

static fault *write_batch(struct tx *tx, void *with)
{
	const struct request_log *log = with;

	for (size_t i = 0; i < log->written.len; i++)
		TRY(request_log_add(tx, &log->written.at[i]));
	return log->since_trim >= TRIM_EVERY ? request_log_forget(tx, REQUEST_LOG_MOST) : NULL;
}

static fault *flush(struct request_log *log)
{
	(void)pthread_mutex_lock(&log->lock);
	struct batch taken = log->noted;
	log->noted = log->written;
	log->written = taken;
	(void)pthread_mutex_unlock(&log->lock);
	log->since_trim += taken.len;
	if (taken.len == 0)
		return NULL;
	DEFER(arena_end) struct arena *arena = arena_open();
	fault *f = store_run(log->store, STORE_WRITE, arena, "request log", write_batch, log);
	if (!f && log->since_trim >= TRIM_EVERY)
		log->since_trim = 0;
	arena_reset(log->written.arena);
	log->written.at = NULL;
	log->written.len = 0;
	return f;
}

fault *request_log_flush(struct request_log *log)
{
	(void)pthread_mutex_lock(&log->flushing);
	fault *f = flush(log);
	(void)pthread_mutex_unlock(&log->flushing);
	return f;
}

void request_log_close(struct request_log *log)
{
	if (!log)
		return;
	fault *f = request_log_flush(log);
	if (f)
		log_fault(LOG_WARN, "sandbox", "the last requests are not logged", f);
	arena_close(log->noted.arena);
	arena_close(log->written.arena);
	(void)pthread_mutex_destroy(&log->lock);
	(void)pthread_mutex_destroy(&log->flushing);
	free(log);
}
