/* Partner Center: lists that come page by page (vendor facts §3.1). */
#pragma once

#include "sandbox/partner_answer.h"

/* A page of items, which are consumed: with `next` (or none) comes a link to the rest, which is
 * asked for with seekOperation=Next and that token in MS-ContinuationToken (vendor facts §3.1). */
MUST_USE fault *partner_page_reply(const struct partner_call *call, json_t *items, str next);
/* How many, at most `most` (also for size=0), and behind which token (or none).  *go_on is false
 * when the answer has been given. */
MUST_USE fault *partner_page_asked(const struct partner_call *call, int64_t most, int64_t *size,
				   str *after, bool *go_on);
