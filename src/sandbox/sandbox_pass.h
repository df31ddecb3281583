/* Time passes: what became due since the last look happens now.  Every handler that shows or
 * changes subscriptions asks this first. */
#pragma once

#include "store/store.h"

MUST_USE fault *sandbox_pass(struct tx *tx);
