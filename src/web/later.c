#include "web/later.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

struct waiting {
	struct waiting *next;
	struct MHD_Connection *connection;
	int timer;
};

struct later {
	pthread_mutex_t lock;
	pthread_t thread;
	int events, wake; /* wake: an eventfd, time to end */
	struct waiting *all;
	bool started, closing;
};

struct later *later_open(void)
{
	struct later *later = calloc(1, sizeof(*later));

	if (!later)
		abort();
	(void)pthread_mutex_init(&later->lock, NULL);
	later->events = later->wake = -1;
	return later;
}

/* The lock is held. */
static void resume(struct later *later, struct waiting *w)
{
	struct waiting **at = &later->all;

	while (*at != w)
		at = &(*at)->next;
	*at = w->next;
	(void)close(w->timer); /* which takes it out of the events, too */
	MHD_resume_connection(w->connection);
	free(w);
}

static void *run(void *with)
{
	struct later *later = with;
	struct epoll_event event;

	for (;;) {
		if (epoll_wait(later->events, &event, 1, -1) < 1)
			continue;
		if (!event.data.ptr)
			return NULL;
		(void)pthread_mutex_lock(&later->lock);
		resume(later, event.data.ptr);
		(void)pthread_mutex_unlock(&later->lock);
	}
}

static bool watch(struct later *later, int fd, struct waiting *w)
{
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = w };

	return epoll_ctl(later->events, EPOLL_CTL_ADD, fd, &event) == 0;
}

/* The lock is held. */
static bool start(struct later *later)
{
	if (later->started)
		return true;
	later->events = epoll_create1(EPOLL_CLOEXEC);
	later->wake = eventfd(0, EFD_CLOEXEC);
	later->started = later->events >= 0 && later->wake >= 0 &&
			 watch(later, later->wake, NULL) &&
			 pthread_create(&later->thread, NULL, run, later) == 0;
	return later->started;
}

static int timer_of(int64_t millis)
{
	const struct itimerspec after = { .it_value = { millis / 1000, millis % 1000 * 1000000 } };
	int timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);

	if (timer >= 0 && timerfd_settime(timer, 0, &after, NULL) == 0)
		return timer;
	if (timer >= 0)
		(void)close(timer);
	return -1;
}

/* The lock is held. */
static bool add(struct later *later, struct MHD_Connection *connection, int64_t millis)
{
	struct waiting *w = calloc(1, sizeof(*w));

	if (!w)
		abort();
	*w = (struct waiting){ later->all, connection, timer_of(millis) };
	MHD_suspend_connection(connection);
	later->all = w;
	if (w->timer >= 0 && watch(later, w->timer, w))
		return true;
	resume(later, w);
	return true;
}

bool later_wait(struct later *later, struct MHD_Connection *connection, int64_t millis)
{
	(void)pthread_mutex_lock(&later->lock);
	bool waits = !later->closing && start(later) && add(later, connection, millis);
	(void)pthread_mutex_unlock(&later->lock);
	return waits;
}

void later_close(struct later *later)
{
	if (!later)
		return;
	(void)pthread_mutex_lock(&later->lock);
	bool started = later->started;
	later->closing = true;
	(void)pthread_mutex_unlock(&later->lock);
	if (!started)
		return;
	(void)eventfd_write(later->wake, 1);
	(void)pthread_join(later->thread, NULL);
	(void)pthread_mutex_lock(&later->lock);
	while (later->all)
		resume(later, later->all);
	later->started = false;
	(void)pthread_mutex_unlock(&later->lock);
}

void later_end(struct later *later)
{
	if (!later)
		return;
	if (later->events >= 0)
		(void)close(later->events);
	if (later->wake >= 0)
		(void)close(later->wake);
	(void)pthread_mutex_destroy(&later->lock);
	free(later);
}
