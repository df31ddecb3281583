#include "web/live.h"

#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { LOOK_EVERY_MS = 1000, HEARTBEAT_LOOKS = 15, BLOCK = 1024 };

/* One open page. */
struct listener {
	struct listener *next;
	struct live *live;
	struct watch *watch;
	struct MHD_Connection *connection;
	int64_t told; /* the version this page knows */
	char address[48];
	bool opened, heartbeat, suspended;
};

/* What equal listeners share: the same address asked by the same visitor. */
struct watch {
	struct watch *next;
	struct arena *arena;
	str target;
	struct pairs headers; /* Cookie and Authorization: who they are */
	int64_t version;
	bool ended; /* they may no longer see it, or it is gone */
	struct listener *listeners;
};

struct live {
	struct site *site;
	pthread_mutex_t lock;
	pthread_t thread;
	int wake; /* an eventfd: time to end */
	struct watch *watches;
	int64_t count;
	bool closing;
};

static const char *const who_headers[] = { "Cookie", "Authorization" };

/* The lock is held. */
static void wake_listener(struct listener *l)
{
	if (!l->suspended)
		return;
	l->suspended = false;
	MHD_resume_connection(l->connection);
}

static ssize_t compose(struct listener *l, char *buffer, size_t room)
{
	long long version = (long long)l->watch->version;
	int len = 0;

	if (!l->opened)
		len = snprintf(buffer, room, "retry: 3000\nevent: version\ndata: %lld\n\n",
			       version);
	else if (l->told != l->watch->version)
		len = snprintf(buffer, room, "event: changed\ndata: %lld\n\n", version);
	else if (l->heartbeat)
		len = snprintf(buffer, room, ":\n\n");
	l->opened = true;
	l->heartbeat = false;
	l->told = l->watch->version;
	return len < 0 || (size_t)len >= room ? MHD_CONTENT_READER_END_WITH_ERROR : len;
}

/* The library asks for more to send; with nothing to say the connection sleeps. */
static ssize_t read_more(void *cls, uint64_t from, char *buffer, size_t room)
{
	struct listener *l = cls;

	(void)from;
	(void)pthread_mutex_lock(&l->live->lock);
	ssize_t len = compose(l, buffer, room);
	if (l->live->closing || l->watch->ended) {
		len = MHD_CONTENT_READER_END_OF_STREAM;
	} else if (len == 0) {
		l->suspended = true;
		MHD_suspend_connection(l->connection);
	}
	(void)pthread_mutex_unlock(&l->live->lock);
	return len;
}

static void leave(void *cls)
{
	struct listener *l = cls;
	struct live *live = l->live;

	(void)pthread_mutex_lock(&live->lock);
	struct listener **at = &l->watch->listeners;
	while (*at != l)
		at = &(*at)->next;
	*at = l->next;
	live->count--;
	(void)pthread_mutex_unlock(&live->lock);
	free(l);
}

static bool is_same(const struct watch *w, const struct request *rq)
{
	if (w->ended || !str_eq(w->target, rq->target))
		return false;
	for (size_t i = 0; i < COUNT(who_headers); i++)
		if (!str_eq(pairs_find(&w->headers, str_of(who_headers[i])),
			    request_header(rq, who_headers[i])))
			return false;
	return true;
}

/* The lock is held. */
static struct watch *watch_for(struct live *live, const struct request *rq)
{
	for (struct watch *w = live->watches; w; w = w->next)
		if (is_same(w, rq))
			return w;
	struct arena *arena = arena_open();
	struct watch *w = NEW(arena, struct watch);
	w->arena = arena;
	w->target = str_copy(arena, rq->target);
	for (size_t i = 0; i < COUNT(who_headers); i++) {
		str value = request_header(rq, who_headers[i]);
		if (!str_is_none(value))
			(void)pairs_add(&w->headers, arena, str_of(who_headers[i]),
					str_copy(arena, value));
	}
	w->next = live->watches;
	live->watches = w;
	return w;
}

static void address_fill(char at[48], str address)
{
	size_t len = address.len < 47 ? address.len : 47;

	memcpy(at, address.at, len);
	at[len] = '\0';
}

/* Whoever knows one live address must not take all places.  The lock is held. */
static bool has_room_for(const struct live *live, const struct request *rq)
{
	const struct web_settings *settings = &live->site->settings;
	char address[48];
	int same = 0;

	if (live->closing || live->count >= settings->most_listeners)
		return false;
	address_fill(address, request_address(rq));
	for (const struct watch *w = live->watches; w; w = w->next)
		for (const struct listener *l = w->listeners; l; l = l->next)
			same += strcmp(l->address, address) == 0;
	return same < settings->most_listeners_each;
}

