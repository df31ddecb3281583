#include "base/log.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/world.h"

enum { LINE = 4096, CORRELATION = 40 };

/* Set once at start, before there are threads. */
static const struct world *clock_of;
static enum log_level least_level = LOG_WARN;
static const char *program_name;

static _Thread_local char correlation_text[CORRELATION];
static _Thread_local size_t correlation_len;

static const char *const level_words[] = {
	[LOG_DEBUG] = "debug", [LOG_INFO] = "info", [LOG_WARN] = "warn", [LOG_ERROR] = "error"
};

void log_open(const struct world *clock, enum log_level least, const char *program)
{
	clock_of = clock;
	least_level = least;
	program_name = program;
}

void log_correlate(str correlation)
{
	correlation_len = correlation.len < CORRELATION ? correlation.len : CORRELATION;
	if (correlation_len)
		memcpy(correlation_text, correlation.at, correlation_len);
}

str log_correlation(void)
{
	return (str){ .at = correlation_text, .len = correlation_len };
}

/* A line is cut at its limit rather than taking memory: logging must work when nothing else
 * does.  The last byte is kept for the line break. */
struct line {
	char at[LINE];
	size_t len;
};

static void put(struct line *line, str s)
{
	size_t room = LINE - 1 - line->len, len = s.len < room ? s.len : room;

	if (len)
		memcpy(line->at + line->len, s.at, len);
	line->len += len;
}

static bool is_plain(str value)
{
	for (size_t i = 0; i < value.len; i++) {
		unsigned char c = (unsigned char)value.at[i];

		if (c <= ' ' || c == '"' || c == '=' || c == '\\' || c == 0x7f)
			return false;
	}
	return value.len > 0;
}

static void put_quoted(struct line *line, str value)
{
	put(line, S("\""));
	for (size_t i = 0; i < value.len; i++) {
		char c = value.at[i];

		if (c == '"' || c == '\\')
			put(line, S("\\"));
		if (c == '\n')
			put(line, S("\\n"));
		else if ((unsigned char)c < ' ' || c == 0x7f)
			put(line, S("?"));
		else
			put(line, (str){ .at = &c, .len = 1 });
	}
	put(line, S("\""));
}

static void put_pair(struct line *line, const char *key, str value)
{
	if (line->len)
		put(line, S(" "));
	put(line, str_of(key));
	put(line, S("="));
	if (is_plain(value))
		put(line, value);
	else
		put_quoted(line, value);
}

static void put_time(struct line *line)
{
	struct arena *scratch = arena_open();

	put_pair(line, "at", instant_rfc3339(scratch, world_now(clock_of)));
	arena_close(scratch);
}

static void line_send(struct line *line)
{
	line->at[line->len++] = '\n';
	/* One write, so that lines of several threads and processes do not mix.  There is
	 * nobody left to tell when standard error is gone. */
	if (write(STDERR_FILENO, line->at, line->len) < 0)
		return;
}

void log_line(enum log_level level, const char *room, const char *event,
	      const struct log_pair *pairs, size_t count)
{
	struct line line;

	if (level < least_level)
		return;
	line.len = 0;
	if (clock_of)
		put_time(&line);
	put_pair(&line, "level", str_of(level_words[level]));
	if (program_name)
		put_pair(&line, "program", str_of(program_name));
	put_pair(&line, "room", str_of(room));
	put_pair(&line, "event", str_of(event));
	for (size_t i = 0; i < count; i++)
		if (!str_is_none(pairs[i].value))
			put_pair(&line, pairs[i].key, pairs[i].value);
	if (correlation_len)
		put_pair(&line, "cid", log_correlation());
	line_send(&line);
}

static void log_one(enum log_level level, const char *room, const char *event, const fault *f,
		    int depth)
{
	struct arena *scratch = arena_open();

	LOG(level, room, event, { "kind", str_of(fault_word(f->kind)) },
	    { "said", str_of(f->said) }, { "noted", str_of(f->noted) }, { "code", str_of(f->code) },
	    { "where", str_format(scratch, "%s:%d", f->file, f->line) },
	    { "because", depth ? str_format(scratch, "%d", depth) : STR_NONE });
	arena_close(scratch);
}

void log_fault(enum log_level level, const char *room, const char *event, const fault *f)
{
	/* The ring that faults live in ends any chain that went around it. */
	for (int depth = 0; f && depth < 16; f = f->cause, depth++)
		log_one(level, room, event, f, depth);
}
