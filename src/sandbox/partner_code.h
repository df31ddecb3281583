/* The error codes of Partner Center, their HTTP status and our words for them (vendor facts
 * §3.15). */
#pragma once

#include "base/base.h"

struct partner_code {
	int code, status;
	const char *said;
};

/* A code that is not in the table is 400 and says its number. */
struct partner_code partner_code_of(struct arena *keep, int64_t code);
