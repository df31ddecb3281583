#include "mail/outbox.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void handle_end(int *handle)
{
	if (*handle >= 0)
		(void)close(*handle);
}

fault *outbox_open(str folder)
{
	DEFER(arena_end) struct arena *arena = arena_open();

	if (mkdir(str_cstr(arena, folder), 0700) != 0 && errno != EEXIST)
		return fault_new(FAULT_INPUT,
				 "The folder for outgoing letters, %.*s, cannot be "
				 "made: %s.",
				 STR(folder), strerror(errno));
	return NULL;
}

static bool write_all(int handle, str bytes)
{
	while (bytes.len) {
		ssize_t wrote = write(handle, bytes.at, bytes.len);
		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote <= 0)
			return false;
		bytes = str_part(bytes, (size_t)wrote, bytes.len);
	}
	return fsync(handle) == 0;
}

fault *outbox_put(struct arena *scratch, str folder, str name, str bytes)
{
	const char *path = str_cstr(scratch,
				    str_format(scratch, "%.*s/%.*s", STR(folder), STR(name)));
	const char *aside = str_cstr(scratch, str_format(scratch, "%s.part", path));
	DEFER(handle_end)
	int handle = open(aside, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (handle < 0 || !write_all(handle, bytes) || rename(aside, path) != 0)
		return fault_new(FAULT_BUSY, "The letter could not be written to %s: %s.", path,
				 strerror(errno));
	return NULL;
}
