/* Lines for the operator in logfmt on standard error:
 *   at=2026-02-03T10:02:41Z level=info room=jobs event="job done" kind=convert cid=4f2a…
 *
 * The correlation id travels with the thread: a request or job sets it once, every line and
 * every vendor call carries it. */
#pragma once

#include "base/base.h"

struct world;

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

struct log_pair {
	const char *key;
	str value;
};

void log_open(const struct world *clock, enum log_level least, const char *program);

/* The correlation id of what this thread is doing; copied, at most 40 bytes. */
void log_correlate(str correlation);
str log_correlation(void);

/* LOG(LOG_INFO, "jobs", "job done", { "kind", kind }, { "after", text }); values are quoted when
 * they need it and line breaks never survive. */
#define LOG(level, room, event, ...)                                                 \
	log_line((level), (room), (event), (const struct log_pair[]){ __VA_ARGS__ }, \
		 COUNT(((const struct log_pair[]){ __VA_ARGS__ })))
void log_line(enum log_level level, const char *room, const char *event,
	      const struct log_pair *pairs, size_t count);

/* The whole chain of causes, once, by whoever stops passing it on. */
void log_fault(enum log_level level, const char *room, const char *event, const fault *f);
