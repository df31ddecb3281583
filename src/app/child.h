/* Other programs that a command starts: left running, or asked for their output. */
#pragma once

#include <sys/types.h>

#include "base/base.h"

struct child {
	pid_t pid; /* 0: not running */
};

/* A program beside this one, by name ("novate-sandbox"), else wherever PATH finds it. */
const char *child_program(struct arena *keep, const char *name);

/* `words` is NULL-ended and begins with the program.  What it says goes to the file `log`, or to
 * our own standard error when `log` is NULL.  It is told to stop when we are killed. */
MUST_USE fault *child_start(struct child *child, const char *const *words, const char *log);

/* Whether it still runs; its end is noticed here. */
bool child_runs(struct child *child);

/* SIGTERM, at most `seconds` of patience, then SIGKILL.  One that does not run is fine. */
void child_stop(struct child *child, int seconds);

/* Runs it to its end and gives what it printed; FAULT_CONFLICT with its last words when it failed.
 */
MUST_USE fault *child_ask(struct arena *keep, const char *const *words, str *printed);
