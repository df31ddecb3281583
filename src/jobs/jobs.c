#include "jobs/jobs.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/log.h"
#include "base/world.h"
#include "jobs/lease.h"
#include "jobs/worker.h"

#define LOOK_EVERY_MS 500
#define THREADS_MOST  64

struct jobs {
	struct lease_taker taker;
	struct job_kind *kinds;
	struct arena *arena;
	const char *version;
	pthread_mutex_t lock;
	pthread_cond_t due;
	bool looked_due;   /* under lock: some thread should look for work */
	bool stopping;	   /* under lock */
	int running, most; /* under lock: threads that have not ended; how many to start */
	int poke, gone;	   /* eventfds: wake the watcher; the last thread has ended */
	bool started, watching;
	pthread_t watcher;
	pthread_t threads[THREADS_MOST];
};

static void words_of_kinds(struct jobs *jobs, const struct job_kind *kinds, size_t count)
{
	struct text words = text_open(jobs->arena);

	jobs->kinds = NEW_ARRAY(jobs->arena, struct job_kind, count + 1);
	for (size_t i = 0; i < count; i++)
		jobs->kinds[i] = kinds[i];
	jobs->kinds[count] = (struct job_kind){ .kind = LEASE_SWEEP, .run = lease_sweep };
	for (size_t i = 0; i <= count; i++) {
		assert(!strpbrk(jobs->kinds[i].kind, " %"));
		text_format(&words, " %s", jobs->kinds[i].kind);
	}
	text_add_char(&words, ' ');
	jobs->taker.kinds = jobs->kinds;
	jobs->taker.kind_count = count + 1;
	jobs->taker.words = text_str(&words);
}

static void release(struct jobs *jobs)
{
	struct arena *arena = jobs->arena;

	if (jobs->poke >= 0)
		(void)close(jobs->poke);
	if (jobs->gone >= 0)
		(void)close(jobs->gone);
	(void)pthread_cond_destroy(&jobs->due);
	(void)pthread_mutex_destroy(&jobs->lock);
	arena_close(arena);
}

fault *jobs_open(const struct jobs_settings *settings, struct jobs **made)
{
	struct arena *arena = arena_open();
	struct jobs *jobs = NEW(arena, struct jobs);
	int threads = settings->threads > 0 ? settings->threads : 1;

	jobs->arena = arena;
	jobs->most = threads < THREADS_MOST ? threads : THREADS_MOST;
	jobs->version = settings->version ? settings->version : "";
	jobs->taker = (struct lease_taker){ .store = settings->store,
					    .world = settings->world,
					    .worker = id_make(settings->world) };
	words_of_kinds(jobs, settings->kinds, settings->kind_count);
	(void)pthread_mutex_init(&jobs->lock, NULL);
	(void)pthread_cond_init(&jobs->due, NULL);
	jobs->poke = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	jobs->gone = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (jobs->poke < 0 || jobs->gone < 0) {
		release(jobs);
		return fault_new(FAULT_BUSY, "The job runner got no event descriptor: %s.",
				 strerror(errno));
	}
	*made = jobs;
	return NULL;
}

static void tell(int event)
{
	uint64_t one = 1;
	ssize_t wrote = write(event, &one, sizeof(one));

	(void)wrote; /* full means that it is signalled already */
}

static bool heard_within(int event, int64_t ms)
{
	struct pollfd wait = { .fd = event, .events = POLLIN };
	uint64_t count;

	if (poll(&wait, 1, (int)ms) <= 0)
		return false;
	return read(event, &count, sizeof(count)) == sizeof(count);
}

void jobs_poke(struct jobs *jobs)
{
	tell(jobs->poke);
}

static bool is_stopping(struct jobs *jobs)
{
	(void)pthread_mutex_lock(&jobs->lock);
	bool stopping = jobs->stopping;
	(void)pthread_mutex_unlock(&jobs->lock);
	return stopping;
}

