/* How long to wait after a failed try. */
#pragma once

#include "base/base.h"
#include "base/world.h"

#define BACKOFF_CEILING MINUTES(15)

/* By how long the job has been failing, seconds at first; a quarter more or less by chance, so
 * that those that failed together do not come back together.  Never above the ceiling. */
int64_t backoff_wait(int64_t failing_for, const struct world *dice);

/* What the other side asked for (`seconds`, at most a day), and up to a tenth more by chance. */
int64_t backoff_asked(int64_t seconds, const struct world *dice);
