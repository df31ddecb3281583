/* The right to be at the operators' desk, and the line in the trail that an act there leaves. */
#pragma once

#include "convert/conversion.h"

/* FAULT_DENIED unless an operator asks. */
MUST_USE fault *desk_check(const struct asker *by);

/* "job.give-up" about "job_01h2…"; `why` may be none. */
MUST_USE fault *desk_keep(struct tx *tx, const struct asker *by, const char *did, str about,
			  str why);