static void call_one(struct jobs *jobs)
{
	(void)pthread_mutex_lock(&jobs->lock);
	jobs->looked_due = true;
	(void)pthread_cond_signal(&jobs->due);
	(void)pthread_mutex_unlock(&jobs->lock);
}

/* False when it is time to stop. */
static bool wait_for_call(struct jobs *jobs)
{
	(void)pthread_mutex_lock(&jobs->lock);
	while (!jobs->stopping && !jobs->looked_due)
		(void)pthread_cond_wait(&jobs->due, &jobs->lock);
	jobs->looked_due = false;
	bool go_on = !jobs->stopping;
	(void)pthread_mutex_unlock(&jobs->lock);
	return go_on;
}

static fault *attempt(struct jobs *jobs, struct lease *lease, struct arena *arena)
{
	instant from = world_now(jobs->taker.world);

	arena_reset(arena);

	fault *outcome = lease_work(lease, arena);
	int64_t micros = instant_since(world_now(jobs->taker.world), from);

	LOG(LOG_INFO, "jobs", outcome ? "attempt failed" : "attempt over",
	    { "kind", str_of(lease->run.kind) }, { "job", id_text(arena, "job", lease->run.job) },
	    { "ms", str_format(arena, "%lld", (long long)(micros / 1000)) });
	return outcome;
}

static fault *run_one(struct jobs *jobs, struct arena *arena, bool *ran)
{
	DEFER(arena_end) struct arena *keep = arena_open();
	struct lease lease;
	fault *outcome;
	bool found;

	TRY(lease_open(&jobs->taker, keep, &lease, &found));
	*ran = found;
	if (!found)
		return NULL;
	if (jobs->started)
		call_one(jobs); /* there may be more: a neighbour looks while this one works */
	log_correlate(lease.run.correlation);
	do
		outcome = attempt(jobs, &lease, arena);
	while (lease.goes_on && !is_stopping(jobs));
	fault *said = lease_settle(&lease, outcome);
	log_correlate(S(""));
	return said;
}

fault *jobs_run_one(struct jobs *jobs, bool *ran)
{
	DEFER(arena_end) struct arena *arena = arena_open();

	return run_one(jobs, arena, ran);
}

static void ended(struct jobs *jobs)
{
	(void)pthread_mutex_lock(&jobs->lock);
	bool last = --jobs->running == 0;
	(void)pthread_mutex_unlock(&jobs->lock);
	if (last)
		tell(jobs->gone);
}

static void *work(void *with)
{
	struct jobs *jobs = with;
	struct arena *arena = arena_open();
	bool go_on = true;

	while (go_on) {
		bool ran = false;
		fault *f = run_one(jobs, arena, &ran);
		if (f)
			log_fault(f->kind == FAULT_BUSY ? LOG_DEBUG : LOG_ERROR, "jobs",
				  "no job could be taken or ended", f);
		/* after a fault it is the watcher's next look that sets the pace */
		go_on = ran && !f ? !is_stopping(jobs) : wait_for_call(jobs);
	}
	arena_close(arena);
	ended(jobs);
	return NULL;
}

static fault *beat(struct tx *tx, void *with)
{
	struct jobs *jobs = with;

	TRY(worker_beat(tx, jobs->taker.worker, jobs->version));
	return lease_free(tx);
}

static void beat_when_due(struct jobs *jobs, struct arena *arena, instant now, instant *last)
{
	if (instant_since(now, *last) < WORKER_BEAT)
		return;
	fault *f = store_run(jobs->taker.store, STORE_QUEUE, arena, "say that a worker is alive",
			     beat, jobs);
	if (f)
		log_fault(LOG_WARN, "jobs", "the worker could not say that it is alive", f);
	*last = now;
}

