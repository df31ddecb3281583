/* The framing guard: what the HTTP library lets through and no browser sends (RFC 9112 §6.3 and
 * §11.2).  Inside this room only. */
#pragma once

#include "web/pairs.h"

enum { TARGET_MOST = 4096, HEADERS_MOST = 100 };

struct guard_request {
	str method, target, version; /* "HTTP/1.1" */
	struct pairs headers;
	bool too_many_headers;
	size_t most_body;
};

/* NULL, or why it is refused; then *status is what to answer before closing. */
const char *guard_check(const struct guard_request *rq, int *status);
