#include "sandbox/sandbox_path.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOST_FILES 20000

static void descriptor_end(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
}
static void listing_end(DIR **listing)
{
	if (*listing)
		(void)closedir(*listing);
}

const char *sandbox_path_join(struct arena *keep, str directory, const char *name)
{
	return str_cstr(keep, str_format(keep, "%.*s/%s", STR(directory), name));
}

fault *sandbox_path_directory(struct arena *keep, const char *path, bool make, str *absolute)
{
	char found[PATH_MAX];
	struct stat seen;
	int why = 0;

	if (make) {
		str whole = str_of(path);
		for (size_t i = 1; i < whole.len; i++)
			if (whole.at[i] == '/')
				(void)mkdir(str_cstr(keep, str_part(whole, 0, i)), 0700);
		why = mkdir(path, 0700) == 0 ? 0 : errno;
	}
	if (!realpath(path, found))
		return make ? fault_new(FAULT_INPUT, "%s cannot be made: %s.", path, strerror(why))
			    : fault_new(FAULT_MISSING,
					"There is no sandbox in %s: start one with `novate-sandbox "
					"serve --data %s`.",
					path, path);
	if (stat(found, &seen) != 0 || !S_ISDIR(seen.st_mode))
		return fault_new(FAULT_INPUT, "%s is not a directory.", path);
	*absolute = str_copy(keep, str_of(found));
	return NULL;
}

fault *sandbox_path_read(struct arena *keep, const char *path, size_t most, str *text, bool *found)
{
	DEFER(descriptor_end) int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat seen;
	size_t got = 0;

	*found = fd >= 0;
	if (fd < 0 && errno == ENOENT)
		return NULL;
	if (fd < 0 || fstat(fd, &seen) != 0)
		return fault_new(FAULT_INPUT, "%s cannot be read: %s.", path, strerror(errno));
	if (!S_ISREG(seen.st_mode))
		return fault_new(FAULT_INPUT, "%s is not a file.", path);
	if ((size_t)seen.st_size > most)
		return fault_new(FAULT_INPUT, "%s has more than %zu MiB.", path, most >> 20);
	char *bytes = NEW_ARRAY(keep, char, (size_t)seen.st_size + 1);
	while (got < (size_t)seen.st_size) {
		ssize_t n = read(fd, bytes + got, (size_t)seen.st_size - got);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		got += (size_t)n;
	}
	*text = (str){ .at = bytes, .len = got };
	return NULL;
}

static bool write_all(int fd, str text)
{
	while (text.len > 0) {
		ssize_t n = write(fd, text.at, text.len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		text = str_part(text, (size_t)n, text.len);
	}
	return fsync(fd) == 0;
}

fault *sandbox_path_write(const char *path, str text, unsigned mode)
{
	char beside[PATH_MAX];
	int len = snprintf(beside, sizeof(beside), "%s.new", path);

	if (len < 0 || (size_t)len >= sizeof(beside))
		return fault_new(FAULT_INPUT, "The path %s is too long.", path);
	(void)unlink(beside);
	DEFER(descriptor_end) int fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	if (fd < 0 || !write_all(fd, text) || rename(beside, path) != 0)
		return fault_new(FAULT_INPUT, "%s cannot be written: %s.", path, strerror(errno));
	return NULL;
}

fault *sandbox_path_hold(struct arena *keep, str directory, int *lock)
{
	*lock = open(sandbox_path_join(keep, directory, "serving"), O_RDWR | O_CREAT | O_CLOEXEC,
		     0600);
	if (*lock < 0)
		return fault_new(FAULT_INPUT, "%.*s cannot be written: %s.", STR(directory),
				 strerror(errno));
	if (flock(*lock, LOCK_EX | LOCK_NB) == 0)
		return NULL;
	return fault_new(FAULT_CONFLICT,
			 "Another novate-sandbox serves %.*s: stop that one, or name another "
			 "directory with --data.",
			 STR(directory));
}

/* Asked with a shared lock, so that two who ask do not take each other for a server. */
bool sandbox_path_held(struct arena *keep, str directory)
{
	DEFER(sandbox_path_release)
	int lock = open(sandbox_path_join(keep, directory, "serving"), O_RDONLY | O_CLOEXEC);

	return lock >= 0 && flock(lock, LOCK_SH | LOCK_NB) != 0;
}

void sandbox_path_release(int *lock)
{
	descriptor_end(lock);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static fault *directory_list(struct arena *keep, const char *path, struct sandbox_path_list *files)
{
	DEFER(listing_end) DIR *listing = opendir(path);
	const struct dirent *entry;

	if (!listing)
		return fault_new(FAULT_INPUT, "%s cannot be read: %s.", path, strerror(errno));
	files->at = NEW_ARRAY(keep, const char *, MOST_FILES);
	files->len = 0;
	while ((entry = readdir(listing)) != NULL) {
		if (!str_ends(str_of(entry->d_name), S(".json")))
			continue;
		if (files->len == MOST_FILES)
			return fault_new(FAULT_INPUT,
					 "%s has more than %d tenant files. Load it in parts.",
					 path, MOST_FILES);
		files->at[files->len++] = sandbox_path_join(keep, str_of(path), entry->d_name);
	}
	if (files->len == 0)
		return fault_new(FAULT_INPUT, "%s has no tenant file (*.json).", path);
	qsort(files->at, files->len, sizeof(files->at[0]), by_name);
	return NULL;
}

fault *sandbox_path_tenants(struct arena *keep, const char *path, struct sandbox_path_list *files)
{
	struct stat seen;

	if (stat(path, &seen) != 0)
		return fault_new(FAULT_INPUT, "%s cannot be read: %s.", path, strerror(errno));
	if (S_ISDIR(seen.st_mode))
		return directory_list(keep, path, files);
	files->at = NEW_ARRAY(keep, const char *, 1);
	files->at[0] = str_cstr(keep, str_of(path));
	files->len = 1;
	return NULL;
}
