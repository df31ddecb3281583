#include "store/store_testing.h"

#include <libpq-fe.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"
#include "migrations_embedded.h"

static _Noreturn void stop(const char *why, const char *more)
{
	fprintf(stderr, "store_testing: %s: %s\n", why, more);
	abort();
}

static void must(fault *f)
{
	if (!f)
		return;
	log_fault(LOG_ERROR, "store", "no store to test on", f);
	stop(f->said, f->noted ? f->noted : "");
}

static void run_on(const char *address, const char *text)
{
	PGconn *link = PQconnectdb(address);
	PGresult *result = PQexec(link, "SET client_min_messages = warning");

	PQclear(result);
	result = PQexec(link, text);
	if (PQresultStatus(result) != PGRES_COMMAND_OK)
		stop(text, PQerrorMessage(link));
	PQclear(result);
	PQfinish(link);
}

static void run_body(const char *database, str address, const struct store_migrations *migrations,
		     store_testing_body *body)
{
	struct store_testing with = { .database = database, .address = address };
	instant start = INSTANT_NONE;
	int applied;

	if (!instant_from_rfc3339(S("2026-02-03T10:00:00Z"), &start))
		stop("no start", "2026");
	with.arena = arena_open();
	world_seeded_open(&with.world, 1, start);
	must(store_open(address, 8, &with.world.world, &with.store));
	must(store_migrate(with.store, migrations, &applied));
	body(&with);
	store_close(with.store);
	arena_close(with.arena);
}

/* Schemas are cheap, and two tests in two schemas never meet. */
static void run_on_postgres(const char *server, const struct store_migrations *migrations,
			    store_testing_body *body)
{
	static int schemas;
	DEFER(arena_end) struct arena *arena = arena_open();
	const char *name = str_format(arena, "test_%d_%d", (int)getpid(), ++schemas).at;
	str address = str_format(arena, "%s%soptions=-csearch_path%%3D%s", server,
				 str_find(str_of(server), S("?")) < 0 ? "?" : "&", name);

	run_on(server, str_format(arena, "CREATE SCHEMA %s", name).at);
	run_body("PostgreSQL", address, migrations, body);
	run_on(server, str_format(arena, "DROP SCHEMA %s CASCADE", name).at);
}

static void run_on_file(const struct store_migrations *migrations, store_testing_body *body)
{
	static const char *const endings[] = { "", "-wal", "-shm" };
	DEFER(arena_end) struct arena *arena = arena_open();
	char folder[] = "/tmp/novate-test-XXXXXX";

	if (!mkdtemp(folder))
		stop("no folder for a database", folder);
	run_body("SQLite", str_format(arena, "%s/novate.db", folder), migrations, body);
	for (size_t i = 0; i < COUNT(endings); i++)
		(void)unlink(str_format(arena, "%s/novate.db%s", folder, endings[i]).at);
	(void)rmdir(folder);
}

static void each(bool shared, const struct store_migrations *migrations, store_testing_body *body)
{
	const char *server = getenv("NOVATE_TEST_POSTGRES");

	if (shared)
		run_on_file(migrations, body);
	else
		run_body("SQLite", S(":memory:"), migrations, body);
	if (server && *server)
		run_on_postgres(server, migrations, body);
}

void store_testing_each(store_testing_body *body)
{
	each(false, &migrations_embedded, body);
}

void store_testing_on_sqlite(store_testing_body *body)
{
	run_body("SQLite", S(":memory:"), &migrations_embedded, body);
}

void store_testing_on_file(store_testing_body *body)
{
	run_on_file(&migrations_embedded, body);
}

void store_testing_each_shared(store_testing_body *body)
{
	each(true, &migrations_embedded, body);
}

void store_testing_each_of(const struct store_migrations *migrations, store_testing_body *body)
{
	each(false, migrations, body);
}

void store_testing_each_shared_of(const struct store_migrations *migrations,
				  store_testing_body *body)
{
	each(true, migrations, body);
}
