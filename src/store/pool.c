#include "store/pool.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Longer than any transaction should take; then the person is told to come again. */
enum { WAIT_SECONDS = 10 };

void pool_open(struct pool *pool, const struct driver *driver, str address, int most)
{
	pthread_condattr_t clock;

	*pool = (struct pool){ .driver = driver, .most = most < 1 ? 1 : most };
	pool->address = strndup(address.at, address.len);
	if (!pool->address)
		abort();
	pthread_mutex_init(&pool->lock, NULL);
	pthread_condattr_init(&clock);
	pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
	pthread_cond_init(&pool->given_back, &clock);
	pthread_condattr_destroy(&clock);
}

static void close_all(struct pool *pool, struct connection *c)
{
	while (c) {
		struct connection *next = c->next;
		pool->driver->close(c);
		c = next;
	}
}

void pool_close(struct pool *pool)
{
	close_all(pool, pool->idle);
	close_all(pool, pool->lent);
	pthread_cond_destroy(&pool->given_back);
	pthread_mutex_destroy(&pool->lock);
	free(pool->address);
}

static bool held_by_this_thread(const struct pool *pool, bool writing)
{
	for (const struct connection *c = pool->lent; c; c = c->next)
		if (pthread_equal(c->holder, pthread_self()) && (!writing || c->writing))
			return true;
	return false;
}

static bool must_wait(const struct pool *pool, bool to_write)
{
	return (!pool->idle && pool->opened == pool->most) || (to_write && pool->writing);
}

/* A thread that waits for a connection which only it can give back waits for ever. */
static fault *wait_refused(const struct pool *pool, bool to_write)
{
	if (held_by_this_thread(pool, true) && to_write && pool->writing)
		return fault_new(FAULT_BUG, "A transaction that writes was begun inside another.");
	if (pool->most == 1 && held_by_this_thread(pool, false))
		return fault_new(FAULT_BUG, "A transaction was begun inside another, on a database "
					    "that has one connection.");
	return NULL;
}

static fault *wait_for_turn(struct pool *pool, bool to_write)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += WAIT_SECONDS;
	while (must_wait(pool, to_write)) {
		TRY(wait_refused(pool, to_write));
		if (pthread_cond_timedwait(&pool->given_back, &pool->lock, &until) == ETIMEDOUT &&
		    must_wait(pool, to_write))
			return fault_note(fault_new(FAULT_BUSY, "Too much is going on just now. "
								"Please try again in a moment."),
					  "%s after %d s",
					  pool->writing ? "another transaction "
							  "still writes"
							: "all connections are in use",
					  WAIT_SECONDS);
	}
	return NULL;
}

static void lend(struct pool *pool, struct connection *c, bool to_write)
{
	c->holder = pthread_self();
	c->writing = to_write;
	c->next = pool->lent;
	pool->lent = c;
}

/* Counts the connection before it is there, so that opening needs no lock. */
static fault *reserve(struct pool *pool, bool to_write, struct connection **idle)
{
	pthread_mutex_lock(&pool->lock);
	fault *f = wait_for_turn(pool, to_write);
	if (!f) {
		*idle = pool->idle;
		pool->writing |= to_write;
		if (*idle) {
			pool->idle = (*idle)->next;
			lend(pool, *idle, to_write);
		} else {
			pool->opened++;
		}
	}
	pthread_mutex_unlock(&pool->lock);
	return f;
}

static void release(struct pool *pool, bool wrote)
{
	pthread_mutex_lock(&pool->lock);
	pool->opened--;
	if (wrote)
		pool->writing = false;
	pthread_cond_broadcast(&pool->given_back);
	pthread_mutex_unlock(&pool->lock);
}

static fault *open_one(struct pool *pool, bool to_write, struct connection **made)
{
	fault *f = pool->driver->open(str_of(pool->address), made);

	if (f) {
		release(pool, to_write);
		return f;
	}
	pthread_mutex_lock(&pool->lock);
	lend(pool, *made, to_write);
	pthread_mutex_unlock(&pool->lock);
	return NULL;
}

fault *pool_take(struct pool *pool, bool to_write, struct connection **made)
{
	bool alone = to_write && pool->driver->one_writer;
	struct connection *c = NULL;

	TRY(reserve(pool, alone, &c));
	if (!c)
		TRY(open_one(pool, alone, &c));
	*made = c;
	return NULL;
}

static void unlend(struct pool *pool, struct connection *c)
{
	struct connection **at = &pool->lent;

	while (*at != c)
		at = &(*at)->next;
	*at = c->next;
}

fault *pool_renew(struct pool *pool, struct connection **c)
{
	bool writing = (*c)->writing;

	pthread_mutex_lock(&pool->lock);
	unlend(pool, *c);
	pthread_mutex_unlock(&pool->lock);
	pool->driver->close(*c);
	*c = NULL;
	return open_one(pool, writing, c);
}

void pool_give(struct pool *pool, struct connection *c)
{
	bool broken = c->broken, wrote = c->writing;

	pthread_mutex_lock(&pool->lock);
	unlend(pool, c);
	if (!broken) {
		c->next = pool->idle;
		pool->idle = c;
		if (wrote)
			pool->writing = false;
		pthread_cond_broadcast(&pool->given_back);
	}
	pthread_mutex_unlock(&pool->lock);
	if (!broken)
		return;
	pool->driver->close(c);
	release(pool, wrote);
}
