#include "sim_store.h"

#include <stdlib.h>

#include "sim.h"
#include "store/driver.h"

/* One connection a store: a savepoint belongs to one. */
struct sim_store {
	struct driver driver; /* first: a connection knows its driver, and so its store */
	const struct driver *real;
	struct store *store;
	struct connection *on;
	struct sim *sim;
	bool scheduled;	     /* a schedule is on */
	bool inside, writes; /* a savepoint is open, and for what */
};

static struct sim_store *store_of(struct connection *c)
{
	return (struct sim_store *)(uintptr_t)c->driver;
}

/* A driver's `open` is told an address and nothing else. */
static struct sim_store *opening;

static fault *sim_open(str address, struct connection **made)
{
	TRY(opening->real->open(address, made));
	(*made)->driver = &opening->driver;
	opening->on = *made;
	return NULL;
}

static bool has_died(const struct sim_store *s)
{
	return s->sim && s->sim->running && s->sim->running->dead;
}

static fault *nobody_is_here(void)
{
	return fault_new(FAULT_REMOTE, "This process has died.");
}

static fault *busy(void)
{
	return fault_new(FAULT_BUSY, "The database is busy. Please try again in a moment.");
}

/* Whether it strikes whoever runs; another trouble for serve than for work. */
static bool strikes(const struct sim_store *s, enum trouble at_work, enum trouble at_serve)
{
	const struct sim_process *running = s->sim ? s->sim->running : NULL;

	if (!running || !s->writes)
		return false;
	enum trouble what = running->serves ? at_serve : at_work;
	return what != TROUBLE_COUNT && sim_strikes(s->sim, what);
}

static fault *die(struct sim_store *s)
{
	s->sim->running->dead = true;
	return nobody_is_here();
}

static const struct statement savepoint = { .name = "savepoint",
					    .sqlite = "SAVEPOINT step",
					    .postgres = "SAVEPOINT step" };
static const struct statement release = { .name = "release",
					  .sqlite = "RELEASE SAVEPOINT step",
					  .postgres = "RELEASE SAVEPOINT step" };

static fault *run(const struct sim_store *s, struct connection *c, const struct statement *what)
{
	struct cursor *cursor;
	bool more;

	TRY(s->real->query(c, what, NULL, &cursor));
	fault *f = s->real->next(cursor, &more);
	s->real->done(cursor);
	return f;
}

static fault *sim_begin(struct connection *c, enum begin how)
{
	struct sim_store *s = store_of(c);

	if (!s->scheduled)
		return s->real->begin(c, how);
	if (has_died(s))
		return nobody_is_here();
	s->writes = how != BEGIN_READ;
	if (strikes(s, TROUBLE_BUSY_BEGIN, TROUBLE_COUNT))
		return busy();
	TRY(run(s, c, &savepoint));
	s->inside = true;
	return NULL;
}

static void sim_rollback(struct connection *c)
{
	struct sim_store *s = store_of(c);

	if (!s->scheduled) {
		s->real->rollback(c);
		return;
	}
	if (s->inside && s->real->script(c, "ROLLBACK TO SAVEPOINT step; RELEASE SAVEPOINT step"))
		abort();
	s->inside = false;
}

static fault *keep(struct sim_store *s, struct connection *c)
{
	TRY(run(s, c, &release));
	s->inside = false;
	return NULL;
}

static fault *sim_commit(struct connection *c)
{
	struct sim_store *s = store_of(c);

	if (!s->scheduled)
		return s->real->commit(c);
	if (has_died(s))
		return nobody_is_here();
	if (strikes(s, TROUBLE_BUSY_COMMIT, TROUBLE_SERVE_BUSY))
		return busy();
	if (strikes(s, TROUBLE_DIES_BEFORE_COMMIT, TROUBLE_SERVE_DIES_BEFORE))
		return die(s);
	TRY(keep(s, c));
	if (strikes(s, TROUBLE_DIES_AFTER_COMMIT, TROUBLE_SERVE_DIES_AFTER))
		return die(s);
	if (strikes(s, TROUBLE_COMMIT_UNANSWERED, TROUBLE_COUNT))
		return fault_new(FAULT_REMOTE, "The database went away while it saved.");
	return NULL;
}

static fault *sim_query(struct connection *c, const struct statement *statement,
			const struct value *ins, struct cursor **made)
{
	struct sim_store *s = store_of(c);

	if (s->scheduled && has_died(s))
		return nobody_is_here();
	if (s->scheduled && statement->writes && strikes(s, TROUBLE_FULL, TROUBLE_COUNT))
		return fault_new(FAULT_REMOTE, "The database cannot do its work.");
	return s->real->query(c, statement, ins, made);
}

fault *sim_store_open(str address, const struct world *world, struct sim_store **made)
{
	struct sim_store *s = calloc(1, sizeof(*s));

	if (!s)
		abort();
	s->real = str_starts(address, S("postgres")) ? &postgres_driver : &sqlite_driver;
	s->driver = *s->real;
	s->driver.open = sim_open;
	s->driver.begin = sim_begin;
	s->driver.commit = sim_commit;
	s->driver.rollback = sim_rollback;
	s->driver.query = sim_query;
	opening = s;
	TRY(store_open_by(&s->driver, address, 1, world, &s->store));
	*made = s;
	return NULL;
}

void sim_store_close(struct sim_store *s)
{
	store_close(s->store);
	free(s);
}

struct store *sim_store_of(struct sim_store *s)
{
	return s->store;
}

fault *sim_store_begin(struct sim_store *s, struct sim *sim)
{
	TRY(s->real->script(s->on, "BEGIN"));
	s->scheduled = true;
	s->sim = sim;
	return NULL;
}

fault *sim_store_forget(struct sim_store *s)
{
	s->scheduled = s->inside = false;
	s->sim = NULL;
	return s->real->script(s->on, "ROLLBACK");
}
