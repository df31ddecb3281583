#include "base/fault.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/base.h"

enum { RING = 256, SAID = 512, NOTED = 1024, CODE = 64 };

struct kept {
	fault fault;
	char said[SAID], noted[NOTED], code[CODE];
};

/* A thread's faults: the oldest is overwritten, so none has to be freed and one can be made when
 * memory is short or the arena it is about is gone. */
static _Thread_local struct kept ring[RING];
static _Thread_local unsigned made;

static const struct {
	const char *word;
	int status;
} kinds[] = {
#define X(name, word, status) [name] = { word, status },
	FAULT_KINDS(X)
#undef X
};

static struct kept *kept_next(const char *file, int line, enum fault_kind kind)
{
	struct kept *kept = &ring[made++ % RING];

	kept->fault = (fault){ .kind = kind, .said = kept->said, .file = file, .line = line };
	return kept;
}

/* What does not fit ends before the last of it, so that no character of UTF-8 is cut in two. */
__attribute__((format(printf, 3, 0))) static void put(char *at, size_t room, const char *format,
						      va_list args)
{
	if (vsnprintf(at, room, format, args) >= (int)room)
		at[str_cut((str){ .at = at, .len = room - 1 }, room - 2).len] = '\0';
}

fault *fault_make(const char *file, int line, enum fault_kind kind, const char *said, ...)
{
	struct kept *kept = kept_next(file, line, kind);
	va_list args;

	va_start(args, said);
	put(kept->said, SAID, said, args);
	va_end(args);
	return &kept->fault;
}

fault *fault_wrap(const char *file, int line, const fault *cause, const char *said, ...)
{
	struct kept *kept = kept_next(file, line, cause->kind);
	va_list args;

	va_start(args, said);
	put(kept->said, SAID, said, args);
	va_end(args);
	kept->fault.cause = cause;
	kept->fault.retry_after = cause->retry_after;
	if (cause->code)
		(void)fault_code(&kept->fault, str_of(cause->code));
	return &kept->fault;
}

static struct kept *kept_of(fault *f)
{
	return (struct kept *)((char *)f - offsetof(struct kept, fault));
}

fault *fault_note(fault *f, const char *noted, ...)
{
	va_list args;

	va_start(args, noted);
	put(kept_of(f)->noted, NOTED, noted, args);
	va_end(args);
	f->noted = kept_of(f)->noted;
	return f;
}

fault *fault_code(fault *f, str code)
{
	(void)snprintf(kept_of(f)->code, CODE, "%.*s", STR(str_cut(code, CODE - 1)));
	f->code = kept_of(f)->code;
	return f;
}

const char *fault_word(enum fault_kind kind)
{
	return kinds[kind].word;
}

int fault_status(enum fault_kind kind)
{
	return kinds[kind].status;
}
