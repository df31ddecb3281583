#include "base/log.h"

#include <string.h>
#include <unistd.h>

#include "base/world.h"

enum { LINE = 4096, CORRELATION = 40 };

/* Set once at start, before there are threads. */
static const struct world *clock_of;
static enum log_level least_level = LOG_WARN;
static const char *program_name;

static _Thread_local char correlation_at[CORRELATION];
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
	correlation = str_part(correlation, 0, CORRELATION);
	correlation_len = correlation.len;
	if (correlation_len)
		memcpy(correlation_at, correlation.at, correlation_len);
}

str log_correlation(void)
{
	return (str){ .at = correlation_at, .len = correlation_len };
}

static bool is_plain(str value)
{
	for (size_t i = 0; i < value.len; i++)
		if ((unsigned char)value.at[i] <= ' ' || strchr("\"=\\\x7f", value.at[i]))
			return false;
	return value.len > 0;
}

static void put_quoted(struct text *line, str value)
{
	text_add_char(line, '"');
	for (size_t i = 0; i < value.len; i++) {
		char c = value.at[i];

		if (c == '"' || c == '\\' || c == '\n')
			text_add_char(line, '\\');
		if (c == '\n')
			c = 'n';
		text_add_char(line, (unsigned char)c < ' ' || c == 0x7f ? '?' : c);
	}
	text_add_char(line, '"');
}

/* A value that alone is longer than a line is cut before it takes memory. */
static void put(struct text *line, const char *key, str value)
{
	value = str_cut(value, LINE);
	text_format(line, "%s%s=", line->len ? " " : "", key);
	if (is_plain(value))
		text_add(line, value);
	else
		put_quoted(line, value);
}

void log_line(enum log_level level, const char *room, const char *event,
	      const struct log_pair *pairs, size_t count)
{
	if (level < least_level)
		return;

	DEFER(arena_end) struct arena *scratch = arena_open();
	struct text line = text_open(scratch);

	if (clock_of)
		put(&line, "at", instant_rfc3339(scratch, world_now(clock_of)));
	put(&line, "level", str_of(level_words[level]));
	if (program_name)
		put(&line, "program", str_of(program_name));
	put(&line, "room", str_of(room));
	put(&line, "event", str_of(event));
	for (size_t i = 0; i < count; i++)
		if (!str_is_none(pairs[i].value))
			put(&line, pairs[i].key, pairs[i].value);
	if (correlation_len)
		put(&line, "cid", log_correlation());
	if (line.len >= LINE)
		line.len = LINE - 1;
	text_add_char(&line, '\n');
	/* One write, so that lines of several threads and processes do not mix.  There is
	 * nobody left to tell when standard error is gone. */
	if (write(STDERR_FILENO, line.at, line.len) < 0)
		return;
}

void log_fault(enum log_level level, const char *room, const char *event, const fault *f)
{
	/* The ring that faults live in ends any chain that went around it. */
	for (int depth = 0; f && depth < 16; f = f->cause, depth++) {
		DEFER(arena_end) struct arena *scratch = arena_open();

		LOG(level, room, event, { "kind", str_of(fault_word(f->kind)) },
		    { "said", str_of(f->said) }, { "noted", str_of(f->noted) },
		    { "code", str_of(f->code) },
		    { "where", str_format(scratch, "%s:%d", f->file, f->line) },
		    { "because", depth ? str_format(scratch, "%d", depth) : STR_NONE });
	}
}
