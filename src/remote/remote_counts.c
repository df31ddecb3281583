#include "remote/remote_counts.h"

#include <pthread.h>
#include <string.h>

/* Names come from the program's own text, so there are few; a call past the last row goes
 * uncounted rather than taking memory. */
enum { NAMES = 128 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct remote_count rows[NAMES];
static size_t row_count;

static struct remote_count *row_of(const char *name)
{
	for (size_t i = 0; i < row_count; i++)
		if (strcmp(rows[i].name, name) == 0)
			return &rows[i];
	if (row_count == NAMES)
		return NULL;
	rows[row_count].name = name;
	return &rows[row_count++];
}

void remote_counts_add(const char *name, bool failed, int64_t micros)
{
	(void)pthread_mutex_lock(&lock);

	struct remote_count *row = row_of(name);

	if (row) {
		row->calls++;
		row->failures += failed;
		row->micros += micros;
	}
	(void)pthread_mutex_unlock(&lock);
}

size_t remote_counts(struct remote_count *at, size_t room)
{
	(void)pthread_mutex_lock(&lock);

	size_t count = row_count;

	for (size_t i = 0; i < count && i < room; i++)
		at[i] = rows[i];
	(void)pthread_mutex_unlock(&lock);
	return count;
}