/* Looks whether anything is due, and gives how long it may sleep. */
static int64_t look(struct jobs *jobs, struct arena *arena, instant now)
{
	instant due;
	fault *f = lease_when(&jobs->taker, arena, &due);

	if (f) {
		log_fault(LOG_WARN, "jobs", "the watcher could not look for jobs", f);
		return LOOK_EVERY_MS;
	}
	if (instant_is_none(due))
		return LOOK_EVERY_MS;
	int64_t left = instant_since(due, now);
	if (left > 0)
		return left / 1000 + 1 < LOOK_EVERY_MS ? left / 1000 + 1 : LOOK_EVERY_MS;
	call_one(jobs);
	return LOOK_EVERY_MS;
}

static void *watch(void *with)
{
	struct jobs *jobs = with;
	struct arena *arena = arena_open();
	instant last_beat = world_now(jobs->taker.world);

	while (!is_stopping(jobs)) {
		instant now = world_now(jobs->taker.world);
		arena_reset(arena);
		beat_when_due(jobs, arena, now, &last_beat);
		(void)heard_within(jobs->poke, look(jobs, arena, now));
	}
	arena_close(arena);
	ended(jobs);
	return NULL;
}

static fault *enter(struct tx *tx, void *with)
{
	struct jobs *jobs = with;

	TRY(worker_open(tx, jobs->version, &jobs->taker.worker));
	TRY(lease_free(tx));
	return job_later(tx, &(struct job_new){ .kind = LEASE_SWEEP, .single = true });
}

static fault *start_thread(struct jobs *jobs, pthread_t *thread, void *(*body)(void *))
{
	(void)pthread_mutex_lock(&jobs->lock);
	int failed = pthread_create(thread, NULL, body, jobs);
	jobs->running += failed ? 0 : 1;
	(void)pthread_mutex_unlock(&jobs->lock);
	return failed ? fault_new(FAULT_BUSY, "A worker thread could not be started: %s.",
				  strerror(failed))
		      : NULL;
}

fault *jobs_start(struct jobs *jobs)
{
	DEFER(arena_end) struct arena *arena = arena_open();

	TRY(store_run(jobs->taker.store, STORE_QUEUE, arena, "start a worker", enter, jobs));
	jobs->started = true;
	int wanted = jobs->most;
	jobs->most = 0; /* from here on: how many there are to join */
	TRY(start_thread(jobs, &jobs->watcher, watch));
	jobs->watching = true;
	for (int i = 0; i < wanted; i++) {
		TRY(start_thread(jobs, &jobs->threads[i], work));
		jobs->most++;
	}
	return NULL;
}

static fault *leave(struct tx *tx, void *with)
{
	return worker_close(tx, ((struct jobs *)with)->taker.worker);
}

static void say_goodbye(struct jobs *jobs)
{
	DEFER(arena_end) struct arena *arena = arena_open();
	fault *f = lease_return(&jobs->taker, arena);

	if (f)
		log_fault(LOG_WARN, "jobs", "leases could not be given back; they will expire", f);
	f = store_run(jobs->taker.store, STORE_QUEUE, arena, "end a worker", leave, jobs);
	if (f)
		log_fault(LOG_WARN, "jobs", "the worker could not say goodbye", f);
}

/* True when every thread has ended. */
static bool stop(struct jobs *jobs, int seconds)
{
	(void)pthread_mutex_lock(&jobs->lock);
	jobs->stopping = true;
	bool none = jobs->running == 0;
	(void)pthread_cond_broadcast(&jobs->due);
	(void)pthread_mutex_unlock(&jobs->lock);
	jobs_poke(jobs);
	return none || heard_within(jobs->gone, (int64_t)seconds * 1000);
}

bool jobs_close(struct jobs *jobs, int seconds)
{
	if (!jobs)
		return true;
	if (jobs->started) {
		bool all_ended = stop(jobs, seconds);
		say_goodbye(jobs);
		if (!all_ended)
			return false;
		if (jobs->watching)
			(void)pthread_join(jobs->watcher, NULL);
		for (int i = 0; i < jobs->most; i++)
			(void)pthread_join(jobs->threads[i], NULL);
	}
	release(jobs);
	return true;
}
