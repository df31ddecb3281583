/* Being asked to stop: held back from every thread, and waited for by the first one. */
#pragma once

#include "base/base.h"
#include "base/instant.h"

/* Call before the first thread is made.  SIGTERM, SIGINT and SIGHUP stop; SIGPIPE is nothing. */
void signals_hold(void);

/* Waits to be asked, at most `micros` (0: for ever); true when asked, with the signal's name.
 * A child that ended wakes it too. */
bool signals_asked(int64_t micros, const char **name);

/* For a child before it becomes another program. */
void signals_release(void);
