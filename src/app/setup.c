#include "app/setup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "market/catalog.h"
#include "migrations_embedded.h"

enum { KEY_BYTES = 32, MOST_SETTINGS = 1 << 20 };

static void descriptor_end(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
}

static struct setup setup_of(struct arena *arena, const char *data, const char *config)
{
	return (struct setup){
		.arena = arena,
		.world = world_of_system(),
		.version = NOVATE_VERSION,
		.data = data ? data : "./var",
		.config = config,
	};
}

fault *setup_open(struct setup *setup, struct arena *arena, const char *data, const char *config)
{
	struct stat seen;

	*setup = setup_of(arena, data, config);
	if (mkdir(setup->data, 0700) != 0 && errno != EEXIST)
		return fault_new(FAULT_INPUT,
				 "The data directory %s cannot be made: %s. Name another with "
				 "--data DIR.",
				 setup->data, strerror(errno));
	if (stat(setup->data, &seen) != 0 || !S_ISDIR(seen.st_mode))
		return fault_new(FAULT_INPUT,
				 "%s is not a directory. Name another with --data DIR.",
				 setup->data);
	return NULL;
}

str setup_path(const struct setup *setup, const char *name)
{
	return str_format(setup->arena, "%s/%s", setup->data, name);
}

fault *setup_file(struct setup *setup, const char *path, size_t most, str *text)
{
	DEFER(descriptor_end) int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct text whole = text_open(setup->arena);
	char piece[16384];
	ssize_t got;

	*text = STR_NONE;
	if (fd < 0 && errno == ENOENT)
		return NULL;
	if (fd < 0)
		return fault_new(FAULT_INPUT, "%s cannot be read: %s.", path, strerror(errno));
	while ((got = read(fd, piece, sizeof piece)) > 0) {
		text_add(&whole, (str){ .at = piece, .len = (size_t)got });
		if (whole.len > most)
			return fault_new(FAULT_INPUT,
					 "%s is larger than %zu bytes, which is the "
					 "most that is read.",
					 path, most);
	}
	if (got < 0)
		return fault_new(FAULT_INPUT, "%s cannot be read: %s.", path, strerror(errno));
	*text = text_str(&whole);
	return NULL;
}

fault *setup_file_write(const char *path, str bytes)
{
	FILE *file = fopen(path, "we");
	bool whole = file && fwrite(bytes.at, 1, bytes.len, file) == bytes.len;

	/* What could not be written may show only when the file is closed. */
	if (file)
		whole = fclose(file) == 0 && whole;
	return whole ? NULL
		     : fault_new(FAULT_CONFLICT, "The file %s could not be written: %m.", path);
}

fault *setup_settings(struct setup *setup, bool with_secrets)
{
	bool asked_for = setup->config != NULL;
	struct settings_source from = {
		.environment = (const char *const *)environ,
		.with_secrets = with_secrets,
	};

	if (!asked_for)
		setup->config = setup_path(setup, "novate.conf").at;
	from.file = setup->config;
	TRY(setup_file(setup, setup->config, MOST_SETTINGS, &from.text));
	if (asked_for && str_is_none(from.text))
		return fault_new(FAULT_INPUT, "There is no settings file %s. Correct --config.",
				 setup->config);
	return settings_read(setup->arena, &from, &setup->settings);
}

str setup_database(const struct setup *setup)
{
	if (!str_is_empty(setup->settings.database))
		return setup->settings.database;
	return setup_path(setup, "novate.db");
}

fault *setup_store_any(struct setup *setup, int connections)
{
	return store_open(setup_database(setup), connections, setup->world, &setup->store);
}

/* SQLite would make the file that it is asked to open. */
static bool has_database(const struct setup *setup)
{
	str address = setup_database(setup);

	return str_starts(address, S("postgresql://")) ||
	       access(str_cstr(setup->arena, address), R_OK | W_OK) == 0;
}

fault *setup_look(struct setup *setup, struct arena *arena, const char *data, const char *config)
{
	enum store_state state;

	*setup = setup_of(arena, data, config);
	TRY(setup_settings(setup, false));
	if (!has_database(setup))
		return NULL;
	TRY(setup_store_any(setup, 1));
	TRY(store_check(setup->store, &migrations_embedded, &state));
	if (state != STORE_READY)
		store_end(&setup->store);
	return NULL;
}

static fault *first_load(struct tx *tx, void *with)
{
	return catalog_first_load(tx, with);
}

fault *setup_prepare(struct setup *setup, int *applied, int64_t *skus)
{
	TRY(store_migrate(setup->store, &migrations_embedded, applied));
	return store_run(setup->store, STORE_WRITE, setup->arena, "catalog_first_load", first_load,
			 skus);
}

fault *setup_store(struct setup *setup, int connections)
{
	enum store_state state;
	int applied;
	int64_t skus;

	TRY(setup_store_any(setup, connections));
	TRY(store_check(setup->store, &migrations_embedded, &state));
	switch (state) {
	case STORE_READY: return NULL;
	case STORE_EMPTY:
		TRY(setup_prepare(setup, &applied, &skus));
		LOG(LOG_INFO, "app", "database made",
		    { "migrations", str_format(setup->arena, "%d", applied) },
		    { "skus", str_format(setup->arena, "%lld", (long long)skus) });
		return NULL;
	case STORE_BEHIND:
		return fault_new(FAULT_CONFLICT, "The database is older than this program. Make a "
						 "copy of it, then run `novate migrate`.");
	case STORE_AHEAD:
		return fault_new(FAULT_CONFLICT, "The database is newer than this program. Start "
						 "the newer program.");
	case STORE_CHANGED:
		return fault_new(
			FAULT_CONFLICT,
			"A migration that already ran is another one in this program. Start "
			"the program that made the database; `novate doctor` says more.");
	}
	return NULL;
}

/* Written aside and linked into place: there is never half a key, and of two programs that make
 * one at the same time both get the first. */
static fault *make_key(const struct setup *setup, const char *path)
{
	const char *aside = str_format(setup->arena, "%s.%d", path, (int)getpid()).at;
	char key[KEY_BYTES];
	bool kept;

	if (access(path, F_OK) == 0)
		return NULL;
	DEFER(descriptor_end) int fd = open(aside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	world_random(setup->world, key, sizeof key);
	kept = fd >= 0 && write(fd, key, sizeof key) == sizeof key && fsync(fd) == 0 &&
	       (link(aside, path) == 0 || errno == EEXIST);
	int why = errno;
	(void)unlink(aside);
	if (!kept)
		return fault_new(FAULT_INPUT,
				 "The key cannot be written to %s: %s. Let the user that "
				 "runs Novate write there.",
				 path, strerror(why));
	return NULL;
}

fault *setup_key(struct setup *setup, const char *name, str *key)
{
	const char *path = setup_path(setup, name).at;
	struct stat seen;

	TRY(make_key(setup, path));
	if (stat(path, &seen) == 0 && (seen.st_mode & 077) != 0)
		return fault_new(FAULT_CONFLICT, "%s may be read by others. Run `chmod 600 %s`.",
				 path, path);
	TRY(setup_file(setup, path, KEY_BYTES, key));
	if (key->len != KEY_BYTES)
		return fault_new(
			FAULT_CONFLICT,
			"%s does not hold 32 bytes. Put back the copy that belongs to this "
			"database; without it, what was sealed cannot be opened.",
			path);
	return NULL;
}

void setup_close(struct setup *setup)
{
	store_close(setup->store);
	setup->store = NULL;
}