/* The lock is held. */
static struct listener *listener_open(struct live *live, struct MHD_Connection *connection,
				      struct request *rq)
{
	struct listener *l = calloc(1, sizeof(*l));

	if (!l)
		abort();
	l->live = live;
	l->connection = connection;
	address_fill(l->address, request_address(rq));
	l->watch = watch_for(live, rq);
	l->watch->version = rq->version;
	l->next = l->watch->listeners;
	l->watch->listeners = l;
	live->count++;
	return l;
}

struct MHD_Response *live_join(struct live *live, struct MHD_Connection *connection,
			       struct request *rq)
{
	struct listener *l = NULL;

	(void)pthread_mutex_lock(&live->lock);
	if (has_room_for(live, rq))
		l = listener_open(live, connection, rq);
	(void)pthread_mutex_unlock(&live->lock);
	if (!l) {
		fault_reply(rq, fault_new(FAULT_BUSY, "Too many pages are listening; reload the "
						      "page to see what is new."));
		policy_add(rq->to);
		return NULL;
	}
	struct MHD_Response *made = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK,
								      read_more, l, leave);
	if (!made)
		leave(l);
	return made;
}

/* Asks without the lock; only this thread takes watches out of the list. */
static void look(struct live *live, struct watch *w)
{
	struct arena *arena = arena_open();
	struct request *rq = request_open(live->site, arena);
	int64_t version = 0;

	rq->target = w->target;
	rq->headers = w->headers;
	log_correlate(rq->id);
	fault *f = exchange_version(rq, &version);
	(void)pthread_mutex_lock(&live->lock);
	if (!f)
		w->version = rq->to->status ? w->version : version;
	/* Sent to sign in, or refused: the page must ask again as a page. */
	w->ended = f ? f->kind != FAULT_BUSY && f->kind != FAULT_REMOTE : rq->to->status != 0;
	for (struct listener *l = w->listeners; l; l = l->next)
		if (w->ended || l->told != w->version)
			wake_listener(l);
	(void)pthread_mutex_unlock(&live->lock);
	log_correlate(S(""));
	arena_close(arena);
}

/* The lock is held. */
static void drop_left_watches(struct live *live)
{
	struct watch **at = &live->watches;

	while (*at) {
		struct watch *w = *at;
		if (w->listeners) {
			at = &w->next;
			continue;
		}
		*at = w->next;
		arena_close(w->arena);
	}
}

/* A heartbeat finds pages that are gone, and keeps proxies from ending the stream. */
static void beat(struct live *live)
{
	for (struct watch *w = live->watches; w; w = w->next) {
		for (struct listener *l = w->listeners; l; l = l->next) {
			l->heartbeat = true;
			wake_listener(l);
		}
	}
}

static void *run(void *with)
{
	struct live *live = with;
	struct pollfd wake = { .fd = live->wake, .events = POLLIN };

	for (int looks = 1; poll(&wake, 1, LOOK_EVERY_MS) <= 0; looks++) {
		(void)pthread_mutex_lock(&live->lock);
		drop_left_watches(live);
		if (looks % HEARTBEAT_LOOKS == 0)
			beat(live);
		struct watch *first = live->watches; /* joiners put theirs in front of it */
		(void)pthread_mutex_unlock(&live->lock);
		for (struct watch *w = first; w; w = w->next)
			look(live, w);
	}
	return NULL;
}

fault *live_open(struct site *site, struct live **made)
{
	struct live *live = NEW(site->arena, struct live);

	live->site = site;
	live->wake = eventfd(0, EFD_CLOEXEC);
	(void)pthread_mutex_init(&live->lock, NULL);
	if (live->wake < 0 || pthread_create(&live->thread, NULL, run, live) != 0) {
		if (live->wake >= 0)
			(void)close(live->wake);
		return fault_new(FAULT_BUG, "The thread for live pages could not be started.");
	}
	*made = live;
	return NULL;
}

void live_close(struct live *live)
{
	uint64_t one = 1;

	if (!live)
		return;
	if (write(live->wake, &one, sizeof(one)) < 0)
		abort();
	(void)pthread_join(live->thread, NULL);
	(void)pthread_mutex_lock(&live->lock);
	live->closing = true;
	for (struct watch *w = live->watches; w; w = w->next)
		for (struct listener *l = w->listeners; l; l = l->next)
			wake_listener(l);
	(void)pthread_mutex_unlock(&live->lock);
}

void live_end(struct live *live)
{
	if (!live)
		return;
	drop_left_watches(live);
	(void)close(live->wake);
	(void)pthread_mutex_destroy(&live->lock);
}

int64_t live_listeners(struct live *live)
{
	if (!live)
		return 0;
	(void)pthread_mutex_lock(&live->lock);
	int64_t count = live->count;
	(void)pthread_mutex_unlock(&live->lock);
	return count;
}
