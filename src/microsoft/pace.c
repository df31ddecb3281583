#include "microsoft/pace.h"

#include <pthread.h>
#include <string.h>

#define WAIT_CODE "pace"
/* Who is sent away comes back with the calls of a whole step. */
#define STEP_CALLS 10
/* Nobody is sent further away than this: who takes turns is for the jobs to say. */
#define WAIT_MOST SECONDS(20)

enum { TENANTS_KEPT = 256 };

struct bucket {
	char tenant[40];
	double tokens;
	instant filled; /* when `tokens` was right */
	instant slot;	/* the moment given to whoever was sent away last */
};

struct limit {
	int64_t most, period; /* most 0: none */
};

struct pace {
	pthread_mutex_t lock;
	struct arena *arena;
	struct limit limits[PACE_SERVICE_COUNT];
	instant rests[PACE_SERVICE_COUNT]; /* until when */
	struct bucket alone[PACE_SERVICE_COUNT];
	struct bucket tenants[TENANTS_KEPT]; /* of Graph */
	size_t tenant_count;
};

fault *pace_open(const struct pace_limits *limits, struct pace **made)
{
	struct arena *arena = arena_open();
	struct pace *pace = NEW(arena, struct pace);

	pace->arena = arena;
	pace->limits[PACE_PARTNER_CENTER] = (struct limit){ limits->partner_center,
							    PACE_PARTNER_CENTER_PERIOD };
	pace->limits[PACE_GRAPH] = (struct limit){ limits->graph, PACE_GRAPH_PERIOD };
	for (size_t i = 0; i < PACE_SERVICE_COUNT; i++)
		pace->rests[i] = INSTANT_NONE;
	(void)pthread_mutex_init(&pace->lock, NULL);
	*made = pace;
	return NULL;
}

void pace_close(struct pace *pace)
{
	if (!pace)
		return;
	(void)pthread_mutex_destroy(&pace->lock);
	arena_close(pace->arena);
}

/* ---- a bucket ---- */

static double room_of(const struct limit *limit)
{
	return (double)limit->most / 5;
}

/* Units a microsecond. */
static double rate_of(const struct limit *limit)
{
	return (double)limit->most * 4 / 5 / (double)limit->period;
}

static void fill(struct bucket *b, const struct limit *limit, instant now)
{
	int64_t passed = instant_since(now, b->filled);

	if (passed <= 0)
		return;
	b->tokens += (double)passed * rate_of(limit);
	if (b->tokens > room_of(limit))
		b->tokens = room_of(limit);
	b->filled = now;
}

static void start(struct bucket *b, const struct limit *limit, instant now)
{
	b->tokens = room_of(limit);
	b->filled = now;
	b->slot = now;
}

/* A tenant that is not known yet takes the place of the one that was quiet longest: its bucket is
 * full again anyway. */
static struct bucket *of_tenant(struct pace *p, const struct limit *limit, str tenant, instant now)
{
	struct bucket *b = &p->tenants[0];

	for (size_t i = 0; i < p->tenant_count; i++) {
		if (str_eq_nocase(str_of(p->tenants[i].tenant), tenant))
			return &p->tenants[i];
		if (instant_before(p->tenants[i].filled, b->filled))
			b = &p->tenants[i];
	}
	if (p->tenant_count < TENANTS_KEPT)
		b = &p->tenants[p->tenant_count++];
	memset(b->tenant, 0, sizeof b->tenant);
	memcpy(b->tenant, tenant.at, tenant.len);
	start(b, limit, now);
	return b;
}

static struct bucket *bucket_of(struct pace *p, enum pace_service service, str tenant, instant now)
{
	struct bucket *b = &p->alone[service];

	if (service == PACE_GRAPH && tenant.len && tenant.len < sizeof b->tenant)
		return of_tenant(p, &p->limits[service], tenant, now);
	if (b->filled.micros == 0)
		start(b, &p->limits[service], now);
	return b;
}

/* Microseconds until there is enough, in turn with the others that were sent away. */
static int64_t slot_after(struct bucket *b, const struct limit *limit, double wanted, instant now)
{
	instant enough = instant_after(now, (int64_t)((wanted - b->tokens) / rate_of(limit)));
	instant slot = instant_after(b->slot, (int64_t)(STEP_CALLS / rate_of(limit)));

	if (instant_before(slot, enough))
		slot = enough;
	if (instant_since(slot, now) > WAIT_MOST)
		slot = instant_after(now, WAIT_MOST);
	b->slot = slot;
	return instant_since(slot, now);
}

/* ---- asking ---- */

static int64_t wait_for(struct pace *p, enum pace_service service, str tenant, int64_t units,
			bool begun, instant now)
{
	const struct limit *limit = &p->limits[service];
	instant rest = p->rests[service];

	if (!instant_is_none(rest) && instant_before(now, rest))
		return instant_since(rest, now);
	if (limit->most == 0)
		return 0;

	struct bucket *b = bucket_of(p, service, tenant, now);
	double half = room_of(limit) / 2;

	fill(b, limit, now);
	if (!begun && b->tokens < half)
		return slot_after(b, limit, half, now);
	b->tokens -= (double)units;
	if (b->tokens < -(double)limit->most)
		b->tokens = -(double)limit->most; /* it is paid back within a period or two */
	return 0;
}

fault *pace_take(struct pace *pace, enum pace_service service, str tenant, int64_t units,
		 bool begun, instant now)
{
	fault *f;

	(void)pthread_mutex_lock(&pace->lock);
	int64_t wait = wait_for(pace, service, tenant, units, begun, now);
	(void)pthread_mutex_unlock(&pace->lock);
	if (wait <= 0)
		return NULL;
	f = fault_new(FAULT_BUSY, "Microsoft is asked as fast as it allows; this comes back by "
				  "itself in a moment.");
	f->retry_after = (wait + SECONDS(1) - 1) / SECONDS(1);
	return fault_code(f, S(WAIT_CODE));
}

fault *pace_wait(const char *why, int64_t seconds)
{
	fault *f = fault_new(FAULT_BUSY, "%s", why);

	f->retry_after = seconds;
	return fault_code(f, S(WAIT_CODE));
}

void pace_rest(struct pace *pace, enum pace_service service, instant until)
{
	instant *rest = &pace->rests[service];

	(void)pthread_mutex_lock(&pace->lock);
	if (instant_is_none(*rest) || instant_before(*rest, until))
		*rest = until;
	(void)pthread_mutex_unlock(&pace->lock);
}

bool pace_is_wait(const fault *f)
{
	return f && f->kind == FAULT_BUSY && f->code && strcmp(f->code, WAIT_CODE) == 0;
}
